import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LAWFUL, PLANTED } from './planted-directions.ts';
import { sourceFiles } from './source-files.ts';

const ROOT = join(import.meta.dirname, '../..');
const CONFIG = join(ROOT, '.dependency-cruiser.mjs');
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
/** The tool reads some thousand files; the bound only ends a hang. */
const CRUISE_MS = 120_000;
const PACKAGES = ['gateway', 'agent-tunnel', 'tui', 'desktop', 'test'];

type Violation = { readonly rule: { readonly name: string }; readonly from: string; readonly to: string };
type Report = {
  readonly modules: readonly { source: string }[];
  readonly summary: { readonly violations: readonly Violation[] };
};

describe('planted violations', () => {
  const tree = mkdtempSync(join(tmpdir(), 'sluice-directions-'));
  let violations: readonly Violation[] = [];

  beforeAll(async () => {
    for (const [path, text] of Object.entries(LAWFUL)) write(tree, path, text);
    for (const { from, imports } of PLANTED) write(tree, from, `import '${imports}';\n`);
    violations = (await cruise(tree)).summary.violations;
  });
  afterAll(() => rmSync(tree, { recursive: true }));

  test.each(PLANTED)('$rule: $from may not import $imports', ({ rule, from }) => {
    expect(violations.filter((violation) => violation.from === from).map(({ rule: { name } }) => name)).toContain(rule);
  });

  test('every rule has a planted violation', async () => {
    const { default: config } = (await import(CONFIG)) as { default: { forbidden: { name: string }[] } };
    const planted = new Set(PLANTED.map(({ rule }) => rule));
    expect(config.forbidden.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
  });

  test('a lawful import is named by no rule', () => {
    const lawful = Object.keys(LAWFUL).filter((path) => path !== 'gateway/src/session/cycle.ts');
    expect(violations.filter(({ from }) => lawful.includes(from))).toEqual([]);
  });
});

test(
  'the tool reads every source file of the repository, and finds nothing',
  async () => {
    const report = await cruise(ROOT);
    const read = new Set(report.modules.map(({ source }) => source));
    expect(sourceFiles(ROOT).filter((path) => !read.has(path))).toEqual([]);
    expect(report.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  },
  CRUISE_MS,
);

function write(tree: string, path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

async function cruise(cwd: string): Promise<Report> {
  const folders = PACKAGES.filter((name) => existsSync(join(cwd, name)));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [CRUISER, '--config', CONFIG, '--output-type', 'json', ...folders],
    { cwd, maxBuffer: 256 * 1024 * 1024 },
  );
  return JSON.parse(stdout) as Report;
}
