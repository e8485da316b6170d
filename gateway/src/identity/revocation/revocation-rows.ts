/** Revocations in the store: a restart forgets none. */
import type { Store } from '../../store/store.ts';
import type { MarkChanges } from '../revocations.ts';
import type { Mark } from './revocation.ts';

/** The oldest first. */
export async function readMarks(store: Store): Promise<readonly Mark[]> {
  const rows = await store.db.selectFrom('revocations').selectAll().orderBy('heard_at_ms').orderBy('id').execute();
  return rows.map((row) => ({ kind: row.kind, id: row.id, untilMs: Number(row.until_ms) }));
}

/** `atMs`: when it was heard of. Each mark before those that it stands for go, so that a crash forgets nothing. */
export async function writeMarks(store: Store, { set, dropped }: MarkChanges, atMs: number): Promise<void> {
  for (const { kind, id, untilMs } of set) {
    const moved = { until_ms: untilMs, heard_at_ms: atMs };
    await store.db
      .insertInto('revocations')
      .values({ kind, id, ...moved })
      .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet(moved))
      .execute();
  }
  for (const { kind, id } of dropped)
    await store.db.deleteFrom('revocations').where('kind', '=', kind).where('id', '=', id).execute();
}
