/**
 * `npm run transparency [-- --filter REGEXP] [--keep DIR] [--record]`: PostgreSQL's own regression suite with psql, directly and
 * through the gateway as somebody who may see everything, on two servers alike. Prints a line a file; ends with
 * `same=… differing=… documented=… undocumented=…`. `--record` takes differences that have a reason for documented from
 * now on, in the form in which they are.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGateway } from '../../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../../harness/postgres-server.ts';
import { documentedBy } from './documented.ts';
import { digestOf, readLedger, recordLedger } from './ledger.ts';
import { fetchSuite, type Suite } from './source.ts';
import { countStatements, cut, type Difference, differences } from './statements.ts';
import { DATABASE_SETTINGS, runFile, scheduled, type Target, textOf } from './suite.ts';
import { TRUSTED_POLICIES } from './trusted-policy.ts';

const DATABASE = 'regression';
const USER = {
  username: 'trusted',
  name: 'Trusted',
  email: 'trusted@test.example',
  password: 'trusted',
  groups: ['trusted'],
};

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    filter: { type: 'string', default: '' },
    keep: { type: 'string' },
    record: { type: 'boolean', default: false },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);

const suite = fetchSuite(say);
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'sluice-transparency-'));
mkdirSync(folder, { recursive: true });
try {
  process.exitCode = (await compareSuite(suite, folder)) ? 0 : 1;
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true });
}

async function compareSuite(suite: Suite, folder: string): Promise<boolean> {
  await using upright = await startServer();
  await using fronted = await startServer();
  const gateway = await startGateway({
    users: [USER],
    resources: [
      {
        name: DATABASE,
        upstream: { host: fronted.host, port: fronted.port, database: DATABASE },
        credential: { username: fronted.superuser, password: fronted.password },
        labelsCsv: 'schema,table,column,label,category\n',
        unclassified: 'public',
      },
    ],
    policies: { 'trusted.cedar': TRUSTED_POLICIES },
    limits: { holdSeconds: 0, holdInTransactionSeconds: 0 },
  });
  try {
    const direct = target(folder, 'direct', {
      PGHOST: upright.host,
      PGPORT: String(upright.port),
      PGUSER: upright.superuser,
      PGPASSWORD: upright.password,
      PGSSLMODE: 'disable',
    });
    // A secret ends before a slow machine has run them all, so each file gets its own.
    const through = async () => {
      const minted = await gateway.mintSession(USER.username, DATABASE);
      return target(folder, 'gateway', {
        PGHOST: '127.0.0.1',
        PGPORT: String(gateway.postgresPort),
        PGUSER: minted.username,
        PGPASSWORD: minted.secret,
        PGSSLMODE: 'verify-full',
        PGSSLROOTCERT: gateway.caFile,
      });
    };
    return await compareFiles(suite, folder, direct, through);
  } finally {
    if (values.keep !== undefined) writeFileSync(join(folder, 'gateway.log'), gateway.output());
    await gateway.stop();
  }
}

async function startServer(): Promise<PostgresServer> {
  const server = await startPostgres({
    major: 15,
    settings: { max_prepared_transactions: 2, autovacuum: false, log_min_messages: 'fatal', max_connections: 40 },
  });
  await server.admin(`CREATE DATABASE ${DATABASE} TEMPLATE template0`);
  for (const setting of DATABASE_SETTINGS) await server.admin(`ALTER DATABASE ${DATABASE} ${setting}`);
  return server;
}

function target(folder: string, name: string, env: Readonly<Record<string, string>>): Target {
  const buildDirectory = join(folder, name);
  mkdirSync(join(buildDirectory, 'results'), { recursive: true });
  return { buildDirectory, env: { ...env, PGDATABASE: DATABASE } };
}

async function compareFiles(
  suite: Suite,
  folder: string,
  direct: Target,
  through: () => Promise<Target>,
): Promise<boolean> {
  const totals = { same: 0, documented: 0, undocumented: 0 };
  /** Files by the class of what differed in them, one for each difference. */
  const classes = new Map<string, string[]>();
  const filter = new RegExp(values.filter);
  const ledger = readLedger();
  const found = new Map<string, Set<string>>();
  say(`${'file'.padEnd(26)} statements  identical  documented  undocumented  s`);
  for (const name of scheduled(suite)) {
    if (name !== 'test_setup' && !filter.test(name)) continue;
    const startedMs = performance.now();
    const [left, right] = await Promise.all([direct, await through()].map((side) => printedBy(suite, side, name)));
    if (left === undefined || right === undefined) continue;
    const differing = differences(left.printed, right.printed);
    const digests = new Set<string>();
    found.set(name, digests);
    const undocumented: Difference[] = [];
    const documented: string[] = [];
    for (const difference of differing) {
      const known = documentedBy(name, difference);
      const digest = digestOf(name, difference);
      if (known !== undefined) digests.add(digest);
      if (known === undefined || !(values.record || ledger.get(name)?.has(digest) === true))
        undocumented.push(difference);
      else {
        documented.push(inWords(`${known.class} ${name}`, difference));
        classes.set(known.class, [...(classes.get(known.class) ?? []), name]);
      }
    }
    const statements = countStatements(left.input);
    const same = Math.max(statements - differing.length, 0);
    totals.same += same;
    totals.documented += differing.length - undocumented.length;
    totals.undocumented += undocumented.length;
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
    const counts = [statements, same, differing.length - undocumented.length, undocumented.length];
    say(
      `${name.padEnd(26)} ${counts.map((count, index) => String(count).padStart([10, 9, 10, 12][index] ?? 0)).join('  ')}  ${seconds}`,
    );
    writeFileSync(join(folder, `${name}.documented`), documented.join('\n'));
    writeFileSync(
      join(folder, `${name}.differences`),
      undocumented.map((difference) => inWords(name, difference)).join('\n'),
    );
  }
  if (values.record) recordLedger(found);
  for (const [name, files] of [...classes].toSorted(([, a], [, b]) => b.length - a.length))
    say(`${name.padEnd(16)} ${String(files.length).padStart(5)}  ${[...new Set(files)].join(' ')}`);
  say(
    `same=${totals.same} differing=${totals.documented + totals.undocumented} documented=${totals.documented} undocumented=${totals.undocumented}`,
  );
  return totals.undocumented === 0;
}

async function printedBy(suite: Suite, side: Target, name: string) {
  const input = textOf(suite, name, side.buildDirectory);
  const inputFile = join(side.buildDirectory, `${name}.sql`);
  const outputFile = join(side.buildDirectory, `${name}.out`);
  writeFileSync(inputFile, input);
  await runFile(suite, side, inputFile, outputFile);
  const output = readFileSync(outputFile, 'utf8').replaceAll(side.buildDirectory, 'BUILD');
  const shared = input.replaceAll(side.buildDirectory, 'BUILD');
  return { input: shared, printed: cut(shared, output) };
}

function inWords(name: string, { line, statement, direct, gateway }: Difference): string {
  return `== ${name}:${line}\n${statement}\n-- direct\n${direct}\n-- gateway\n${gateway}\n`;
}
