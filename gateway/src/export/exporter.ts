/**
 * One destination: reads the record from where it stopped last, batch by batch, and sends. The record itself is the spool:
 * nothing is kept in memory but the batch at hand, a slow receiver slows nobody but itself, and nothing is lost while the
 * record is there.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { decodeRecord } from '../evidence/format.ts';
import { BlockReader } from '../evidence/merkle/block-reader.ts';
import { recordsOf } from '../evidence/merkle/record-leaves.ts';
import { DecisionMemory } from '../evidence/recorded-entry.ts';
import type { CursorFile } from './cursor-file.ts';
import { type ExportedEntry, withoutTexts } from './exported-entry.ts';
import { PartlyRejected } from './otlp-sink.ts';
import { SessionMemory } from './session-memory.ts';
import type { Sink } from './sink.ts';

/** A batch ends with the record that reaches one of these; what ended together goes out together. */
export const MAX_BATCH_ENTRIES = 500;
export const MAX_BATCH_BYTES = 1_048_576;
/** Waits between two tries of a batch, milliseconds: twice as long each time. */
export const FIRST_RETRY_MS = 500;
export const LAST_RETRY_MS = 15_000;
/** After a start: records before the first to send that are read for whose sessions are open, and for what entries name. */
export const MAX_REMEMBERED_ENTRIES = 200_000;

export type ExportStatus = {
  readonly name: string;
  /** Entries that the other side has: the sequence of the next one. */
  readonly sent: number;
  readonly state: 'delivering' | 'failing';
  /** What is wrong; empty while nothing is. */
  readonly message: string;
};

export type ExporterOptions = {
  readonly name: string;
  readonly directory: string;
  readonly logId: string;
  readonly sink: Sink;
  readonly cursor: CursorFile;
  /** Texts of statements are left out unless this is true. */
  readonly includesTexts: boolean;
  readonly onStatus: (status: ExportStatus) => void;
  readonly firstRetryMs?: number;
  /** MAX_REMEMBERED_ENTRIES unless given. */
  readonly rememberedEntries?: number;
};

export class Exporter {
  readonly #options: ExporterOptions;
  readonly #ended = new AbortController();
  #reader: BlockReader | null = null;
  readonly #sessions = new SessionMemory();
  #decisions = new DecisionMemory();
  #status: ExportStatus;
  #until = 0;
  #running: Promise<void> | null = null;

  constructor(options: ExporterOptions) {
    this.#options = options;
    this.#status = { name: options.name, sent: options.cursor.read(), state: 'delivering', message: '' };
  }

  get status(): ExportStatus {
    return this.#status;
  }

  /** Entries before `until` are on the disk. Never rejects; resolves when they are sent, or the exporter was closed. */
  advance(until: number): Promise<void> {
    this.#until = Math.max(this.#until, until);
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#ended.abort();
    await this.#running;
    await this.#options.sink.close();
  }

  async #run(): Promise<void> {
    for (let wait = this.#options.firstRetryMs ?? FIRST_RETRY_MS; !this.#ended.signal.aborted; ) {
      try {
        if (!(await this.#sendOnce())) return;
        wait = this.#options.firstRetryMs ?? FIRST_RETRY_MS;
      } catch (error) {
        if (this.#ended.signal.aborted) return;
        this.#reader = null;
        this.#decisions = new DecisionMemory();
        this.#tell('failing', error instanceof Error ? error.message : String(error));
        await this.#pause(wait);
        wait = Math.min(wait * 2, LAST_RETRY_MS);
      }
    }
  }

  /** Sends what the disk holds now. False when there was nothing. */
  async #sendOnce(): Promise<boolean> {
    if (this.#status.sent >= this.#until) return false;
    const { directory, logId, rememberedEntries = MAX_REMEMBERED_ENTRIES } = this.#options;
    this.#reader ??= BlockReader.before(directory, logId, Math.max(0, this.#status.sent - rememberedEntries));
    const batch = new Batch();
    let isAny = false;
    for (const block of this.#reader.read(this.#until)) {
      for (const { offset } of recordsOf(block)) {
        const { entries, bytes } = this.#exported(block.body, offset);
        if (entries.length === 0) continue;
        isAny = true;
        if (batch.add(entries, bytes)) await this.#send(batch.take());
        if (this.#ended.signal.aborted) return false;
      }
    }
    if (batch.size > 0) await this.#send(batch.take());
    return isAny;
  }

  /** The entries of a record; none of what was sent earlier, and was read for its session and what others name only. */
  #exported(body: Buffer, offset: number): { readonly entries: readonly ExportedEntry[]; readonly bytes: number } {
    const { sequence, atUs, payload } = decodeRecord(body, offset);
    const { logId, includesTexts } = this.#options;
    const isSent = sequence < this.#status.sent;
    const recorded = isSent
      ? this.#decisions.entriesBefore(sequence, payload)
      : this.#decisions.entriesOf(sequence, payload);
    const entries = recorded.map((entry): ExportedEntry => {
      const session = this.#sessions.of(entry);
      return { logId, sequence, atUs, entry: includesTexts ? entry : withoutTexts(entry), session };
    });
    return { entries: isSent ? [] : entries, bytes: payload.length };
  }

  async #send(batch: readonly ExportedEntry[]): Promise<void> {
    const last = batch.at(-1);
    if (last === undefined) return;
    let trouble = '';
    try {
      await this.#options.sink.send(batch, this.#ended.signal);
    } catch (error) {
      if (!(error instanceof PartlyRejected)) throw error;
      trouble = error.message;
    }
    this.#options.cursor.write(last.sequence + 1);
    this.#status = { ...this.#status, sent: last.sequence + 1 };
    this.#tell(trouble === '' ? 'delivering' : 'failing', trouble);
  }

  #tell(state: ExportStatus['state'], message: string): void {
    this.#status = { ...this.#status, state, message };
    this.#options.onStatus(this.#status);
  }

  async #pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#ended.signal }).catch((error: unknown) => {
      if (!this.#ended.signal.aborted) throw error;
    });
  }
}

/** Entries on their way together. */
class Batch {
  #entries: ExportedEntry[] = [];
  #bytes = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** True when it is full. */
  add(entries: readonly ExportedEntry[], bytes: number): boolean {
    this.#entries.push(...entries);
    this.#bytes += bytes;
    return this.#entries.length >= MAX_BATCH_ENTRIES || this.#bytes >= MAX_BATCH_BYTES;
  }

  take(): readonly ExportedEntry[] {
    const entries = this.#entries;
    this.#entries = [];
    this.#bytes = 0;
    return entries;
  }
}
