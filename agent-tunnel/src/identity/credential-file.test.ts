import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCredentialFile } from './credential-file.ts';

const UID = process.getuid?.() ?? 0;
let directory: string;
beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(tmpdir(), 'sluice-credentials-')), 'sluice');
});
afterEach(() => rm(path.dirname(directory), { recursive: true, force: true }));

const file = () => path.join(directory, 'credentials');

it('keeps a secret per account over processes, in files that only we can read', async () => {
  const store = await openCredentialFile(directory, UID);
  await store.write('https://a', 'refresh-one');
  await store.write('https://b', 'refresh-two');
  const later = await openCredentialFile(directory, UID);
  expect([await later.read('https://a'), await later.read('https://b'), await later.read('https://c')]).toEqual([
    'refresh-one',
    'refresh-two',
    null,
  ]);
  expect(await readFile(file(), 'latin1')).not.toContain('refresh');
  for (const name of await readdir(directory))
    expect((await stat(path.join(directory, name))).mode & 0o777).toBe(0o600);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect(await readdir(directory)).toHaveLength(2);
});

it('forgets what is removed, and says whether there was something', async () => {
  const store = await openCredentialFile(directory, UID);
  await store.write('https://a', 'one');
  expect([await store.remove('https://a'), await store.remove('https://a'), await store.read('https://a')]).toEqual([
    true,
    false,
    null,
  ]);
});

it('two processes that start at once use one key', async () => {
  const [one, two] = await Promise.all([openCredentialFile(directory, UID), openCredentialFile(directory, UID)]);
  await one?.write('https://a', 'one');
  expect(await two?.read('https://a')).toBe('one');
});

it('every changed byte is noticed', async () => {
  const store = await openCredentialFile(directory, UID);
  await store.write('https://a', 'one');
  const original = await readFile(file());
  for (let offset = 0; offset < original.length; offset += 1) {
    const changed = Buffer.from(original);
    changed[offset] = (changed[offset] ?? 0) ^ 1;
    await writeFile(file(), changed);
    await expect(store.read('https://a'), `byte ${offset}`).rejects.toMatchObject({ code: 'AUTH_CREDENTIAL_STORE' });
  }
  await writeFile(file(), original.subarray(0, 20));
  await expect(store.read('https://a')).rejects.toMatchObject({ code: 'AUTH_CREDENTIAL_STORE' });
});

it('a file that others can read, that belongs to somebody else, or is a link, is not used', async () => {
  const store = await openCredentialFile(directory, UID);
  await store.write('https://a', 'one');
  await chmod(file(), 0o640);
  await expect(store.read('https://a')).rejects.toMatchObject({ message: expect.stringContaining('mode 640') });
  await chmod(file(), 0o600);
  await expect(openCredentialFile(directory, UID + 1)).rejects.toMatchObject({ code: 'AUTH_CREDENTIAL_STORE' });
  await rm(file());
  await symlink('/etc/hostname', file());
  await expect(store.read('https://a')).rejects.toMatchObject({ code: 'AUTH_CREDENTIAL_STORE' });
});
