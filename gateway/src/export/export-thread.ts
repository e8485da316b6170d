/**
 * The exports as the gateway sees them: a thread that is told twice a second how much of the record is on the disk.
 */
import { Worker } from 'node:worker_threads';
import { SluiceError } from '@sluice/contract/errors';
import type { ExportStatus } from './exporter.ts';
import type { ExportQuestion, ExportThreadData } from './settings.ts';

/** How often the record is looked at, milliseconds. */
export const EXPORT_TICK_MS = 500;
/** Longest wait for the last entries when the gateway stops, milliseconds; the next start goes on with the rest. */
export const EXPORT_CLOSE_LIMIT_MS = 5_000;
/** Looks that are remembered while a required export does not follow. */
const MAX_MARKS = 4_096;

export type ExportThreadOptions = Omit<ExportThreadData, 'directory' | 'logId'> & {
  readonly log: { readonly directory: string; readonly logId: string; readonly durableSequence: number };
  readonly now: () => number;
  /** Exports without which sessions do not go on for longer than this, milliseconds, by name. */
  readonly required: ReadonlyMap<string, number>;
  /** Told when an export fails, for another reason than before, or works again. */
  readonly onStatus: (status: ExportStatus) => void;
};

type Mark = { readonly sequence: number; readonly atMs: number };

export class ExportThread {
  readonly #options: ExportThreadOptions;
  readonly #worker: Worker;
  readonly #statuses = new Map<string, ExportStatus>();
  readonly #timer: NodeJS.Timeout;
  readonly #ended: Promise<void>;
  #told = -1;
  #isClosed = false;
  /** How far the record was at earlier looks, oldest first. */
  #marks: Mark[] = [];

  constructor(options: ExportThreadOptions) {
    this.#options = options;
    const { log, cursors, version, exports } = options;
    const data: ExportThreadData = { directory: log.directory, logId: log.logId, cursors, version, exports };
    this.#worker = new Worker(new URL('./export-worker.ts', import.meta.url), { workerData: data, env: {} });
    this.#worker.on('message', (status: ExportStatus) => this.#noted(status));
    this.#worker.on('error', (error) => this.#stopped(error instanceof Error ? error.message : String(error)));
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#stopped('the thread ended');
        resolve();
      });
    });
    this.#worker.unref();
    this.#timer = setInterval(() => this.#tick(), EXPORT_TICK_MS).unref();
  }

  get statuses(): readonly (ExportStatus & { readonly lagEntries: number })[] {
    return this.#options.exports.map(({ name }) => {
      const status = this.#statuses.get(name) ?? { name, sent: 0, state: 'delivering', message: '' };
      return { ...status, lagEntries: Math.max(0, this.#options.log.durableSequence - status.sent) };
    });
  }

  /** The required export that is behind for longer than it may be; null when there is none. */
  get overdue(): string | null {
    for (const [name, limitMs] of this.#options.required) {
      const sent = this.#statuses.get(name)?.sent ?? 0;
      const oldest = this.#marks.find(({ sequence }) => sequence > sent);
      if (oldest !== undefined && this.#options.now() - oldest.atMs > limitMs) return name;
    }
    return null;
  }

  /** Throws EVIDENCE_UNEXPORTED. */
  assertExported(): void {
    const { overdue } = this;
    if (overdue !== null)
      throw new SluiceError(
        'EVIDENCE_UNEXPORTED',
        `the export "${overdue}" of the record is behind; no session may open`,
      );
  }

  /** Sends what is there, within a bound. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#isClosed = true;
    this.#ask({ kind: 'close', until: this.#options.log.durableSequence });
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, EXPORT_CLOSE_LIMIT_MS);
    });
    await Promise.race([this.#ended, limit]);
    clearTimeout(timer);
    await this.#worker.terminate();
  }

  #tick(): void {
    const { durableSequence } = this.#options.log;
    if (durableSequence <= this.#told) return;
    this.#told = durableSequence;
    // When the list is full its oldest mark stays: the wait is never told too short.
    if (this.#options.required.size > 0 && this.#marks.length < MAX_MARKS)
      this.#marks.push({ sequence: durableSequence, atMs: this.#options.now() });
    this.#ask({ kind: 'advance', until: durableSequence });
  }

  #ask(question: ExportQuestion): void {
    this.#worker.postMessage(question);
  }

  #noted(status: ExportStatus): void {
    const before = this.#statuses.get(status.name);
    this.#statuses.set(status.name, status);
    const slowest = Math.min(...[...this.#options.required.keys()].map((name) => this.#statuses.get(name)?.sent ?? 0));
    this.#marks = this.#marks.filter(({ sequence }) => sequence > slowest);
    if ((before?.message ?? '') !== status.message) this.#options.onStatus(status);
  }

  /** The record goes on to be looked at: what is required is behind from now on. */
  #stopped(message: string): void {
    if (this.#isClosed) return;
    for (const status of this.statuses) this.#noted({ ...status, state: 'failing', message });
  }
}
