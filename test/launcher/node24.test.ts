import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../harness/program.ts';

const LAUNCHER = join(import.meta.dirname, '../../node24.mjs');
const SCRIPT = `console.log(JSON.stringify({ version: process.version, args: process.argv.slice(2) }));\nprocess.exitCode = 7;\n`;

let folder = '';
/** A tree of its own with the launcher, a script, and this Node where npm would have put it. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-launcher-'));
  copyFileSync(LAUNCHER, join(folder, 'node24.mjs'));
  writeFileSync(join(folder, 'script.ts'), SCRIPT);
  writeFileSync(
    join(folder, 'waits.ts'),
    `process.on('SIGTERM', () => { console.log('told to end'); process.exit(9); }); setTimeout(() => {}, 60_000); console.log('waiting');`,
  );
  const bin = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(process.execPath, join(bin, 'node'));
  // Claims to be Node 20 and loads the launcher as it would.
  writeFileSync(
    join(folder, 'as-node-20.mjs'),
    `Object.defineProperty(process.versions, 'node', { value: '20.0.0' });\nprocess.argv.splice(1, 1);\nawait import(process.argv[1]);\n`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ['Node 24', ['node24.mjs']],
  ['an older Node', ['as-node-20.mjs', 'node24.mjs']],
])('started by %s', (_, start) => {
  test('a script runs on Node 24 with its arguments, and its exit status is passed on', async () => {
    const args = [...start.map((name) => join(folder, name)), 'script.ts', '--flag', 'a b'];
    const run = await runProgram(process.execPath, args, { cwd: folder });
    expect(JSON.parse(run.stdout)).toEqual({ version: process.version, args: ['--flag', 'a b'] });
    expect(run.code).toBe(7);
  });

  test('the request to end reaches the script', async () => {
    const args = [...start.map((name) => join(folder, name)), 'waits.ts'];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([9, null]);
  });

  test.skipIf(process.platform === 'win32')('a script that npm started ends with the shell between them', async () => {
    const command = [process.execPath, ...start.map((name) => join(folder, name)), 'waits.ts'];
    // Something after the command: a shell would replace itself by the last one.
    const child = spawn('/bin/sh', ['-c', `${command.join(' ')}; exit 1`], {
      ...{ cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] as const },
      env: { ...process.env, npm_lifecycle_event: 'start' },
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    // The script holds this end open for as long as it runs.
    await once(child.stdout, 'end');
    expect(said).toBe('waiting\ntold to end\n');
  });
});

test('without a Node that is new enough it says what to do', async () => {
  const bare = mkdtempSync(join(tmpdir(), 'sluice-launcher-bare-'));
  copyFileSync(LAUNCHER, join(bare, 'node24.mjs'));
  copyFileSync(join(folder, 'as-node-20.mjs'), join(bare, 'as-node-20.mjs'));
  chmodSync(bare, 0o755);
  const run = await runProgram(
    process.execPath,
    [join(bare, 'as-node-20.mjs'), join(bare, 'node24.mjs'), 'script.ts'],
    { cwd: bare },
  );
  rmSync(bare, { recursive: true });
  expect(run.stderr).toMatch(/Sluice needs Node 24 or newer.*npm ci/);
  expect(run.code).toBe(78);
});
