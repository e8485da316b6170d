import type { Store } from '../store/store.ts';
import type { HeldTexts } from './held-texts.ts';

/** Requests read at once. */
const PAGE = 100;

/**
 * Seals what rows of an older gateway say in the clear; returns how many. One row after another, each all or nothing: what
 * was cut off goes on at the next start. When it resolves, the clear bytes are in no file of the store.
 */
export async function sealOldRequests(store: Store, texts: HeldTexts): Promise<number> {
  let count = 0;
  for (;;) {
    const rows = await store.db
      .selectFrom('requests')
      .selectAll()
      .where('sealed', 'is', null)
      .where((is) =>
        is.or([
          is('statement', '<>', ''),
          is('reasons_json', '<>', '[]'),
          is('quotation', 'is not', null),
          is('preview_json', 'is not', null),
        ]),
      )
      .limit(PAGE)
      .execute();
    for (const { id, binding_hash: bindingHash, statement, reasons_json, quotation, preview_json } of rows) {
      // A start that was cut off may have left a key that seals nothing.
      await texts.destroy(id);
      const preview = preview_json === null ? null : JSON.parse(preview_json);
      const text = { statement, reasons: JSON.parse(reasons_json), quotation, preview };
      // An empty statement: its retention is over.
      const sealed = statement === '' ? null : await texts.seal({ id, bindingHash }, text);
      await store.db
        .updateTable('requests')
        .set({ sealed, statement: '', reasons_json: '[]', quotation: null, preview_json: null })
        .where('id', '=', id)
        .execute();
    }
    count += rows.length;
    if (rows.length < PAGE) break;
  }
  if (count > 0) await store.forgetJournal();
  return count;
}
