/**
 * `npm run nightly -- [--major N]… [--suite NAME]… [--corpus DIR] [--minutes N] [--table]`: what the ordinary check runs
 * on PostgreSQL 15 and 18, once for each of 14 to 18, and the acceptance corpus on each. Installs the servers of
 * `test/matrix/servers` into `.cache/postgres` first (300 MB). Ends with a table of versions and suites, and exits 1
 * when any failed.
 *
 * What a piece (a suite on a version) printed, and what came of it, stays in `.cache/nightly`: a run of some pieces
 * replaces these and leaves the others. `--table` prints the table of what is there, and runs nothing. `--minutes`
 * bounds each piece (60): what takes longer is stuck, is ended, and has failed.
 */
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MAJOR_VARIABLE, SERVERS_FOLDER } from '../harness/postgres-majors.ts';
import { countsOf } from '../verify/counts.ts';
import { acceptanceOf, isClean, type Outcome, type Piece, tableOf } from './nightly-table.ts';
import { MAJORS } from './node-names.ts';

const ROOT = join(import.meta.dirname, '../..');
const SERVERS = join(import.meta.dirname, 'servers');
const RESULTS = join(ROOT, '.cache/nightly');
/** Servers of a day's run are replaced when their list changed. */
const LOCK = 'package-lock.json';
const OWN_CASES = 'test/acceptance';

/** What a suite runs: a project of the tests, or a folder of cases. */
type Suite = { readonly project: string } | { readonly cases: string };

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    major: { type: 'string', multiple: true },
    suite: { type: 'string', multiple: true },
    corpus: { type: 'string' },
    minutes: { type: 'string', default: '60' },
    table: { type: 'boolean', default: false },
  },
});
const limitMs = Number(values.minutes) * 60_000;
if (!(limitMs > 0)) throw new Error(`--minutes ${values.minutes} is no time`);

/** The corpus with its own cases, where it is there; the copy in `test/acceptance/kit` has none. */
const corpus = [values.corpus ?? '', join(ROOT, '../shared/acceptance')].find((place) =>
  existsSync(join(place, 'cases')),
);
const SUITES: ReadonlyMap<string, Suite> = new Map<string, Suite>([
  ['integration', { project: 'integration' }],
  ['security', { project: 'security' }],
  ...(corpus === undefined ? [] : [['acceptance', { cases: join(corpus, 'cases') }] as const]),
  ['acceptance-cases', { cases: join(OWN_CASES, 'cases') }],
  ['acceptance-manual', { cases: join(OWN_CASES, 'manual') }],
  ['acceptance-author', { cases: join(OWN_CASES, 'author') }],
]);

process.exitCode = values.table ? show(kept()) : await runAll();

async function runAll(): Promise<number> {
  const majors = values.major?.map(Number) ?? MAJORS;
  const suites = values.suite ?? [...SUITES.keys()];
  await installServers();
  mkdirSync(RESULTS, { recursive: true });
  if (corpus === undefined) console.log('the corpus is not here (--corpus DIR), so its own cases are not run');
  const done: Piece[] = [];
  for (const major of majors) {
    for (const name of suites) {
      const suite = SUITES.get(name);
      if (suite === undefined) throw new Error(`no suite ${name}: there are ${[...SUITES.keys()].join(', ')}`);
      const piece = await runPiece(major, name, suite);
      writeFileSync(join(RESULTS, `${major}-${name}.json`), JSON.stringify(piece));
      done.push(piece);
      console.log(`PostgreSQL ${major}, ${name}: ${piece.ok ? 'passed' : 'FAILED'} (${logOf(major, name)})`);
    }
  }
  return show(done);
}

function show(pieces: readonly Piece[]): number {
  console.log(tableOf(pieces, [...SUITES.keys()]));
  return pieces.length > 0 && pieces.every(({ ok }) => ok) ? 0 : 1;
}

/** What came of the pieces when they were run last. */
function kept(): readonly Piece[] {
  if (!existsSync(RESULTS)) return [];
  return readdirSync(RESULTS)
    .filter((name) => name.endsWith('.json') && !name.endsWith('.tests.json'))
    .map((name) => JSON.parse(readFileSync(join(RESULTS, name), 'utf8')) as Piece);
}

async function runPiece(major: number, name: string, suite: Suite): Promise<Piece> {
  const startedMs = performance.now();
  const log = logOf(major, name);
  const tests = join(RESULTS, `${major}-${name}.tests.json`);
  rmSync(tests, { force: true });
  const command =
    'project' in suite
      ? [
          ...['node_modules/vitest/vitest.mjs', 'run', '--project', suite.project],
          ...['--reporter=default', '--reporter=json', `--outputFile.json=${tests}`],
        ]
      : [
          ...['test/acceptance/run.ts', '--major', String(major), '--cases', suite.cases],
          ...(corpus === undefined ? ['--corpus', join(OWN_CASES, 'kit')] : ['--corpus', corpus]),
        ];
  const code = await run(process.execPath, command, ROOT, { log, environment: { [MAJOR_VARIABLE]: String(major) } });
  const outcome: Outcome | null =
    'project' in suite
      ? { kind: 'tests', ...countsOf(existsSync(tests) ? readFileSync(tests, 'utf8') : null, code === 0) }
      : acceptanceOf(readFileSync(log, 'utf8'));
  const minutes = (performance.now() - startedMs) / 60_000;
  return { major, suite: name, outcome, ok: code === 0 && isClean(outcome), minutes, commit: commit() };
}

function logOf(major: number, suite: string): string {
  return join(RESULTS, `${major}-${suite}.log`);
}

function commit(): string {
  const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '-uno') === '' ? '' : '+'}`;
}

async function installServers(): Promise<void> {
  const [wanted, installed] = [join(SERVERS, LOCK), join(SERVERS_FOLDER, LOCK)];
  const same = existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(wanted, 'utf8');
  if (same && existsSync(join(SERVERS_FOLDER, 'node_modules'))) return;
  mkdirSync(SERVERS_FOLDER, { recursive: true });
  cpSync(SERVERS, SERVERS_FOLDER, { recursive: true });
  const code = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], SERVERS_FOLDER, {});
  if (code !== 0) throw new Error('the servers could not be installed');
}

/** Its output goes to `log`, or where ours goes. */
function run(
  program: string,
  args: readonly string[],
  cwd: string,
  options: { readonly log?: string; readonly environment?: Readonly<Record<string, string>> },
): Promise<number> {
  const output = options.log === undefined ? 'inherit' : openSync(options.log, 'w');
  const child = spawn(program, args, {
    cwd,
    stdio: ['ignore', output, output],
    timeout: limitMs,
    env: { ...process.env, NO_COLOR: '1', ...options.environment },
  });
  if (typeof output === 'number') closeSync(output);
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 1));
  });
}
