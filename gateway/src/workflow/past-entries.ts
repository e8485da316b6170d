/** Entries of workflows and plans, as the index of the log keeps them in the store. */
import type { Store } from '../store/store.ts';
import type { WorkflowEntry } from './workflow-entry.ts';

/** Rows read at once. */
const PAGE = 1_000;

/** In the order of the log. The index has to be up to date. */
export async function readPastEntries(store: Store): Promise<readonly WorkflowEntry[]> {
  const entries: WorkflowEntry[] = [];
  for (let after = -1; ; ) {
    const rows = await store.db
      .selectFrom('workflow_entries')
      .select(['sequence', 'entry_json'])
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(PAGE)
      .execute();
    for (const { entry_json } of rows) entries.push(JSON.parse(entry_json));
    const last = rows.at(-1);
    if (last === undefined) return entries;
    after = Number(last.sequence);
  }
}
