/** Databases that are mute, go away and come back: for the catalog as for the sessions. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bind, EvilClient, execute, parse, query, reportOf } from '../harness/evil-client.ts';
import { type EvilServer, startEvilServer } from '../harness/evil-server.ts';
import { type EvilSite, startEvilSite } from '../harness/evil-site.ts';

let site: EvilSite;
let mute: Server;
let evil: EvilServer;
const held = new Set<Socket>();
beforeAll(async () => {
  mute = createServer((socket) => held.add(socket)).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const address = mute.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  site = await startEvilSite({
    limits: { loginTimeoutSeconds: 2 },
    resources: async (shop) => {
      evil = await startEvilServer({ host: shop.upstream.host, port: shop.upstream.port });
      return [
        { ...shop, name: 'mute', upstream: { ...shop.upstream, port } },
        { ...shop, name: 'fading', upstream: { ...shop.upstream, port: evil.port } },
      ];
    },
  });
});
afterAll(async () => {
  site.recordIsWhole();
  await site.stop();
  for (const socket of held) socket.destroy();
  mute.close();
});

async function refusedBy(resource: string): Promise<Readonly<Record<string, string>>> {
  const client = await EvilClient.connect(site.gateway.postgresPort);
  const answer = await client.authenticate(await site.loginTo(resource));
  await client.rest();
  await client.close();
  return answer.type === 'E' ? reportOf(answer) : {};
}

it('a database that accepts and says nothing: 08006 within the time of a login, each time', async () => {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const before = performance.now();
    expect(await refusedBy('mute')).toMatchObject({ S: 'FATAL', C: '08006', M: expect.stringMatching(/in time/) });
    expect(performance.now() - before).toBeLessThan(5_000);
  }
  await site.unharmed();
});

it('a database that ends its connections: the client hears the words of the server, and the next one gets in', async () => {
  const client = await site.session();
  await site.server.admin(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sluice catalog'",
  );
  expect(await client.value('SELECT name FROM people WHERE id = 1')).toBe('Ada');
  const pid = await client.value('SELECT pg_backend_pid()');
  await site.server.admin(`SELECT pg_terminate_backend(${pid})`);
  expect(await client.refusal()).toMatchObject({ S: 'FATAL', C: '57P01', M: expect.stringContaining('administrator') });
  const next = await site.session();
  expect(await next.value('SELECT name FROM people WHERE id = 1')).toBe('Ada');
  await next.close();
  await site.unharmed();
});

it.each(['simple', 'extended'])(
  'a database that ends its connection while COPY data come, by the %s protocol: the session ends, and no other',
  async (protocol) => {
    const client = await site.session();
    const pid = await client.value('SELECT pg_backend_pid()');
    for (const text of ['BEGIN', 'CREATE TEMP TABLE loaded (a int)']) {
      client.send(query(text));
      await client.collect('Z');
    }
    const copy = 'COPY loaded (a) FROM STDIN';
    client.send(protocol === 'simple' ? query(copy) : Buffer.concat([parse('', copy), bind('', ''), execute('')]));
    await client.until('G');
    await site.server.admin(`SELECT pg_terminate_backend(${pid})`);
    await client.rest();
    const next = await site.session();
    expect(await next.value('SELECT name FROM people WHERE id = 1')).toBe('Ada');
    await next.close();
    await site.unharmed();
  },
);

it.each(['simple', 'extended'])(
  'a client that leaves in the middle of a COPY, by the %s protocol, ends alone',
  async (protocol) => {
    const client = await site.session();
    client.send(query('CREATE TEMP TABLE loaded (a int)'));
    await client.collect('Z');
    const copy = 'COPY loaded (a) FROM STDIN';
    client.send(protocol === 'simple' ? query(copy) : Buffer.concat([parse('', copy), bind('', ''), execute('')]));
    await client.until('G');
    await client.close();
    const next = await site.session();
    expect(await next.value('SELECT name FROM people WHERE id = 1')).toBe('Ada');
    await next.close();
    await site.unharmed();
  },
);

it('a database that goes away: sessions end with 08006, new ones are refused with it, others go on', async () => {
  const client = await site.session('fading');
  expect(await client.value('SELECT 1')).toBe('1');
  await evil.stop();
  expect(await client.refusal()).toMatchObject({ S: 'FATAL', C: '08006' });
  expect(await refusedBy('fading')).toMatchObject({
    S: 'FATAL',
    C: '08006',
    M: expect.stringContaining('ECONNREFUSED'),
  });
  await site.unharmed();
});
