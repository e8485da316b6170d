/**
 * The evidence log's one writer: records are collected for one turn of the event loop, written as one block, and synced
 * to the disk in groups. docs/evidence-format.md has the bytes and the promises; EVIDENCE-AND-TRUST §4 the reasons.
 *
 * ```text
 * append ─▶ block buffer ─▶ write (end of this turn) ─▶ `write` entries resolve
 *                                └─▶ fdatasync: at once when an `fsync` entry waits, else within 20 ms ─▶ `fsync` entries resolve, index hears
 * ```
 */
import { fdatasync, mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { promisify } from 'node:util';
import { SluiceError } from '@sluice/contract/errors';
import { AppendBacklog, type Incoming, type Waiter } from './append-backlog.ts';
import { BlockBuffer, type Payload, payloadLength } from './block-buffer.ts';
import { Completions } from './completions.ts';
import type { Entry, EntrySequence, EvidenceLog } from './entry.ts';
import { MAX_PAYLOAD_BYTES } from './format.ts';
import {
  DEFAULT_SEGMENT_BYTES,
  type Durability,
  type DurableBlock,
  type EvidenceLogOptions,
  type LogStatistics,
  MAX_UNSYNCED_BYTES,
  SOON_INTERVAL_MS,
  type StoredEntry,
  SYNC_INTERVAL_MS,
} from './log-options.ts';
import { type Completed, completedPayload } from './recorded-entry.ts';
import { recoverLog } from './recover.ts';
import { releaseReserve, setReserveAside } from './reserve.ts';
import { SegmentWriter, SyncFailed } from './segment-writer.ts';
import type { TornTail } from './torn-tails.ts';
import type { LogHead } from './verify.ts';
import { acquireWriterLock, type WriterLock } from './writer-lock.ts';

/**
 * Opens the log in `directory` (created when missing) and recovers its tail. Throws EVIDENCE_BROKEN when it does not
 * verify, EVIDENCE_UNWRITABLE when it cannot be written or another process writes it.
 */
export async function openEvidenceLog(options: EvidenceLogOptions): Promise<SegmentedLog> {
  let lock: WriterLock | null = null;
  try {
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
    lock = acquireWriterLock(options.directory);
    const { position, torn } = recoverLog(options.directory, options.expectedHead ?? null);
    setReserveAside(options.directory);
    const writer = SegmentWriter.open(
      {
        directory: options.directory,
        segmentBytes: options.segmentBytes ?? DEFAULT_SEGMENT_BYTES,
        dataSync: options.dataSync ?? promisify(fdatasync),
        nowUs: () => toMicroseconds(options.now()),
      },
      position,
    );
    // What an earlier process wrote without syncing becomes durable before anything is built on it.
    await writer.sync();
    const log = new SegmentedLog(options, writer, lock, position?.nextSequence ?? 0);
    try {
      await log.tell(torn);
    } catch (error) {
      // That it failed is recorded before another process may have the lock. Why it failed counts, not what follows.
      await Promise.allSettled([log.close()]);
      throw error;
    }
    return log;
  } catch (error) {
    const refusal = error instanceof SluiceError ? error : unwritable(error, 'The evidence log cannot be opened');
    try {
      lock?.release();
    } catch (left) {
      // It names this process: whoever comes after its end takes it over.
      throw new SluiceError(refusal.code, refusal.message, { cause: new AggregateError([refusal, left]) });
    }
    throw refusal;
  }
}

export class SegmentedLog implements EvidenceLog {
  readonly directory: string;
  readonly logId: string;
  readonly #options: EvidenceLogOptions;
  readonly #writer: SegmentWriter;
  readonly #lock: WriterLock;
  readonly #buffer = new BlockBuffer();
  readonly #failed = new AbortController();
  #state: 'open' | 'closing' | 'failed' | 'closed' = 'open';
  #failure: SluiceError | null = null;
  #failureHandled: Promise<void> = Promise.resolve();
  #syncHasFailed = false;
  /** Torn ends that no entry tells of: an entry in their place tells of them first. */
  #untold: readonly Entry[] = [];
  #nextSequence: EntrySequence;

  /** Entries of the block being collected, and who waits for them. Their places are filled in when it is written. */
  #collected: Collected[] = [];
  #waiters: Waiter[] = [];
  readonly #completions = new Completions();
  #flushScheduled = false;
  #writtenListeners: (() => void)[] = [];
  #soonTimer: NodeJS.Timeout | null = null;

  #writtenBytes = 0;
  #syncedBytes = 0;
  #writtenSequence: EntrySequence;
  #durableSequence: EntrySequence;
  #writtenBlocks: DurableBlock[] = [];
  #syncWaiters: Waiter[] = [];
  #syncTimer: NodeJS.Timeout | null = null;
  #syncing: Promise<void> | null = null;

  readonly #backlog = new AppendBacklog();
  readonly #onDurable: ((block: DurableBlock) => void)[] = [];

  constructor(options: EvidenceLogOptions, writer: SegmentWriter, lock: WriterLock, nextSequence: EntrySequence) {
    this.directory = options.directory;
    this.logId = writer.logId;
    this.#options = options;
    this.#writer = writer;
    this.#lock = lock;
    this.#nextSequence = nextSequence;
    this.#writtenSequence = nextSequence;
    this.#durableSequence = nextSequence;
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
    return this.#durableSequence;
  }

  statistics(): LogStatistics {
    return {
      entries: this.#nextSequence,
      writtenBytes: this.#writtenBytes,
      unsyncedBytes: this.#writtenBytes - this.#syncedBytes,
      backlogBytes: this.#backlog.bytes,
    };
  }

  /** Hands each block over, in order, once it is on the disk. Listeners must not throw. */
  onDurable(listener: (block: DurableBlock) => void): void {
    this.#onDurable.push(listener);
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
    if (record !== null) this.#collect(record.entries, record.payload, Buffer.byteLength(record.payload), 'soon');
    if (this.#completions.isFull) this.#collectCompletions();
    this.#flushSoon();
    return this.#failure === null;
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
    while (this.#durableSequence < target) {
      this.#flush();
      if (this.#failure !== null) throw this.#failure;
      await (this.#syncing ?? this.#startSync());
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
    if (this.#syncTimer !== null) clearTimeout(this.#syncTimer);
    if (this.#soonTimer !== null) clearTimeout(this.#soonTimer);
    this.#state = 'closed';
    this.#writer.close();
    this.#lock.release();
  }

  #takesAtOnce(): boolean {
    return this.#state === 'open' && this.#backlog.length === 0 && this.#unsyncedBytes() < MAX_UNSYNCED_BYTES;
  }

  #accept(incoming: Incoming): void {
    if (this.#backlog.length === 0 && this.#unsyncedBytes() < MAX_UNSYNCED_BYTES) this.#collectIncoming(incoming);
    else this.#backlog.push(incoming);
  }

  #collectIncoming({ entry, payload, payloadBytes, durability, resolve, reject }: Incoming): void {
    const sequence = this.#collect([entry], payload, payloadBytes, durability);
    if (sequence !== null) this.#waiters.push({ sequence, durability, resolve, reject });
    else reject(this.#refusal());
  }

  #collectCompletions(): void {
    for (const { entries, payload } of this.#completions.take())
      this.#collect(entries, payload, Buffer.byteLength(payload), 'soon');
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
    for (const entry of entries) this.#collected.push({ sequence, atUs, segment: 0, offset, entry });
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
    const records = this.#buffer.records;
    this.#collected = [];
    this.#waiters = [];
    try {
      const place = this.#writer.write(this.#buffer, this.#writtenSequence);
      this.#writtenBytes += place.bytes;
      this.#writtenSequence += records;
      if (this.#onDurable.length > 0) {
        for (const stored of collected) {
          stored.segment = place.segment;
          stored.offset += place.offset;
        }
        this.#writtenBlocks.push({
          entries: collected,
          head: { nextSequence: this.#writtenSequence, hash: place.hash },
        });
      }
    } catch (error) {
      this.#buffer.clear();
      this.#writtenListeners = [];
      if (error instanceof SyncFailed) this.#failSync(error.cause, waiters);
      else this.#failWrite(error, waiters);
      return;
    }
    let urgent = false;
    for (const waiter of waiters) {
      if (waiter.durability !== 'fsync') {
        waiter.resolve(waiter.sequence);
      } else {
        this.#syncWaiters.push(waiter);
        urgent = true;
      }
    }
    this.#scheduleSync(urgent || this.#unsyncedBytes() >= MAX_UNSYNCED_BYTES);
    if (this.#writtenListeners.length === 0) return;
    const listeners = this.#writtenListeners;
    this.#writtenListeners = [];
    for (const listener of listeners) listener();
  }

  #scheduleSync(urgent: boolean): void {
    // A running sync looks again when it ends.
    if (this.#syncing !== null) return;
    if (urgent) void this.#startSync();
    else this.#syncTimer ??= setTimeout(() => void this.#startSync(), SYNC_INTERVAL_MS);
  }

  #startSync(): Promise<void> {
    if (this.#syncTimer !== null) clearTimeout(this.#syncTimer);
    this.#syncTimer = null;
    this.#syncing ??= this.#syncOnce().finally(() => {
      this.#syncing = null;
      if (this.#failure !== null) return;
      this.#drainBacklog();
      if (this.#unsyncedBytes() > 0) this.#scheduleSync(this.#syncWaiters.length > 0);
    });
    return this.#syncing;
  }

  async #syncOnce(): Promise<void> {
    const bytes = this.#writtenBytes;
    const sequence = this.#writtenSequence;
    try {
      await this.#writer.sync();
    } catch (error) {
      this.#failSync(error, []);
      return;
    }
    this.#settle(bytes, sequence);
  }

  #settle(syncedBytes: number, beforeSequence: EntrySequence): void {
    this.#syncedBytes = Math.max(this.#syncedBytes, syncedBytes);
    this.#durableSequence = beforeSequence;
    const ready = countWhile(this.#syncWaiters, (waiter) => waiter.sequence < beforeSequence);
    for (const waiter of this.#syncWaiters.splice(0, ready)) waiter.resolve(waiter.sequence);
    const durable = countWhile(this.#writtenBlocks, (block) => block.head.nextSequence <= beforeSequence);
    for (const block of this.#writtenBlocks.splice(0, durable)) for (const tell of this.#onDurable) tell(block);
  }

  #drainBacklog(): void {
    const mayGo = () => this.#unsyncedBytes() + this.#buffer.bodyBytes < MAX_UNSYNCED_BYTES;
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
    await this.#syncing;
    // What the disk has is unknown then, so that nothing may be said to be on it.
    if (this.#syncHasFailed) return;
    const sequence = this.#writtenSequence;
    try {
      this.#writer.cutPartialBlock();
      releaseReserve(this.directory);
      // A segment of its own: the full one may be at a limit of its size.
      this.#writer.rotate(sequence);
      const entries: readonly Entry[] = [...this.#untold, { kind: 'log.failed', reason: error.message }];
      for (const [index, payload] of entries.map((entry) => JSON.stringify(entry)).entries())
        this.#buffer.add(payload, Buffer.byteLength(payload), sequence + index, toMicroseconds(this.#options.now()));
      this.#writer.write(this.#buffer, sequence);
      this.#writtenSequence += entries.length;
      await this.#writer.sync();
      this.#settle(this.#writtenBytes, sequence);
    } catch (failure) {
      // Not even the reserve could be used. Access has already stopped; what was not synced is refused here.
      if (failure instanceof SyncFailed) this.#failSync(failure.cause, []);
    }
    for (const waiter of this.#syncWaiters.splice(0)) waiter.reject(error);
  }

  #failSync(cause: unknown, unwritten: readonly Waiter[]): void {
    const error = unwritable(cause, 'The disk did not confirm the evidence log');
    this.#collected = [];
    for (const waiter of [...this.#syncWaiters.splice(0), ...unwritten, ...this.#waiters.splice(0)])
      waiter.reject(error);
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
    this.#backlog.rejectAll(error);
    this.#failed.abort(error);
    this.#options.onFailure?.({ error, fatal });
  }

  #unsyncedBytes(): number {
    return this.#writtenBytes - this.#syncedBytes;
  }

  #refusal(): SluiceError {
    return this.#failure ?? new SluiceError('EVIDENCE_UNWRITABLE', 'The evidence log is closed.');
  }
}

/** An entry whose place is known once its block is written. */
type Collected = { -readonly [Member in keyof StoredEntry]: StoredEntry[Member] };

function payloadOf(entry: Entry): string {
  return entry.kind === 'statement.completed' ? completedPayload([entry]) : JSON.stringify(entry);
}

function toMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}

function unwritable(cause: unknown, what: string): SluiceError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  // Node has no name for it: "UNKNOWN: unknown error".
  const isQuota = cause instanceof Error && 'errno' in cause && cause.errno === -constants.errno.EDQUOT;
  const said = isQuota ? 'EDQUOT: disk quota exceeded' : cause instanceof Error ? cause.message : String(cause);
  return new SluiceError('EVIDENCE_UNWRITABLE', `${what}: ${said}.`, {
    cause,
    facts: { errno: isQuota ? 'EDQUOT' : code },
  });
}

/** Length of the longest prefix whose members all pass. */
function countWhile<T>(list: readonly T[], passes: (member: T) => boolean): number {
  const end = list.findIndex((member) => !passes(member));
  return end === -1 ? list.length : end;
}
