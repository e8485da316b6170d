/**
 * `npm run drivers -- --suite own [--driver NAME]… [--minutes N] [--files REGEXP]`: the drivers' own tests,
 * directly and through the gateway as somebody who may see everything, on two servers alike. Prints a line a suite, and
 * what differs; ends with `passed=… same=… documented=… undocumented=…`. A suite has N minutes (15) on each side.
 * `--files` runs a piece of SQLAlchemy's tests: the files whose path matches.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { documentedBy } from './documented.ts';
import { differences, type Outcomes } from './outcomes.ts';
import type { OwnSuite } from './own-suite.ts';
import { type Side, startSides } from './sides.ts';
import { OWN_SUITES, placeOf } from './suites.ts';

const HOME = join(import.meta.dirname, '../../../.cache/own-suites');

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    driver: { type: 'string', multiple: true },
    minutes: { type: 'string', default: '15' },
    files: { type: 'string', default: '' },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const chosen = OWN_SUITES.filter(({ name }) => values.driver?.includes(name) ?? true);
const unknown = (values.driver ?? []).filter((name) => !OWN_SUITES.some((suite) => suite.name === name));
if (unknown.length > 0) {
  process.stderr.write(`no driver ${unknown.join(', ')}: there are ${OWN_SUITES.map(({ name }) => name).join(', ')}\n`);
  process.exit(64);
}

const limitMs = Number(values.minutes) * 60_000;
if (!(limitMs > 0)) {
  process.stderr.write('--minutes takes a number\n');
  process.exit(64);
}

const files = new RegExp(values.files);
const totals = { passed: 0, same: 0, documented: 0, undocumented: 0 };
for (const suite of chosen) await compare(suite);
say(
  Object.entries(totals)
    .map(([name, count]) => `${name}=${count}`)
    .join(' '),
);
process.exitCode = totals.undocumented === 0 ? 0 : 1;

async function compare(suite: OwnSuite): Promise<void> {
  const place = placeOf(suite, HOME, say);
  if (place === null) return;
  suite.prepare?.({ ...place, results: place.folder, limitMs, files }, say);
  await using sides = await startSides();
  const startedMs = performance.now();
  const runOn = async (side: Side): Promise<Outcomes> => {
    const results = join(place.folder, side.name);
    rmSync(results, { recursive: true, force: true });
    mkdirSync(results, { recursive: true });
    const outcomes = await suite.run({ ...place, results, limitMs, files }, side);
    const lines = [...outcomes].map(([test, { outcome, detail }]) => `== ${outcome} ${test}\n${detail}`);
    writeFileSync(join(results, 'told'), lines.join('\n'));
    return outcomes;
  };
  const direct = await runOn(sides.direct);
  const gateway = await runOn(sides.gateway);
  writeFileSync(join(place.folder, 'gateway.log'), sides.gatewayOutput());
  const passed = [...direct.values()].filter(({ outcome }) => outcome === 'passed').length;
  const found = differences(direct, gateway);
  const undocumented = found.filter((difference) => documentedBy(suite.name, difference) === undefined);
  const version = place.source === null ? '' : ` (tests of ${place.source.version})`;
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
  say(
    `${suite.name}${version}: ${direct.size} tests, ${passed} pass directly, ${passed - found.length} of these through the gateway, ${found.length - undocumented.length} documented, ${undocumented.length} undocumented, ${seconds} s`,
  );
  for (const difference of found) {
    const known = documentedBy(suite.name, difference);
    const last = difference.detail.trim().split('\n').at(-1) ?? '';
    say(`  ${difference.outcome} ${difference.test}: ${known === undefined ? `UNDOCUMENTED ${last}` : known.reason}`);
  }
  totals.passed += passed;
  totals.same += passed - found.length;
  totals.documented += found.length - undocumented.length;
  totals.undocumented += undocumented.length;
}
