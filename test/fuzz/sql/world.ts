/**
 * Two databases that differ in classified cells only, and a gateway before both. The schema, seeds and labels are those
 * of the acceptance corpus.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { corpusFor } from '../../acceptance/corpus-variant.ts';
import { EvilClient } from '../../harness/evil-client.ts';
import { startGateway, type TestGateway } from '../../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../../harness/postgres-server.ts';
import { type Catalog, readCatalog } from './catalog.ts';

export type SideName = 'a' | 'b';
export const SIDES: readonly SideName[] = ['a', 'b'];

export type World = {
  readonly server: PostgresServer;
  readonly gateway: TestGateway;
  readonly catalog: Catalog;
  /** `schema.table.column` of every labelled column. */
  readonly labelled: ReadonlySet<string>;
  database(side: SideName): string;
  /** A session of the restricted principal. */
  connect(side: SideName): Promise<EvilClient>;
  /** The same account, without a gateway. */
  connectDirectly(side: SideName): Promise<EvilClient>;
  /** Puts both databases back to their beginning; ends all sessions in them. */
  restore(): Promise<void>;
  stop(): Promise<void>;
};

export async function openWorld(given: string, major: number): Promise<World> {
  const variant = corpusFor(major, given);
  const server = await startPostgres({
    major,
    settings: {
      max_prepared_transactions: 16,
      wal_level: 'logical',
      timezone: 'UTC',
      log_min_messages: 'fatal',
      max_connections: 80,
      autovacuum: 'off',
      jit: 'off',
      max_parallel_workers_per_gather: 0,
      statement_timeout: '4s',
      temp_file_limit: '1GB',
    },
  });
  try {
    return await openGateway(server, variant.folder, major);
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    variant.remove();
  }
}

async function openGateway(server: PostgresServer, corpus: string, major: number): Promise<World> {
  const admin = (database: string): string => server.adminUri.replace(/\/[^/]*$/, `/${database}`);
  // For statements of the cases: copying a database may take longer.
  await server.admin(`ALTER ROLE ${server.superuser} SET statement_timeout = 0`);
  await run(join(corpus, 'runner/setup.mjs'), { ADMIN_A: admin('ni_a'), ADMIN_B: admin('ni_b') });
  const labelsCsv = readFileSync(join(corpus, 'labels.csv'), 'utf8');
  const labelled = labelsIn(labelsCsv);
  const database = (side: SideName): string => `ni_${side}`;
  const ask = (statement: string) => server.admin(statement, database('a'));
  const catalog = await readCatalog(ask, major, await reached(ask, labelled));
  const gateway = await startGateway({
    resources: SIDES.map((side) => ({
      name: `ni-${side}`,
      upstream: { host: server.host, port: server.port, database: database(side) },
      credential: { username: 'ni_app', password: 'ni_app' },
      labelsCsv,
      unclassified: 'public' as const,
    })),
    users: [{ username: 'clerk', name: 'Clerk', email: 'clerk@test.example', password: 'clerk', groups: ['clerks'] }],
    limits: {
      holdSeconds: 0,
      holdInTransactionSeconds: 0,
      maxPendingRequests: 100_000,
      maxPendingRequestsPerPrincipal: 100_000,
    },
  });
  const minted = new Map(
    await Promise.all(SIDES.map(async (side) => [side, await gateway.mintSession('clerk', `ni-${side}`)] as const)),
  );
  return {
    server,
    gateway,
    catalog,
    labelled,
    database,
    connect: async (side) => {
      const session = minted.get(side);
      const login = { user: session?.username ?? '', password: session?.secret ?? '', database: `ni-${side}` };
      return await EvilClient.login(gateway.postgresPort, login);
    },
    connectDirectly: (side) =>
      EvilClient.login(server.port, { user: 'ni_app', password: 'ni_app', database: database(side) }),
    restore: async () => {
      await untilReady(server);
      for (const side of SIDES) {
        const name = database(side);
        await server.admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        await server.admin(`CREATE DATABASE ${name} TEMPLATE ${name}_tpl OWNER ni_app STRATEGY FILE_COPY`);
      }
    },
    stop: async () => {
      await gateway.stop();
      await server.stop();
    },
  };
}

/** Behind a crash, the server needs a moment. */
async function untilReady(server: PostgresServer): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await server.admin('SELECT 1');
      return;
    } catch (error) {
      if (attempt >= READY_ATTEMPTS) throw error;
      await delay(READY_PAUSE_MS);
    }
  }
}

const READY_ATTEMPTS = 100;
const READY_PAUSE_MS = 200;

function labelsIn(csv: string): ReadonlySet<string> {
  const lines = csv.split('\n').slice(1);
  return new Set(lines.filter((line) => line !== '').map((line) => line.split(',').slice(0, 3).join('.')));
}

/** Labelled columns, and columns of views over labelled tables: those may show what is labelled. */
async function reached(
  ask: (statement: string) => Promise<readonly Readonly<Record<string, unknown>>[]>,
  labelled: ReadonlySet<string>,
): Promise<(table: string, column: string) => boolean> {
  const rows =
    await ask(`SELECT DISTINCT view_schema || '.' || view_name AS view, table_schema || '.' || table_name || '.' || column_name AS used
    FROM information_schema.view_column_usage`);
  const partitions = await ask(
    'SELECT inhrelid::regclass::text AS child, inhparent::regclass::text AS parent FROM pg_inherits',
  );
  const parents = new Map(partitions.map((row) => [String(row['child']), String(row['parent'])]));
  const views = new Set(rows.filter((row) => labelled.has(String(row['used']))).map((row) => String(row['view'])));
  const sameName = new Set([...labelled].map((key) => key.split('.')[2]));
  return (table, column) =>
    labelled.has(`${table}.${column}`) ||
    labelled.has(`${parents.get(table)}.${column}`) ||
    (views.has(table) && (sameName.has(column) || !['id', 'name', 'country'].includes(column)));
}

async function run(script: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${script} ended with ${String(code)}`);
}
