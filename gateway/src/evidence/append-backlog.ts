/**
 * Entries that wait while the disk is behind: first in, first out, bounded in bytes.
 */
import { SluiceError } from '@sluice/contract/errors';
import type { Entry, EntrySequence } from './entry.ts';
import type { Durability } from './log-options.ts';

/** Bytes of entries that may wait; beyond them `append` throws LIMIT_REACHED. */
export const MAX_BACKLOG_BYTES = 32 * 1024 * 1024;
/** What an entry counts beside its text. */
const ENTRY_OVERHEAD_BYTES = 256;

/** Somebody who waits for an entry. */
export type Waiter = {
  readonly sequence: EntrySequence;
  readonly durability: Durability;
  readonly resolve: (sequence: EntrySequence) => void;
  readonly reject: (error: SluiceError) => void;
};

/** An entry that has no sequence yet. */
export type Incoming = Omit<Waiter, 'sequence'> & {
  readonly entry: Entry;
  readonly payload: string;
  readonly payloadBytes: number;
};

export class AppendBacklog {
  #waiting: Incoming[] = [];
  #bytes = 0;

  get length(): number {
    return this.#waiting.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Lets an entry wait, or rejects it with LIMIT_REACHED at the bound. */
  push(incoming: Incoming): void {
    const cost = incoming.payloadBytes + ENTRY_OVERHEAD_BYTES;
    if (this.#bytes + cost > MAX_BACKLOG_BYTES) {
      const message = 'The disk does not keep up with the record, and the entries that may wait are at their bound.';
      incoming.reject(new SluiceError('LIMIT_REACHED', message));
      return;
    }
    this.#waiting.push(incoming);
    this.#bytes += cost;
  }

  /** Hands entries over in order while `mayGo` says so. */
  drain(mayGo: () => boolean, take: (incoming: Incoming) => void): void {
    let taken = 0;
    // `rejectAll` may empty the list from inside `take`, when the write fails.
    for (const incoming of this.#waiting) {
      if (!mayGo()) break;
      taken += 1;
      this.#bytes -= incoming.payloadBytes + ENTRY_OVERHEAD_BYTES;
      take(incoming);
    }
    this.#waiting.splice(0, taken);
  }

  rejectAll(error: SluiceError): void {
    for (const incoming of this.#waiting.splice(0)) incoming.reject(error);
    this.#bytes = 0;
  }
}
