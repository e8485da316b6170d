import { createPublicKey, type JsonWebKey, randomBytes, verify } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { FormBrowser } from '../../gateway/src/demo/identity-provider-browser.ts';
import { refresh } from '../../gateway/src/demo/identity-provider-client.ts';
import { Authenticator } from '../../gateway/src/identity/authenticate.ts';
import { SessionSecrets } from '../../gateway/src/identity/session-secrets.ts';
import { claimsOf, DemoIdentity } from '../harness/demo-identity.ts';

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

let demo: DemoIdentity;
beforeAll(async () => {
  demo = await DemoIdentity.start();
});
afterAll(() => demo.stop());

describe('people', () => {
  test('sign in by code and PKCE and become a user with groups', async () => {
    const tokens = await demo.signIn();
    const id = `${demo.idp.issuer}|analyst`;
    expect(await demo.verified(tokens.accessToken)).toMatchObject({
      principal: { id, kind: 'user', name: 'Ana Lyst', groups: ['analysts'], chain: [{ id }], onBehalfOfGroups: [] },
    });
    expect(tokens).toMatchObject({ expiresInSeconds: 3_600, refreshToken: expect.any(String) });
  });

  test('a session secret minted with their token logs in', async () => {
    const settings = { lifetimeMs: 60_000, graceMs: 0, maxSecrets: 10 };
    const secrets = new SessionSecrets({
      now: Date.now,
      randomBytes,
      schedule: () => () => undefined,
      revocations: demo.revocations,
      settings,
    });
    const authenticator = new Authenticator({ tokens: demo.verifier, secrets });
    const { accessToken } = await demo.signIn();
    const { sessionId, secret } = await secrets.mint({
      token: await demo.verified(accessToken),
      resource: 'orders-db',
    });
    for (const password of [secret, accessToken]) {
      const login = { resource: 'orders-db', username: `orders-db.${sessionId}`, password };
      expect(await authenticator.authenticatePassword(login)).toMatchObject({
        kind: 'authenticated',
        principal: { id: `${demo.idp.issuer}|analyst` },
      });
    }
    secrets.close();
  });

  test('an ID token is no access token, though it names the same audience', async () => {
    const { idToken } = await demo.signIn();
    expect(claimsOf(idToken ?? '')['aud']).toBe('sluice');
    expect(await demo.verifier.verify(idToken ?? '')).toMatchObject({
      kind: 'refused',
      error: { code: 'AUTH_TOKEN_INVALID' },
    });
  });

  it.each([
    ['analyst', 'wrong'],
    ['nobody', 'correct horse'],
    ['nobody', ''],
    ['nightly-planner', 'planner-secret'],
  ])('%s with a wrong password gets nothing', async (username, password) => {
    await expect(demo.signIn(username, password)).rejects.toMatchObject({ error: 'access_denied' });
  });

  test('a refresh token works once, and using it again ends what came of it', async () => {
    const first = await demo.signIn();
    const second = await refresh({ issuer: demo.idp.issuer, refreshToken: first.refreshToken ?? '' });
    expect(await demo.chainNames(second.accessToken)).toEqual(['analyst']);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    await expect(refresh({ issuer: demo.idp.issuer, refreshToken: first.refreshToken ?? '' })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(refresh({ issuer: demo.idp.issuer, refreshToken: second.refreshToken ?? '' })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('signing out tells the gateway by a logout token', async () => {
    const browser = new FormBrowser('http://127.0.0.1:9/');
    const authorization = new URLSearchParams({
      client_id: 'sluice',
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1:9/callback',
      scope: 'openid sluice',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    });
    const form = await browser.open(`${demo.idp.issuer}/auth?${authorization.toString()}`);
    await browser.submit(form, { username: 'admin', password: 'battery staple' });
    const heard = once(demo.logoutServer, 'request');
    const question = await browser.open(`${demo.idp.issuer}/session/end?client_id=sluice`);
    const answer = await browser.submit(question, { logout: 'yes' });
    await heard;
    expect(answer.html).toContain('Signed out');
    await expect.poll(() => demo.logoutTokens.length).toBe(1);
    const [token = ''] = demo.logoutTokens;
    expect(await isSignedByProvider(token)).toBe(true);
    expect(claimsOf(token)).toMatchObject({
      iss: demo.idp.issuer,
      aud: 'sluice',
      sub: 'admin',
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(await demo.verifier.verify(demo.logoutTokens[0] ?? '')).toMatchObject({ kind: 'refused' });
  });
});

describe('terminals', () => {
  const startDevice = async () => {
    const response = await fetch(`${demo.idp.issuer}/device/auth`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'sluice', scope: 'openid sluice offline_access' }),
    });
    return (await response.json()) as {
      device_code: string;
      user_code: string;
      verification_uri: string;
      verification_uri_complete: string;
    };
  };
  const poll = async (deviceCode: string) => {
    const body = new URLSearchParams({ grant_type: DEVICE_CODE, client_id: 'sluice', device_code: deviceCode });
    return (await (await fetch(`${demo.idp.issuer}/token`, { method: 'POST', body })).json()) as {
      access_token?: string;
      error?: string;
    };
  };

  test('the device grant signs in through its pages', async () => {
    const device = await startDevice();
    expect(await poll(device.device_code)).toMatchObject({ error: 'authorization_pending' });
    const browser = new FormBrowser('http://127.0.0.1:9/');
    const enterCode = await browser.open(device.verification_uri);
    const wrong = await browser.submit(enterCode, { user_code: 'XXXX-XXXX' });
    expect(wrong.html).toContain('not known');
    const confirm = await browser.submit(wrong, { user_code: device.user_code.toLowerCase() });
    expect(confirm.html).toContain(device.user_code);
    const login = await browser.submit(confirm, {});
    const done = await browser.submit(login, { username: 'analyst', password: 'correct horse' });
    expect(done.html).toContain('return to your terminal');
    expect(await demo.chainNames((await poll(device.device_code)).access_token ?? '')).toEqual(['analyst']);
  });

  test('answering No ends the device’s wait', async () => {
    const device = await startDevice();
    const browser = new FormBrowser('http://127.0.0.1:9/');
    const confirm = await browser.submit(await browser.open(device.verification_uri_complete), {});
    await browser.submit(confirm, { abort: 'yes' });
    expect(await poll(device.device_code)).toMatchObject({ error: 'access_denied' });
  });
});

test('nothing of all this was printed, and the provider met no defect of its own', () => {
  expect(demo.printed()).toEqual([]);
  expect(demo.errors).toEqual([]);
});

/** Checked without the library that signed it. */
async function isSignedByProvider(token: string): Promise<boolean> {
  const { keys } = (await (await fetch(`${demo.idp.issuer}/jwks`)).json()) as { keys: [JsonWebKey] };
  const dot = token.lastIndexOf('.');
  const key = { key: createPublicKey({ key: keys[0], format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', Buffer.from(token.slice(0, dot)), key, Buffer.from(token.slice(dot + 1), 'base64url'));
}
