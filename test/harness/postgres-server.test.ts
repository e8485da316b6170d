import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  watch,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { describe, expect, test, vi } from 'vitest';
import { startLocalPostgres } from '../../gateway/src/demo/local-postgres.ts';
import { findPostgres, makeUsable } from '../../gateway/src/demo/postgres-binaries.ts';
import { makeCertificates } from './certificates.ts';
import { hasPostgres, runSql, startPostgres } from './postgres-server.ts';

const LOCAL_POSTGRES = join(import.meta.dirname, '../../gateway/src/demo/local-postgres.ts');

describe.each([15, 18])('PostgreSQL %i', async (major) => {
  test.runIf(await hasPostgres(major))(
    'answers on loopback with SCRAM, unprivileged, and leaves nothing behind',
    async () => {
      const server = await startPostgres({ major, settings: { work_mem: '5MB', application_name: "it's" } });
      const [row] = await server.admin(
        `select current_setting('server_version_num')::int / 10000 as major, current_setting('work_mem') as memory,
              current_setting('application_name') as name,
              (select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = 'postgres') as scram`,
      );
      expect(row).toEqual({ major, memory: '5MB', name: "it's", scram: true });
      if (process.getuid?.() === 0) expect(statSync(server.dataDir).uid).not.toBe(0);
      await expect(runSql(server.uri('postgres', 'postgres', 'wrong'), 'select 1')).rejects.toThrow(
        /password authentication/,
      );
      await server.stop();
      await server.ended;
      expect(existsSync(dirname(server.dataDir))).toBe(false);
      await expect(runSql(server.adminUri, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
    },
  );
});

test('TLS with a client certificate instead of a password', async () => {
  const { authority, server: certificate } = makeCertificates();
  await using server = await startPostgres({
    tls: { ...certificate, clientCaPem: authority.certificatePem },
    hba: ['hostssl all certified 127.0.0.1/32 cert'],
  });
  await server.admin('create role certified login');
  const { certificatePem: cert, privateKeyPem: key } = authority.issue({ commonName: 'certified', usage: 'client' });
  const client = new pg.Client({
    host: 'localhost',
    port: server.port,
    user: 'certified',
    database: 'postgres',
    ssl: { ca: authority.certificatePem, cert, key, servername: 'localhost' },
  });
  await client.connect();
  const { rows } = await client.query('select ssl, client_dn from pg_stat_ssl where pid = pg_backend_pid()');
  expect(rows).toEqual([{ ssl: true, client_dn: '/CN=certified' }]);
  await client.end();
});

test('a taken port is named', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  await expect(startLocalPostgres({ port })).rejects.toMatchObject({
    code: 'CONFIG_PORT_TAKEN',
    message: expect.stringContaining(String(port)),
  });
  other.close();
});

test('a setting that the server does not know ends in its own words, and nothing stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-failing-'));
  chmodSync(folder, 0o755);
  vi.stubEnv('TMPDIR', folder);
  await expect(startLocalPostgres({ settings: { no_such_setting: 1 } })).rejects.toThrow(/no_such_setting/);
  expect(readdirSync(folder)).toEqual([]);
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('a server that is not installed is told with what to install', async () => {
  await expect(startLocalPostgres({ major: 7 })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    remedy: expect.stringContaining('apt-get install postgresql'),
  });
});

test('when the parent is killed, the server ends and its folder goes', async () => {
  const script = `const { startLocalPostgres } = await import(${JSON.stringify(LOCAL_POSTGRES)});
    const { adminUri, dataDir } = await startLocalPostgres();
    console.log(JSON.stringify({ adminUri, dataDir }));
    setInterval(() => undefined, 60_000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const { adminUri, dataDir } = JSON.parse(line.toString()) as { adminUri: string; dataDir: string };
  const folder = dirname(dataDir);
  const gone = Promise.withResolvers<void>();
  const watcher = watch(tmpdir(), () => {
    if (!existsSync(folder)) gone.resolve();
  });
  parent.kill('SIGKILL');
  await gone.promise;
  watcher.close();
  await expect(runSql(adminUri, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
});

test.runIf(await hasPostgres(18))(
  'embedded binaries work without their install script, from a folder closed to others',
  async () => {
    const embedded = await findPostgres(18);
    const folder = mkdtempSync(join(tmpdir(), 'sluice-closed-'));
    try {
      const native = join(folder, 'package', 'native');
      mkdirSync(dirname(native));
      // What `npm ci --ignore-scripts` leaves: the files, and no symbolic links.
      cpSync(dirname(embedded.binDir), native, {
        recursive: true,
        filter: (source) => !lstatSync(source).isSymbolicLink(),
      });
      const target = join(folder, 'copy');
      mkdirSync(target);
      const usable = makeUsable({ ...embedded, binDir: join(native, 'bin') }, target, true);
      expect(usable.binDir).toBe(join(target, 'postgres', 'bin'));
      const run = spawn(join(usable.binDir, 'postgres'), ['--version'], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [version] = (await once(run.stdout, 'data')) as [Buffer];
      expect(version.toString()).toMatch(/PostgreSQL\) 18/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
