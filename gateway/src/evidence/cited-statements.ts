/**
 * Statements as auditors' answers cite them: the decision by its entry, with who asked and what became of it.
 */
import type { CitedStatement } from '@sluice/contract/audit';
import { outcomeOf } from '@sluice/contract/timeline';
import type { SessionRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { DecidedEntry, StatementSources } from './read-statements.ts';
import { endsOf, requestsOf, statementKey } from './statement-outcomes.ts';

/** Values of one `in (…)` of a query. */
const IN_LIST = 500;

/** Joins decisions with their sessions and ends, in the order given. The index has to be up to date. */
export async function citeStatements(
  sources: StatementSources,
  decisions: readonly DecidedEntry[],
): Promise<CitedStatement[]> {
  const sessions = await sessionsOf(sources.store, [...new Set(decisions.map(({ entry }) => entry.sessionId))]);
  const entries = decisions.map(({ entry }) => entry);
  const ends = await endsOf(sources, entries);
  const requests = await requestsOf(sources.store, entries);
  return decisions.map(({ sequence, atUs, entry }) => {
    const session = sessions.get(entry.sessionId);
    const end = ends.get(statementKey(entry)) ?? null;
    return {
      sequence,
      at: new Date(Math.floor(atUs / 1000)).toISOString(),
      sessionId: entry.sessionId,
      statementId: entry.statementId,
      principal: session === undefined ? null : JSON.parse(session.principal_json),
      resource: session?.resource ?? null,
      text: entry.text,
      effect: entry.effect,
      outcome: outcomeOf(entry, end?.entry ?? null, {
        request: requests.get(entry.requestId ?? '') ?? null,
        sessionIsOver: session !== undefined && session.closed_at_us !== null,
      }),
      requestId: entry.requestId,
      completedEntry: end?.sequence ?? null,
      tag: end?.entry.tag ?? null,
      rows: end?.entry.rows ?? 0,
      maskedCells: end?.entry.maskedCells ?? 0,
      error: end?.entry.error ?? null,
    };
  });
}

async function sessionsOf(store: Store, ids: readonly string[]) {
  const found = new Map<string, Pick<SessionRow, 'principal_json' | 'resource' | 'closed_at_us'>>();
  for (let start = 0; start < ids.length; start += IN_LIST) {
    const rows = await store.db
      .selectFrom('sessions')
      .select(['session_id', 'principal_json', 'resource', 'closed_at_us'])
      .where('session_id', 'in', ids.slice(start, start + IN_LIST))
      .execute();
    for (const row of rows) found.set(row.session_id, row);
  }
  return found;
}
