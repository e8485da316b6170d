/** Who first brought a column into a workflow, and who approved that: from entries, as the index has copied them. */
import type { FirstSeen } from '@sluice/contract/audit';
import type { Store } from '../store/store.ts';
import type { BaselineFlow } from './column-flows.ts';
import { flowInWords } from './drift-words.ts';
import type { WorkflowEntry } from './workflow-entry.ts';

/** Entries of one workflow that are read at once. */
const PAGE = 1_000;

type Seen = Extract<WorkflowEntry, { kind: 'workflow.flows-first-seen' }>;
type Proposed = Extract<WorkflowEntry, { kind: 'workflow.proposed' }>;

/** Oldest first; `column` is `schema.table.column` as it was called then, null for every flow. The index is up to date. */
export async function firstSeen(
  store: Store,
  about: { readonly workflow: string; readonly resource: string; readonly column: string | null },
): Promise<FirstSeen[]> {
  const found: { readonly sequence: number; readonly entry: Seen; readonly flow: BaselineFlow }[] = [];
  const proposals = new Map<string, Proposed>();
  const approvals = new Map<string, NonNullable<FirstSeen['approved']>>();
  for await (const { sequence, entry } of entriesOf(store, about)) {
    if (entry.kind === 'workflow.flows-first-seen') {
      for (const flow of entry.flows)
        if (about.column === null || flow.source?.name === about.column || flow.target?.name === about.column)
          found.push({ sequence, entry, flow });
    } else if (entry.kind === 'workflow.proposed') {
      proposals.set(entry.proposalId, entry);
    } else if (entry.kind === 'workflow.proposal-decided' && entry.version !== null) {
      const { version, at, by, note } = entry;
      for (const { id } of proposals.get(entry.proposalId)?.flows ?? [])
        if (!approvals.has(id)) approvals.set(id, { version, sequence, at, by, note });
    }
  }
  return found.map(({ sequence, entry, flow }) => ({
    ...{ sequence, at: entry.at, sessionId: entry.sessionId, statementId: entry.statementId },
    ...{ principal: entry.principal, plan: entry.plan ?? null, effect: entry.effect },
    flow: { id: flow.id, masked: flow.masked, label: flow.label, words: flowInWords(flow) },
    approved: approvals.get(flow.id) ?? null,
  }));
}

async function* entriesOf(
  store: Store,
  { workflow, resource }: { readonly workflow: string; readonly resource: string },
): AsyncGenerator<{ readonly sequence: number; readonly entry: WorkflowEntry }, void, void> {
  for (let after = -1; ; ) {
    const rows = await store.db
      .selectFrom('workflow_entries')
      .select(['sequence', 'entry_json'])
      .where('workflow', '=', workflow)
      .where('resource', '=', resource)
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(PAGE)
      .execute();
    for (const row of rows) yield { sequence: Number(row.sequence), entry: JSON.parse(row.entry_json) };
    const last = rows.at(-1);
    if (last === undefined) return;
    after = Number(last.sequence);
  }
}
