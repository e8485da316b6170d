/**
 * `npm run drivers -- [--suite NAME]… [--major N] [--driver NAME]… [--minutes N] [--files REGEXP]`: the driver matrix
 * (docs/drivers.md).
 *
 * - `ordinary`  what `npm run verify` runs
 * - `go`        lib/pq and pgx, which take a minute to compile
 * - `gigabyte`  values of a gigabyte, each way that there is
 * - `own`       the drivers' own tests, of all or of each `--driver`, each within `--minutes`; of SQLAlchemy's,
 *              those of `--files` (test/drivers/own)
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { MAJOR_VARIABLE } from '../harness/postgres-majors.ts';

const VITEST = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'drivers'];
const SUITES: Readonly<Record<string, { readonly args: readonly string[]; readonly env: Record<string, string> }>> = {
  ordinary: { args: VITEST, env: {} },
  go: { args: [...VITEST, 'test/drivers/transcripts.test.ts', '-t', 'Go'], env: { SLUICE_SLOW_DRIVERS: '1' } },
  gigabyte: {
    args: [...VITEST, 'test/drivers/large-values.test.ts', '--testTimeout', '1200000', '--hookTimeout', '1200000'],
    env: { SLUICE_LARGE_VALUE_BYTES: '1000000000' },
  },
  own: { args: ['test/drivers/own/run.ts'], env: {} },
};

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    suite: { type: 'string', multiple: true, default: ['ordinary'] },
    major: { type: 'string' },
    driver: { type: 'string', multiple: true, default: [] },
    minutes: { type: 'string' },
    files: { type: 'string' },
  },
});
for (const name of values.suite) {
  const suite = SUITES[name];
  if (suite === undefined) {
    process.stderr.write(`no suite ${name}: there are ${Object.keys(SUITES).join(', ')}\n`);
    process.exit(64);
  }
  const major = values.major === undefined ? {} : { [MAJOR_VARIABLE]: values.major };
  const own = [
    ...values.driver.flatMap((driver) => ['--driver', driver]),
    ...(values.minutes === undefined ? [] : ['--minutes', values.minutes]),
    ...(values.files === undefined ? [] : ['--files', values.files]),
  ];
  if ((await run([...suite.args, ...(name === 'own' ? own : [])], { ...suite.env, ...major })) !== 0)
    process.exitCode = 1;
}

async function run(args: readonly string[], env: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
