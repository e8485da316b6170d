import type { Principal, TokenBinding } from '@sluice/contract/vocabulary';

/** 32 bytes in base64url. */
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

const KINDS: Readonly<Record<string, TokenBinding['kind']>> = { jkt: 'dpop', 'x5t#S256': 'mtls' };

/**
 * The claim `cnf` of a verified token: null when there is none, `unknown` when it says something that is not checked
 * here. Of two confirmations nobody says whether one is enough, so that is `unknown` as well.
 */
export function readBinding(cnf: unknown): TokenBinding | null | 'unknown' {
  if (cnf === undefined) return null;
  if (typeof cnf !== 'object' || cnf === null) return 'unknown';
  const [member, ...others] = Object.entries(cnf);
  if (member === undefined || others.length > 0) return 'unknown';
  const [name, thumbprint] = member;
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind === undefined || typeof thumbprint !== 'string' || !THUMBPRINT.test(thumbprint)) return 'unknown';
  return { kind, thumbprint };
}

type Holder = Pick<Principal, 'id' | 'binding'>;

/** Whether two tokens are of one principal, and bound to the same thing or both to nothing. */
export function isSameHolder(one: Holder, other: Holder): boolean {
  return (
    one.id === other.id &&
    one.binding?.kind === other.binding?.kind &&
    one.binding?.thumbprint === other.binding?.thumbprint
  );
}
