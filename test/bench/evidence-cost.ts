/**
 * `npm run bench -- --evidence`: what the record adds to a statement. The same gateway three times in one run: with
 * statements recorded (`write`: handed to the operating system before it runs), waiting for the disk (`fsync`), and, by a
 * hook of the bench, with no statement recorded at all (`off`).
 */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statementCompleted, statementDecided } from '../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../gateway/src/evidence/log.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { runSql, startPostgres } from '../harness/postgres-server.ts';
import { outputOf } from '../harness/program.ts';
import { NoiseMeter } from './noise.ts';
import type { BenchOptions } from './options.ts';
import { transactionTimesUs } from './pgbench-log.ts';
import { cpuMicrosecondsOf } from './process-usage.ts';
import { percentile, type Spread, spreadOf } from './statistics.ts';

const DATABASE = 'evidence';
const OWNER = 'evidence_owner';
const PASSWORD = 'evidence-owner-password';
const RESOURCE = 'evidence-db';
const USER = { username: 'eva', name: 'Eva', email: 'eva@example.com', password: 'eva-password', groups: ['analysts'] };
const ROWS = 10_000;
const CLIENTS = [1, 8];
/** Statements in the log of the second part, and how many are appended in one turn of the event loop. */
const APPENDED = 200_000;
const BATCH = 64;

const WAYS = ['off', 'write', 'fsync'] as const;
type Way = (typeof WAYS)[number];
type Run = { readonly p50Us: number; readonly p99Us: number; readonly cpuUs: number; readonly bytes: number };
type Target = { readonly way: Way; readonly gateway: TestGateway; readonly env: Readonly<Record<string, string>> };

export type EvidenceCost = {
  readonly clients: number;
  readonly way: Way;
  readonly p50Us: Spread;
  readonly p99Us: Spread;
  readonly cpuUs: Spread;
  readonly bytesPerStatement: Spread;
};

/** Prints lines as it goes. */
export async function benchEvidence(options: BenchOptions, say: (line: string) => void): Promise<unknown> {
  const noise = new NoiseMeter();
  const costs = await statementCosts(options, noise, say);
  const rate = await entriesPerSecond(say);
  say(`noise: the same arithmetic took up to ${noise.report().slowest.toFixed(2)} × its median between runs`);
  return { costs, rate, noise: noise.report() };
}

