import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_HTTP } from '../client/https.ts';
import { signInWithBrowser } from './sign-in-with-browser.ts';

/** What the person's browser is sent back with, and what the ID token says; by default all of it as it should be. */
type Answer = { readonly iss?: string | null; readonly nonce?: string };

let issuer: Server;
let origin: string;
/** Questions at the token endpoint. */
let redeemed: URLSearchParams[];
let answer: Answer;
/** Where the browser was sent. */
let asked: URL;

beforeEach(async () => {
  redeemed = [];
  answer = {};
  issuer = createServer(async (request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url?.startsWith('/.well-known/') === true) {
      const endpoints = { authorization_endpoint: `${origin}/auth`, token_endpoint: `${origin}/token` };
      const metadata = { issuer: origin, ...endpoints, authorization_response_iss_parameter_supported: true };
      response.end(JSON.stringify(metadata));
      return;
    }
    redeemed.push(new URLSearchParams(Buffer.concat(await request.toArray()).toString()));
    const nonce = answer.nonce ?? asked.searchParams.get('nonce');
    const seconds = Math.floor(Date.now() / 1_000);
    const claims = { iss: origin, aud: 'sluice', sub: 'ana', name: 'Ana', nonce, iat: seconds, exp: seconds + 60 };
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    // It comes from the issuer's own endpoint: OpenID Connect Core, 3.1.3.7 (6) lets the connection stand for a signature.
    const idToken = `${part({ alg: 'RS256' })}.${part(claims)}.${part({})}`;
    const tokens = { access_token: 'access', token_type: 'bearer', expires_in: 60, id_token: idToken };
    response.end(JSON.stringify(tokens));
  });
  origin = `http://127.0.0.1:${await listening(issuer)}`;
});
afterEach(async () => {
  issuer.closeAllConnections();
  await new Promise((resolve) => issuer.close(resolve));
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** Signs in with a browser that comes back at once, as `answer` says. */
async function signIn(redirectPort = 0) {
  let returned: Promise<unknown> = Promise.resolve();
  const show = (url: URL): void => {
    asked = url;
    const back = new URL(url.searchParams.get('redirect_uri') ?? '');
    back.searchParams.set('code', 'code-1');
    back.searchParams.set('state', url.searchParams.get('state') ?? '');
    if (answer.iss !== null) back.searchParams.set('iss', answer.iss ?? origin);
    returned = fetch(back);
  };
  const facts = { issuer: origin, clientId: 'sluice', audience: 'sluice', scopes: ['openid'] };
  const means = { redirectPort, show, signal: AbortSignal.timeout(60_000), now: Date.now };
  try {
    return await signInWithBrowser(facts, { ...DEFAULT_HTTP, ca: null }, means);
  } finally {
    await returned;
  }
}

it('redeems a code with the verifier of the challenge that it was asked for with', async () => {
  expect(await signIn()).toMatchObject({ accessToken: 'access', name: 'Ana' });
  const [question] = redeemed;
  const verifier = question?.get('code_verifier') ?? '';
  expect(question?.get('code')).toBe('code-1');
  expect(verifier.length).toBeGreaterThanOrEqual(43);
  expect(asked.searchParams.get('code_challenge_method')).toBe('S256');
  expect(asked.searchParams.get('code_challenge')).toBe(createHash('sha256').update(verifier).digest('base64url'));
  await signIn();
  expect(redeemed[1]?.get('code_verifier')).not.toBe(verifier);
});

it.each<[string, Answer]>([
  ['names another issuer', { iss: 'https://other.example' }],
  ['names no issuer, where this one says that it does', { iss: null }],
])('a code that comes back with an answer that %s is not redeemed', async (_, given) => {
  answer = given;
  await expect(signIn()).rejects.toMatchObject({ code: 'AUTH_FAILED' });
  expect(redeemed).toEqual([]);
});

it('an ID token with the nonce of another sign-in is refused', async () => {
  answer = { nonce: 'of-another' };
  await expect(signIn()).rejects.toMatchObject({ code: 'AUTH_FAILED' });
});

it('takes the port that is configured and no other: one that is taken ends the sign-in', async () => {
  const taken = createServer();
  const port = await listening(taken);
  await expect(signIn(port)).rejects.toMatchObject({
    code: 'CONFIG_PORT_TAKEN',
    message: expect.stringContaining(String(port)),
  });
  await new Promise((resolve) => taken.close(resolve));
});
