/** What an access token is bound to, besides whom it names. */
export type TokenBinding = {
  /** `dpop`: a key that its holder proves with each use (RFC 9449). `mtls`: the certificate of the connection (RFC 8705). */
  readonly kind: 'dpop' | 'mtls';
  /** SHA-256 of the key (RFC 7638) or of the certificate's DER, base64url. */
  readonly thumbprint: string;
};

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

export function isSameBinding(one: TokenBinding | undefined, other: TokenBinding | undefined): boolean {
  return one?.kind === other?.kind && one?.thumbprint === other?.thumbprint;
}
