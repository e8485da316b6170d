import type { ProofKey } from './proof-key.ts';

/** A token and the key that it is bound to. */
export type BoundToken = { readonly value: string; readonly key: ProofKey };

/** A bearer token is its text; a bound one comes with its key. */
export type AccessToken = string | BoundToken;

/** Gives a valid access token, renewed when needed. */
export type TokenSource = () => Promise<AccessToken>;

export function isBound(token: AccessToken | null): token is BoundToken {
  return token !== null && typeof token !== 'string';
}

export function tokenText(token: AccessToken): string {
  return typeof token === 'string' ? token : token.value;
}

/** The headers that present a token to one request; a bound one with a fresh proof. */
export async function authorizationHeaders(
  token: AccessToken,
  request: { readonly method: string; readonly url: URL },
): Promise<Readonly<Record<string, string>>> {
  if (typeof token === 'string') return { authorization: `Bearer ${token}` };
  const proof = await token.key.prove({ ...request, token: token.value });
  return { authorization: `DPoP ${token.value}`, dpop: proof };
}
