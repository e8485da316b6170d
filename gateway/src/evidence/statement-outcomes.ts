/**
 * What became of a statement, from the entries about it. That nothing says how it ended is an answer too: once its session
 * is over, it may have taken effect or not, and only the database can tell. Nobody runs it again by itself.
 */
import type { StatementOutcome } from '@sluice/contract/api';
import { OUTCOME_UNKNOWN } from '@sluice/contract/vocabulary';
import type { Store } from '../store/store.ts';
import type { Entry } from './entry.ts';
import type { ReadEntry } from './read-log.ts';
import { readStatements, type StatementSources } from './read-statements.ts';
import type { Completed, Decided } from './recorded-entry.ts';

export type CompletedEntry = ReadEntry & { readonly entry: Completed };
export type StatementId = { readonly sessionId: string; readonly statementId: number };

/** Values of one `in (…)` of a query. */
const IN_LIST = 500;

export function isCompleted(read: ReadEntry): read is CompletedEntry {
  return read.entry.kind === 'statement.completed';
}

export function statementKey({ sessionId, statementId }: StatementId): string {
  return `${sessionId} ${statementId}`;
}

/** Pure. `usedApproval`: an approval was used for this very statement. `sessionIsOver`: nothing more will be written of it. */
export function outcomeOf(
  { effect }: Pick<Decided, 'effect'>,
  end: { readonly error: string | null } | null,
  facts: { readonly usedApproval: boolean; readonly sessionIsOver: boolean },
): StatementOutcome {
  if (end !== null) return end.error === null ? 'ran' : end.error === OUTCOME_UNKNOWN ? 'unknown' : 'failed';
  if (effect === 'refuse') return 'refused';
  if (effect === 'hold' && !facts.usedApproval) return 'held';
  return facts.sessionIsOver ? 'unknown' : 'running';
}

/** The statements that used the approvals of these requests, by request. The index has to be up to date. */
export async function usersOf(store: Store, requestIds: readonly string[]): Promise<ReadonlyMap<string, StatementId>> {
  const users = new Map<string, StatementId>();
  for (let start = 0; start < requestIds.length; start += IN_LIST) {
    const rows = await store.db
      .selectFrom('request_entries')
      .select('entry_json')
      .where('kind', '=', 'request.consumed')
      .where('request_id', 'in', requestIds.slice(start, start + IN_LIST))
      .execute();
    for (const { entry_json } of rows) {
      const entry: Entry = JSON.parse(entry_json);
      if (entry.kind === 'request.consumed') users.set(entry.requestId, entry);
    }
  }
  return users;
}

/** Which statements used an approval, of those decided so, by {@link statementKey}. */
export async function approvalsUsedBy(store: Store, decisions: readonly Decided[]): Promise<ReadonlySet<string>> {
  const held = decisions.flatMap(({ effect, requestId }) =>
    effect === 'hold' && requestId !== null ? [requestId] : [],
  );
  return new Set([...(await usersOf(store, [...new Set(held)])).values()].map(statementKey));
}

/** The ends of statements, by {@link statementKey}. */
export async function endsOf(
  sources: StatementSources,
  statements: readonly StatementId[],
): Promise<ReadonlyMap<string, CompletedEntry>> {
  const ends = new Map<string, CompletedEntry>();
  for (const [sessionId, members] of Map.groupBy(statements, (each) => each.sessionId)) {
    const wanted = new Set(members.map(({ statementId }) => statementId));
    const range = { sessionId, first: Math.min(...wanted), last: Math.max(...wanted) };
    for (const read of await readStatements(sources, range, (statementId) => wanted.has(statementId)))
      if (isCompleted(read)) ends.set(statementKey(read.entry), read);
  }
  return ends;
}

/** What became of statements that used an approval, by {@link statementKey}. */
export async function outcomesOfUses(
  sources: StatementSources,
  uses: readonly StatementId[],
): Promise<ReadonlyMap<string, StatementOutcome>> {
  const ends = await endsOf(sources, uses);
  const over = new Set<string>();
  const ids = [...new Set(uses.map(({ sessionId }) => sessionId))];
  for (let start = 0; start < ids.length; start += IN_LIST) {
    const closed = await sources.store.db
      .selectFrom('sessions')
      .select('session_id')
      .where('session_id', 'in', ids.slice(start, start + IN_LIST))
      .where('closed_at_us', 'is not', null)
      .execute();
    for (const { session_id } of closed) over.add(session_id);
  }
  return new Map(
    uses.map((use) => {
      const facts = { usedApproval: true, sessionIsOver: over.has(use.sessionId) };
      return [statementKey(use), outcomeOf({ effect: 'hold' }, ends.get(statementKey(use))?.entry ?? null, facts)];
    }),
  );
}
