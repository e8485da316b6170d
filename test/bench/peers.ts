/** The database of the bench, and the ways to it: directly, through pgbouncer, through a plain pipe, through the gateway. */
import type { ChildProcess } from 'node:child_process';
import { startGateway } from '../harness/gateway.ts';
import { runSql, startPostgres } from '../harness/postgres-server.ts';
import { outputOf } from '../harness/program.ts';
import type { BenchOptions, PeerName } from './options.ts';
import { hasPgBouncer, startPgBouncer } from './pgbouncer.ts';
import { startRole } from './role.ts';

const DATABASE = 'bench';
const OWNER = 'bench_owner';
const PASSWORD = 'bench-owner-password';
const RESOURCE = 'bench-db';
const PGBENCH_SCALE = 10;
const USER = {
  username: 'bench',
  name: 'Bench',
  email: 'bench@example.com',
  password: 'bench-password',
  groups: ['analysts'],
};
/** The same rows twice; only in one of them is a column labelled. */
const LABELS_CSV = 'schema,table,column,label,category\npublic,wide_masked,email,regulated,pii.email\n';

export type Peer = {
  readonly name: PeerName;
  /** PG* variables of a client. */
  readonly env: Readonly<Record<string, string>>;
  /** Its process; null for the direct way. */
  readonly pid: number | null;
};

export type Peers = {
  readonly all: readonly Peer[];
  readonly serverPid: number;
  stop(): Promise<void>;
};

export async function startPeers(options: BenchOptions, say: (line: string) => void): Promise<Peers> {
  const { wideRows } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).toReversed()) await end();
  };
  try {
    const server = await startPostgres({ settings: { shared_buffers: '256MB', max_connections: 300 } });
    stops.push(() => server.stop());
    say(`PostgreSQL ${server.major}, ${wideRows.toLocaleString('en')} × 8 rows twice, pgbench scale ${PGBENCH_SCALE}`);
    await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${PASSWORD}'`);
    await server.admin(`ALTER ROLE ${OWNER} SET log_min_messages = 'fatal'`);
    await server.admin(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
    const direct = environment(server.port, OWNER, PASSWORD, DATABASE);
    await outputOf('pgbench', ['--initialize', '--quiet', '--scale', String(PGBENCH_SCALE)], {
      env: direct,
      limitMs: 300_000,
    });
    await runSql(server.uri(DATABASE, OWNER, PASSWORD), wideSql(wideRows));

    const all: Peer[] = options.peers.includes('direct') ? [{ name: 'direct', env: direct, pid: null }] : [];
    const upstream = { host: server.host, port: server.port, database: DATABASE };
    if (!hasPgBouncer()) {
      say('pgbouncer is not installed (on Debian: apt-get install pgbouncer): not compared with it');
    } else if (options.peers.includes('pgbouncer')) {
      const bouncer = await startPgBouncer({ ...upstream, user: OWNER, password: PASSWORD });
      stops.push(() => bouncer.stop());
      all.push({ name: 'pgbouncer', env: environment(bouncer.port, OWNER, PASSWORD, DATABASE), pid: bouncer.pid });
    }
    if (options.peers.includes('pipe')) {
      const running: ChildProcess[] = [];
      stops.push(async () => running.forEach((child) => child.kill('SIGKILL')));
      const pipe = await startRole(running, 'pipe', String(server.port));
      all.push({ name: 'pipe', env: environment(pipe.port, OWNER, PASSWORD, DATABASE), pid: pipe.pid });
    }
    if (!options.peers.includes('gateway')) return { all, serverPid: server.pid, stop };
    const gateway = await startGateway({
      users: [USER],
      resources: [
        {
          name: RESOURCE,
          upstream,
          credential: { username: OWNER, password: PASSWORD },
          labelsCsv: LABELS_CSV,
          unclassified: 'public',
        },
      ],
    });
    stops.push(() => gateway.stop());
    const minted = await gateway.mintSession(USER.username, RESOURCE, 'bench');
    all.push({
      name: 'gateway',
      env: environment(gateway.postgresPort, minted.username, minted.secret, minted.database),
      pid: gateway.pid,
    });
    return { all, serverPid: server.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function environment(port: number, user: string, password: string, database: string): Record<string, string> {
  return {
    ...{ PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: database },
    // The same for all three: the bench compares the way of a statement, not ciphers.
    PGSSLMODE: 'disable',
    LC_ALL: 'C.UTF-8',
  };
}

/** About 100 bytes a row in eight columns, and the masking view that somebody without a gateway would write. */
function wideSql(rows: number): string {
  return `
    CREATE TABLE public.wide_clear (
      id integer PRIMARY KEY, name text, email text, city text, amount numeric(10,2), big bigint, day date, flag boolean
    );
    INSERT INTO public.wide_clear
    SELECT i, 'name ' || i, 'customer' || i || '@example.com', 'city ' || i % 1000, i % 100000 / 100.0, i::bigint * 1000003,
           date '2020-01-01' + i % 2000, i % 2 = 0
    FROM generate_series(1, ${rows}) i;
    CREATE TABLE public.wide_masked (LIKE public.wide_clear INCLUDING ALL);
    INSERT INTO public.wide_masked SELECT * FROM public.wide_clear;
    CREATE VIEW public.wide_view AS
      SELECT id, name, NULL::text AS email, city, amount, big, day, flag FROM public.wide_clear;
    ANALYZE;`;
}
