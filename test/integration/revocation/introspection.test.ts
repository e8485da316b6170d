/** Tokens that are taken back at the issuer without an event, found by asking. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RESOURCE, RevocationSite, until } from './site.ts';

let site: RevocationSite;
let endpoint: Server;
/** Subjects whose tokens count no more. */
const gone = new Set<string>();
let answers = true;
const credentials = new Set<string | undefined>();

beforeAll(async () => {
  endpoint = createServer((request, response) => {
    credentials.add(request.headers.authorization);
    void text(request).then((body) => {
      const token = new URLSearchParams(body).get('token') ?? '';
      const { sub }: { sub: string } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      response.statusCode = answers ? 200 : 503;
      response.end(JSON.stringify({ active: !gone.has(sub) }));
    });
  });
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const address = endpoint.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  site = await RevocationSite.start({
    introspection: {
      ...{ url: `http://127.0.0.1:${port}/introspect`, clientId: 'gateway', every: '100ms', grace: '5s' },
      clientSecret: { command: ['/bin/echo', 'asking'] },
    },
  });
});
afterAll(async () => {
  await site.stop();
  const closed = once(endpoint, 'close');
  endpoint.close();
  endpoint.closeAllConnections();
  await closed;
});

test('a token that is taken back ends what came of it, and others go on', async () => {
  const { gateway } = site;
  const analyst = await gateway.apiFor('analyst');
  const [bySecret, staying] = [await site.connect(analyst), await site.connect(await gateway.apiFor('bob'))];
  const byToken = await site.connectAs(RESOURCE, await gateway.tokenOf('analyst'));
  const agent = await site.connect(await site.agents(await gateway.tokenOf('analyst'), 'executor'));
  gone.add('analyst');
  for (const { ended } of [bySecret, byToken, agent]) expect(await ended).toMatchObject({ code: '57P01' });
  await expect(analyst.whoami()).rejects.toMatchObject({ code: 'AUTH_TOKEN_INVALID' });
  expect((await staying.client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await staying.client.end();
  const revoked = await site.entries('identity.revoked');
  expect(revoked.filter(({ events }) => events[0] === 'introspection').length).toBe(3);
  expect([...credentials]).toEqual([`Basic ${Buffer.from('gateway:asking').toString('base64')}`]);
});

test('no session opens with a token that counts no more', async () => {
  gone.add('carol');
  const carol = await site.gateway.tokenOf('carol');
  await expect(site.connectAs(RESOURCE, carol)).rejects.toMatchObject({ code: '28P01' });
});

test('while the issuer does not answer sessions end after the grace, none opens, and then they do again', async () => {
  const dave = await site.gateway.apiFor('dave');
  const { ended } = await site.connect(dave);
  answers = false;
  expect(await ended).toMatchObject({ code: '57P01', message: expect.stringContaining('does not say') });
  await expect(site.connect(dave)).rejects.toMatchObject({ code: '28P01' });
  answers = true;
  const again = await site.connect(dave);
  expect((await again.client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await again.client.end();
});

test('the token is in no file of the gateway', async () => {
  await until(async () => (await site.entries('identity.revoked')).length > 0);
  expect(JSON.stringify(await site.entries('session.opened'))).not.toContain('eyJ');
  expect(site.gateway.output()).not.toContain('eyJ');
});
