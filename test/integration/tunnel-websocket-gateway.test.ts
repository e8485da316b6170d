/** A whole gateway behind a load balancer that ends TLS: sign-in, API and tunnels go through it. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ApiClient } from '../../agent-tunnel/src/client/api-client.ts';
import { DEFAULT_HTTP } from '../../agent-tunnel/src/client/https.ts';
import { GatewayPulse } from '../../agent-tunnel/src/tunnel/gateway-pulse.ts';
import { KeptTunnel } from '../../agent-tunnel/src/tunnel/kept-tunnel.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { hasHaproxy, startHaproxy, startTlsTerminator, type TlsTerminator } from '../harness/tls-terminator.ts';

// The bound only ends a hang.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const USER = { username: 'ana', name: 'Ana', email: 'ana@corp.test', password: 'ana-password', groups: ['analysts'] };

let server: PostgresServer;
let gateway: TestGateway;
let balancer: TlsTerminator;
let runtime: string;
let tunnel: KeptTunnel;
let pulse: GatewayPulse;

beforeAll(async () => {
  runtime = await mkdtemp(path.join(tmpdir(), 'sluice-run-'));
  server = await startPostgres();
  await server.admin('CREATE DATABASE orders');
  await server.admin(`CREATE ROLE app LOGIN PASSWORD 'app-password'`);
  gateway = await startGateway({
    users: [USER],
    resources: [
      {
        name: 'orders-db',
        upstream: { host: server.host, port: server.port, database: 'orders' },
        credential: { username: 'app', password: 'app-password' },
        labelsCsv: 'schema,table,column,label,category\n',
        unclassified: 'public',
      },
    ],
  });
  const target = { port: Number(gateway.url.port), ca: await readFile(gateway.caFile, 'utf8') };
  balancer = hasHaproxy ? await startHaproxy(target) : await startTlsTerminator(target);
  const token = await gateway.tokenOf(USER.username);
  const api = new ApiClient(balancer.url, { ...DEFAULT_HTTP, ca: balancer.ca }, async () => token);
  pulse = new GatewayPulse({ ask: () => api.whoami(), tokenRotates: true });
  tunnel = new KeptTunnel({
    ...{ gateway: balancer.url, ca: balancer.ca, api, pulse },
    token: async () => token,
    resource: 'orders-db',
    application: 'test',
    tcpPort: null,
    directory: path.join(runtime, 'p', 'orders-db'),
    uid: process.getuid?.() ?? 0,
    now: Date.now,
  });
  await tunnel.open();
  pulse.start();
});
afterAll(async () => {
  await pulse?.stop();
  await tunnel?.close();
  await balancer?.close();
  await gateway?.stop();
  await server?.stop();
  await rm(runtime, { recursive: true, force: true });
});

async function connected(): Promise<pg.Client> {
  const { settings, passFile } = tunnel;
  if (settings === null) throw new Error('it is not open');
  const { host, port, database, user } = settings;
  const password = (await readFile(passFile, 'utf8')).trim().split(':').at(-1) ?? '';
  const client = new pg.Client({ host, port, database, user, password });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

it('a driver logs in, gets a large result whole, and one that waits disturbs no other', async () => {
  const [one, other] = [await connected(), await connected()];
  const large = one.query(`select i, repeat('x', 1000) as x from generate_series(1, 20000) as i`);
  expect((await other.query('select 42 as answer')).rows).toEqual([{ answer: 42 }]);
  const { rows } = await large;
  expect(rows).toHaveLength(20_000);
  expect(rows.at(-1)).toMatchObject({ i: 20_000 });
  await one.end();
  await other.end();
});

it('psql runs through it, and its end is the end of the session', async () => {
  const { settings, passFile } = tunnel;
  if (settings === null) throw new Error('it is not open');
  const { host, port, database, user } = settings;
  const { stdout } = await promisify(execFile)(
    'psql',
    ['-X', '-At', '-h', host, '-p', String(port), '-d', database, '-U', user, '-c', 'select 6 * 7'],
    { env: { ...process.env, PGPASSFILE: passFile } },
  );
  expect(stdout).toBe('42\n');
});

it('a restart of the gateway breaks what runs, and the next program gets through', async () => {
  const before = await connected();
  const broken = new Promise((resolve) => before.once('end', resolve));
  await gateway.end('SIGKILL');
  await broken;
  await gateway.restart();
  // Programs may come before the tunnel has noticed: it asks for a new session then.
  const after = await connected().catch(() => connected());
  expect((await after.query('select 42 as answer')).rows).toEqual([{ answer: 42 }]);
  await after.end();
});
