/**
 * A gateway is killed at random moments under load, and started again. PostgreSQL's own statement log is compared with the
 * record, session by session: whatever the database has executed for the gateway, once each, the record knows as decided
 * before; and what stands there as done was executed.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { MintedSession } from '@sluice/contract/api';
import pg from 'pg';
import { startGateway, type TestGateway } from '../../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../../harness/postgres-server.ts';
import { disagreements, recordedSessions, StatementLog } from '../crash-comparison.ts';
import type { TrustContext, TrustResult, TrustSuite } from '../suite.ts';

export const gatewayCrash: TrustSuite = {
  name: 'gateway-crash',
  claim:
    'what the database has executed is in the record, and what is there as done was executed, wherever it is killed',
  run: (context) => killUnderLoad({ ...context, kills: 1_000 }),
};

const OWNER = 'crash_owner';
const PASSWORD = 'crash-password';
const RESOURCE = 'crash-db';
const DATABASE = 'crash';
const USER = { username: 'ana', name: 'Ana', email: 'ana@example.com', password: 'ana-password', groups: ['analysts'] };
const CLIENTS = 4;
/** Times that a client tries to log in. */
const LOGINS = 5;
/** Kills between two lines that tell how far it is. */
const TOLD_EVERY = 50;
/** How often the server's log is looked at until it is there, ms. */
const POLL_MS = 20;
/** Longest time before a kill, ms. */
const LONGEST_MS = 600;

export async function killUnderLoad(context: TrustContext & { readonly kills: number }): Promise<TrustResult> {
  const { directory, random, kills } = context;
  const server = await startPostgres({
    settings: {
      ...{ logging_collector: 'on', log_directory: 'log', log_filename: 'server.log', log_destination: 'csvlog' },
      ...{ log_statement: 'all', log_rotation_age: '0', log_rotation_size: '0' },
    },
  });
  let gateway: TestGateway | null = null;
  let attempts = 0;
  const failures: string[] = [];
  try {
    const [shown] = await server.admin('SHOW data_directory');
    const comparison = new Comparison(server, join(String(shown?.['data_directory']), 'log'), join(directory, 'data'));
    gateway = await prepared(server, join(directory, 'data'));
    const numbers = new Numbers();
    for (; attempts < kills && !context.isOver() && failures.length === 0; attempts += 1) {
      const clients = await Promise.all(
        Array.from({ length: CLIENTS }, (_, index) => connected(gateway, `crash-${attempts}-${index}`)),
      );
      const working = clients.map((client, index) => work(client, numbers, index % 2 === 0 ? 'simple' : 'prepared'));
      await numbers.someExecuted();
      await pause(random.below(LONGEST_MS));
      await gateway.end('SIGKILL');
      await Promise.all(working);
      await gateway.restart();
      failures.push(...(await comparison.compareNew()));
      if (attempts % TOLD_EVERY === TOLD_EVERY - 1)
        context.print(`  ${attempts + 1} kills, ${numbers.executed} pairs of statements answered`);
    }
    failures.push(...(await comparison.compareAll()));
    context.print(`  ${comparison.told()}`);
    if (numbers.executed === 0) failures.push('nothing was executed, so nothing was shown');
  } finally {
    await gateway?.stop();
    await server.stop();
  }
  return { attempts, failures, isComplete: attempts === kills };
}

/** Every statement gets a number of its own. */
class Numbers {
  #next = 1;
  #executed = 0;
  #waiting: (() => void)[] = [];

  get executed(): number {
    return this.#executed;
  }

