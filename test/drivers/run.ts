/**
 * `npm run drivers -- [--suite NAME]… [--major N]`: the driver matrix (docs/drivers.md).
 *
 * - `ordinary`  what `npm run verify` runs
 * - `go`        lib/pq and pgx, which take a minute to compile
 * - `gigabyte`  values of a gigabyte, each way that there is
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { MAJOR_VARIABLE } from '../harness/postgres-majors.ts';

const VITEST = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'drivers'];
const SUITES: Readonly<Record<string, { readonly args: readonly string[]; readonly env: Record<string, string> }>> = {
  ordinary: { args: VITEST, env: {} },
  go: { args: [...VITEST, 'test/drivers/transcripts.test.ts', '-t', 'Go'], env: { SLUICE_SLOW_DRIVERS: '1' } },
  gigabyte: {
    args: [...VITEST, 'test/drivers/large-values.test.ts', '--testTimeout', '1200000'],
    env: { SLUICE_LARGE_VALUE_BYTES: '1000000000' },
  },
};

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { suite: { type: 'string', multiple: true, default: ['ordinary'] }, major: { type: 'string' } },
});
for (const name of values.suite) {
  const suite = SUITES[name];
  if (suite === undefined) {
    process.stderr.write(`no suite ${name}: there are ${Object.keys(SUITES).join(', ')}\n`);
    process.exit(64);
  }
  const major = values.major === undefined ? {} : { [MAJOR_VARIABLE]: values.major };
  if ((await run(suite.args, { ...suite.env, ...major })) !== 0) process.exitCode = 1;
}

async function run(args: readonly string[], env: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
