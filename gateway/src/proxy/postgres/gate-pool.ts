/**
 * Worker threads that judge statements by syntax, one pool for all sessions. Bounded in time, length, nesting, queue
 * and memory; what the parser does not survive is refused.
 */
import { Worker } from 'node:worker_threads';
import { SluiceError } from '@sluice/contract/errors';
import { LRUCache } from 'lru-cache';
import type { FunctionFacts } from '../../analysis/postgres/facts.ts';
import { refusedUnread } from '../../analysis/postgres/gate/gate.ts';
import { withoutLiterals } from '../../analysis/postgres/gate/literals.ts';
import type { PreparedProgram } from '../../analysis/postgres/gate/plpgsql-body.ts';
import type { GateResult } from '../../analysis/postgres/gate/statement.ts';
import { threadTimeMs } from './thread-time.ts';

export type GateQuestion =
  | { readonly kind: 'judge'; readonly text: string }
  | { readonly kind: 'prepare'; readonly facts: FunctionFacts };
export type GateAnswer =
  | { readonly kind: 'ready'; readonly threadId: string | null }
  | { readonly kind: 'judged'; readonly result: GateResult }
  | { readonly kind: 'prepared'; readonly program: PreparedProgram | null }
  | { readonly kind: 'broken'; readonly message: string };

/** Longest statement, bytes, unless configured. */
export const DEFAULT_MAX_STATEMENT_BYTES = 256 * 1024;
/**
 * A worker that thinks longer is stopped, milliseconds of its thread's processor time, where the system tells (Linux): on
 * a busy machine a thread may wait longer than it works. The start of a worker is not counted.
 */
export const MAX_PARSE_MS = 250;
/** The same on the clock on the wall, whatever it waited for. */
export const MAX_PARSE_WALL_MS = 10_000;
/** Starting a worker takes longer than this only on a machine in trouble, milliseconds. */
export const MAX_START_MS = 20_000;
/** A worker is replaced after this many parses; about 29 deep ones would wear out its WASM stack. */
export const MAX_PARSES_PER_WORKER = 5_000;
/** Longer texts count as this many parses for every 16 KB. */
const WEAR_BYTES = 16 * 1024;
const WEAR_PER_CHUNK = 250;
/** Questions waiting per pool; more are refused. */
export const MAX_WAITING = 1_000;
/** Bytes of statement texts whose results are kept. */
export const MAX_CACHED_BYTES = 16 * 1024 * 1024;
const MAX_WORKERS_PER_GRAMMAR = 2;

type GrammarMajor = 15 | 16 | 17 | 18;

/** One statement that the server's tree tells everything about: nothing in the verdict comes from the text itself. */
function isPlainQuery(result: GateResult, text: string): boolean {
  const [only] = result.kind === 'statements' ? result.statements : [];
  return (
    only !== undefined &&
    result.kind === 'statements' &&
    result.statements.length === 1 &&
    only.verdict.handling === 'analyse' &&
    only.text.trim().length >= text.trim().length - 1
  );
}

/** The answer for another text of the same shape. */
function forText(result: GateResult, text: string): GateResult {
  if (result.kind !== 'statements') return result;
  return {
    kind: 'statements',
    statements: result.statements.map((statement) => ({
      ...statement,
      text,
      startByte: 0,
      endByte: Buffer.byteLength(text),
    })),
  };
}

export class GatePool {
  readonly #maxBytes: number;
  readonly #pools = new Map<GrammarMajor, GrammarPool>();
  readonly #cache: LRUCache<string, GateResult>;
  #closed = false;

