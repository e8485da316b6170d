/**
 * The evidence log's one writer: records are collected for one turn of the event loop, written as one block, and synced
 * to the disk in groups. docs/evidence-format.md has the bytes and the promises; EVIDENCE-AND-TRUST §4 the reasons.
 *
 * ```text
 * append ─▶ block buffer ─▶ write (end of this turn) ─▶ `write` entries resolve
 *                                └─▶ fdatasync: at once when an `fsync` entry waits, else within 20 ms ─▶ `fsync` entries resolve, index hears
 * ```
 */
import { SluiceError } from '@sluice/contract/errors';
import { AppendBacklog, type Incoming, type Waiter } from './append-backlog.ts';
import { BlockBuffer, type Payload, payloadLength } from './block-buffer.ts';
import { Completions, completedPayload, type RecordedSoFar } from './completions.ts';
import type { Entry, EntrySequence, EvidenceLog } from './entry.ts';
import { MAX_PAYLOAD_BYTES } from './format.ts';
import { GroupSync } from './group-sync.ts';
import { unwritable, writeLastEntries } from './log-failure.ts';
import {
  type Durability,
  type DurableEntries,
  type EvidenceLogOptions,
  type LogStatistics,
  MAX_UNSYNCED_BYTES,
  SOON_INTERVAL_MS,
  type StoredEntry,
} from './log-options.ts';
import type { Completed } from './recorded-entry.ts';
import { type SegmentWriter, SyncFailed, type WrittenPlace } from './segment-writer.ts';
import type { TornTail } from './torn-tails.ts';
import type { LogHead } from './verify.ts';
import type { WriterLock } from './writer-lock.ts';

export class SegmentedLog implements EvidenceLog {
  readonly directory: string;
  readonly logId: string;
  readonly #options: EvidenceLogOptions;
  readonly #writer: SegmentWriter;
  readonly #lock: WriterLock;
  readonly #sync: GroupSync;
  readonly #failed = new AbortController();
  #state: 'open' | 'closing' | 'failed' | 'closed' = 'open';
  #failure: SluiceError | null = null;
  #failureHandled: Promise<void> = Promise.resolve();
  #syncHasFailed = false;
  /** Torn ends that no entry tells of: an entry in their place tells of them first. */
  #untold: readonly Entry[] = [];
  #nextSequence: EntrySequence;
  #writtenSequence: EntrySequence;

  /** The block being collected: its records, their entries, whose places are filled in when it is written, and who waits. */
  readonly #buffer = new BlockBuffer();
  #collected: CollectedEntry[] = [];
  #waiters: Waiter[] = [];
  readonly #completions = new Completions();
  #flushScheduled = false;
  #writtenListeners: (() => void)[] = [];
  #soonTimer: NodeJS.Timeout | null = null;
  readonly #backlog = new AppendBacklog();

  constructor(options: EvidenceLogOptions, writer: SegmentWriter, lock: WriterLock, nextSequence: EntrySequence) {
    this.directory = options.directory;
    this.logId = writer.logId;
    this.#options = options;
    this.#writer = writer;
    this.#lock = lock;
    this.#nextSequence = nextSequence;
    this.#writtenSequence = nextSequence;
    const ports = {
      dataSync: () => writer.sync(),
      head: () => this.head,
      onRoom: () => this.#drainBacklog(),
      onFailed: (error: unknown) => this.#failSync(error, []),
    };
    this.#sync = new GroupSync(ports, nextSequence);
  }

  get healthy(): boolean {
    return this.#state === 'open';
  }