  noteExecuted(): void {
    this.#executed += 1;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves with the next statement that has run. */
  someExecuted(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  take(): number {
    this.#next += 1;
    return this.#next;
  }
}

async function prepared(server: PostgresServer, dataDir: string): Promise<TestGateway> {
  await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${PASSWORD}'`);
  await server.admin(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
  await server.admin(`ALTER SCHEMA public OWNER TO ${OWNER}`, DATABASE);
  await server.admin(`CREATE TABLE public.ran (id int); ALTER TABLE public.ran OWNER TO ${OWNER}`, DATABASE);
  return await startGateway({
    dataDir,
    users: [USER],
    resources: [
      {
        name: RESOURCE,
        upstream: { host: server.host, port: server.port, database: DATABASE },
        credential: { username: OWNER, password: PASSWORD },
        labelsCsv: 'schema,table,column,label,category\n',
        unclassified: 'public',
      },
    ],
  });
}

async function connected(gateway: TestGateway | null, application: string): Promise<pg.Client> {
  if (gateway === null) throw new Error('there is no gateway');
  const minted = await gateway.mintSession(USER.username, RESOURCE, 'crash');
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await loggedIn(gateway, minted, application);
    } catch (error) {
      // On a machine that has no time, a login can take longer than its bound. Nothing was executed then.
      if (attempt === LOGINS || !(error instanceof pg.DatabaseError) || error.code !== '08006') throw error;
    }
  }
}

async function loggedIn(gateway: TestGateway, minted: MintedSession, application: string): Promise<pg.Client> {
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: gateway.postgresPort, database: minted.database },
    ...{ user: minted.username, password: minted.secret, application_name: application },
  });
  // That the connection breaks is the point.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Writes and reads until the connection breaks. */
async function work(client: pg.Client, numbers: Numbers, how: 'simple' | 'prepared'): Promise<void> {
  const ended = once(client, 'end').catch(() => undefined);
  try {
    for (;;) {
      const [writes, reads] = [numbers.take(), numbers.take()];
      if (how === 'simple') {
        await client.query(`INSERT INTO public.ran VALUES (${writes})`);
        await client.query(`SELECT id FROM public.ran WHERE id = ${reads}`);
      } else {
        await client.query({ name: 'write', text: 'INSERT INTO public.ran VALUES ($1)', values: [writes] });
        await client.query({ name: 'read', text: 'SELECT id FROM public.ran WHERE id = $1', values: [reads] });
      }
      numbers.noteExecuted();
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  await client.end().catch(() => undefined);
  await ended;
}

/** The record of all kills so far beside the server's log. */
class Comparison {
  readonly #server: PostgresServer;
  readonly #dataDir: string;
  readonly #log: StatementLog;
  #nextSequence = 0;
  #markers = 0;
  #told = 'nothing was compared';

  constructor(server: PostgresServer, logs: string, dataDir: string) {
    this.#server = server;
    this.#dataDir = dataDir;
    this.#log = new StatementLog(logs);
  }

  /** What the last comparison of all saw. */
  told(): string {
    return this.#told;
  }

  /** Sessions since the last time. */
  async compareNew(): Promise<readonly string[]> {
    const { sessions, nextSequence } = await recordedSessions(this.#dataDir, this.#nextSequence);
    this.#nextSequence = nextSequence;
    await this.#readLog();
    return [...sessions]
      .filter(([application]) => application.startsWith('crash-'))
      .flatMap(([application, recorded]) =>
        disagreements(application, this.#log.executed.get(application) ?? [], recorded),
      );
  }

  /** Every session of every run: what one crash left is still there after the others. */
  async compareAll(): Promise<readonly string[]> {
    const { sessions } = await recordedSessions(this.#dataDir, 0);
    await this.#readLog();
    const { executed } = this.#log;
    const decided = [...sessions.values()].reduce((sum, session) => sum + session.decided.size, 0);
    const ran = [...executed.values()].reduce((sum, statements) => sum + statements.length, 0);
    this.#told = `${ran} statements executed by the database, ${decided} decided in the record, ${executed.size} sessions`;
    return [...executed].flatMap(([application, statements]) =>
      disagreements(application, statements, sessions.get(application)),
    );
  }

  /** Until the server's log is there up to now: it writes through a process of its own. */
  async #readLog(): Promise<void> {
    this.#markers += 1;
    const marker = `all before marker ${this.#markers} is logged`;
    await this.#server.admin(`SELECT '${marker}'`);
    while (!this.#log.readOn(marker)) await pause(POLL_MS);
  }
}
