import * as openid from 'openid-client';
import type { HttpOptions } from '../client/https.ts';
import { type Binding, boundKey, keyFor, withProofs } from './binding.ts';
import { asked, discover, type IssuerFacts, resourceParameter, type TokenSet, tokenSet } from './openid.ts';

export type DevicePrompt = {
  /** Where the person enters the code, on any device. */
  readonly address: string;
  /** The same with the code filled in, when the issuer offers it. */
  readonly completeAddress: string | null;
  readonly userCode: string;
  readonly expiresInSeconds: number;
};

/**
 * Signs a person in without a browser on this machine (device grant, RFC 8628). Polls as slowly as the issuer asks,
 * until the code expires. Throws `AUTH_FAILED` (denied, expired), `GATEWAY_UNREACHABLE`, or the signal's reason.
 */
export async function signInWithDevice(
  facts: IssuerFacts,
  http: HttpOptions,
  options: {
    readonly show: (prompt: DevicePrompt) => void;
    readonly signal: AbortSignal;
    readonly now: () => number;
    /** Bearer tokens unless given. */
    readonly binding?: Binding;
  },
): Promise<TokenSet> {
  const configuration = await discover(facts, http, openid.None());
  const { binding = null } = options;
  const key = await keyFor(configuration, facts, binding);
  return asked(facts.issuer, async () => {
    const scope = facts.scopes.join(' ');
    const device = await openid.initiateDeviceAuthorization(configuration, { scope, ...resourceParameter(facts) });
    options.show({
      address: device.verification_uri,
      completeAddress: device.verification_uri_complete ?? null,
      userCode: device.user_code,
      expiresInSeconds: device.expires_in,
    });
    const tokens = await openid.pollDeviceAuthorizationGrant(configuration, device, resourceParameter(facts), {
      signal: options.signal,
      ...withProofs(configuration, key),
    });
    return tokenSet(tokens, options.now(), boundKey(tokens, key, facts.issuer, binding?.setting ?? 'off'));
  });
}
