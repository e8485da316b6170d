/**
 * A gateway is killed at random moments under load, and started again. PostgreSQL's own statement log is compared with the
 * record: whatever the database has executed for the gateway, the record knows as decided before.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { entriesOf } from '../../harness/evil-site.ts';
import { startGateway, type TestGateway } from '../../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../../harness/postgres-server.ts';
import type { TrustContext, TrustResult, TrustSuite } from '../suite.ts';

export const gatewayCrash: TrustSuite = {
  name: 'gateway-crash',
  claim: 'what the database has executed is in the record, wherever the gateway is killed',
  run: (context) => killUnderLoad({ ...context, kills: 1_000 }),
};

const OWNER = 'crash_owner';
const PASSWORD = 'crash-password';
const RESOURCE = 'crash-db';
const DATABASE = 'crash';
const USER = { username: 'ana', name: 'Ana', email: 'ana@example.com', password: 'ana-password', groups: ['analysts'] };
const CLIENTS = 4;
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
    const logs = join(String(shown?.['data_directory']), 'log');
    gateway = await prepared(server, join(directory, 'data'));
    const numbers = new Numbers();
    for (; attempts < kills && !context.isOver() && failures.length === 0; attempts += 1) {
      const clients = await Promise.all(Array.from({ length: CLIENTS }, () => connected(gateway)));
      const working = clients.map((client, index) => work(client, numbers, index % 2 === 0 ? 'simple' : 'prepared'));
      await numbers.someExecuted();
      await pause(random.below(LONGEST_MS));
      await gateway.end('SIGKILL');
      await Promise.all(working);
      await gateway.restart();
      failures.push(...(await unrecorded(logs, join(directory, 'data'))));
    }
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

async function connected(gateway: TestGateway | null): Promise<pg.Client> {
  if (gateway === null) throw new Error('there is no gateway');
  const minted = await gateway.mintSession(USER.username, RESOURCE, 'crash');
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: gateway.postgresPort, database: minted.database },
    ...{ user: minted.username, password: minted.secret },
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

/**
 * What PostgreSQL logged as executed and the record does not have, counted by the shape of the statement: values of
 * prepared statements are not in the record, so for these the numbers of runs are compared.
 */
async function unrecorded(logs: string, dataDir: string): Promise<readonly string[]> {
  const executed = executedIn(logs);
  const simple = new Set<string>();
  const prepared = new Map<string, number>();
  for (const entry of await entriesOf(dataDir)) {
    if (entry.kind !== 'statement.decided') continue;
    if (entry.text.includes('$1')) prepared.set(entry.text, (prepared.get(entry.text) ?? 0) + 1);
    else simple.add(entry.text);
  }
  const missing: string[] = [];
  const known = new Map<string, number>();
  for (const { text, filled } of executed) {
    if (simple.has(filled)) continue;
    known.set(text, (known.get(text) ?? 0) + 1);
  }
  for (const [text, runs] of known) {
    const recorded = prepared.get(text) ?? 0;
    if (runs > recorded) missing.push(`the database executed ${runs} × ${text}, and the record has ${recorded}`);
  }
  return missing;
}

/** Lines of `execute NAME: TEXT` about our table, with the parameters of their DETAIL filled in. */
function executedIn(logs: string): readonly { readonly text: string; readonly filled: string }[] {
  const files = readdirSync(logs).filter((name) => name.endsWith('.csv'));
  const all = files.map((name) => readFileSync(join(logs, name), 'utf8')).join('\n');
  const line =
    /"execute [^:"]*: ((?:INSERT INTO|SELECT id FROM) public\.ran[^"]*)","?(?:[Pp]arameters: \$1 = '(\d+)')?/g;
  return [...all.matchAll(line)].map(([, text = '', value]) => ({
    text,
    filled: value === undefined ? text : text.replace('$1', () => value),
  }));
}
