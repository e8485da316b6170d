/**
 * `npm run acceptance -- [--cases DIR] [--out FILE] [--filter REGEXP] [--tenth] [--corpus DIR] [--major N] [--stored]`: the
 * independent non-interference corpus against a real gateway and a throw-away PostgreSQL. Ends with the runner's own
 * last line. Exits 0 without a leak and a copy, 1 with one, 64 for a mistake in the arguments or in a case file, 69
 * when there is no such server.
 *
 * `--major` is the server's version, by default the 15 that the corpus was written for; others need `npm run nightly`
 * once, which installs them.
 * `--cases` are files or folders, separated by commas; by default the corpus' own. `--tenth` runs every tenth of them.
 * A case with `"since": 18` is left out on older servers, which could not take what its administrator's steps say.
 * `--stored` has the gateway use the oracle for databases that print no trees, which serves reads only.
 * `--corpus` is the folder with the corpus' runner, schema, seed and labels; by default the one beside the cases, else
 * the one beside the project, else the copy in `kit`.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startGateway } from '../harness/gateway.ts';
import { hasPostgres, startPostgres } from '../harness/postgres-server.ts';
import { CaseProblem, caseFiles, chosenCases } from './case-files.ts';
import { corpusFor } from './corpus-variant.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    cases: { type: 'string' },
    out: { type: 'string' },
    filter: { type: 'string' },
    major: { type: 'string', default: '15' },
    stored: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    tenth: { type: 'boolean', default: false },
    corpus: { type: 'string' },
  },
});
const given = corpusFolder();
const files = checkedCases();
const major = Number(values.major);
if (!(await hasPostgres(major))) {
  process.stderr.write(
    `there is no PostgreSQL ${major} on this machine: install postgresql-${major} (with its contrib modules), or run npm run nightly once\n`,
  );
  process.exit(69);
}
const variant = corpusFor(major, given);
const corpus = variant.folder;
for (const why of variant.skipped) process.stderr.write(`left out for PostgreSQL ${major}: ${why}\n`);

const chosen = chosenCases(files, major, values.tenth);
const cases = chosen?.folder ?? files.join(',');

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
  },
});
try {
  const admin = (database: string): string => server.adminUri.replace(/\/[^/]*$/, `/${database}`);
  const environment = { ...process.env, ADMIN_A: admin('ni_a'), ADMIN_B: admin('ni_b') };
  if ((await run('setup.mjs', environment)) !== 0) throw new Error('the databases could not be set up');
  const labelsCsv = readFileSync(join(corpus, 'labels.csv'), 'utf8');
  const resource = (name: string, database: string) => ({
    name,
    upstream: { host: server.host, port: server.port, database },
    credential: { username: 'ni_app', password: 'ni_app' },
    labelsCsv,
    unclassified: 'public' as const,
    ...(values.stored ? { oracle: 'stored' as const } : {}),
  });
  const gateway = await startGateway({
    resources: [resource('ni-a', 'ni_a'), resource('ni-b', 'ni_b')],
    users: [{ username: 'clerk', name: 'Clerk', email: 'clerk@test.example', password: 'clerk', groups: ['clerks'] }],
    limits: {
      holdSeconds: 0,
      holdInTransactionSeconds: 0,
      maxPendingRequests: 100_000,
      maxPendingRequestsPerPrincipal: 100_000,
    },
  });
  try {
    const uri = async (name: string): Promise<string> => {
      const minted = await gateway.mintSession('clerk', name);
      return `postgres://${encodeURIComponent(minted.username)}:${minted.secret}@127.0.0.1:${gateway.postgresPort}/${name}`;
    };
    process.exitCode = await run('run.mjs', {
      ...environment,
      GW_A: await uri('ni-a'),
      GW_B: await uri('ni-b'),
      GW_ID_RE: 'req_[A-Za-z0-9_-]+',
      CASES: cases,
      ...(values.out === undefined ? {} : { OUT: resolve(values.out) }),
      ...(values.filter === undefined ? {} : { FILTER: values.filter }),
      ...(values.verbose ? { VERBOSE: '1' } : {}),
    });
    if (values.verbose) process.stderr.write(gateway.output());
  } finally {
    await gateway.stop();
  }
} finally {
  await server.stop();
  variant.remove();
  chosen?.remove();
}

function corpusFolder(): string {
  const places =
    values.corpus !== undefined
      ? [values.corpus]
      : [
          ...(values.cases === undefined ? [] : [join(values.cases.split(',')[0] ?? '', '..')]),
          join(import.meta.dirname, '../../../shared/acceptance'),
          join(import.meta.dirname, 'kit'),
        ];
  const found = places.find((place) => existsSync(join(place, 'runner/run.mjs')));
  if (found !== undefined) return resolve(found);
  process.stderr.write(`the corpus is not at ${places.join(', ')}: give its folder with --corpus\n`);
  process.exit(64);
}

/** The files with cases; the corpus' own when none are given. Ends the program when one of them is not as it should be. */
function checkedCases(): readonly string[] {
  try {
    const own = join(given, 'cases');
    return caseFiles(values.cases ?? (existsSync(own) ? own : join(import.meta.dirname, 'cases')));
  } catch (error) {
    if (!(error instanceof CaseProblem)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(64);
  }
}

async function run(script: string, env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [join(corpus, 'runner', script)], { env, stdio: 'inherit' });
  return await new Promise((done) => child.once('close', (code) => done(code ?? 70)));
}
