/** What is measured. Each run gives one number for one peer; rounds and peers are taken in turn by the caller. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { outputOf } from '../harness/program.ts';
import { type BenchOptions, PEERS, type PeerName } from './options.ts';
import type { Peer } from './peers.ts';
import { transactionTimesUs } from './pgbench-log.ts';
import { cpuMicrosecondsOf, residentBytesOf } from './process-usage.ts';
import { percentile } from './statistics.ts';

export type Measures = Readonly<Record<string, number>>;

export type Scenario = {
  readonly name: string;
  /** The measure that ratios are made of, its unit, and which way is good. */
  readonly headline: { readonly measure: string; readonly unit: string; readonly better: 'higher' | 'lower' };
  readonly peers: readonly PeerName[];
  readonly rounds?: number;
  warmUp(peer: Peer): Promise<unknown>;
  run(peer: Peer): Promise<Measures>;
};

/** Threads of pgbench: one more than this steals the processor from what is measured. */
const PGBENCH_THREADS = 2;
const WARM_UP_CONNECTIONS = 5;

export function scenariosOf(options: BenchOptions): readonly Scenario[] {
  const pgbenchRuns = options.protocols.flatMap((protocol) =>
    options.clients.map((clients) => pgbench(protocol, clients, options.seconds)),
  );
  return [
    // First: memory that earlier connections freed would serve these.
    idleMemory(options.idleConnections),
    ...pgbenchRuns,
    connecting(options.seconds),
    reading('read clear, text', 'SELECT * FROM public.wide_clear', PEERS),
    reading('read one masked, text', 'SELECT * FROM public.wide_masked', PEERS),
    reading('read clear, COPY', 'COPY public.wide_clear TO STDOUT', PEERS),
    reading('read one masked, COPY', 'COPY public.wide_masked TO STDOUT', PEERS),
    reading('masking view instead', 'SELECT * FROM public.wide_view', ['direct']),
  ];
}

/** `pgbench -S`; with one client, latencies of single transactions too. */
function pgbench(protocol: string, clients: number, seconds: number): Scenario {
  const isSingle = clients === 1;
  const run = async (peer: Peer, runSeconds: number): Promise<Measures> => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-pgbench-'));
    try {
      const threads = Math.min(clients, PGBENCH_THREADS);
      const before = peer.pid === null ? 0 : cpuMicrosecondsOf(peer.pid);
      const text = await outputOf(
        'pgbench',
        [
          ...['--select-only', '--no-vacuum', '--protocol', protocol, '--client', String(clients)],
          ...['--jobs', String(threads), '--time', String(runSeconds), ...(isSingle ? ['--log'] : [])],
        ],
        { env: peer.env, cwd: folder, limitMs: (runSeconds + 30) * 1000 },
      );
      const cpu = peer.pid === null ? 0 : cpuMicrosecondsOf(peer.pid) - before;
      const transactions = numberIn(text, /transactions actually processed: (\d+)/);
      return {
        transactionsPerSecond: numberIn(text, /tps = ([\d.]+)/),
        averageUs: numberIn(text, /latency average = ([\d.]+) ms/) * 1000,
        ...(peer.pid === null ? {} : { cpuUsPerTransaction: cpu / transactions }),
        ...(isSingle ? latenciesIn(folder) : {}),
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  return {
    name: `pgbench -S, ${protocol}, ${clients} client${isSingle ? '' : 's'}`,
    headline: isSingle
      ? { measure: 'p50Us', unit: 'µs p50', better: 'lower' }
      : { measure: 'transactionsPerSecond', unit: 'tps', better: 'higher' },
    peers: PEERS,
    warmUp: (peer) => run(peer, 1),
    run: (peer) => run(peer, seconds),
  };
}

function latenciesIn(folder: string): Measures {
  const latencies = transactionTimesUs(folder);
  return { p50Us: percentile(latencies, 50), p99Us: percentile(latencies, 99) };
}

/** A new connection for each transaction: SCRAM on both sides of a proxy. */
function connecting(seconds: number): Scenario {
  const run = async (peer: Peer, runSeconds: number): Promise<Measures> => {
    const text = await outputOf(
      'pgbench',
      ['--connect', '--select-only', '--no-vacuum', '--client', '1', '--time', String(runSeconds)],
      { env: peer.env, limitMs: (runSeconds + 30) * 1000 },
    );
    return { connectMs: numberIn(text, /average connection time = ([\d.]+) ms/) };
  };
  return {
    name: 'connect',
    headline: { measure: 'connectMs', unit: 'ms', better: 'lower' },
    peers: PEERS,
    warmUp: (peer) => run(peer, 1),
    run: (peer) => run(peer, seconds),
  };
}

/** A whole result, read by psql and thrown away. */
function reading(name: string, sql: string, peers: readonly PeerName[]): Scenario {
  const run = async (peer: Peer): Promise<Measures> => {
    const before = peer.pid === null ? 0 : cpuMicrosecondsOf(peer.pid);
    const startedAt = performance.now();
    await outputOf('psql', ['-X', '--no-align', '--tuples-only', '--output', '/dev/null', '-c', sql], {
      env: peer.env,
      limitMs: 300_000,
    });
    const seconds = (performance.now() - startedAt) / 1000;
    const cpu = peer.pid === null ? 0 : cpuMicrosecondsOf(peer.pid) - before;
    return { seconds, ...(peer.pid === null ? {} : { cpuSeconds: cpu / 1e6 }) };
  };
  return { name, headline: { measure: 'seconds', unit: 's', better: 'lower' }, peers, warmUp: run, run };
}

/** Growth of the proxy's resident memory for each connection that is open and idle. */
function idleMemory(connections: number): Scenario {
  const run = async (peer: Peer, count: number): Promise<Measures> => {
    if (peer.pid === null) throw new Error('the direct way has no process of its own');
    const before = residentBytesOf(peer.pid);
    const clients = Array.from({ length: count }, () => new pg.Client(configOf(peer)));
    for (const client of clients) await client.connect();
    const after = residentBytesOf(peer.pid);
    for (const client of clients) await client.end();
    return { kibPerConnection: (after - before) / 1024 / count };
  };
  return {
    name: 'idle memory',
    headline: { measure: 'kibPerConnection', unit: 'KiB each', better: 'lower' },
    peers: ['pgbouncer', 'gateway'],
    rounds: 1,
    // What is loaded once, at the first connection, is not a connection's.
    warmUp: (peer) => run(peer, WARM_UP_CONNECTIONS),
    run: (peer) => run(peer, connections),
  };
}

function configOf({ env }: Peer): pg.ClientConfig {
  return {
    host: env['PGHOST'] ?? '',
    port: Number(env['PGPORT']),
    user: env['PGUSER'] ?? '',
    password: env['PGPASSWORD'] ?? '',
    database: env['PGDATABASE'] ?? '',
    ssl: false,
  };
}

function numberIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`pgbench's output has no ${pattern.source}:\n${text}`);
  return Number(found);
}
