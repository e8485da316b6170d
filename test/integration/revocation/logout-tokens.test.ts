/** Logout tokens at the wire: what a gateway that runs takes, and what it answers to everything else. */
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiClient } from '../../../agent-tunnel/src/client/api-client.ts';
import { type EvilIssuer, startEvilIssuer } from '../../harness/evil-issuer.ts';
import { fetchTrusting } from '../../harness/fetch-trusting.ts';
import { type LiveClient, RESOURCE, RevocationSite } from './site.ts';

type Members = Readonly<Record<string, unknown>>;

const LOGOUT = { 'http://schemas.openid.net/event/backchannel-logout': {} };
const REVOKED = { severity: 'FATAL', code: '57P01', message: expect.stringContaining('the sign-in was revoked') };

let issuer: EvilIssuer;
let site: RevocationSite;
beforeAll(async () => {
  issuer = await startEvilIssuer();
  site = await RevocationSite.start({}, [issuer.document]);
});
afterAll(async () => {
  await site?.stop();
  await issuer?.stop();
});

const seconds = () => Math.floor(Date.now() / 1000);

/** A good one, but for the members given. */
function logoutToken(sub: string, claims: Members = {}, header: Members = {}): string {
  const good = { sub, jti: randomUUID(), exp: seconds() + 60, events: LOGOUT, client_id: undefined, groups: undefined };
  return issuer.token({ ...good, ...claims }, { typ: 'logout+jwt', ...header });
}

async function send(body: string, name = 'evil', type = 'application/x-www-form-urlencoded') {
  const url = new URL(`/api/v1/issuers/${name}/backchannel-logout`, site.gateway.url).href;
  const headers = { 'content-type': type };
  const answer = await fetchTrusting(readFileSync(site.gateway.caFile, 'utf8'), url, { method: 'POST', headers, body });
  return { status: answer.status, body: await answer.text(), cache: answer.headers.get('cache-control') };
}
const sendToken = (token: string) => send(new URLSearchParams({ logout_token: token }).toString());

const isOpen = async ({ client }: LiveClient) => (await client.query('SELECT 1 AS one')).rows.length === 1;

