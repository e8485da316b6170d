/**
 * What stands in a record, where that is shorter than what it says (docs/evidence-format.md, "Short forms"): a decision
 * like an earlier one of its session names that one, and ends of statements of one session share a record. Pure.
 */
import type { Entry, EntrySequence } from './entry.ts';
import { FormatError } from './format.ts';

export type Decided = Extract<Entry, { kind: 'statement.decided' }>;
export type Completed = Extract<Entry, { kind: 'statement.completed' }>;

/** A decision is named by entries at most this many records after it: who reads in order remembers no more. */
export const MAX_REPEAT_DISTANCE = 16_384;
/** Longest payload of a decision that others name, bytes. */
export const MAX_REPEATED_BYTES = 8_192;

type CompletedTogether = {
  readonly kind: 'statements.completed';
  readonly sessionId: string;
  readonly completed: readonly Omit<Completed, 'kind' | 'sessionId'>[];
  /** What was in the recording of the session by then, with the results of these statements; absent where nobody knows. */
  readonly recorded?: { readonly bytes: number; readonly sha256: string };
};
type Repeated = Partial<Decided> & Required<Pick<Decided, 'kind' | 'sessionId' | 'statementId' | 'as'>>;

/** The payload of a record, parsed. */
export type RecordedEntry = Exclude<Entry, Decided> | Decided | Repeated | CompletedTogether;

export function parseRecorded(payload: Buffer): RecordedEntry {
  return JSON.parse(payload.toString('utf8'));
}

/** Whether entries may name this decision. It is the only one about its statement then: one that was held has two. */
export function isRepeatable(entry: Decided, payloadBytes: number): boolean {
  return (
    entry.as === undefined &&
    (entry.effect === 'allow' || entry.effect === 'mask') &&
    entry.requestId === null &&
    entry.probes === undefined &&
    payloadBytes <= MAX_REPEATED_BYTES
  );
}

/** The decision that an entry names, null for an entry that says all itself. */
export function namedBy(recorded: RecordedEntry): { readonly sessionId: string; readonly statementId: number } | null {
  if (recorded.kind !== 'statement.decided' || recorded.as === undefined) return null;
  return { sessionId: recorded.sessionId, statementId: recorded.as };
}

/** The entries of one record. `named` is the decision that it names. Throws FormatError when that is missing. */
export function entriesOf(recorded: RecordedEntry, named: Decided | undefined): readonly Entry[] {
  if (recorded.kind === 'statements.completed') {
    const { sessionId, completed } = recorded;
    return completed.map((one): Completed => ({ kind: 'statement.completed', sessionId, ...one }));
  }
  if (recorded.kind !== 'statement.decided' || !isShort(recorded)) return [recorded];
  if (named === undefined) throw new FormatError(`no decision of statement ${recorded.as}, which an entry names`);
  return [{ ...named, ...recorded }];
}

function isShort(recorded: Decided | Repeated): recorded is Repeated {
  return recorded.as !== undefined;
}

/** For who reads records in order: the decisions that entries may still name. */
export class DecisionMemory {
  readonly #known = new Map<string, { readonly sequence: EntrySequence; readonly decided: Decided }>();

  /** Decisions remembered, at most MAX_REPEAT_DISTANCE. */
  get size(): number {
    return this.#known.size;
  }

  /** To be called with every record, in order. Throws FormatError when one names what was not there. */
  entriesOf(sequence: EntrySequence, payload: Buffer): readonly Entry[] {
    const recorded = parseRecorded(payload);
    const named = namedBy(recorded);
    const entries = entriesOf(recorded, named === null ? undefined : this.#known.get(keyOf(named))?.decided);
    const [entry] = entries;
    if (entry?.kind === 'statement.decided' && isRepeatable(entry, payload.length)) {
      this.#forgetBefore(sequence - MAX_REPEAT_DISTANCE);
      this.#known.set(keyOf(entry), { sequence, decided: entry });
    }
    return entries;
  }

  /** Of a record that is read for what later ones need only: none where it names another one, which may be too far back. */
  entriesBefore(sequence: EntrySequence, payload: Buffer): readonly Entry[] {
    return namedBy(parseRecorded(payload)) === null ? this.entriesOf(sequence, payload) : [];
  }

  #forgetBefore(sequence: EntrySequence): void {
    for (const [key, known] of this.#known) {
      if (known.sequence > sequence) return;
      this.#known.delete(key);
    }
  }
}

function keyOf({ sessionId, statementId }: { readonly sessionId: string; readonly statementId: number }): string {
  return `${sessionId} ${statementId}`;
}
