/**
 * An entry of the record on its way out, with what it does not say itself: its place in the log, and whose session it
 * belongs to.
 */
import type { Entry, EntrySequence } from '../evidence/entry.ts';

export type SessionOfEntry = Omit<Extract<Entry, { kind: 'session.opened' }>, 'kind' | 'sessionId'>;

export type ExportedEntry = {
  readonly logId: string;
  /** Of its record, rising. Ends of statements may share one: with their number it is unique ({@link uidOf}). */
  readonly sequence: EntrySequence;
  /** Microseconds since 1970. */
  readonly atUs: number;
  readonly entry: Entry;
  /** Null for entries of no session, and where its beginning is too far back. */
  readonly session: SessionOfEntry | null;
};

/** The entry without texts of statements, which may hold literals of any kind. */
export function withoutTexts(entry: Entry): Entry {
  if (entry.kind === 'plan.submitted') {
    const { sealed: _, ...plan } = entry;
    return { ...plan, statements: [] };
  }
  if (!('text' in entry)) return entry;
  const { text: _, ...rest } = entry;
  return { ...rest, text: '' };
}

/** RFC 3339 with microseconds, UTC. */
export function timestampOf(atUs: number): string {
  const seconds = new Date(Math.floor(atUs / 1_000)).toISOString().slice(0, 19);
  return `${seconds}.${String(Math.floor(atUs % 1_000_000)).padStart(6, '0')}Z`;
}

/** What a receiver tells duplicates by. */
export function uidOf({ logId, sequence, entry }: ExportedEntry): string {
  const place = `${logId}:${sequence}`;
  return entry.kind === 'statement.completed' ? `${place}:${entry.statementId}` : place;
}
