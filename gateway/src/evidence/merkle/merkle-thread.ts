/**
 * The Merkle log as the gateway sees it: a thread that signs in the background. Looks once a second at how much of the log
 * is on the disk; the write path knows nothing of it.
 */
import { Worker } from 'node:worker_threads';
import { SluiceError } from '@sluice/contract/errors';
import type { MerkleAnswer, MerkleQuestion, MerkleStatus, MerkleThreadData } from './thread-messages.ts';

/** How often the log is looked at, milliseconds: also the shortest time between two checkpoints. */
export const TICK_MS = 1_000;
/** Longest wait for the last checkpoint and its witnesses when the gateway stops, milliseconds. */
export const CLOSE_LIMIT_MS = 5_000;

/** Looks that are remembered while no witness confirms. */
const MAX_MARKS = 4_096;

/** The log behind which the thread works. */
export type DurableLog = {
  readonly directory: string;
  readonly logId: string;
  /** Sequence after the last entry that is on the disk. */
  readonly durableSequence: number;
};

export type MerkleThreadOptions = Pick<MerkleThreadData, 'seeds' | 'witnesses' | 'anchors'> & {
  readonly log: DurableLog;
  /** A checkpoint is due when a new entry has waited this long, milliseconds. */
  readonly everyMs: number;
  /** Or when this many have come. */
  readonly everyEntries: number;
  readonly now: () => number;
  /** Told when the state, or what is wrong with a witness, changes. */
  readonly onStatus: (status: MerkleStatus) => void;
};

export class MerkleThread {
  readonly #options: MerkleThreadOptions;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (status: MerkleStatus) => void>();
  readonly #timer: NodeJS.Timeout;
  #status: MerkleStatus;
  #nextId = 1;
  #isRunning = false;
  #isClosed = false;
  /** When an entry that no checkpoint covers was first seen; null while there is none. */
  #pendingSinceMs: number | null = null;
  /** How far the log was at earlier looks, beyond what a witness has confirmed; oldest first. */
  #unwitnessed: { readonly sequence: number; readonly atMs: number }[] = [];

