/**
 * When what was written goes to the disk: at once for who waits for it, else within SYNC_INTERVAL_MS, and everything that
 * was written until then in one group. One sync at a time; what comes meanwhile is the next one's.
 */
import type { SluiceError } from '@sluice/contract/errors';
import type { Waiter } from './append-backlog.ts';
import type { EntrySequence } from './entry.ts';
import { type DurableEntries, MAX_UNSYNCED_BYTES, type StoredEntry, SYNC_INTERVAL_MS } from './log-options.ts';
import type { LogHead } from './verify.ts';

export type GroupSyncPorts = {
  /** Everything written before the call is on the disk when it resolves. */
  readonly dataSync: () => Promise<void>;
  /** End of what was written. */
  readonly head: () => LogHead;
  /** A sync has ended: there is room. */
  readonly onRoom: () => void;
  /** A sync failed: what the disk holds is unknown. */
  readonly onFailed: (error: unknown) => void;
};

type Group = { readonly head: LogHead; readonly bytes: number; readonly entries: readonly StoredEntry[] };

export class GroupSync {
  readonly #ports: GroupSyncPorts;
  readonly #listeners: ((durable: DurableEntries) => void)[] = [];
  #writtenBytes = 0;
  #syncedBytes = 0;
  #durableSequence: EntrySequence;
  /** Written since the last sync began. */
  #entries: StoredEntry[] = [];
  #waiters: Waiter[] = [];
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #isOver = false;

  constructor(ports: GroupSyncPorts, nextSequence: EntrySequence) {
    this.#ports = ports;
    this.#durableSequence = nextSequence;
  }

  /** Sequence after the last entry that is on the disk. */
  get durableSequence(): EntrySequence {
    return this.#durableSequence;
  }

  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  get unsyncedBytes(): number {
    return this.#writtenBytes - this.#syncedBytes;
  }

  /** The sync under way. Never rejects. */
  get running(): Promise<void> | null {
    return this.#running;
  }

  onDurable(listener: (durable: DurableEntries) => void): void {
    this.#listeners.push(listener);
  }

  /** A block was handed to the operating system. `waiters` are those who wait for the disk. */
  written(bytes: number, entries: readonly StoredEntry[], waiters: readonly Waiter[]): void {
    this.#writtenBytes += bytes;
    for (const stored of entries) this.#entries.push(stored);
    for (const waiter of waiters) this.#waiters.push(waiter);
    // A running sync looks again when it ends.
    if (this.#running === null) this.#schedule(waiters.length > 0 || this.unsyncedBytes >= MAX_UNSYNCED_BYTES);
  }

  /** Syncs now, or waits for the sync under way. Never rejects. */
  start(): Promise<void> {
    this.#running ??= this.#sync().finally(() => {
      this.#running = null;
      if (this.#isOver) return;
      this.#ports.onRoom();
      if (this.unsyncedBytes > 0) this.#schedule(this.#waiters.length > 0);
    });
    return this.#running;
  }

  /** What was written is on the disk, though no sync of ours put it there. */
  settleAll(head: LogHead): void {
    this.#settle(this.#takeGroup(head));
  }

  /** Nothing more will be written: no sync follows the one that is due. */
  end(): void {
    this.#isOver = true;
  }

  close(): void {
    this.#isOver = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  rejectWaiters(error: SluiceError): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }

  #schedule(urgent: boolean): void {
    if (this.#isOver) return;
    if (urgent) void this.start();
    else this.#timer ??= setTimeout(() => void this.start(), SYNC_INTERVAL_MS);
  }

  async #sync(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const group = this.#takeGroup(this.#ports.head());
    try {
      await this.#ports.dataSync();
    } catch (error) {
      // After it nobody knows what the disk holds: it is never tried again.
      this.close();
      this.#ports.onFailed(error);
      return;
    }
    this.#settle(group);
  }

  #takeGroup(head: LogHead): Group {
    const entries = this.#entries;
    this.#entries = [];
    return { head, bytes: this.#writtenBytes, entries };
  }

  #settle({ head, bytes, entries }: Group): void {
    this.#syncedBytes = Math.max(this.#syncedBytes, bytes);
    this.#durableSequence = head.nextSequence;
    const later = this.#waiters.findIndex(({ sequence }) => sequence >= head.nextSequence);
    for (const waiter of this.#waiters.splice(0, later === -1 ? this.#waiters.length : later))
      waiter.resolve(waiter.sequence);
    if (entries.length > 0) for (const tell of this.#listeners) tell({ entries, head });
  }
}
