/** Entries of workflows and plans, as the index of the log keeps them in the store. */
import type { Store } from '../store/store.ts';
import type { Submitted, WorkflowEntry } from './workflow-entry.ts';

/** Rows read at once. */
const PAGE = 1_000;

/** What was submitted as this plan, as long as its text is kept; null when there was none. */
export async function readPastPlan(store: Store, planId: string): Promise<Submitted | null> {
  const row = await store.db
    .selectFrom('plans')
    .innerJoin('workflow_entries', 'workflow_entries.sequence', 'plans.sequence')
    .select('entry_json')
    .where('plan_id', '=', planId)
    .where('expired_at_us', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : JSON.parse(row.entry_json);
}

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