  private constructor(options: MerkleThreadOptions, worker: Worker, status: MerkleStatus) {
    this.#options = options;
    this.#worker = worker;
    this.#status = status;
    worker.on('message', (answer: MerkleAnswer) => this.#answered(answer));
    worker.on('error', (error) => this.#stopped(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => this.#stopped('the thread ended'));
    worker.unref();
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  /** Throws EVIDENCE_BROKEN when the log is not the one that was signed, EVIDENCE_UNWRITABLE when it cannot be worked on. */
  static async start(options: MerkleThreadOptions): Promise<MerkleThread> {
    const { log, seeds, witnesses, anchors } = options;
    const data: MerkleThreadData = {
      ...{ directory: log.directory, logId: log.logId, durable: log.durableSequence },
      ...{ seeds, witnesses, anchors },
    };
    const worker = new Worker(new URL('./merkle-worker.ts', import.meta.url), { workerData: data, env: {} });
    try {
      return new MerkleThread(options, worker, await opened(worker));
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  get status(): MerkleStatus {
    return this.#status;
  }

  /** Entries on the disk that no checkpoint covers. */
  get lagEntries(): number {
    return Math.max(0, this.#options.log.durableSequence - this.#status.size);
  }

  /** Whether a witness or an anchor has not confirmed the newest checkpoint. */
  get isUnwitnessed(): boolean {
    return this.#status.witnesses.some(({ size }) => size < this.#status.size);
  }

  /** How long the oldest entry that no witness has confirmed has waited, milliseconds; 0 without witnesses. */
  get unwitnessedMs(): number {
    const [oldest] = this.#unwitnessed;
    return oldest === undefined ? 0 : this.#options.now() - oldest.atMs;
  }

  /** Signs what is on the disk now and waits for the witnesses, within their bounds. */
  checkpointNow(): Promise<MerkleStatus> {
    return this.#ask(this.#options.log.durableSequence, true);
  }

  /** The last checkpoint, then the end. What it does not cover, the next start's does. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (this.lagEntries > 0 || this.isUnwitnessed) {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_LIMIT_MS);
      });
      await Promise.race([this.checkpointNow(), limit]);
      clearTimeout(timer);
    }
    this.#isClosed = true;
    await this.#worker.terminate();
  }

  #tick(): void {
    const { now, everyMs, everyEntries } = this.#options;
    const lag = this.lagEntries;
    if (lag > 0) this.#pendingSinceMs ??= now();
    this.#noteUnwitnessed();
    if (this.#isRunning || this.#status.state === 'broken') return;
    const waitedMs = this.#pendingSinceMs === null ? 0 : now() - this.#pendingSinceMs;
    // One tick early rather than one late.
    const isDue = lag >= everyEntries || (lag > 0 && waitedMs + TICK_MS > everyMs);
    if (!isDue && !this.isUnwitnessed) return;
    this.#isRunning = true;
    void this.#ask(isDue ? this.#options.log.durableSequence : this.#status.size, false).finally(() => {
      this.#isRunning = false;
    });
  }

  #ask(until: number, witness: boolean): Promise<MerkleStatus> {
    const id = this.#nextId;
    this.#nextId += 1;
    // Entries from here on wait for the next one.
    this.#pendingSinceMs = null;
    // Somebody waits for the answer: the process must not end before it.
    this.#worker.ref();
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ id, until, witness } satisfies MerkleQuestion);
    });
  }

  #answered(answer: MerkleAnswer): void {
    if (answer.kind !== 'status' && answer.kind !== 'advanced') return;
    const before = this.#status;
    this.#status = answer.status;
    this.#noteUnwitnessed();
    if (problemsOf(before) !== problemsOf(answer.status)) this.#options.onStatus(answer.status);
    if (answer.kind !== 'advanced') return;
    this.#waiting.get(answer.id)?.(answer.status);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
  }

  #stopped(message: string): void {
    clearInterval(this.#timer);
    if (!this.#isClosed && this.#status.state !== 'broken') {
      this.#status = { ...this.#status, state: 'broken', message };
      this.#options.onStatus(this.#status);
    }
    for (const resolve of this.#waiting.values()) resolve(this.#status);
    this.#waiting.clear();
  }

  #noteUnwitnessed(): void {
    const { witnesses } = this.#status;
    if (witnesses.length === 0) return;
    const confirmed = Math.max(...witnesses.map(({ size }) => size));
    this.#unwitnessed = this.#unwitnessed.filter(({ sequence }) => sequence > confirmed);
    const { durableSequence } = this.#options.log;
    // When the list is full its oldest mark stays: the wait is never told too short.
    if (durableSequence > Math.max(confirmed, this.#unwitnessed.at(-1)?.sequence ?? 0)) {
      if (this.#unwitnessed.length < MAX_MARKS)
        this.#unwitnessed.push({ sequence: durableSequence, atMs: this.#options.now() });
    }
  }
}

/** The first thing that it says. */
async function opened(worker: Worker): Promise<MerkleStatus> {
  return await new Promise((resolve, reject) => {
    const failed = (error: unknown) => reject(error instanceof Error ? error : new Error(String(error)));
    const ended = () => failed(new SluiceError('INTERNAL', 'the thread of the Merkle log ended'));
    worker.once('error', failed);
    worker.once('exit', ended);
    worker.once('message', (answer: MerkleAnswer) => {
      worker.off('error', failed);
      worker.off('exit', ended);
      if (answer.kind === 'opened') resolve(answer.status);
      else failed(new SluiceError(answer.kind === 'refused' ? answer.code : 'INTERNAL', messageOf(answer)));
    });
  });
}

function messageOf(answer: MerkleAnswer): string {
  return answer.kind === 'refused' ? answer.message : `the thread of the Merkle log said "${answer.kind}" first`;
}

/** What an operator has to know; sizes and times are not in it. */
function problemsOf({ state, message, witnesses }: MerkleStatus): string {
  return JSON.stringify([state, message, witnesses.map((witness) => [witness.name, witness.state, witness.message])]);
}
