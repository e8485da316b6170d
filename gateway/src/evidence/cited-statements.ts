/**
 * Statements as auditors' answers cite them: the decision by its entry, with who asked and what became of it.
 */
import type { CitedStatement } from '@sluice/contract/audit';
import type { Store } from '../store/store.ts';
import type { Decided } from './column-uses.ts';
import type { Entry } from './entry.ts';
import { type ReadEntry, readEntriesAt } from './read-log.ts';
import { decodePlaces, type StatementPlace } from './statement-places.ts';

/** Values of one `in (…)` of a query. */
const IN_LIST = 500;

export type DecidedEntry = ReadEntry & { readonly entry: Decided };
type CompletedEntry = ReadEntry & { readonly entry: Extract<Entry, { kind: 'statement.completed' }> };

export function isDecided(read: ReadEntry): read is DecidedEntry {
  return read.entry.kind === 'statement.decided';
}

function isCompleted(read: ReadEntry): read is CompletedEntry {
  return read.entry.kind === 'statement.completed';
}

/** Joins decisions with their sessions and ends, in the order given. The index has to be up to date. */
export async function citeStatements(
  sources: { readonly store: Store; readonly logDirectory: string },
  decisions: readonly DecidedEntry[],
): Promise<CitedStatement[]> {
  const sessions = await sessionsOf(sources.store, [...new Set(decisions.map(({ entry }) => entry.sessionId))]);
  const ends = await endsOf(sources, decisions);
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
      outcome: outcomeOf(entry, end?.entry ?? null),
      requestId: entry.requestId,
      completedEntry: end?.sequence ?? null,
      tag: end?.entry.tag ?? null,
      rows: end?.entry.rows ?? 0,
      maskedCells: end?.entry.maskedCells ?? 0,
      error: end?.entry.error ?? null,
    };
  });
}

function outcomeOf({ effect }: Decided, end: CompletedEntry['entry'] | null): CitedStatement['outcome'] {
  if (end !== null) return end.error === null ? 'ran' : 'failed';
  if (effect === 'refuse') return 'refused';
  return effect === 'hold' ? 'held' : 'open';
}

async function sessionsOf(store: Store, ids: readonly string[]) {
  const found = new Map<string, { readonly principal_json: string; readonly resource: string }>();
  for (let start = 0; start < ids.length; start += IN_LIST) {
    const rows = await store.db
      .selectFrom('sessions')
      .select(['session_id', 'principal_json', 'resource'])
      .where('session_id', 'in', ids.slice(start, start + IN_LIST))
      .execute();
    for (const row of rows) found.set(row.session_id, row);
  }
  return found;
}

/** The ends of statements, by session and statement. */
async function endsOf(
  { store, logDirectory }: { readonly store: Store; readonly logDirectory: string },
  decisions: readonly DecidedEntry[],
): Promise<ReadonlyMap<string, CompletedEntry>> {
  const ends = new Map<string, CompletedEntry>();
  const bySession = Map.groupBy(decisions, ({ entry }) => entry.sessionId);
  for (const [sessionId, members] of bySession) {
    const wanted = new Set(members.map(({ entry }) => entry.statementId));
    const decided = new Set(members.map(({ sequence }) => sequence));
    const places = await placesOf(store, sessionId, wanted);
    for (const read of await readEntriesAt(logDirectory, places)) {
      if (decided.has(read.sequence) || !isCompleted(read)) continue;
      ends.set(statementKey(read.entry), read);
    }
  }
  return ends;
}

async function placesOf(
  store: Store,
  sessionId: string,
  wanted: ReadonlySet<number>,
): Promise<readonly StatementPlace[]> {
  const rows = await store.db
    .selectFrom('statement_places')
    .select('places')
    .where('session_id', '=', sessionId)
    .where('last_statement', '>=', Math.min(...wanted))
    .where('first_statement', '<=', Math.max(...wanted))
    .orderBy('first_sequence')
    .execute();
  return rows.flatMap((row) => decodePlaces(row.places)).filter(({ statementId }) => wanted.has(statementId));
}

function statementKey({ sessionId, statementId }: { readonly sessionId: string; readonly statementId: number }) {
  return `${sessionId} ${statementId}`;
}
