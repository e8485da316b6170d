import { createPublicKey, generateKeyPairSync, type JsonWebKey, randomBytes, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { type IdentityProvider, startIdentityProvider } from '../../gateway/src/demo/identity-provider.ts';
import { FormBrowser } from '../../gateway/src/demo/identity-provider-browser.ts';
import {
  type ClientAuthentication,
  clientCredentials,
  exchange,
  refresh,
  signInForDemo,
  type TokenSet,
} from '../../gateway/src/demo/identity-provider-client.ts';
import type { DemoPrincipals } from '../../gateway/src/demo/identity-provider-principals.ts';
import { Authenticator } from '../../gateway/src/identity/authenticate.ts';
import { Revocations } from '../../gateway/src/identity/revocations.ts';
import { SessionSecrets } from '../../gateway/src/identity/session-secrets.ts';
import { TokenVerifier } from '../../gateway/src/identity/verify-token.ts';

const planner: ClientAuthentication = { kind: 'secret', clientId: 'nightly-planner', clientSecret: 'planner secret:%' };
const executor: ClientAuthentication = {
  kind: 'secret',
  clientId: 'nightly-executor',
  clientSecret: 'executor-secret',
};
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

let idp: IdentityProvider;
let backup: ClientAuthentication;
let revocations: Revocations;
let verifier: TokenVerifier;
const logoutTokens: string[] = [];
const heardLogout = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    logoutTokens.push(new URLSearchParams(body).get('logout_token') ?? '');
    response.end();
  });
});
const errors: Error[] = [];
const console_ = [vi.spyOn(console, 'info'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];

beforeAll(async () => {
  heardLogout.listen(0, '127.0.0.1');
  await once(heardLogout, 'listening');
  const address = heardLogout.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKey = { ...keys.publicKey.export({ format: 'jwk' }), alg: 'ES256' };
  backup = { kind: 'private-key', clientId: 'backup', privateKey: keys.privateKey, algorithm: 'ES256' };
  const principals: DemoPrincipals = {
    users: [
      {
        username: 'analyst',
        name: 'Ana Lyst',
        email: 'ana@corp.test',
        password: 'correct horse',
        groups: ['analysts'],
      },
      { username: 'admin', name: 'Ada Min', email: 'ada@corp.test', password: 'battery staple', groups: ['admins'] },
    ],
    agents: [
      {
        clientId: 'nightly-planner',
        groups: ['planners'],
        authentication: planner,
        mayActFor: ['analyst'],
      },
      {
        clientId: 'nightly-executor',
        groups: ['executors'],
        authentication: executor,
        mayActFor: ['analyst', 'nightly-planner'],
      },
      { clientId: 'backup', groups: [], authentication: { kind: 'private-key', publicKey }, mayActFor: [] },
    ],
  };
  idp = await startIdentityProvider({
    port: 0,
    audience: 'sluice',
    principals,
    backchannelLogoutUri: `http://127.0.0.1:${port}/logout`,
    onError: (error) => errors.push(error),
  });
  revocations = new Revocations({ now: Date.now });
  const agents = [
    { clientId: 'nightly-planner', kind: 'agent' },
    { clientId: 'nightly-executor', kind: 'agent' },
    { clientId: 'backup', kind: 'service' },
  ] as const;
  const claims = { groups: 'groups', agent: 'act' };
  const settings = {
    name: 'demo',
    issuer: idp.issuer,
    audience: 'sluice',
    claims,
    algorithms: ['ES256'],
    tokenType: 'required',
    agents,
  } as const;
  verifier = new TokenVerifier({ issuers: [settings], fetch, now: Date.now, revocations });
});

afterAll(async () => {
  await idp.close();
  heardLogout.closeAllConnections();
  heardLogout.close();
  await once(heardLogout, 'close');
});

const signIn = (username = 'analyst', password = 'correct horse') =>
  signInForDemo({ issuer: idp.issuer, username, password });

async function verified(accessToken: string) {
  const verification = await verifier.verify(accessToken);
  if (verification.kind === 'refused') throw verification.error;
  return verification.token;
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

/** Checked without the library that signed it. */
async function isSignedByProvider(token: string): Promise<boolean> {
  const { keys } = (await (await fetch(`${idp.issuer}/jwks`)).json()) as { keys: [JsonWebKey] };
  const dot = token.lastIndexOf('.');
  const key = { key: createPublicKey({ key: keys[0], format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', Buffer.from(token.slice(0, dot)), key, Buffer.from(token.slice(dot + 1), 'base64url'));
}

const chainNames = async (accessToken: string) =>
  (await verified(accessToken)).principal.chain.map(({ id }) => id.split('|')[1]);

describe('people', () => {
  test('sign in by code and PKCE and become a user with groups', async () => {
    const tokens = await signIn();
    const id = `${idp.issuer}|analyst`;
    expect(await verified(tokens.accessToken)).toMatchObject({
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
      revocations,
      settings,
    });
    const authenticator = new Authenticator({ tokens: verifier, secrets });
    const { accessToken } = await signIn();
    const { sessionId, secret } = await secrets.mint({ token: await verified(accessToken), resource: 'orders-db' });
    for (const password of [secret, accessToken]) {
      const login = { resource: 'orders-db', username: `orders-db.${sessionId}`, password };
      expect(await authenticator.authenticatePassword(login)).toMatchObject({
        kind: 'authenticated',
        principal: { id: `${idp.issuer}|analyst` },
      });
    }
    secrets.close();
  });

  test('an ID token is no access token, though it names the same audience', async () => {
    const { idToken } = await signIn();
    expect(claimsOf(idToken ?? '')['aud']).toBe('sluice');
    expect(await verifier.verify(idToken ?? '')).toMatchObject({
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
    await expect(signIn(username, password)).rejects.toMatchObject({ error: 'access_denied' });
  });

  test('a refresh token works once, and using it again ends what came of it', async () => {
    const first = await signIn();
    const second = await refresh({ issuer: idp.issuer, refreshToken: first.refreshToken ?? '' });
    expect(await chainNames(second.accessToken)).toEqual(['analyst']);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    await expect(refresh({ issuer: idp.issuer, refreshToken: first.refreshToken ?? '' })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(refresh({ issuer: idp.issuer, refreshToken: second.refreshToken ?? '' })).rejects.toMatchObject({
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
    const form = await browser.open(`${idp.issuer}/auth?${authorization.toString()}`);
    await browser.submit(form, { username: 'admin', password: 'battery staple' });
    const heard = once(heardLogout, 'request');
    const question = await browser.open(`${idp.issuer}/session/end?client_id=sluice`);
    const answer = await browser.submit(question, { logout: 'yes' });
    await heard;
    expect(answer.html).toContain('Signed out');
    await expect.poll(() => logoutTokens.length).toBe(1);
    const [token = ''] = logoutTokens;
    expect(await isSignedByProvider(token)).toBe(true);
    expect(claimsOf(token)).toMatchObject({
      iss: idp.issuer,
      aud: 'sluice',
      sub: 'admin',
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(await verifier.verify(logoutTokens[0] ?? '')).toMatchObject({ kind: 'refused' });
  });
});

describe('terminals', () => {
  const startDevice = async () => {
    const response = await fetch(`${idp.issuer}/device/auth`, {
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
    return (await (await fetch(`${idp.issuer}/token`, { method: 'POST', body })).json()) as {
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
    expect(await chainNames((await poll(device.device_code)).access_token ?? '')).toEqual(['analyst']);
  });

  test('answering No ends the device’s wait', async () => {
    const device = await startDevice();
    const browser = new FormBrowser('http://127.0.0.1:9/');
    const confirm = await browser.submit(await browser.open(device.verification_uri_complete), {});
    await browser.submit(confirm, { abort: 'yes' });
    expect(await poll(device.device_code)).toMatchObject({ error: 'access_denied' });
  });
});

describe('agents', () => {
  test('an agent gets a token for itself, with a secret or with its key', async () => {
    const own = await verified((await clientCredentials({ issuer: idp.issuer, client: planner })).accessToken);
    expect(own.principal).toMatchObject({
      id: `${idp.issuer}|nightly-planner`,
      kind: 'agent',
      groups: ['planners'],
      onBehalfOfGroups: [],
    });
    const service = await verified((await clientCredentials({ issuer: idp.issuer, client: backup })).accessToken);
    expect(service.principal).toMatchObject({ kind: 'service', groups: [] });
  });

  test('a wrong secret or another key gets nothing', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const wrong: ClientAuthentication[] = [
      { kind: 'secret', clientId: 'nightly-planner', clientSecret: 'wrong' },
      { kind: 'secret', clientId: 'sluice', clientSecret: 'x' },
      { kind: 'private-key', clientId: 'backup', privateKey, algorithm: 'ES256' },
    ];
    for (const client of wrong) {
      await expect(clientCredentials({ issuer: idp.issuer, client })).rejects.toMatchObject({
        error: 'invalid_client',
      });
    }
  });

  test('exchange makes the agent act for the person, and a second hop keeps the first', async () => {
    const analyst = await signIn();
    const direct = await exchange({
      issuer: idp.issuer,
      client: executor,
      subjectToken: analyst.accessToken,
      audience: 'sluice',
    });
    expect(await chainNames(direct.accessToken)).toEqual(['analyst', 'nightly-executor']);
    const first = await exchange({ issuer: idp.issuer, client: planner, subjectToken: analyst.accessToken });
    const second = await exchange({ issuer: idp.issuer, client: executor, subjectToken: first.accessToken });
    expect(await chainNames(second.accessToken)).toEqual(['analyst', 'nightly-planner', 'nightly-executor']);
    expect((await verified(second.accessToken)).principal).toMatchObject({
      id: `${idp.issuer}|nightly-executor`,
      onBehalfOfGroups: ['analysts'],
    });
  });

  test('a planner’s own token can be carried on by the executor', async () => {
    const own = await clientCredentials({ issuer: idp.issuer, client: planner });
    const carried = await exchange({ issuer: idp.issuer, client: executor, subjectToken: own.accessToken });
    expect(await chainNames(carried.accessToken)).toEqual(['nightly-planner', 'nightly-executor']);
    expect((await verified(carried.accessToken)).principal.onBehalfOfGroups).toEqual([]);
  });

  test('a chain that grew longer than the gateway accepts is refused by the gateway', async () => {
    let token = (await signIn()).accessToken;
    for (const client of [planner, executor, planner])
      token = (await exchange({ issuer: idp.issuer, client, subjectToken: token })).accessToken;
    expect(await chainNames(token)).toHaveLength(4);
    token = (await exchange({ issuer: idp.issuer, client: executor, subjectToken: token })).accessToken;
    expect(await verifier.verify(token)).toMatchObject({ kind: 'refused' });
  });

  test('a delegated token ends no later than the one it comes from', async () => {
    const analyst = await signIn();
    const delegated = await exchange({ issuer: idp.issuer, client: executor, subjectToken: analyst.accessToken });
    expect(claimsOf(delegated.accessToken)['exp']).toBeLessThanOrEqual(Number(claimsOf(analyst.accessToken)['exp']));
  });

  const refusals: [string, () => Promise<TokenSet>, string][] = [
    [
      'for a person it may not act for',
      async () =>
        exchange({
          issuer: idp.issuer,
          client: executor,
          subjectToken: (await signIn('admin', 'battery staple')).accessToken,
        }),
      'invalid_grant',
    ],
    [
      'by an agent that may act for nobody',
      async () => exchange({ issuer: idp.issuer, client: backup, subjectToken: (await signIn()).accessToken }),
      'invalid_grant',
    ],
    [
      'of an ID token',
      async () => exchange({ issuer: idp.issuer, client: executor, subjectToken: (await signIn()).idToken ?? '' }),
      'invalid_grant',
    ],
    [
      'of a forged token',
      async () =>
        exchange({
          issuer: idp.issuer,
          client: executor,
          subjectToken: `${(await signIn()).accessToken.slice(0, -20)}${'A'.repeat(20)}`,
        }),
      'invalid_grant',
    ],
    [
      'for another audience',
      async () =>
        exchange({
          issuer: idp.issuer,
          client: executor,
          subjectToken: (await signIn()).accessToken,
          audience: 'other',
        }),
      'invalid_target',
    ],
  ];
  it.each(refusals)('exchange is refused %s', async (_name, attempt, error) => {
    await expect(attempt()).rejects.toMatchObject({ error });
  });
});

describe('pages', () => {
  const openLogin = async (parameters: Record<string, string> = {}) => {
    const query = new URLSearchParams({
      client_id: 'sluice',
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1:12345/callback',
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      ...parameters,
    });
    const browser = new FormBrowser('http://127.0.0.1:9/');
    return { browser, page: await browser.open(`${idp.issuer}/auth?${query.toString()}`) };
  };

  test('what a link puts into the sign-in form stays text', async () => {
    const { page } = await openLogin({ login_hint: '"><script>alert(1)</script>' });
    expect(page.html).toContain('&quot;&gt;&lt;script&gt;');
    expect(page.html).not.toContain('<script>');
  });

  test('a wrong password shows the form again, with the name kept', async () => {
    const { browser, page } = await openLogin();
    const again = await browser.submit(page, { username: 'analyst', password: 'wrong' });
    expect(again.status).toBe(401);
    expect(again.html).toMatch(/role="alert".*wrong.*value="analyst"/s);
  });

  test('a form of another browser, or one that is too long, is refused with a page', async () => {
    const { browser, page } = await openLogin();
    const fields = { username: 'analyst', password: 'correct horse' };
    expect(await new FormBrowser().submit(page, fields)).toMatchObject({
      status: 400,
      html: expect.stringContaining('Start again'),
    });
    expect(await browser.submit(page, { ...fields, password: 'x'.repeat(9_000) })).toMatchObject({ status: 413 });
  });

  it.each([
    ['an address that is not the client’s', { redirect_uri: 'https://evil.example.test/callback' }],
    ['no PKCE', { code_challenge: '', code_challenge_method: '' }],
    ['an unknown client', { client_id: 'evil' }],
  ])('a sign-in with %s does not show the form', async (_name, parameters) => {
    const query = await openLogin(parameters).catch((error: unknown) => String(error));
    expect(typeof query === 'string' ? query : query.page.html).not.toContain('name="password"');
  });

  test('a page of another host name that points here gets nothing', async () => {
    const request = httpRequest(`${idp.issuer}/.well-known/openid-configuration`, {
      headers: { host: 'evil.example.test' },
    });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(421);
  });
});

test('a port that is taken is explained', async () => {
  const port = Number(new URL(idp.issuer).port);
  const start = startIdentityProvider({ port, audience: 'sluice', principals: { users: [], agents: [] } });
  await expect(start).rejects.toMatchObject({
    code: 'CONFIG_PORT_TAKEN',
    message: expect.stringContaining(String(port)),
  });
});

test('nothing of all this was printed, and the provider met no defect of its own', () => {
  expect(console_.flatMap((spy) => spy.mock.calls)).toEqual([]);
  expect(errors).toEqual([]);
});