  constructor(options: { maxStatementBytes?: number } = {}) {
    this.#maxBytes = options.maxStatementBytes ?? DEFAULT_MAX_STATEMENT_BYTES;
    this.#cache = new LRUCache({
      maxSize: MAX_CACHED_BYTES,
      maxEntrySize: MAX_CACHED_BYTES / 16,
      sizeCalculation: (_result, key) => key.length * 4 + 512,
    });
  }

  /** Splits and judges a text. Never throws for what the text holds. Errors: `SESSION_ENDED` after `close`. */
  async judge(text: string, serverMajor: number): Promise<GateResult> {
    this.#assertOpen();
    const unread = refusedUnread(text, this.#maxBytes);
    if (unread !== null) return unread;
    const grammar = grammarFor(serverMajor);
    const key = `${grammar} ${text}`;
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    const shape = withoutLiterals(text)?.shape ?? null;
    const alike = shape === null ? undefined : this.#cache.get(`${grammar} shape ${shape}`);
    if (alike !== undefined) return forText(alike, text);
    const answer = await this.#pool(grammar).ask({ kind: 'judge', text }, Buffer.byteLength(text));
    if (answer.kind !== 'judged') return refusal(answer.kind === 'broken' ? answer.message : 'unexpected answer');
    if (answer.result.kind !== 'refused') this.#cache.set(key, answer.result);
    if (shape !== null && isPlainQuery(answer.result, text))
      this.#cache.set(`${grammar} shape ${shape}`, answer.result);
    return answer.result;
  }

  /** Prepares the body of a function in SQL or PL/pgSQL for analysis; null when that is not possible. */
  async prepareBody(facts: FunctionFacts, serverMajor: number): Promise<PreparedProgram | null> {
    this.#assertOpen();
    if (refusedUnread(facts.body, this.#maxBytes) !== null) return null;
    const answer = await this.#pool(grammarFor(serverMajor)).ask(
      { kind: 'prepare', facts },
      Buffer.byteLength(facts.body),
    );
    return answer.kind === 'prepared' ? answer.program : null;
  }

  /** Starts a worker for this server version, so that the first statement does not wait for it. */
  async warm(serverMajor: number): Promise<void> {
    await this.judge('SELECT 1', serverMajor);
  }

  close(): void {
    this.#closed = true;
    for (const pool of this.#pools.values()) pool.close();
    this.#pools.clear();
  }

  #pool(grammar: GrammarMajor): GrammarPool {
    let pool = this.#pools.get(grammar);
    if (pool === undefined) {
      pool = new GrammarPool(grammar);
      this.#pools.set(grammar, pool);
    }
    return pool;
  }

  #assertOpen(): void {
    if (this.#closed) throw new SluiceError('SESSION_ENDED', 'the gateway is stopping');
  }
}

/** The grammar of 15 reads what 14 reads; a text that only 15 accepts is refused by the server. */
function grammarFor(serverMajor: number): GrammarMajor {
  if (serverMajor <= 15) return 15;
  return serverMajor === 16 || serverMajor === 17 ? serverMajor : 18;
}

function refusal(why: string): GateResult {
  return {
    kind: 'refused',
    rule: 'parser',
    message: `The statement could not be parsed safely (${why}).`,
    remedy: 'Make it shorter or simpler.',
  };
}

type Job = { readonly question: GateQuestion; readonly wear: number; readonly resolve: (answer: GateAnswer) => void };

/** Up to two workers of one grammar version, and the questions that wait for them. */
class GrammarPool {
  readonly #grammar: GrammarMajor;
  readonly #waiting: Job[] = [];
  readonly #workers = new Set<GateWorkerHandle>();

  constructor(grammar: GrammarMajor) {
    this.#grammar = grammar;
  }

  async ask(question: GateQuestion, bytes: number): Promise<GateAnswer> {
    if (this.#waiting.length >= MAX_WAITING)
      return { kind: 'broken', message: 'too many statements wait for the parser' };
    return await new Promise((resolve) => {
      this.#waiting.push({ question, wear: 1 + Math.floor(bytes / WEAR_BYTES) * WEAR_PER_CHUNK, resolve });
      this.#assign();
    });
  }

  close(): void {
    for (const worker of this.#workers) worker.stop();
    this.#workers.clear();
    for (const job of this.#waiting.splice(0)) job.resolve({ kind: 'broken', message: 'the gateway is stopping' });
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const idle = [...this.#workers].find((worker) => worker.idle) ?? this.#open();
      if (idle === null) return;
      const job = this.#waiting.shift();
      if (job === undefined) return;
      idle.run(job);
    }
  }

  #open(): GateWorkerHandle | null {
    if (this.#workers.size >= MAX_WORKERS_PER_GRAMMAR) return null;
    const worker = new GateWorkerHandle(this.#grammar, (gone) => {
      if (gone) this.#workers.delete(worker);
      this.#assign();
    });
    this.#workers.add(worker);
    return worker;
  }
}

/** One worker and the one question that it works on. */
class GateWorkerHandle {
  readonly #worker: Worker;
  readonly #freed: (gone: boolean) => void;
  #ready = false;
  #threadId: string | null = null;
  #job: Job | null = null;
  #wear = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(grammarMajor: GrammarMajor, freed: (gone: boolean) => void) {
    this.#freed = freed;
    this.#worker = new Worker(new URL('./gate-worker.ts', import.meta.url), {
      workerData: { grammarMajor },
      resourceLimits: { stackSizeMb: 64, maxOldGenerationSizeMb: 512 },
      env: {},
    });
    this.#worker.unref();
    this.#worker.on('message', (answer: GateAnswer) => this.#answered(answer));
    this.#worker.on('error', (error) => this.#failed(error instanceof Error ? error.message : String(error)));
    this.#worker.on('exit', () => this.#failed('the parser stopped'));
    this.#limit(MAX_START_MS);
  }

  get idle(): boolean {
    return this.#job === null;
  }

  run(job: Job): void {
    this.#job = job;
    this.#worker.ref();
    if (this.#ready) this.#send(job);
  }

  stop(): void {
    this.#finish({ kind: 'broken', message: 'the gateway is stopping' });
    this.#worker.removeAllListeners('exit');
    void this.#worker.terminate();
  }

  #send(job: Job): void {
    this.#limitWork();
    this.#worker.postMessage(job.question);
  }

  #limitWork(): void {
    const threadId = this.#threadId;
    const startedAt = performance.now();
    const before = threadId === null ? null : threadTimeMs(threadId);
    const check = (): void => {
      const now = threadId === null ? null : threadTimeMs(threadId);
      const left = before === null || now === null ? 0 : before + MAX_PARSE_MS - now;
      if (left <= 0 || performance.now() - startedAt >= MAX_PARSE_WALL_MS)
        this.#failed(`it took more than ${MAX_PARSE_MS} ms`);
      else this.#timer = setTimeout(check, left);
    };
    this.#limit(null);
    this.#timer = setTimeout(check, MAX_PARSE_MS);
  }

  #answered(answer: GateAnswer): void {
    if (answer.kind === 'ready') {
      this.#ready = true;
      this.#threadId = answer.threadId;
      this.#limit(null);
      if (this.#job !== null) this.#send(this.#job);
      return;
    }
    this.#wear += this.#job?.wear ?? 0;
    const worn = answer.kind === 'broken' || this.#wear >= MAX_PARSES_PER_WORKER;
    this.#finish(answer);
    if (worn) this.#retire();
    else this.#freed(false);
  }

  #failed(message: string): void {
    this.#finish({ kind: 'broken', message });
    this.#retire();
  }

  #retire(): void {
    this.#worker.removeAllListeners();
    // A worker that dies while it is stopped has nothing to tell any more.
    this.#worker.on('error', () => undefined);
    void this.#worker.terminate();
    this.#freed(true);
  }

  #finish(answer: GateAnswer): void {
    this.#limit(null);
    const job = this.#job;
    this.#job = null;
    this.#worker.unref();
    job?.resolve(answer);
  }

  #limit(milliseconds: number | null): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer =
      milliseconds === null
        ? null
        : setTimeout(() => this.#failed(`it took more than ${milliseconds} ms`), milliseconds);
  }
}
