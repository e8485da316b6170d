/**
 * Ends of statements that wait for company: those of one session share a record.
 */
import { COMPLETED_TAIL, type Completed, completedHead, completedText } from './recorded-entry.ts';

/** Characters of one session's record; it is taken when it reaches them. A longer record would enter the Merkle log by its hash. */
export const MAX_RECORD_CHARACTERS = 16 * 1024;
/** Characters of all that wait: EVIDENCE-AND-TRUST §4 allows 256 KiB. */
export const MAX_COMPLETIONS_CHARACTERS = 128 * 1024;

export type CompletedRecord = { readonly payload: string; readonly entries: readonly Completed[] };
type Waiting = { text: string; readonly entries: Completed[] };

export class Completions {
  #waiting = new Map<string, Waiting>();
  #characters = 0;

  /** Whether it is time to take them. */
  get isFull(): boolean {
    return this.#characters >= MAX_COMPLETIONS_CHARACTERS;
  }

  /** Returns the session's record when that is full. */
  add(entry: Completed): CompletedRecord | null {
    const text = completedText(entry);
    this.#characters += text.length + 1;
    const waiting = this.#waiting.get(entry.sessionId);
    if (waiting === undefined) {
      const head = completedHead(entry.sessionId);
      this.#characters += head.length;
      this.#waiting.set(entry.sessionId, { text: head + text, entries: [entry] });
      return null;
    }
    waiting.text += `,${text}`;
    waiting.entries.push(entry);
    if (waiting.text.length < MAX_RECORD_CHARACTERS) return null;
    this.#waiting.delete(entry.sessionId);
    this.#characters -= waiting.text.length + 1;
    return recordOf(waiting);
  }

  /** All of them, a record a session. */
  take(): readonly CompletedRecord[] {
    if (this.#waiting.size === 0) return [];
    const records = [...this.#waiting.values()].map(recordOf);
    this.#waiting = new Map();
    this.#characters = 0;
    return records;
  }
}

function recordOf({ text, entries }: Waiting): CompletedRecord {
  return { payload: text + COMPLETED_TAIL, entries };
}