  /** Aborted, with the error as reason, when the log fails: the signal that ends running sessions. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** End of what was handed to the operating system. */
  get head(): LogHead {
    return { nextSequence: this.#writtenSequence, hash: this.#writer.lastHash };
  }

  /** Sequence after the last entry that is on the disk. */
  get durableSequence(): EntrySequence {
    return this.#sync.durableSequence;
  }

  statistics(): LogStatistics {
    return {
      entries: this.#nextSequence,
      writtenBytes: this.#sync.writtenBytes,
      unsyncedBytes: this.#sync.unsyncedBytes,
      backlogBytes: this.#backlog.bytes,
    };
  }

  /** Hands entries over, in order, once they are on the disk. Listeners must not throw. */
  onDurable(listener: (durable: DurableEntries) => void): void {
    this.#sync.onDurable(listener);
  }

  /** Sequence that the next entry gets: those that wait for the disk come first. */
  get nextSequence(): EntrySequence {
    return this.#nextSequence + this.#backlog.length;
  }

  /** Of one turn, so in one block: all torn ends are told of, or none is and the next start tells. */
  async tell(torn: readonly TornTail[]): Promise<void> {
    this.#untold = torn.map((tail) => ({ kind: 'log.recovered', ...tail }));
    await Promise.all(this.#untold.map((entry) => this.append(entry, 'fsync')));
    this.#untold = [];
  }

  append(entry: Entry, durability: Durability, payload: string = payloadOf(entry)): Promise<EntrySequence> {
    // What ended before this was said stands before it.
    if (!entry.kind.startsWith('statement.')) this.#collectCompletions();
    if (this.#state !== 'open') return Promise.reject(this.#refusal());
    const payloadBytes = Buffer.byteLength(payload);
    if (payloadBytes > MAX_PAYLOAD_BYTES) {
      return Promise.reject(
        new SluiceError(
          'LIMIT_STATEMENT',
          `The entry ${entry.kind} has ${payloadBytes} bytes, more than the record takes.`,
        ),
      );
    }
    return new Promise((resolve, reject) => {
      this.#accept({ entry, payload, payloadBytes, durability, resolve, reject });
    });
  }

  stage(entry: Entry, payload: Payload): EntrySequence | null {
    if (!this.#takesAtOnce()) return null;
    const payloadBytes = payloadLength(payload);
    if (payloadBytes > MAX_PAYLOAD_BYTES) return null;
    return this.#collect([entry], payload, payloadBytes, 'write');
  }

  stageCompleted(entry: Completed): boolean {
    if (!this.#takesAtOnce()) return false;
    const record = this.#completions.add(entry);
    if (record !== null) this.#collect(record.entries, record.payload, record.payload.length, 'soon');
    if (this.#completions.isFull) this.#collectCompletions();
    this.#flushSoon();
    return this.#failure === null;
  }

  /** From now on, ends of statements say what is in the recording of their session by then. */
  tellRecorded(recordedSoFar: RecordedSoFar): void {
    this.#completions.recordedSoFar = recordedSoFar;
  }

  /**
   * What is in the recording of the session stands in the log soon: with the end of a statement that waits, else by itself.
   * When the log takes nothing now, the next end of a statement says it, or that of the session.
   */
  tieRecording(sessionId: string): void {
    if (!this.#takesAtOnce() || this.#completions.has(sessionId)) return;
    const recorded = this.#completions.recordedSoFar(sessionId);
    if (recorded === null) return;
    const entry: Entry = { kind: 'recording.grown', sessionId, recorded };
    const payload = JSON.stringify(entry);
    this.#collect([entry], payload, Buffer.byteLength(payload), 'soon');
  }

  onceWritten(callback: () => void): void {
    if (this.#failure !== null) return;
    if (this.#flushScheduled) this.#writtenListeners.push(callback);
    else callback();
  }

  /** Everything appended before the call is on the disk when it resolves. */
  async sync(): Promise<void> {
    this.#collectCompletions();
    const target = this.#nextSequence + this.#backlog.length;
    while (this.durableSequence < target) {
      this.#flush();
      if (this.#failure !== null) throw this.#failure;
      await this.#sync.start();
    }
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    if (this.#state === 'open') {
      this.#state = 'closing';
      await this.sync().catch((error: unknown) => {
        // The failure was already told through onFailure and to every waiter; closing goes on.
        if (this.#failure === null) throw error;
      });
    }
    await this.#failureHandled;
    this.#sync.close();
    if (this.#soonTimer !== null) clearTimeout(this.#soonTimer);
    this.#state = 'closed';
    this.#writer.close();
    this.#lock.release();
  }

  #takesAtOnce(): boolean {
    return this.#state === 'open' && this.#hasRoom();
  }

  #hasRoom(): boolean {
    return this.#backlog.length === 0 && this.#sync.unsyncedBytes < MAX_UNSYNCED_BYTES;
  }

  #accept(incoming: Incoming): void {
    if (this.#hasRoom()) this.#collectIncoming(incoming);
    else this.#backlog.push(incoming);
  }

  #collectIncoming({ entry, payload, payloadBytes, durability, resolve, reject }: Incoming): void {
    const sequence = this.#collect([entry], payload, payloadBytes, durability);
    if (sequence !== null) this.#waiters.push({ sequence, durability, resolve, reject });
    else reject(this.#refusal());
  }

  #collectCompletions(): void {
    for (const { entries, payload } of this.#completions.take())
      this.#collect(entries, payload, payload.length, 'soon');
  }

  /** Adds one record, of these entries. Null when the log failed. */
  #collect(
    entries: readonly Entry[],
    payload: Payload,
    payloadBytes: number,
    durability: Durability,
  ): EntrySequence | null {
    if (!this.#buffer.fits(payloadBytes)) this.#flush();
    if (this.#failure !== null) return null;
    const sequence = this.#nextSequence;
    const atUs = toMicroseconds(this.#options.now());
    this.#nextSequence += 1;
    const offset = this.#buffer.add(payload, payloadBytes, sequence, atUs);
    for (const entry of entries) this.#collected.push(new CollectedEntry(sequence, atUs, offset, entry));
    if (durability === 'soon') this.#flushSoon();
    else if (!this.#flushScheduled) {
      this.#flushScheduled = true;
      // After the I/O callbacks of this turn: everything that arrived together is one write.
      setImmediate(this.#flushNow);
    }
    return sequence;
  }

  /** Left to run when others flush earlier: it then finds nothing, or what came since. */
  #flushSoon(): void {
    this.#soonTimer ??= setTimeout(() => {
      this.#soonTimer = null;
      this.#collectCompletions();
      this.#flush();
    }, SOON_INTERVAL_MS);
  }

  readonly #flushNow = (): void => this.#flush();

  /** Writes the collected block synchronously: a hop through the thread pool would cost each statement more than the write. */
  #flush(): void {
    this.#flushScheduled = false;
    if (this.#buffer.records === 0 || this.#failure !== null) return;
    const collected = this.#collected;
    const waiters = this.#waiters;
    const { records } = this.#buffer;
    this.#collected = [];
    if (waiters.length > 0) this.#waiters = [];
    let place: WrittenPlace;
    try {
      place = this.#writer.write(this.#buffer, this.#writtenSequence);
    } catch (error) {
      this.#buffer.clear();
      this.#writtenListeners = [];
      if (error instanceof SyncFailed) this.#failSync(error.cause, waiters);
      else this.#failWrite(error, waiters);
      return;
    }
    this.#writtenSequence += records;
    for (const stored of collected) {
      stored.segment = place.segment;
      stored.offset += place.offset;
    }
    this.#sync.written(place.bytes, collected, waiters.length === 0 ? waiters : resolveWritten(waiters));
    if (this.#writtenListeners.length === 0) return;
    const listeners = this.#writtenListeners;
    this.#writtenListeners = [];
    for (const listener of listeners) listener();
  }

  #drainBacklog(): void {
    const mayGo = () => this.#sync.unsyncedBytes + this.#buffer.bodyBytes < MAX_UNSYNCED_BYTES;
    this.#backlog.drain(mayGo, (incoming) => this.#collectIncoming(incoming));
  }

  /** A write failed (ENOSPC, EFBIG, EIO …): nothing more runs; the reserve makes room to record that much. */
  #failWrite(cause: unknown, waiters: readonly Waiter[]): void {
    const error = unwritable(cause, 'The evidence log cannot be written');
    for (const waiter of waiters) waiter.reject(error);
    this.#nextSequence = this.#writtenSequence;
    this.#enterFailure(error, false);
    this.#failureHandled = this.#recordFailure(error);
  }

  async #recordFailure(error: SluiceError): Promise<void> {
    await this.#sync.running;
    // What the disk has is unknown then, so that nothing may be said to be on it.
    if (this.#syncHasFailed) return;
    const { directory, head } = this;
    const entries: readonly Entry[] = [...this.#untold, { kind: 'log.failed', reason: error.message }];
    const atUs = toMicroseconds(this.#options.now());
    try {
      await writeLastEntries(this.#writer, entries, { directory, sequence: head.nextSequence, atUs });
      this.#writtenSequence += entries.length;
      this.#sync.settleAll(head);
    } catch (failure) {
      // Not even the reserve could be used. Access has already stopped; what was not synced is refused here.
      if (failure instanceof SyncFailed) this.#failSync(failure.cause, []);
    }
    this.#sync.rejectWaiters(error);
  }

  #failSync(cause: unknown, unwritten: readonly Waiter[]): void {
    const error = unwritable(cause, 'The disk did not confirm the evidence log');
    this.#collected = [];
    this.#sync.rejectWaiters(error);
    for (const waiter of [...unwritten, ...this.#waiters.splice(0)]) waiter.reject(error);
    this.#syncHasFailed = true;
    this.#enterFailure(error, true);
  }

  #enterFailure(error: SluiceError, fatal: boolean): void {
    if (this.#failure !== null) {
      // Access has ended with the first; that the process has to end is said all the same.
      if (fatal) this.#options.onFailure?.({ error, fatal });
      return;
    }
    this.#failure = error;
    this.#state = 'failed';
    this.#sync.end();
    this.#backlog.rejectAll(error);
    this.#failed.abort(error);
    this.#options.onFailure?.({ error, fatal });
  }

  #refusal(): SluiceError {
    return this.#failure ?? new SluiceError('EVIDENCE_UNWRITABLE', 'The evidence log is closed.');
  }
}

/** An entry whose place is known once its block is written. A class: V8 moves literals to another shape one by one, each time. */
class CollectedEntry implements StoredEntry {
  readonly sequence: EntrySequence;
  readonly atUs: number;
  segment = 0;
  offset: number;
  readonly entry: Entry;

  constructor(sequence: EntrySequence, atUs: number, offset: number, entry: Entry) {
    this.sequence = sequence;
    this.atUs = atUs;
    this.offset = offset;
    this.entry = entry;
  }
}

/** Those who waited for the write go on; returns those who wait for the disk. */
function resolveWritten(waiters: readonly Waiter[]): readonly Waiter[] {
  return waiters.filter((waiter) => {
    if (waiter.durability === 'fsync') return true;
    waiter.resolve(waiter.sequence);
    return false;
  });
}

function payloadOf(entry: Entry): string {
  return entry.kind === 'statement.completed' ? completedPayload(entry) : JSON.stringify(entry);
}

export function toMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}
