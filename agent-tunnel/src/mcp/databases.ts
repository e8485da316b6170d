import { SluiceError } from '@sluice/contract/errors';
import type { ConnectionSettings } from '../tunnel/connection-settings.ts';
import { MAX_STATEMENTS_AT_ONCE } from './bounds.ts';
import { type RunOptions, type RunOutcome, runStatement } from './run-statement.ts';

/** A resource that statements reach: `close` ends the tunnel. */
export type OpenDatabase = {
  readonly settings: ConnectionSettings;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
  close(): Promise<void>;
};

/** Opened anew when less than this is left of its session secret, milliseconds. */
const REOPEN_BEFORE_MS = 60_000;
/** Logins that fail because the session is over: another one is minted, once. */
const SESSION_IS_OVER: ReadonlySet<string> = new Set(['28P01', '28000', '57P01']);

/** The resources that the person named when they started the server, each opened when it is first needed. No others. */
export class Databases {
  readonly #names: ReadonlySet<string>;
  readonly #open: (resource: string) => Promise<OpenDatabase>;
  readonly #now: () => number;
  readonly #opened = new Map<string, Promise<OpenDatabase>>();
  readonly #current = new Map<string, OpenDatabase>();
  readonly #retired: OpenDatabase[] = [];
  readonly #running = new Set<Promise<void>>();

  constructor(names: readonly string[], open: (resource: string) => Promise<OpenDatabase>, now: () => number) {
    this.#names = new Set(names);
    this.#open = open;
    this.#now = now;
  }

  has(resource: string): boolean {
    return this.#names.has(resource);
  }

  /** Throws `RESOURCE_UNKNOWN` for a resource that was not named at the start, even where the gateway would let it in. */
  assertNamed(resource: string): void {
    if (this.#names.has(resource)) return;
    throw new SluiceError('RESOURCE_UNKNOWN', 'this server was not started for a resource of that name', {
      remedy: 'list_resources tells which there are. A person can start `sluice mcp` with others.',
    });
  }

  /** Throws what the gateway answers, and `LIMIT_REACHED` when too many statements are under way. */
  async run(resource: string, options: RunOptions): Promise<RunOutcome> {
    this.assertNamed(resource);
    if (this.#running.size >= MAX_STATEMENTS_AT_ONCE)
      throw new SluiceError('LIMIT_REACHED', `${MAX_STATEMENTS_AT_ONCE} statements are under way already`, {
        remedy: 'Wait for one of them.',
      });
    const ended = Promise.withResolvers<void>();
    this.#running.add(ended.promise);
    try {
      const database = await this.#database(resource);
      const outcome = await runStatement(database.settings, options);
      if (outcome.kind !== 'failed' || !outcome.isLogin || !SESSION_IS_OVER.has(outcome.error.code ?? ''))
        return outcome;
      this.#retire(resource, database);
      return await runStatement((await this.#database(resource)).settings, options);
    } finally {
      this.#running.delete(ended.promise);
      ended.resolve();
      if (this.#running.size === 0) await this.#closeRetired();
    }
  }

  /** Waits for statements under way, whose callers have left: they cancel them through their tunnels. */
  async close(): Promise<void> {
    await Promise.all(this.#running);
    const opened = await Promise.allSettled(this.#opened.values());
    this.#opened.clear();
    for (const one of opened) if (one.status === 'fulfilled') this.#retired.push(one.value);
    await this.#closeRetired();
  }

  async #database(resource: string): Promise<OpenDatabase> {
    const known = await this.#opened.get(resource);
    if (known !== undefined && known.expiresAtMs - this.#now() > REOPEN_BEFORE_MS) return known;
    if (known !== undefined) this.#retire(resource, known);
    const opening = this.#opened.get(resource) ?? this.#opening(resource);
    this.#opened.set(resource, opening);
    return await opening;
  }

  async #opening(resource: string): Promise<OpenDatabase> {
    try {
      const opened = await this.#open(resource);
      this.#current.set(resource, opened);
      return opened;
    } catch (error) {
      this.#opened.delete(resource);
      throw error;
    }
  }

  /** Used no more; closed once nothing runs, since other statements may be under way through it. */
  #retire(resource: string, database: OpenDatabase): void {
    if (this.#current.get(resource) !== database) return;
    this.#current.delete(resource);
    this.#opened.delete(resource);
    this.#retired.push(database);
  }

  async #closeRetired(): Promise<void> {
    await Promise.all(this.#retired.splice(0).map((database) => database.close()));
  }
}
