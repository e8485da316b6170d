/** Tunnels that stay, through what happens to gateways, sign-ins and directories. In this process; the gateway is real. */
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { ApiClient } from '../../agent-tunnel/src/client/api-client.ts';
import { DEFAULT_HTTP } from '../../agent-tunnel/src/client/https.ts';
import { GatewayPulse } from '../../agent-tunnel/src/tunnel/gateway-pulse.ts';
import { KeptTunnel } from '../../agent-tunnel/src/tunnel/kept-tunnel.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

// Many commands in turn, each a process of its own; the bound only ends a hang.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const USER = { username: 'ana', name: 'Ana', email: 'ana@corp.test', password: 'ana-password', groups: ['analysts'] };

let server: PostgresServer;
let gateway: TestGateway;
let runtime: string;
let token: string;
/** Added to the clock of the tunnel. */
let aheadMs = 0;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
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
});
afterAll(async () => {
  await gateway?.stop();
  await server?.stop();
});
beforeEach(async () => {
  aheadMs = 0;
  runtime = await mkdtemp(path.join(tmpdir(), 'sluice-run-'));
  token = await gateway.tokenOf(USER.username);
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await rm(runtime, { recursive: true, force: true });
});

type Kept = { readonly tunnel: KeptTunnel; readonly pulse: GatewayPulse };

async function keep(beatMs?: number): Promise<Kept> {
  const kept = await open(beatMs);
  kept.pulse.start();
  return kept;
}

/** As `keep`, and nothing looks after it until its pulse is started. */
async function open(beatMs?: number): Promise<Kept> {
  const ca = await readFile(gateway.caFile, 'utf8');
  const api = new ApiClient(gateway.url, { ...DEFAULT_HTTP, ca }, async () => token);
  const now = () => Date.now() + aheadMs;
  const pulse = new GatewayPulse({
    ...{ ask: () => api.whoami(), tokenRotates: true, now },
    ...(beatMs !== undefined && { beatMs }),
  });
  const tunnel = new KeptTunnel({
    ...{ gateway: gateway.url, ca, api, pulse },
    token: async () => token,
    resource: 'orders-db',
    application: 'test',
    tcpPort: null,
    directory: path.join(runtime, 'p', 'orders-db'),
    uid: process.getuid?.() ?? 0,
    now,
  });
  closing.push(async () => {
    await pulse.stop();
    await tunnel.close();
  });
  await tunnel.open();
  return { tunnel, pulse };
}

function became(tunnel: KeptTunnel, wanted: KeptTunnel['state']): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (tunnel.state !== wanted) return;
      tunnel.off('state', look);
      resolve();
    };
    tunnel.on('state', look);
    look();
  });
}

async function connected({ settings, passFile }: KeptTunnel): Promise<pg.Client> {
  if (settings === null) throw new Error('it is not open');
  const { host, port, database, user } = settings;
  const password = (await readFile(passFile, 'utf8')).trim().split(':').at(-1) ?? '';
  const client = new pg.Client({ host, port, database, user, password });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function answers(tunnel: KeptTunnel): Promise<void> {
  const client = await connected(tunnel);
  expect((await client.query('select 42 as answer')).rows).toEqual([{ answer: 42 }]);
  await client.end();
}

it('a restart of the gateway is waited for, and a new secret lies where the old one lay', async () => {
  const { tunnel } = await keep();
  await answers(tunnel);
  const before = await readFile(tunnel.passFile, 'utf8');
  await gateway.end('SIGTERM');
  await expect(connected(tunnel)).rejects.toMatchObject({ message: expect.stringContaining('did not answer') });
  await became(tunnel, 'waiting');
  await gateway.restart();
  await became(tunnel, 'open');
  expect(await readFile(tunnel.passFile, 'utf8')).not.toBe(before);
  expect((await stat(tunnel.passFile)).mode & 0o777).toBe(0o600);
  await answers(tunnel);
});

it('a session that is about to expire is renewed with a newer token: the secret and running programs stay', async () => {
  const { tunnel, pulse } = await keep();
  const client = await connected(tunnel);
  const secret = await readFile(tunnel.passFile, 'utf8');
  const expiresAt = tunnel.expiresAt ?? '';
  // Tokens count in whole seconds: the next one ends later.
  while (Date.parse(expiresAt) >= expiryOf(token)) token = await gateway.tokenOf(USER.username);
  const renewed = new Promise<{ isNew: boolean }>((resolve) => tunnel.once('renewed', resolve));
  aheadMs = Date.parse(expiresAt) - Date.now() - 1_000;
  pulse.kick();
  expect(await renewed).toMatchObject({ isNew: false });
  expect(Date.parse(tunnel.expiresAt ?? '')).toBeGreaterThan(Date.parse(expiresAt));
  expect(await readFile(tunnel.passFile, 'utf8')).toBe(secret);
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await client.end();
});

it('after a night’s sleep the session is renewed before a program comes', async () => {
  // It would not ask again by itself while this test runs: the clock alone tells that the machine slept.
  const { tunnel, pulse } = await keep(3_600_000);
  if (pulse.state !== 'up') await once(pulse, 'beat');
  const expiresAt = tunnel.expiresAt ?? '';
  while (Date.parse(expiresAt) >= expiryOf(token)) token = await gateway.tokenOf(USER.username);
  const renewed = once(tunnel, 'renewed');
  aheadMs = Date.parse(expiresAt) - Date.now();
  await renewed;
  expect(Date.parse(tunnel.expiresAt ?? '')).toBeGreaterThan(Date.parse(expiresAt));
  await answers(tunnel);
});

it('a token that the gateway takes no more closes it, with the reason, and leaves nothing behind', async () => {
  const { tunnel } = await keep();
  token = 'eyJhbGciOiJub25lIn0.e30.';
  await expect(connected(tunnel)).rejects.toThrow();
  await became(tunnel, 'closed');
  expect(tunnel.error?.code).toBe('AUTH_TOKEN_INVALID');
  expect(await readdir(path.join(runtime, 'p'))).toEqual([]);
});

it('a socket directory that somebody swapped closes it, and what stands there now is left alone', async () => {
  const { tunnel, pulse } = await open();
  const directory = path.join(runtime, 'p', 'orders-db');
  await rename(directory, `${directory}-aside`);
  await mkdir(directory, { mode: 0o700 });
  await writeFile(path.join(directory, 'pgpass'), 'somebody else’s');
  pulse.start();
  await became(tunnel, 'closed');
  expect(tunnel.error).toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('is not the directory'),
  });
  expect(await readdir(directory)).toEqual(['pgpass']);
  expect(await readFile(path.join(directory, 'pgpass'), 'utf8')).toBe('somebody else’s');
});

/** When a token expires, epoch milliseconds. */
function expiryOf(jwt: string): number {
  const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as { readonly exp: number };
  return claims.exp * 1_000;
}
