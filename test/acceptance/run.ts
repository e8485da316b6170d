/**
 * `npm run acceptance -- [--cases DIR] [--out FILE] [--filter REGEXP] [--corpus DIR] [--major N]`: the independent
 * non-interference corpus against a real gateway and a throw-away PostgreSQL. Ends with the runner's own last line.
 *
 * `--major` is the server's version, by default the 15 that the corpus was written for; others need `npm run nightly`
 * once, which installs them.
 * `--corpus` is the folder with the corpus' runner, schema, seed and labels; by default the one beside the project.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startGateway } from '../harness/gateway.ts';
import { startPostgres } from '../harness/postgres-server.ts';
import { corpusFor } from './corpus-variant.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    cases: { type: 'string' },
    out: { type: 'string' },
    filter: { type: 'string' },
    major: { type: 'string', default: '15' },
    verbose: { type: 'boolean', default: false },
    corpus: { type: 'string', default: join(import.meta.dirname, '../../../shared/acceptance') },
  },
});
const given = resolve(values.corpus);
if (!existsSync(join(given, 'runner/run.mjs'))) {
  process.stderr.write(`the corpus is not at ${given}: give its folder with --corpus\n`);
  process.exit(64);
}
const major = Number(values.major);
const variant = corpusFor(major, given);
const corpus = variant.folder;
for (const why of variant.skipped) process.stderr.write(`left out for PostgreSQL ${major}: ${why}\n`);

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
      ...(values.cases === undefined ? {} : { CASES: resolve(values.cases) }),
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
}

async function run(script: string, env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [join(corpus, 'runner', script)], { env, stdio: 'inherit' });
  return await new Promise((done) => child.once('close', (code) => done(code ?? 70)));
}
