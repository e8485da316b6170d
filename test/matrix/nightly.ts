/**
 * `npm run nightly -- [--major N]… [--suite NAME]…`: what the ordinary check runs on PostgreSQL 15 and 18, once for each
 * of 14 to 18, and the acceptance corpus on each. Installs the servers of `test/matrix/servers` into `.cache/postgres`
 * first (300 MB). Prints one line a version and suite; exits 1 when any failed.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MAJOR_VARIABLE, SERVERS_FOLDER } from '../harness/postgres-majors.ts';
import { MAJORS } from './node-names.ts';

const ROOT = join(import.meta.dirname, '../..');
const SERVERS = join(import.meta.dirname, 'servers');
/** Servers of a day's run are replaced when their list changed. */
const LOCK = 'package-lock.json';

const SUITES: Readonly<Record<string, (major: number) => readonly string[]>> = {
  integration: () => ['node_modules/vitest/vitest.mjs', 'run', '--project', 'integration'],
  security: () => ['node_modules/vitest/vitest.mjs', 'run', '--project', 'security'],
  acceptance: (major) => ['test/acceptance/run.ts', '--major', String(major)],
  'acceptance-cases': (major) => [
    ...['test/acceptance/run.ts', '--major', String(major)],
    ...['--cases', join(import.meta.dirname, '../acceptance/cases')],
  ],
};

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { major: { type: 'string', multiple: true }, suite: { type: 'string', multiple: true } },
});
const majors = values.major?.map(Number) ?? MAJORS;
const suites = values.suite ?? Object.keys(SUITES);

await installServers();
let failed = false;
for (const major of majors) {
  for (const suite of suites) {
    const command = SUITES[suite];
    if (command === undefined) throw new Error(`no suite ${suite}: there are ${Object.keys(SUITES).join(', ')}`);
    const code = await run(process.execPath, command(major), ROOT, { [MAJOR_VARIABLE]: String(major) });
    failed ||= code !== 0;
    console.log(`PostgreSQL ${major}, ${suite}: ${code === 0 ? 'passed' : 'FAILED'}`);
  }
}
process.exitCode = failed ? 1 : 0;

async function installServers(): Promise<void> {
  const [wanted, installed] = [join(SERVERS, LOCK), join(SERVERS_FOLDER, LOCK)];
  const same = existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(wanted, 'utf8');
  if (same && existsSync(join(SERVERS_FOLDER, 'node_modules'))) return;
  mkdirSync(SERVERS_FOLDER, { recursive: true });
  cpSync(SERVERS, SERVERS_FOLDER, { recursive: true });
  const code = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], SERVERS_FOLDER, {});
  if (code !== 0) throw new Error('the servers could not be installed');
}

function run(
  program: string,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const child = spawn(program, args, { cwd, stdio: 'inherit', env: { ...process.env, ...environment } });
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 1));
  });
}
