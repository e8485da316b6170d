/**
 * `npm run verify`: sets up what the tests need, runs every check and every test, and ends with one line
 * `N passed, N failed`. A check (types, lint …) counts as one test. Exits 1 when anything failed.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { add, type Counts, countsOf, describe, NOTHING, ONE_FAILED, ONE_PASSED } from './counts.ts';
import { setUpSystemPackages } from './debian-packages.ts';

type Step = { readonly name: string; readonly run: () => Promise<Counts> };

const ROOT = join(import.meta.dirname, '../..');
const RESULTS = join(ROOT, '.cache/verify');
/** A step that takes longer is stuck, and is ended. */
const STEP_LIMIT_MS = 15 * 60_000;
const PROJECTS = ['unit', 'integration', 'security', 'property', 'e2e', 'drivers'];
/** Where directions are checked. Folders that do not exist yet are added with their first file. */
const SOURCES = ['gateway', 'agent-tunnel', 'test'];

const STEPS: readonly Step[] = [
  { name: 'system packages', run: async () => asCheck(() => setUpSystemPackages((line) => console.log(`  ${line}`))) },
  check('types', '@typescript/native/bin/tsc', ['-p', '.']),
  check('types of the contract', '@typescript/native/bin/tsc', ['-p', 'gateway/contract']),
  check('format and imports', '@biomejs/biome/bin/biome', ['check', '.']),
  check('lint', 'oxlint/bin/oxlint', ['--deny-warnings']),
  check('directions', 'dependency-cruiser/bin/dependency-cruiser.mjs', SOURCES),
  check('dead code', 'knip/bin/knip.js', []),
  ...PROJECTS.map((project) => ({ name: `${project} tests`, run: () => runTests(project) })),
];

const startedAt = performance.now();
let total = NOTHING;
const failedSteps: string[] = [];
for (const [index, step] of STEPS.entries()) {
  console.log(`\n[${index + 1}/${STEPS.length}] ${step.name}`);
  const stepStartedAt = performance.now();
  const counts = await step.run();
  if (counts.failed > 0) failedSteps.push(step.name);
  total = add(total, counts);
  const seconds = ((performance.now() - stepStartedAt) / 1000).toFixed(1);
  console.log(`  ${counts.failed === 0 ? 'ok' : 'FAILED'}: ${describe(counts)} (${seconds} s)`);
}
console.log(`\n${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes, ${total.skipped} skipped`);
if (failedSteps.length > 0) console.log(`failed: ${failedSteps.join(', ')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** A tool that says nothing of interest unless it fails. */
function check(name: string, script: string, args: readonly string[]): Step {
  return {
    name,
    run: async () => {
      const { ok, output } = await runNode(script, args, 'capture');
      if (!ok) console.log(output);
      return ok ? ONE_PASSED : ONE_FAILED;
    },
  };
}

async function asCheck(action: () => void): Promise<Counts> {
  try {
    action();
    return ONE_PASSED;
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    return ONE_FAILED;
  }
}

async function runTests(project: string): Promise<Counts> {
  const resultFile = join(RESULTS, `${project}.json`);
  mkdirSync(RESULTS, { recursive: true });
  rmSync(resultFile, { force: true });
  const { ok } = await runNode(
    'vitest/vitest.mjs',
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${resultFile}`],
    'show',
  );
  return countsOf(existsSync(resultFile) ? readFileSync(resultFile, 'utf8') : null, ok);
}

/** Runs a tool's script with this very Node (24), whatever `node` the shell would find. */
function runNode(
  script: string,
  args: readonly string[],
  output: 'capture' | 'show',
): Promise<{ readonly ok: boolean; readonly output: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', script), ...args], {
    cwd: ROOT,
    stdio: ['ignore', output === 'show' ? 'inherit' : 'pipe', output === 'show' ? 'inherit' : 'pipe'],
    timeout: STEP_LIMIT_MS,
    env: { ...process.env, NO_COLOR: '1' },
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString('utf8') }));
  });
}
