import { createHash, type KeyObject, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { FormBrowser } from './identity-provider-browser.ts';
import { ACCESS_TOKEN_TYPE, TOKEN_EXCHANGE } from './identity-provider-exchange.ts';

const ASSERTION_SECONDS = 60;

export type TokenSet = {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly idToken: string | null;
  readonly expiresInSeconds: number;
};

export type ClientAuthentication =
  | { readonly kind: 'secret'; readonly clientId: string; readonly clientSecret: string }
  | {
      readonly kind: 'private-key';
      readonly clientId: string;
      readonly privateKey: KeyObject;
      readonly algorithm: string;
    };

/** What a token endpoint answered instead of tokens: `error` of RFC 6749 §5.2. */
export class TokenRequestError extends Error {
  override readonly name = 'TokenRequestError';
  readonly error: string;

  constructor(error: string, description: string) {
    super(`the identity provider refused: ${error} ${description}`);
    this.error = error;
  }
}

/** Nothing listens here: the browser stops at this address, and the code is read from it. */
export const DEMO_REDIRECT = 'http://127.0.0.1:9/callback';

/** Signs a demo user in as a browser would: authorization request, sign-in form, code, PKCE. */
export async function signInForDemo(request: {
  readonly issuer: string;
  readonly username: string;
  readonly password: string;
  readonly clientId?: string;
  readonly scopes?: readonly string[];
  /** Stays signed in at the provider. */
  readonly browser?: FormBrowser;
}): Promise<TokenSet> {
  const clientId = request.clientId ?? 'sluice';
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const redirectUri = DEMO_REDIRECT;
  const endpoints = await discover(request.issuer);
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: (request.scopes ?? ['openid', 'profile', 'email', 'groups', 'offline_access', 'sluice']).join(' '),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state,
    nonce: randomBytes(16).toString('base64url'),
  });
  const browser = request.browser ?? new FormBrowser(redirectUri);
  const loginForm = await browser.open(`${endpoints.authorization}?${query.toString()}`);
  const end = await browser.submit(loginForm, { username: request.username, password: request.password });
  if (!end.url.startsWith(redirectUri))
    throw new TokenRequestError('access_denied', 'the sign-in form did not accept the user');
  const answer = new URL(end.url).searchParams;
  if (answer.get('state') !== state || answer.get('iss') !== request.issuer)
    throw new TokenRequestError('invalid_response', 'state or iss differ');
  const code = answer.get('code');
  if (code === null)
    throw new TokenRequestError(answer.get('error') ?? 'invalid_response', answer.get('error_description') ?? '');
  return requestTokens(endpoints.token, {
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
}

/** A new token set for a rotating refresh token; the old refresh token is used up. */
export async function refresh(request: {
  readonly issuer: string;
  readonly refreshToken: string;
  readonly clientId?: string;
}): Promise<TokenSet> {
  const { token } = await discover(request.issuer);
  return requestTokens(token, {
    grant_type: 'refresh_token',
    client_id: request.clientId ?? 'sluice',
    refresh_token: request.refreshToken,
  });
}

/** A token of an agent for itself (RFC 6749 §4.4). */
export async function clientCredentials(request: {
  readonly issuer: string;
  readonly client: ClientAuthentication;
  /** Beside `sluice`. */
  readonly scopes?: readonly string[];
}): Promise<TokenSet> {
  const { token } = await discover(request.issuer);
  const scope = ['sluice', ...(request.scopes ?? [])].join(' ');
  return requestTokens(token, { grant_type: 'client_credentials', scope }, request);
}

/** A token of an agent on behalf of the subject of another token (RFC 8693). */
export async function exchange(request: {
  readonly issuer: string;
  readonly client: ClientAuthentication;
  readonly subjectToken: string;
  readonly audience?: string;
  /** All of the subject token's unless given. */
  readonly scopes?: readonly string[];
}): Promise<TokenSet> {
  const { token } = await discover(request.issuer);
  const audience = request.audience === undefined ? {} : { audience: request.audience };
  const scope = request.scopes === undefined ? {} : { scope: request.scopes.join(' ') };
  const body = {
    grant_type: TOKEN_EXCHANGE,
    subject_token: request.subjectToken,
    subject_token_type: ACCESS_TOKEN_TYPE,
    ...audience,
    ...scope,
  };
  return requestTokens(token, body, request);
}

const DiscoverySchema = z.object({ authorization_endpoint: z.url(), token_endpoint: z.url() });
const RefusalSchema = z.object({ error: z.string(), error_description: z.string().default('') });
const TokensSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string().nullable().default(null),
  id_token: z.string().nullable().default(null),
  expires_in: z.number(),
});

async function discover(issuer: string): Promise<{ readonly authorization: string; readonly token: string }> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`);
  const document = DiscoverySchema.parse(await response.json());
  return { authorization: document.authorization_endpoint, token: document.token_endpoint };
}

async function requestTokens(
  endpoint: string,
  body: Record<string, string>,
  as?: { readonly issuer: string; readonly client: ClientAuthentication },
): Promise<TokenSet> {
  const authentication = as === undefined ? { headers: {}, fields: {} } : await authenticate(as.client, as.issuer);
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: authentication.headers,
    body: new URLSearchParams({ ...body, ...authentication.fields }),
  });
  const answer: unknown = await response.json();
  if (response.status !== 200) {
    const refusal = RefusalSchema.parse(answer);
    throw new TokenRequestError(refusal.error, refusal.error_description);
  }
  const tokens = TokensSchema.parse(answer);
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    idToken: tokens.id_token,
    expiresInSeconds: tokens.expires_in,
  };
}

async function authenticate(
  client: ClientAuthentication,
  issuer: string,
): Promise<{ readonly headers: Record<string, string>; readonly fields: Record<string, string> }> {
  if (client.kind === 'secret') {
    const pair = `${encodeURIComponent(client.clientId)}:${encodeURIComponent(client.clientSecret)}`;
    return { headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }, fields: {} };
  }
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: client.algorithm })
    .setIssuer(client.clientId)
    .setSubject(client.clientId)
    .setAudience(issuer)
    .setJti(randomBytes(16).toString('base64url'))
    .setIssuedAt()
    .setExpirationTime(`${ASSERTION_SECONDS}s`)
    .sign(client.privateKey);
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  return {
    headers: {},
    fields: { client_id: client.clientId, client_assertion_type: type, client_assertion: assertion },
  };
}
