/**
 * `npm run fuzz -- --target NAME [--minutes N] [--seed S] [--corpus DIR] [--major N] [--census] [--case SEED]…`: see docs/testing.md. `--target all` runs every
 * codec and parser in turn; `--target sql` the grammar fuzzer under the two-database oracle. Exit code 1 for a failure.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runProtocol } from './protocol/run-protocol.ts';
import { runTarget } from './run-target.ts';
import { unreached } from './sql/census.ts';
import { runSql } from './sql/run-sql.ts';
import { openTargets } from './targets.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    target: { type: 'string', default: 'all' },
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    census: { type: 'boolean', default: false },
    case: { type: 'string', multiple: true, default: [] },
    corpus: { type: 'string', default: join(import.meta.dirname, '../acceptance/kit') },
    major: { type: 'string', default: '15' },
  },
});
const seed = values.seed === undefined ? Date.now() % 0x1_0000_0000 : Number(values.seed);
const durationMs = Number(values.minutes) * 60_000;
if (!Number.isFinite(seed) || !(durationMs > 0)) throw new RangeError('--seed and --minutes take numbers');
const print = (line: string): void => void process.stdout.write(`${line}\n`);
print(`seed ${seed}`);

if (values.target === 'sql') {
  const deadline = Date.now() + durationMs;
  // Ctrl-C ends the run behind the case that runs, so that the servers are stopped.
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  const { failures } = await runSql({
    seed,
    cases: values.case.map(Number),
    isOver: () => Date.now() > deadline || stopped.signal.aborted,
    corpus: values.corpus,
    major: Number(values.major),
    census: values.census,
    now: Date.now,
    print,
  });
  // Written by the gateway when it ends, if this names a folder.
  const counters = process.env['NODE_V8_COVERAGE'];
  if (values.census && counters !== undefined)
    for (const line of unreached(counters, '/analysis/postgres/walk/')) print(`unreached ${line}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
} else if (values.target === 'protocol') {
  const deadline = Date.now() + durationMs;
  const problems = await runProtocol({ seed, isOver: () => Date.now() > deadline, print });
  for (const problem of problems) print(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
} else {
  using open = openTargets();
  const chosen = open.targets.filter(({ name }) => values.target === 'all' || values.target === name);
  if (chosen.length === 0)
    throw new RangeError(`targets: all, sql, protocol, ${open.targets.map(({ name }) => name).join(', ')}`);
  for (const target of chosen) {
    const deadline = Date.now() + durationMs / chosen.length;
    const { inputs, kept, failure } = await runTarget(target, {
      seed,
      isOver: () => Date.now() > deadline,
      guided: true,
    });
    print(`${target.name}: ${inputs} inputs, ${kept} new in the corpus${failure === null ? '' : ', FAILED'}`);
    if (failure === null) continue;
    print(`  ${JSON.stringify(failure.input.toString('latin1'))}\n  ${failure.error.stack ?? failure.error.message}`);
    process.exitCode = 1;
  }
}
