/**
 * `npm run trust -- --minutes N [--suite NAME] [--seed S]`: the long tests of what Sluice promises about its record. The
 * ordinary check runs a tenth of them. Exit code 1 for a failure.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../fuzz/random.ts';
import { TRUST_SUITES } from './suites.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { minutes: { type: 'string', default: '5' }, suite: { type: 'string' }, seed: { type: 'string' } },
});
const seed = values.seed === undefined ? Date.now() % 0x1_0000_0000 : Number(values.seed);
const durationMs = Number(values.minutes) * 60_000;
if (!Number.isFinite(seed) || !(durationMs > 0)) throw new RangeError('--seed and --minutes take numbers');
const chosen = TRUST_SUITES.filter(({ name }) => values.suite === undefined || values.suite === name);
if (chosen.length === 0) throw new RangeError(`suites: ${TRUST_SUITES.map(({ name }) => name).join(', ')}`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
print(`seed ${seed}`);

const endMs = performance.now() + durationMs;
for (const [index, suite] of chosen.entries()) {
  // What an earlier suite left over is shared by the later ones.
  const deadline = performance.now() + (endMs - performance.now()) / (chosen.length - index);
  const directory = mkdtempSync(join(tmpdir(), 'sluice-trust-'));
  print(`\n${suite.name}: ${suite.claim}`);
  try {
    const isOver = () => performance.now() > deadline;
    const result = await suite.run({ directory, random: new Random(seed), isOver, print });
    for (const failure of result.failures) print(`  FAILED ${failure}`);
    const extent = result.isComplete ? 'complete' : 'the time was over';
    print(`  ${result.attempts} attempts, ${result.failures.length} failed (${extent})`);
    if (result.failures.length > 0) process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
