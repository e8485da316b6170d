/** Whether tokens are asked for that are bound to a key of ours (DPoP, RFC 9449). */
import { SluiceError } from '@sluice/contract/errors';
import type * as openid from 'openid-client';
import type { IssuerFacts } from './openid.ts';
import { PROOF_ALGORITHM, type ProofKey } from './proof-key.ts';

export const PROOF_SETTINGS = ['auto', 'required', 'off'] as const;
/** `auto`: where the issuer offers it and the gateway takes it. `required`: nothing else is taken. */
export type ProofSetting = (typeof PROOF_SETTINGS)[number];

/** What is wanted, and the key for it, made when it is first needed. */
export type Binding = { readonly setting: ProofSetting; readonly key: () => Promise<ProofKey> };

/** The key to prove in a request for tokens; null for bearer tokens. Throws `AUTH_FAILED` when one is required and cannot be. */
export async function keyFor(
  configuration: openid.Configuration,
  facts: IssuerFacts,
  binding: Binding | null,
): Promise<ProofKey | null> {
  if (binding === null || binding.setting === 'off') return null;
  const offered = configuration.serverMetadata().dpop_signing_alg_values_supported ?? [];
  const why = !offered.includes(PROOF_ALGORITHM)
    ? `${facts.issuer} does not offer DPoP with ${PROOF_ALGORITHM}`
    : (facts.binding ?? 'none') === 'none'
      ? 'the gateway accepts no tokens of this issuer that are bound to a key'
      : null;
  if (why === null) return await binding.key();
  if (binding.setting === 'auto') return null;
  throw notBound(why);
}

/** For the library's requests. */
export function withProofs(configuration: openid.Configuration, key: ProofKey | null): openid.DPoPOptions {
  return key === null ? {} : { DPoP: key.handle(configuration) };
}

/** The key that an answer's token is bound to: an issuer may hear a proof and answer with a bearer token all the same. */
export function boundKey(
  answer: openid.TokenEndpointResponse,
  key: ProofKey | null,
  issuer: string,
  setting: ProofSetting,
): ProofKey | null {
  if (key !== null && answer.token_type === 'dpop') return key;
  if (key !== null && setting === 'required') throw notBound(`${issuer} answered a proof with a bearer token`);
  return null;
}

function notBound(why: string): SluiceError {
  return new SluiceError('AUTH_FAILED', `the access token would not be bound to a key: ${why}`, {
    remedy: 'Ask the administrator, or allow bearer tokens: SLUICE_DPOP=auto.',
  });
}
