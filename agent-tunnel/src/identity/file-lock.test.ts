import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withFileLock } from './file-lock.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'sluice-lock-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('lets one in at a time, and goes away', async () => {
  const file = path.join(directory, 'lock');
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
  };
  await Promise.all([1, 2, 3, 4].map(() => withFileLock(file, work)));
  expect(most).toBe(1);
  expect(await readdir(directory)).toEqual([]);
});

it('goes away when the work fails', async () => {
  const file = path.join(directory, 'lock');
  await expect(withFileLock(file, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await readdir(directory)).toEqual([]);
});

it('the lock of a process that is dead is taken over', async () => {
  const dead = spawn(process.execPath, ['-e', '']);
  await once(dead, 'close');
  await writeFile(path.join(directory, 'lock'), String(dead.pid));
  expect(await withFileLock(path.join(directory, 'lock'), async () => 'done')).toBe('done');
});
