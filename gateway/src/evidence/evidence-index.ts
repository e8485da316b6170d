/**
 * Keeps the store's index of sessions and statements behind the log: fed from memory in batches, and from the files
 * after a start or when it fell too far behind. The log is the truth; delete the index and it is built again.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store } from '../store/store.ts';
import type { DurableEntries } from './log-options.ts';
import { PROJECTION, Projection } from './project.ts';
import { readBlocks } from './read-log.ts';
import type { SegmentedLog } from './segmented-log.ts';
import type { LogHead } from './verify.ts';

/**
 * Longest time that a durable entry waits for its place in the index, ms: who asks does not wait for it, and a write costs
 * a row for each session and column, however many statements.
 */
export const INDEX_INTERVAL_MS = 1_000;
/** Entries that do not wait so long: a write of more would hold everybody up. */
export const MAX_BATCH_ENTRIES = 20_000;
/** Entries whose places may wait in memory; beyond them they are dropped and read back from the files. */
export const MAX_WAITING_ENTRIES = 100_000;
/** Sessions whose resource is remembered; the others are looked up. */
export const MAX_KNOWN_SESSIONS = 10_000;
/** Sessions looked up in one query. */
const LOOKUP_SESSIONS = 500;
/** Entries read from the files between two writes. */
const BATCH_ENTRIES = 2_000;

export type EvidenceIndexOptions = {
  readonly log: SegmentedLog;
  readonly store: Store;
  /** Told when the index cannot follow (the log goes on). */
  readonly onError: (error: unknown) => void;
};

/** How far the store has projected a log, or null before the first time. Pass it to `openEvidenceLog` as `expectedHead`. */
export async function indexedHead(store: Store): Promise<(LogHead & { readonly logId: string }) | null> {
  const row = await store.db.selectFrom('index_head').selectAll().executeTakeFirst();
  return row === undefined ? null : { logId: row.log_id, nextSequence: Number(row.next_sequence), hash: row.hash };
}

export class EvidenceIndex {
  readonly #log: SegmentedLog;
  readonly #store: Store;
  readonly #onError: (error: unknown) => void;
  /** What waits for the next write. */
  readonly #waiting = new Projection();
  /** True until the files have been read up to where `#waiting` begins. */
  #behind = true;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #closed = false;
  /** The resource of sessions that were opened last. */
  readonly #resources = new Map<string, string>();
  /** Sequence after the last projected entry. */
  #projected = 0;

  constructor(options: EvidenceIndexOptions) {
    this.#log = options.log;
    this.#store = options.store;
    this.#onError = options.onError;
    options.log.onDurable((block) => this.#accept(block));
  }

  /** Entries on the disk that the index does not have yet. */
  get lagEntries(): number {
    return this.#log.durableSequence - this.#projected;
  }

  /** Everything appended before the call is in the index when it resolves. */
  async flush(): Promise<void> {
    if (this.#log.healthy) await this.#log.sync();
    await this.#pump();
  }

  /** Projects what there is and stops. What is appended later is projected at the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.flush();
  }

  #accept(block: DurableEntries): void {
    this.#waiting.add(block);
    if (this.#waiting.entries > MAX_WAITING_ENTRIES) {
      this.#waiting.clear();
      this.#behind = true;
    }
    if (this.#closed) return;
    if (this.#waiting.entries >= MAX_BATCH_ENTRIES) this.#pumpNow();
    else this.#timer ??= setTimeout(this.#pumpNow, INDEX_INTERVAL_MS);
  }

  readonly #pumpNow = (): void => {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#pump().catch(this.#onError);
  };

  /** One pump at a time; a failed one does not stop the next. */
  #pump(): Promise<void> {
    const step = () => this.#pumpOnce();
    this.#running = this.#running.then(step, step);
    return this.#running;
  }

  async #pumpOnce(): Promise<void> {
    while (this.#behind || this.#waiting.entries > 0) {
      if (this.#behind) await this.#readFiles();
      else await this.#writeWaiting();
    }
  }

  async #writeWaiting(): Promise<void> {
    try {
      await this.#write(this.#waiting, false);
    } catch (error) {
      // What was taken is not lost: the files have it.
      this.#behind = true;
      throw error;
    }
  }

  /** Projects what the files hold beyond the index. `#waiting` starts over: it receives what becomes durable from here on. */
  async #readFiles(): Promise<void> {
    this.#waiting.clear();
    this.#behind = false;
    const until = this.#log.durableSequence;
    try {
      const from = await this.#projectedUntil();
      this.#projected = from;
      const batch = new Projection();
      let fromScratch = from === 0;
      for await (const block of readBlocks(this.#log.directory, { from, until })) {
        batch.add(block);
        if (batch.entries < BATCH_ENTRIES) continue;
        await this.#write(batch, fromScratch);
        fromScratch = false;
        await nextTurn();
      }
      await this.#write(batch, fromScratch);
    } catch (error) {
      this.#behind = true;
      throw error;
    }
  }

  async #write(projection: Projection, fromScratch: boolean): Promise<void> {
    const batch = projection.take();
    if (batch === null) return;
    const { changes, head } = batch;
    const opened = new Map<string, string>();
    for (const change of changes)
      if (change.kind === 'session-opened') opened.set(change.session.session_id, change.session.resource);
    const resources = await this.#resourcesOf(batch.sessionIds, opened);
    const projected = { next_sequence: head.nextSequence, hash: head.hash, projection: PROJECTION };
    await this.#store.writeIndex({
      changes: [...changes, ...batch.columnChanges(resources)],
      head: { log_id: this.#log.logId, ...projected },
      fromScratch,
    });
    this.#projected = head.nextSequence;
  }

  /** 0 for another log, or tables that an older gateway filled. */
  async #projectedUntil(): Promise<number> {
    const head = await this.#store.db.selectFrom('index_head').selectAll().executeTakeFirst();
    return head?.log_id === this.#log.logId && head.projection === PROJECTION ? Number(head.next_sequence) : 0;
  }

  #remember(sessionId: string, resource: string): void {
    this.#resources.set(sessionId, resource);
    if (this.#resources.size <= MAX_KNOWN_SESSIONS) return;
    const [oldest] = this.#resources.keys();
    if (oldest !== undefined) this.#resources.delete(oldest);
  }

  /** The resource of each session: from what this batch opens, from memory, or from the store. */
  async #resourcesOf(
    sessionIds: ReadonlySet<string>,
    opened: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, string>> {
    const found = new Map(opened);
    for (const [id, resource] of opened) this.#remember(id, resource);
    const missing: string[] = [];
    for (const id of sessionIds) {
      const known = found.get(id) ?? this.#resources.get(id);
      if (known === undefined) missing.push(id);
      else found.set(id, known);
    }
    for (let start = 0; start < missing.length; start += LOOKUP_SESSIONS) {
      const rows = await this.#store.db
        .selectFrom('sessions')
        .select(['session_id', 'resource'])
        .where('session_id', 'in', missing.slice(start, start + LOOKUP_SESSIONS))
        .execute();
      for (const { session_id, resource } of rows) {
        found.set(session_id, resource);
        this.#remember(session_id, resource);
      }
    }
    return found;
  }
}
