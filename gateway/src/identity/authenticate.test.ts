import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { type Authentication, Authenticator, parseUsername } from './authenticate.ts';
import { FakeIssuer } from './fake-issuer.ts';
import { revoke } from './revocation/revoke.fixture.ts';
import { Revocations } from './revocations.ts';
import { type MintedSecret, SessionSecrets } from './session-secrets.ts';
import { TokenVerifier } from './verify-token.ts';

let issuer: FakeIssuer;
let revocations: Revocations;
let secrets: SessionSecrets;
let authenticator: Authenticator;
let minted: MintedSecret;
const RESOURCE = 'orders.eu-db';

beforeEach(async () => {
  issuer = await FakeIssuer.create();
  revocations = new Revocations();
  const settings = { lifetimeMs: 60_000, graceMs: 0, maxSecrets: 10 };
  secrets = new SessionSecrets({
    now: issuer.now,
    randomBytes,
    schedule: () => () => undefined,
    revocations,
    settings,
  });
  const tokens = new TokenVerifier({ issuers: [issuer.settings()], fetch: issuer.fetch, now: issuer.now, revocations });
  authenticator = new Authenticator({ tokens, secrets });
  const verification = await tokens.verify(await issuer.sign());
  if (verification.kind === 'refused') throw verification.error;
  minted = await secrets.mint({ token: verification.token, resource: RESOURCE });
});

const login = (username: string, password: string, resource = RESOURCE): Promise<Authentication> =>
  authenticator.authenticatePassword({ resource, username, password });

describe('user names', () => {
  it.each([
    ['orders-db', 'orders-db', null],
    ['orders.eu-db', 'orders.eu-db', null],
    ['orders.eu-db.s_abcdefghijklmnop', 'orders.eu-db', 's_abcdefghijklmnop'],
    ['s_abcdefghijklmnop', 's_abcdefghijklmnop', null],
    ['.s_abcdefghijklmnop', '.s_abcdefghijklmnop', null],
    ['orders.s_ABCDEFGHIJKLMNOP', 'orders.s_ABCDEFGHIJKLMNOP', null],
    ['', '', null],
  ])('%s', (username, resource, sessionId) => {
    expect(parseUsername(username)).toEqual({ resource, sessionId });
  });
});

test('a session secret logs in with either form of user name', async () => {
  const expected = {
    kind: 'authenticated',
    principal: { id: `${issuer.url}|analyst` },
    sessionId: minted.sessionId,
    expiresAtMs: minted.expiresAtMs,
  };
  expect(await login(RESOURCE, minted.secret)).toMatchObject(expected);
  expect(await login(`${RESOURCE}.${minted.sessionId}`, minted.secret)).toMatchObject(expected);
});

test('an access token logs in as a password, without a session secret', async () => {
  expect(await login(RESOURCE, await issuer.sign())).toMatchObject({
    kind: 'authenticated',
    sessionId: null,
    expiresAtMs: issuer.nowMs + 600_000,
  });
});

test('every wrong login gets the same answer, whatever was wrong', async () => {
  const answers = [
    await login(RESOURCE, randomBytes(16).toString('base64url')),
    await login(RESOURCE, ''),
    await login(RESOURCE, 'hunter2'),
    await login('unknown', minted.secret, 'unknown'),
    await login(`${RESOURCE}.s_abcdefghijklmnop`, minted.secret),
    await login(RESOURCE, await issuer.sign({ aud: 'other' })),
    await login(RESOURCE, await issuer.sign({ iss: 'https://evil.example.test' })),
    authenticator.acceptScram(RESOURCE, 's_abcdefghijklmnop'),
    authenticator.acceptScram('unknown', minted.sessionId),
  ];
  const forClient = answers.map((answer) => (answer.kind === 'refused' ? [answer.code, answer.message] : answer.kind));
  expect(forClient).toEqual(answers.map(() => ['AUTH_FAILED', 'The session secret or token was not accepted.']));
});

test('the holder of an expired token is told so', async () => {
  const token = await issuer.sign();
  issuer.nowMs += 3_600_000;
  expect(await login(RESOURCE, token)).toMatchObject({ kind: 'refused', code: 'AUTH_TOKEN_EXPIRED' });
});

test('a SCRAM candidate is accepted while its secret lives', () => {
  const { candidates } = authenticator.scramCandidates(RESOURCE, `${RESOURCE}.${minted.sessionId}`);
  expect(candidates.map(({ id }) => id)).toEqual([minted.sessionId]);
  expect(authenticator.acceptScram(RESOURCE, minted.sessionId)).toMatchObject({
    kind: 'authenticated',
    sessionId: minted.sessionId,
  });
  secrets.revoke(minted.sessionId);
  expect(authenticator.acceptScram(RESOURCE, minted.sessionId)).toMatchObject({ kind: 'refused', code: 'AUTH_FAILED' });
});

test('a secret revoked while its login is being checked does not log in', async () => {
  const checking = login(RESOURCE, minted.secret);
  revoke(revocations, `${issuer.url}|analyst`, issuer.nowMs);
  expect(await checking).toMatchObject({ kind: 'refused' });
});

test('a refusal never repeats the password', async () => {
  const token = await issuer.sign({ aud: 'other' });
  const answers = [await login(RESOURCE, token), await login(RESOURCE, 'hunter2')];
  expect(JSON.stringify(answers)).not.toMatch(/hunter2|eyJ/);
});
