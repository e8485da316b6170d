import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { connectionUri, libpqEnvironment, writePassFile } from './connection-settings.ts';

const SETTINGS = {
  host: '/run/user/1/sluice/t-a b',
  port: 5432,
  database: 'or/ders',
  user: 'orders:db.s1',
  password: 'p@ss\\w:rd',
};

it('a URI holds every character that a name or secret can have', () => {
  expect(connectionUri(SETTINGS)).toBe(
    'postgresql://orders%3Adb.s1:p%40ss%5Cw%3Ard@/or%2Fders?host=%2Frun%2Fuser%2F1%2Fsluice%2Ft-a%20b&port=5432',
  );
  expect(connectionUri({ ...SETTINGS, host: '127.0.0.1' })).toBe(
    'postgresql://orders%3Adb.s1:p%40ss%5Cw%3Ard@127.0.0.1:5432/or%2Fders?sslmode=disable',
  );
});

it('libpq is told never to give the secret away in clear', () => {
  expect(libpqEnvironment(SETTINGS)).toMatchObject({ PGHOST: SETTINGS.host, PGREQUIREAUTH: 'scram-sha-256' });
  expect(JSON.stringify(libpqEnvironment(SETTINGS))).not.toContain('p@ss');
});

it('a password file escapes what libpq would take for a separator, is ours alone, and overwrites nothing', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'sluice-pgpass-'));
  try {
    const file = path.join(directory, 'pgpass');
    await writePassFile(file, SETTINGS);
    expect(await readFile(file, 'utf8')).toBe('*:5432:*:orders\\:db.s1:p@ss\\\\w\\:rd\n');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await expect(writePassFile(file, SETTINGS)).rejects.toMatchObject({ code: 'EEXIST' });
  } finally {
    await rm(directory, { recursive: true });
  }
});
