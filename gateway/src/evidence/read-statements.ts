/**
 * Reads what the log says of statements, by the places that the index has: decisions whole, and of the ends that share a
 * record those that were asked for.
 */
import { SluiceError } from '@sluice/contract/errors';
import type { Store } from '../store/store.ts';
import { FormatError } from './format.ts';
import { type ReadEntry, type ReadRecord, readRecordsAt } from './read-log.ts';
import { type Decided, entriesOf, isRepeatable, namedBy } from './recorded-entry.ts';
import { decodePlaces, type StatementPlace } from './statement-places.ts';

export type StatementSources = { readonly store: Store; readonly logDirectory: string };
export type DecidedEntry = ReadEntry & { readonly entry: Decided };
export type StatementRange = { readonly sessionId: string; readonly first: number; readonly last: number };

export function isDecided(read: ReadEntry): read is DecidedEntry {
  return read.entry.kind === 'statement.decided';
}

/** Entries of the statements of a session from `first` to `last` that `isWanted`, in the order of the log. */
export async function readStatements(
  sources: StatementSources,
  range: StatementRange,
  isWanted: (statementId: number) => boolean = () => true,
): Promise<readonly ReadEntry[]> {
  const places = (await placesOf(sources.store, range)).filter(({ statementId }) => isWanted(statementId));
  const entries = await wholeEntries(sources, await readRecordsAt(sources.logDirectory, withoutRepeats(places)));
  return entries.filter(
    ({ entry }) =>
      'statementId' in entry &&
      entry.statementId >= range.first &&
      entry.statementId <= range.last &&
      isWanted(entry.statementId),
  );
}

/** The decisions at these places, in the same order. */
export async function readDecisions(
  sources: StatementSources,
  places: readonly { readonly segment: number; readonly offset: number }[],
): Promise<readonly DecidedEntry[]> {
  return (await wholeEntries(sources, await readRecordsAt(sources.logDirectory, places))).filter(isDecided);
}

/** Throws EVIDENCE_BROKEN when a decision is not there that another one names. */
async function wholeEntries(sources: StatementSources, records: readonly ReadRecord[]): Promise<readonly ReadEntry[]> {
  const named = await readNamed(sources, records);
  try {
    return records.flatMap(({ sequence, atUs, recorded }) => {
      const key = namedBy(recorded);
      const decision = key === null ? undefined : named.get(keyOf(key));
      return entriesOf(recorded, decision).map((entry) => ({ sequence, atUs, entry }));
    });
  } catch (error) {
    if (error instanceof FormatError) throw new SluiceError('EVIDENCE_BROKEN', `The index misleads: ${error.message}.`);
    throw error;
  }
}

/** The decisions that these records name, by session and statement. */
async function readNamed(
  { store, logDirectory }: StatementSources,
  records: readonly ReadRecord[],
): Promise<ReadonlyMap<string, Decided>> {
  const keys = new Map(
    records.flatMap(({ recorded }) => {
      const key = namedBy(recorded);
      return key === null ? [] : [[keyOf(key), key] as const];
    }),
  );
  const places: StatementPlace[] = [];
  for (const { sessionId, statementId } of keys.values())
    places.push(...(await placesOf(store, { sessionId, first: statementId, last: statementId })));
  const named = new Map<string, Decided>();
  for (const { recorded } of await readRecordsAt(logDirectory, withoutRepeats(places))) {
    const [entry] =
      recorded.kind === 'statement.decided' && recorded.as === undefined ? entriesOf(recorded, undefined) : [];
    if (entry?.kind === 'statement.decided' && isRepeatable(entry, 0)) named.set(keyOf(entry), entry);
  }
  return named;
}

async function placesOf(store: Store, range: StatementRange): Promise<readonly StatementPlace[]> {
  const rows = await store.db
    .selectFrom('statement_places')
    .select('places')
    .where('session_id', '=', range.sessionId)
    .where('last_statement', '>=', range.first)
    .where('first_statement', '<=', range.last)
    .orderBy('first_sequence')
    .execute();
  return rows
    .flatMap((row) => decodePlaces(row.places))
    .filter(({ statementId }) => statementId >= range.first && statementId <= range.last);
}

/** Each record once, in order. */
function withoutRepeats(places: readonly StatementPlace[]): readonly StatementPlace[] {
  return [...new Map(places.map((place) => [`${place.segment} ${place.offset}`, place])).values()];
}

function keyOf({ sessionId, statementId }: { readonly sessionId: string; readonly statementId: number }): string {
  return `${sessionId} ${statementId}`;
}
