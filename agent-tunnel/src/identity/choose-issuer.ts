import type { Meta } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import type { IssuerFacts } from './openid.ts';

/** The issuer of that name, the gateway's first unless named, with the client that signs in. Throws `USAGE`. */
export function chooseIssuer({ issuers }: Meta, name: string | null, clientId: string | null): IssuerFacts {
  const chosen = name === null ? issuers[0] : issuers.find((issuer) => issuer.name === name);
  if (chosen === undefined) {
    const names = issuers.map((issuer) => issuer.name).join(', ') || 'none';
    throw new SluiceError('USAGE', `the gateway offers no such issuer; it offers: ${names}`, {
      remedy: 'Choose one with `--issuer NAME`, or SLUICE_ISSUER.',
    });
  }
  const { issuer, audience, scopes, binding } = chosen;
  return { issuer, clientId: clientId ?? chosen.clientId, audience, scopes, binding };
}
