/** Security events that a transmitter pushes, and what becomes of sessions, tokens and grants. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchTrusting } from '../../harness/fetch-trusting.ts';
import { RevocationSite } from './site.ts';

const DISABLED = 'https://schemas.openid.net/secevent/risc/event-type/account-disabled';
const VERIFICATION = 'https://schemas.openid.net/secevent/ssf/event-type/verification';

let site: RevocationSite;
let keyServer: Server;
let key: KeyObject;
let transmitter: string;
beforeAll(async () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  key = pair.privateKey;
  const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'signals', alg: 'ES256', use: 'sig' };
  keyServer = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
  keyServer.listen(0, '127.0.0.1');
  await once(keyServer, 'listening');
  const address = keyServer.address();
  transmitter = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  site = await RevocationSite.start(
    {
      events: {
        ...{ issuer: transmitter, jwksUri: `${transmitter}/keys`, audience: 'https://sluice.test' },
        token: { command: ['/bin/echo', 'push-secret'] },
      },
    },
    [{ kind: 'grant', name: 'look', group: 'lookers', groups: ['data-protection'], longest: '1h' }],
  );
});
afterAll(async () => {
  await site.stop();
  const closed = once(keyServer, 'close');
  keyServer.close();
  keyServer.closeAllConnections();
  await closed;
});

type Push = {
  readonly jti: string;
  readonly event: string;
  readonly subject: object;
  readonly bearer?: string;
  readonly audience?: string;
};

async function push({ jti, event, subject, bearer = 'push-secret', audience = 'https://sluice.test' }: Push) {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: transmitter, aud: audience, iat, jti, sub_id: subject, events: { [event]: {} } };
  const parts = [{ alg: 'ES256', typ: 'secevent+jwt', kid: 'signals' }, claims];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  // RFC 7515: the two numbers of the signature one after the other, not DER. By hand, since the gateway verifies with jose.
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  const token = `${signed}.${signature.toString('base64url')}`;
  const { caFile, url } = site.gateway;
  return await fetchTrusting(readFileSync(caFile, 'utf8'), new URL('/api/v1/issuers/test/events', url).href, {
    ...{ method: 'POST', body: token },
    headers: { 'content-type': 'application/secevent+jwt', authorization: `Bearer ${bearer}` },
  });
}

const person = (sub: string) => ({ format: 'iss_sub', iss: site.gateway.issuer, sub });

test('a disabled account loses its sessions, tokens and grants, and others go on', async () => {
  const { gateway } = site;
  const [frank, judy, dana] = [
    await gateway.apiFor('frank'),
    await gateway.apiFor('judy'),
    await gateway.apiFor('dana'),
  ];
  const { id } = await frank.askGrant('look', 'ticket 4711', null);
  await dana.decideGrant(id, 'grant', '', null);
  const [ending, staying] = [await site.connect(frank), await site.connect(judy)];

  const answer = await push({ jti: 'disabled', event: DISABLED, subject: person('frank') });

  expect([answer.status, await answer.text()]).toEqual([202, '']);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await ending.ended).toMatchObject({
    code: '57P01',
    message: expect.stringContaining('the sign-in was revoked: the account was disabled'),
  });
  await expect(frank.whoami()).rejects.toMatchObject({ code: 'AUTH_TOKEN_INVALID' });
  expect(await dana.grant(id)).toMatchObject({ state: 'revoked', revokedBy: { name: 'test', kind: 'service' } });
  expect((await staying.client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await staying.client.end();
  expect(await site.entries('identity.revoked')).toMatchObject([
    { issuer: 'test', events: [DISABLED], eventId: 'disabled', signIn: null, sessionCount: 1 },
  ]);

  const again = await push({ jti: 'disabled', event: DISABLED, subject: person('judy') });
  expect(again.status).toBe(202);
  expect((await judy.whoami()).principal.name).toBe('judy');
});

test('an agent that is cut off takes along whom it passed work on to, and nobody else', async () => {
  const { gateway } = site;
  const { accessToken } = await gateway.signIn('carol');
  const through = await site.connect(await site.agents(accessToken, 'planner', 'executor'));
  const past = await site.connect(await site.agents(accessToken, 'executor'));
  expect((await push({ jti: 'planner', event: DISABLED, subject: person('planner') })).status).toBe(202);
  expect(await through.ended).toMatchObject({ code: '57P01' });
  expect((await past.client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await past.client.end();
});

test('an event for others is acknowledged and ends nothing', async () => {
  const { status } = await push({ jti: 'other', event: VERIFICATION, subject: { format: 'opaque', id: 'stream' } });
  expect(status).toBe(202);
  expect(await site.entries('identity.event-ignored')).toContainEqual(
    expect.objectContaining({ issuer: 'test', events: [VERIFICATION], eventId: 'other' }),
  );
});

test.each([
  ['without the bearer token', { bearer: 'guess' }, 401, 'authentication_failed'],
  ['for another audience', { audience: 'sluice' }, 400, 'invalid_audience'],
  ['about an address', { subject: { format: 'email', email: 'judy@test.example' } }, 400, 'invalid_request'],
])('%s nothing is taken', async (name, changes, status, err) => {
  const answer = await push({ jti: name, event: DISABLED, subject: person('judy'), ...changes });
  expect([answer.status, await answer.json()]).toEqual([status, { err, description: expect.any(String) }]);
});