/** The same claims, signed otherwise. */
function resigned(token: string, alg: string, signature: (text: string) => string): string {
  const [, payload] = token.split('.');
  const header = Buffer.from(JSON.stringify({ alg, typ: 'logout+jwt', kid: 'evil-1' })).toString('base64url');
  return `${header}.${payload}.${signature(`${header}.${payload}`)}`;
}
const strangersKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const BAD: readonly (readonly [string, (sub: string) => string])[] = [
  ['for another audience', (sub) => logoutToken(sub, { aud: 'another-client' })],
  ['without an audience', (sub) => logoutToken(sub, { aud: undefined })],
  ['of another issuer', (sub) => logoutToken(sub, { iss: 'https://idp.example.test' })],
  ['of the other issuer of this gateway', (sub) => logoutToken(sub, { iss: site.gateway.issuer })],
  ['signed by nobody', (sub) => resigned(logoutToken(sub), 'none', () => '')],
  [
    'signed with a shared key',
    (sub) =>
      resigned(logoutToken(sub), 'HS256', (text) => createHmac('sha256', 'sluice').update(text).digest('base64url')),
  ],
  ['signed with an algorithm that is not allowed', (sub) => resigned(logoutToken(sub), 'ES512', () => 'AAAA')],
  [
    'signed with a key of somebody else',
    (sub) =>
      resigned(logoutToken(sub), 'ES256', (text) =>
        sign('sha256', Buffer.from(text), { key: strangersKey, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
      ),
  ],
  ['with a key in its header', (sub) => logoutToken(sub, {}, { jwk: { kty: 'EC' } })],
  ['with a key id that the issuer does not have', (sub) => logoutToken(sub, {}, { kid: 'evil-2' })],
  ['without events', (sub) => logoutToken(sub, { events: undefined })],
  ['with another event', (sub) => logoutToken(sub, { events: { 'https://example.test/other': {} } })],
  ['with a list of events', (sub) => logoutToken(sub, { events: Object.keys(LOGOUT) })],
  ['with a nonce', (sub) => logoutToken(sub, { nonce: 'n-0S6_WzA2Mj' })],
  ['that has expired', (sub) => logoutToken(sub, { iat: seconds() - 600, exp: seconds() - 120 })],
  ['that never expires', (sub) => logoutToken(sub, { exp: undefined })],
  ['of the future', (sub) => logoutToken(sub, { iat: seconds() + 600, exp: seconds() + 700 })],
  ['that does not say when', (sub) => logoutToken(sub, { iat: undefined })],
  ['without an id', (sub) => logoutToken(sub, { jti: undefined })],
  ['that names nobody', () => logoutToken('', { sub: undefined })],
  ['that is an access token', (sub) => issuer.token({ sub })],
  ['that is typed as an access token', (sub) => logoutToken(sub, {}, { typ: 'at+jwt' })],
  ['that is no token', () => 'x'],
];

test('what is no good is refused with the error of the specification, and ends nothing', async () => {
  const sub = 'wire-bad';
  const live = await site.connectAs(RESOURCE, issuer.token({ sub }));
  const api = site.gateway.apiWith(issuer.token({ sub }));
  for (const [name, bad] of BAD) {
    const answer = await sendToken(bad(sub));
    // Back-Channel Logout 1.0 §2.8: 400, a body as of RFC 6749 §5.2, not to be cached.
    expect([name, answer.status, answer.cache]).toEqual([name, 400, 'no-store']);
    expect([name, JSON.parse(answer.body)]).toEqual([
      name,
      { error: 'invalid_request', error_description: expect.any(String) },
    ]);
    expect(answer.body).not.toContain(sub);
  }
  expect(await isOpen(live)).toBe(true);
  expect((await api.whoami()).principal.name).toBe(sub);
  expect(await site.entries('identity.revoked')).toEqual([]);
  await live.client.end();
});

test('nor is a form that is none taken, or a token at the address of another issuer', async () => {
  const sub = 'wire-form';
  const live = await site.connectAs(RESOURCE, issuer.token({ sub }));
  const form = new URLSearchParams({ logout_token: logoutToken(sub) }).toString();
  const answers = [
    await send(form, 'evil', 'application/json'),
    await send(`${form}&${form}`),
    await send(''),
    await send(form, 'test'),
    await send(`logout_token=${'a'.repeat(70_000)}`),
    await send(form, 'nobody'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 404]);
  expect(await isOpen(live)).toBe(true);
  await live.client.end();
});

test('one that is good is taken once: sent again it does not end the next sign-in', async () => {
  const sub = 'wire-once';
  const live = await site.connectAs(RESOURCE, issuer.token({ sub }));
  const good = logoutToken(sub);
  expect(await sendToken(good)).toMatchObject({ status: 200, body: '' });
  expect(await live.ended).toMatchObject(REVOKED);
  const later = issuer.token({ sub, iat: seconds() + 2 });
  const again = await site.connectAs(RESOURCE, later);
  expect(await sendToken(good)).toMatchObject({ status: 400, body: expect.stringContaining('taken before') });
  expect(await isOpen(again)).toBe(true);
  // Nor does another of that time, which arrives late.
  expect(await sendToken(logoutToken(sub, { iat: seconds() - 30 }))).toMatchObject({ status: 200 });
  expect(await isOpen(again)).toBe(true);
  expect((await site.gateway.apiWith(later).whoami()).principal.name).toBe(sub);
  await again.client.end();
});

test('event streams and watching a session end with the sign-in, and those of others go on', async () => {
  const [looking, staying] = ['wire-auditor', 'wire-other'].map((sub) =>
    site.gateway.apiWith(issuer.token({ sub, groups: ['auditor'] })),
  );
  if (looking === undefined || staying === undefined) throw new Error('there are two');
  const watched = await site.connectAs(RESOURCE, issuer.token({ sub: 'wire-watched' }));
  const sessions = await looking.sessions(100);
  const sessionId =
    sessions.find(({ principal, closedAt }) => principal.name === 'wire-watched' && closedAt === null)?.sessionId ?? '';
  const ofLooking = await streamsOf(looking, sessionId);
  const ofStaying = await streamsOf(staying, sessionId);
  await watched.client.query('SELECT 1 AS one');
  expect(await sendToken(logoutToken('wire-auditor'))).toMatchObject({ status: 200 });
  // Whatever a stream was told before, it ends.
  await Promise.all(ofLooking.map(({ ended }) => ended));
  await expect(looking.sessions(1)).rejects.toMatchObject({ code: 'AUTH_TOKEN_INVALID' });
  await expect(looking.watchSession(sessionId, AbortSignal.timeout(60_000)).next()).rejects.toMatchObject({
    code: 'AUTH_TOKEN_INVALID',
  });
  expect(ofStaying.map(({ isOver }) => isOver())).toEqual([false, false, false]);
  // The one that is watched ends, and whoever still looks on is told.
  expect(await sendToken(logoutToken('wire-watched'))).toMatchObject({ status: 200 });
  expect(await watched.ended).toMatchObject(REVOKED);
  await ofStaying[0]?.ended;
  expect(ofStaying.map(({ isOver }) => isOver())).toEqual([true, false, false]);
  expect(await sendToken(logoutToken('wire-other'))).toMatchObject({ status: 200 });
  await Promise.all(ofStaying.map(({ ended }) => ended));
});

type Stream = { readonly ended: Promise<void>; readonly isOver: () => boolean };

/** Watching the session, requests, grants: each live when this resolves. */
async function streamsOf({ calls }: ApiClient, sessionId: string): Promise<readonly Stream[]> {
  const signal = AbortSignal.timeout(120_000);
  const opened = (watch: (connected: () => void) => AsyncGenerator<unknown>) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let over = false;
    const read = async () => {
      for await (const _ of watch(resolve)) if (signal.aborted) throw new Error('it did not end');
      over = true;
    };
    return { live: promise, stream: { ended: read(), isOver: () => over } };
  };
  const all = [
    opened((connected) => calls.watchSession(sessionId, signal, connected)),
    opened((connected) => calls.watchRequests(signal, connected)),
    opened((connected) => calls.watchGrants(signal, connected)),
  ];
  await Promise.all(all.map(({ live }) => live));
  return all.map(({ stream }) => stream);
}
