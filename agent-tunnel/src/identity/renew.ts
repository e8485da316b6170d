import { SluiceError } from '@sluice/contract/errors';
import * as openid from 'openid-client';
import type { HttpOptions } from '../client/https.ts';
import { confinedTo } from './asked-scopes.ts';
import { boundKey, withProofs } from './binding.ts';
import { asked, discover, type IssuerFacts, resourceParameter, type TokenSet, tokenSet } from './openid.ts';
import type { ProofKey } from './proof-key.ts';

/**
 * A new access token for a refresh token. Issuers rotate: the answer's refresh token replaces the old one, which is
 * used up. `key`: what the refresh token is bound to, null for nothing; the access token is bound to the same.
 * `scopes`: what it is confined to, of all that the sign-in has (RFC 6749 §6); null for nothing less. Throws `AUTH_TOKEN_EXPIRED` when the sign-in has ended (expired, revoked, or used twice).
 */
export async function renew(
  facts: IssuerFacts,
  refreshToken: string,
  http: HttpOptions,
  now: () => number,
  key: ProofKey | null = null,
  scopes: readonly string[] | null = null,
): Promise<TokenSet> {
  const scope = scopes === null ? {} : { scope: confinedTo(facts, scopes).scopes.join(' ') };
  const configuration = await discover(facts, http, openid.None());
  const answer = await asked(
    facts.issuer,
    () =>
      openid.refreshTokenGrant(
        configuration,
        refreshToken,
        { ...resourceParameter(facts), ...scope },
        withProofs(configuration, key),
      ),
    'AUTH_TOKEN_EXPIRED',
  );
  return tokenSet(answer, now(), boundKey(answer, key, facts.issuer, key === null ? 'off' : 'required'));
}

/** Ends a sign-in at the issuer (RFC 7009). Throws `AUTH_FAILED` when the issuer cannot, or `GATEWAY_UNREACHABLE`. */
export async function revoke(facts: IssuerFacts, refreshToken: string, http: HttpOptions): Promise<void> {
  const configuration = await discover(facts, http, openid.None());
  if (configuration.serverMetadata().revocation_endpoint === undefined) {
    throw new SluiceError('AUTH_FAILED', `${facts.issuer} offers no revocation; the sign-in ends when it expires`);
  }
  await asked(facts.issuer, () =>
    openid.tokenRevocation(configuration, refreshToken, { token_type_hint: 'refresh_token' }),
  );
}