async function statementCosts(
  { rounds, seconds }: BenchOptions,
  noise: NoiseMeter,
  say: (line: string) => void,
): Promise<readonly EvidenceCost[]> {
  const server = await startPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-evidence-bench-'));
  const targets: Target[] = [];
  try {
    await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${PASSWORD}'`);
    await server.admin(`ALTER ROLE ${OWNER} SET log_min_messages = 'fatal'`);
    await server.admin(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
    await runSql(
      server.uri(DATABASE, OWNER, PASSWORD),
      `CREATE TABLE public.people (id int PRIMARY KEY, name text, ssn text);
       INSERT INTO public.people SELECT n, 'name ' || n, 'ssn ' || n FROM generate_series(1, ${ROWS}) n`,
    );
    for (const way of WAYS)
      targets.push(await target(way, { host: server.host, port: server.port, database: DATABASE }));
    const script = join(folder, 'read.sql');
    writeFileSync(script, `\\set id random(1, ${ROWS})\nSELECT name, ssn FROM public.people WHERE id = :id;\n`);
    const costs: EvidenceCost[] = [];
    for (const clients of CLIENTS) {
      const runs = new Map<Way, Run[]>(WAYS.map((way) => [way, []]));
      for (const one of targets) await run(one, script, clients, 1);
      for (let round = 0; round < rounds; round += 1) {
        for (const [index] of targets.entries()) {
          const one = targets[(index + round) % targets.length];
          if (one === undefined) continue;
          noise.sample();
          runs.get(one.way)?.push(await run(one, script, clients, seconds));
        }
      }
      for (const way of WAYS) {
        const cost = costOf(clients, way, runs.get(way) ?? []);
        costs.push(cost);
        say(lineOf(cost));
      }
    }
    return costs;
  } finally {
    for (const { gateway } of targets) await gateway.stop();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

async function target(way: Way, upstream: { host: string; port: number; database: string }): Promise<Target> {
  const gateway = await startGateway({
    users: [USER],
    resources: [
      {
        name: RESOURCE,
        upstream,
        credential: { username: OWNER, password: PASSWORD },
        labelsCsv: 'schema,table,column,label,category\npublic,people,ssn,regulated,pii.ssn\n',
        unclassified: 'public',
      },
    ],
    evidence: { sync: { regulated: way === 'fsync' ? 'fsync' : 'write' } },
    ...(way === 'off'
      ? {
          nodeArguments: ['--import', join(import.meta.dirname, 'unrecorded/register.ts')],
          limits: { recordingRowsPerStatement: 0 },
        }
      : {}),
  });
  const minted = await gateway.mintSession(USER.username, RESOURCE, 'bench');
  const env = {
    ...{ PGHOST: '127.0.0.1', PGPORT: String(gateway.postgresPort), PGDATABASE: minted.database },
    ...{ PGUSER: minted.username, PGPASSWORD: minted.secret, PGSSLMODE: 'disable', LC_ALL: 'C.UTF-8' },
  };
  return { way, gateway, env };
}

/** pgbench with a read of one masked row, prepared. */
async function run({ gateway, env }: Target, script: string, clients: number, seconds: number): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-pgbench-'));
  try {
    const before = { cpu: cpuMicrosecondsOf(gateway.pid), bytes: recordedBytes(gateway) };
    const text = await outputOf(
      'pgbench',
      [
        ...['--no-vacuum', '--file', script, '--protocol', 'prepared', '--client', String(clients)],
        ...['--jobs', String(Math.min(clients, 2)), '--time', String(seconds), '--log'],
      ],
      { env, cwd: folder, limitMs: (seconds + 30) * 1_000 },
    );
    const statements = Number(/transactions actually processed: (\d+)/.exec(text)?.[1]);
    const latencies = transactionTimesUs(folder);
    return {
      p50Us: percentile(latencies, 50),
      p99Us: percentile(latencies, 99),
      cpuUs: (cpuMicrosecondsOf(gateway.pid) - before.cpu) / statements,
      bytes: (recordedBytes(gateway) - before.bytes) / statements,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Size of the log and of the recordings. */
function recordedBytes({ directory }: TestGateway): number {
  const folders = ['evidence', 'recordings'].map((name) => join(directory, 'data', name));
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
}

function costOf(clients: number, way: Way, runs: readonly Run[]): EvidenceCost {
  const spread = (measure: keyof Run): Spread => spreadOf(runs.map((one) => one[measure]));
  return {
    ...{ clients, way, p50Us: spread('p50Us'), p99Us: spread('p99Us'), cpuUs: spread('cpuUs') },
    bytesPerStatement: spread('bytes'),
  };
}

function lineOf({ clients, way, p50Us, p99Us, cpuUs, bytesPerStatement }: EvidenceCost): string {
  const told = (name: string, { median, min, max }: Spread): string =>
    `${name} ${median.toFixed(0)} µs (${min.toFixed(0)}–${max.toFixed(0)})`;
  const columns = [
    `evidence ${way}, ${clients} client${clients === 1 ? '' : 's'}`.padEnd(28),
    told('p50', p50Us).padEnd(28),
    told('p99', p99Us).padEnd(30),
    told('CPU', cpuUs).padEnd(28),
    `${bytesPerStatement.median.toFixed(0)} bytes a statement`,
  ];
  return columns.join(' ').trimEnd();
}

/** How fast the log takes entries by itself, in batches as a busy gateway makes them, until they are on the disk. */
async function entriesPerSecond(
  say: (line: string) => void,
): Promise<{ readonly perSecond: number; readonly bytesEach: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-evidence-rate-'));
  try {
    const log = await openEvidenceLog({ directory, now: Date.now });
    const startedAt = performance.now();
    for (let done = 0; done < APPENDED; done += BATCH) {
      const batch = Array.from({ length: BATCH / 2 }, (_, index) => [
        log.append(statementDecided('c_bench', done + index), 'write'),
        log.append(statementCompleted('c_bench', done + index), 'soon'),
      ]);
      await Promise.all(batch.flat());
    }
    await log.sync();
    const seconds = (performance.now() - startedAt) / 1_000;
    const { entries, writtenBytes } = log.statistics();
    await log.close();
    const rate = { perSecond: entries / seconds, bytesEach: writtenBytes / entries };
    say(`evidence log alone: ${rate.perSecond.toFixed(0)} entries a second, ${rate.bytesEach.toFixed(0)} bytes each`);
    return rate;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
