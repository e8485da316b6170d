import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceFiles } from './source-files.ts';
import { checkSource, type SourceRule } from './source-rules.ts';

const ROOT = join(import.meta.dirname, '../..');

const PURE_FILE = 'gateway/src/policy/planted.ts';
const EDGE_FILE = 'gateway/src/proxy/planted.ts';

const VIOLATIONS: readonly (readonly [SourceRule, string, string])[] = [
  ['pure-is-ambient-free', PURE_FILE, 'export const at = Date.now();'],
  ['pure-is-ambient-free', PURE_FILE, 'export const at = new Date();'],
  ['pure-is-ambient-free', PURE_FILE, 'export const at = Date();'],
  ['pure-is-ambient-free', PURE_FILE, 'export const dice = () => Math.random();'],
  ['pure-is-ambient-free', PURE_FILE, 'export const home = process.cwd();'],
  ['pure-is-ambient-free', PURE_FILE, 'export const later = (work: () => void) => setTimeout(work, 1);'],
  ['pure-is-ambient-free', PURE_FILE, "export const load = () => fetch('http://127.0.0.1');"],
  ['pure-is-ambient-free', PURE_FILE, 'export const now = () => performance.now();'],
  ['pure-is-ambient-free', PURE_FILE, 'export const id = () => crypto.randomUUID();'],
  ['pure-is-ambient-free', 'gateway/src/protocol/postgres/planted.ts', 'export const g = globalThis.fetch;'],
  ['pure-crypto-only-hashes', PURE_FILE, "import { randomBytes } from 'node:crypto';"],
  ['pure-crypto-only-hashes', PURE_FILE, "import crypto from 'node:crypto';"],
  ['pure-crypto-only-hashes', PURE_FILE, "import * as c from 'crypto';"],
  ['environment-only-in-config', EDGE_FILE, 'export const home = process.env.HOME;'],
  ['environment-only-in-config', EDGE_FILE, "export const home = process['env']['HOME'];"],
  ['environment-only-in-config', EDGE_FILE, 'export const home = globalThis.process.env.HOME;'],
  ['environment-only-in-config', EDGE_FILE, 'const { env } = process;'],
  ['environment-only-in-config', 'agent-tunnel/src/planted.ts', "import { env } from 'node:process';"],
  ['library-shows-nothing', 'agent-tunnel/src/tunnel/planted.ts', "console.log('open');"],
  ['library-shows-nothing', 'agent-tunnel/src/client/planted.ts', "process.stderr.write('open');"],
  ['library-shows-nothing', 'agent-tunnel/src/daemon/planted.ts', 'process.exit(1);'],
  ['no-empty-catch', EDGE_FILE, 'try { open(); } catch {}'],
  ['no-empty-catch', EDGE_FILE, 'try { open(); } catch (error) { }'],
  ['no-empty-catch', EDGE_FILE, 'void open().catch(() => {});'],
  ['no-barrel', EDGE_FILE, "export * from './a.ts';"],
  ['no-barrel', EDGE_FILE, "export { a } from './a.ts';\nexport type { B } from './b.ts';"],
  ['no-double-assertion', EDGE_FILE, 'export const a = 1 as unknown as string;'],
  ['no-module-state', EDGE_FILE, 'export let count = 0;'],
];

test.each(VIOLATIONS)('%s finds the planted violation in %s: %s', (rule, path, text) => {
  expect(checkSource(path, text).map((finding) => finding.rule)).toEqual([rule]);
});

test.each([
  ['the time as an argument', PURE_FILE, 'export const hour = (at: number) => new Date(at).getUTCHours();'],
  [
    'a parameter that is called like a global',
    PURE_FILE,
    'export const run = (process: { id: number }) => process.id;',
  ],
  [
    'a loop variable that is called like a global',
    PURE_FILE,
    'export function f(a: X[]) { for (const window of a) use(window); }',
  ],
  ['a property that is called like a global', PURE_FILE, 'export const run = (a: { fetch: number }) => a.fetch;'],
  ['hashes', PURE_FILE, "import { createHash } from 'node:crypto';\nexport const hash = createHash;"],
  ['the environment in config', 'gateway/src/config/env.ts', 'export const home = process.env.HOME;'],
  ['clocks in tests of pure modules', 'gateway/src/policy/a.test.ts', 'export const at = Date.now();'],
  ['a catch that says why nothing is to be done', EDGE_FILE, 'try { close(); } catch {\n// Closed already.\n}'],
  ['a catch that acts', EDGE_FILE, 'try { open(); } catch { close(); }'],
  ['a file that adds to what it passes on', EDGE_FILE, "export { a } from './a.ts';\nexport const b = 1;"],
])('%s is lawful', (_, path, text) => {
  expect(checkSource(path, text)).toEqual([]);
});

test('no file of the repository breaks a rule', () => {
  const files = sourceFiles(ROOT);
  const findings = files.flatMap((path) => checkSource(path, readFileSync(join(ROOT, path), 'utf8')));
  expect(findings.map(({ rule, path, line, text }) => `${rule} ${path}:${line} ${text}`)).toEqual([]);
  expect(files.length).toBeGreaterThan(50);
});
