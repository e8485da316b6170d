import * as openid from 'openid-client';
import type { HttpOptions } from '../client/https.ts';
import { type Binding, boundKey, keyFor, withProofs } from './binding.ts';
import { openLoopbackRedirect } from './loopback-redirect.ts';
import { asked, discover, type IssuerFacts, resourceParameter, type TokenSet, tokenSet } from './openid.ts';

/** How long the person may take in the browser. */
export const BROWSER_TIMEOUT_MS = 5 * 60_000;

/**
 * Signs a person in: authorization code with PKCE (S256) on a loopback redirect, `state`, `nonce`, and the issuer's
 * `iss` checked (RFC 9207). `show` gets the address that the person's browser has to open.
 *
 * Throws `AUTH_FAILED`, `CONFIG_PORT_TAKEN`, `GATEWAY_UNREACHABLE`, or the signal's reason.
 */
export async function signInWithBrowser(
  facts: IssuerFacts,
  http: HttpOptions,
  options: {
    readonly redirectPort: number;
    readonly show: (url: URL) => void;
    readonly signal: AbortSignal;
    readonly now: () => number;
    /** Bearer tokens unless given. */
    readonly binding?: Binding;
  },
): Promise<TokenSet> {
  const configuration = await discover(facts, http, openid.None());
  const { binding = null } = options;
  const key = await keyFor(configuration, facts, binding);
  const proofs = withProofs(configuration, key);
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const expectedState = openid.randomState();
  const expectedNonce = openid.randomNonce();
  const redirect = await openLoopbackRedirect(options.redirectPort, expectedState);
  try {
    const address = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirect.redirectUri,
      scope: facts.scopes.join(' '),
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
      // The code is of use to nobody else either (RFC 9449 §10).
      ...(key !== null && { dpop_jkt: key.thumbprint }),
      ...consentParameter(configuration, facts),
      ...resourceParameter(facts),
    });
    options.show(address);
    const answer = await redirect.wait(AbortSignal.any([options.signal, AbortSignal.timeout(BROWSER_TIMEOUT_MS)]));
    const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
    const tokens = await asked(facts.issuer, () =>
      openid.authorizationCodeGrant(configuration, answer, checks, resourceParameter(facts), proofs),
    );
    return tokenSet(tokens, options.now(), boundKey(tokens, key, facts.issuer, binding?.setting ?? 'off'));
  } finally {
    await redirect.close();
  }
}

/** OpenID Connect Core, 11: refresh tokens are for those who were asked. Left out where the issuer says that it never asks. */
function consentParameter(configuration: openid.Configuration, facts: IssuerFacts): Record<string, string> {
  const prompts: unknown = configuration.serverMetadata()['prompt_values_supported'];
  const asks = !Array.isArray(prompts) || prompts.includes('consent');
  return asks && facts.scopes.includes('offline_access') ? { prompt: 'consent' } : {};
}
