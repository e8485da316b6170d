import { type ErrorCode, SluiceError } from '@sluice/contract/errors';
import * as openid from 'openid-client';
import { fetchThrough, type HttpOptions, isLoopback } from '../client/https.ts';
import type { AccessToken } from './access-token.ts';
import type { ProofKey } from './proof-key.ts';

/** An identity provider and the client that we are to it, as the gateway names them in `GET /api/v1/meta`. */
export type IssuerFacts = {
  readonly issuer: string;
  readonly clientId: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  /** Whether the gateway takes tokens of it that are bound to a key; `none` unless it says. */
  readonly binding?: 'none' | 'accepted' | 'required';
};

export type TokenSet = {
  readonly accessToken: string;
  /** What the access token is bound to; null for a bearer token. */
  readonly key: ProofKey | null;
  /** Epoch milliseconds; null when the issuer does not say. */
  readonly expiresAtMs: number | null;
  readonly refreshToken: string | null;
  /** Who signed in, for display: from the ID token. */
  readonly name: string | null;
};

/** Reads the issuer's metadata. Throws `GATEWAY_UNREACHABLE`, `AUTH_FAILED`. Plain http is taken on loopback only. */
export async function discover(
  facts: IssuerFacts,
  http: HttpOptions,
  authentication: openid.ClientAuth,
): Promise<openid.Configuration> {
  const server = new URL(facts.issuer);
  const hasCertificate = (http.certificate ?? null) !== null;
  const insecure = server.protocol === 'http:' && isLoopback(server);
  return asked(facts.issuer, () =>
    // An issuer may have addresses of their own for clients that show certificates (RFC 8705, 5).
    openid.discovery(server, facts.clientId, { use_mtls_endpoint_aliases: hasCertificate }, authentication, {
      [openid.customFetch]: fetchThrough(http),
      execute: insecure ? [openid.allowInsecureRequests] : [],
    }),
  );
}

/** RFC 8707 takes URIs only; an issuer whose audience is a plain word binds it to the scope or the client instead. */
export function resourceParameter(facts: IssuerFacts): Record<string, string> {
  return URL.canParse(facts.audience) ? { resource: facts.audience } : {};
}

/** The access token as it is presented. */
export function accessTokenOf({ accessToken, key }: TokenSet): AccessToken {
  return key === null ? accessToken : { value: accessToken, key };
}

/** `key`: what the answer's access token is bound to. */
export function tokenSet(
  answer: openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers,
  now: number,
  key: ProofKey | null,
): TokenSet {
  // As answered: what the library computes from it is of its own clock, and a second less now and then.
  const lifetimeSeconds = answer.expires_in;
  const claims = answer.claims();
  const name = claims?.['name'] ?? claims?.['preferred_username'] ?? claims?.sub;
  return {
    accessToken: answer.access_token,
    key,
    expiresAtMs: lifetimeSeconds === undefined ? null : now + lifetimeSeconds * 1_000,
    refreshToken: answer.refresh_token ?? null,
    name: typeof name === 'string' ? name : null,
  };
}

/** Runs a question to the issuer and tells its failure in our words. `invalid_grant` becomes `onInvalidGrant`. */
export async function asked<T>(
  issuer: string,
  question: () => Promise<T>,
  onInvalidGrant: ErrorCode = 'AUTH_FAILED',
): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw identityError(issuer, error, onInvalidGrant);
  }
}

function identityError(issuer: string, error: unknown, onInvalidGrant: ErrorCode): SluiceError {
  // Our own errors (unreachable, untrusted certificate) come back wrapped by the library.
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof SluiceError) return cause;
  }
  const remedy =
    'Run `sluice login` again; if it stays so, show this message to the administrator of the identity provider.';
  if (error instanceof openid.ResponseBodyError || error instanceof openid.AuthorizationResponseError) {
    const code = error.error === 'invalid_grant' ? onInvalidGrant : 'AUTH_FAILED';
    const why = error.error_description === undefined ? error.error : `${error.error}: ${error.error_description}`;
    return new SluiceError(code, `${issuer} refused (${why})`, { cause: error, remedy });
  }
  const why = error instanceof Error ? error.message : 'no reason given';
  return new SluiceError('AUTH_FAILED', `the sign-in with ${issuer} failed: ${why}`, { cause: error, remedy });
}
