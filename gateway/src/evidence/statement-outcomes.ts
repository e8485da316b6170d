/** The ends of statements, and what came of the requests of those that were held, from the entries about them. */
import type { ApprovalUse, RequestHistory } from '@sluice/contract/api';
import type { RequestRecord, StatementId } from '@sluice/contract/request-history';
import { outcomeOfRun } from '@sluice/contract/timeline';
import type { Store } from '../store/store.ts';
import type { ReadEntry } from './read-log.ts';
import { readStatements, type StatementSources } from './read-statements.ts';
import type { Completed, Decided } from './recorded-entry.ts';
import { requestRecords } from './request-records.ts';

export type CompletedEntry = ReadEntry & { readonly entry: Completed };

/** Values of one `in (…)` of a query. */
const IN_LIST = 500;

export function isCompleted(read: ReadEntry): read is CompletedEntry {
  return read.entry.kind === 'statement.completed';
}

export function statementKey({ sessionId, statementId }: StatementId): string {
  return `${sessionId} ${statementId}`;
}

/** The requests of those that were held, by their id. */
export async function requestsOf(
  store: Store,
  decisions: readonly Pick<Decided, 'effect' | 'requestId'>[],
): Promise<ReadonlyMap<string, RequestRecord>> {
  const held = decisions.flatMap(({ effect, requestId }) =>
    effect === 'hold' && requestId !== null ? [requestId] : [],
  );
  return await requestRecords(store, [...new Set(held)]);
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

/** What came of requests, as the API shows it, by their id: with what became of the statements that used their approvals. */
export async function requestHistories(
  sources: StatementSources,
  requests: ReadonlyMap<string, RequestRecord>,
): Promise<ReadonlyMap<string, RequestHistory>> {
  const uses = [...requests.values()].flatMap(({ usedBy }) => usedBy ?? []);
  const ends = await endsOf(sources, uses);
  const over = await closedSessions(sources.store, new Set(uses.map(({ sessionId }) => sessionId)));
  const useView = (use: StatementId): ApprovalUse => ({
    ...{ sessionId: use.sessionId, statementId: use.statementId },
    outcome: outcomeOfRun(ends.get(statementKey(use))?.entry ?? null, over.has(use.sessionId)),
  });
  return new Map(
    [...requests].map(([id, { decisions, outcome, outcomeEntry, waitedMs, usedBy }]) => [
      id,
      {
        decisions: [...decisions],
        outcome,
        outcomeEntry,
        waitedMs,
        consumedBy: usedBy === null ? null : useView(usedBy),
      },
    ]),
  );
}

async function closedSessions(store: Store, sessionIds: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const over = new Set<string>();
  const ids = [...sessionIds];
  for (let start = 0; start < ids.length; start += IN_LIST) {
    const closed = await store.db
      .selectFrom('sessions')
      .select('session_id')
      .where('session_id', 'in', ids.slice(start, start + IN_LIST))
      .where('closed_at_us', 'is not', null)
      .execute();
    for (const { session_id } of closed) over.add(session_id);
  }
  return over;
}
