import { SluiceError } from '@sluice/contract/errors';
import type { TokenBinding } from '@sluice/contract/vocabulary';
import type { OwnOrigins } from './own-origins.ts';
import { readProof, refused } from './proof.ts';
import type { RequestTarget } from './request-target.ts';
import type { SeenProofs } from './seen-proofs.ts';

/** How a token came. */
export type Presentation =
  /** As the password of a database login, where no proof has a place. */
  | { readonly scheme: 'password' }
  | {
      readonly scheme: 'bearer';
      /** `x5t#S256` of the client certificate of this very TLS connection; null for none. */
      readonly certificate: string | null;
    }
  | {
      readonly scheme: 'dpop';
      readonly proof: string;
      /** What it is presented to. */
      readonly target: RequestTarget;
    };

/** Without anything that a bound token needs. */
export const BEARER_ALONE: Presentation = { scheme: 'bearer', certificate: null };

/** What an issuer's tokens have to be bound to: nothing at all, something if they say so, something always. */
export type BindingRule = 'none' | 'accepted' | 'required';

/** Who may use a token: its holder, when it is bound to something of theirs; else whoever has it. */
export class HolderCheck {
  readonly #origins: OwnOrigins;
  readonly #seen: SeenProofs;
  readonly #now: () => number;

  /** `now` in epoch milliseconds. */
  constructor(options: { readonly origins: OwnOrigins; readonly seen: SeenProofs; readonly now: () => number }) {
    this.#origins = options.origins;
    this.#seen = options.seen;
    this.#now = options.now;
  }

  /** Throws `AUTH_PROOF_INVALID`, `LIMIT_REACHED`. */
  async assertProof(
    token: string,
    thumbprint: string,
    { proof, target }: Extract<Presentation, { scheme: 'dpop' }>,
  ): Promise<void> {
    const isOwn = (url: URL) => this.#origins.includes(url);
    const jti = await readProof(proof, { token, thumbprint, target, isOwn, nowMs: this.#now() });
    // Last: only a proof that is good in every other way takes room.
    this.#seen.take(thumbprint, jti);
  }
}

/**
 * Whether a verified token, bound or not, may be used as it came. Throws `AUTH_TOKEN_BOUND`, `AUTH_TOKEN_INVALID`,
 * `AUTH_PROOF_INVALID`, `LIMIT_REACHED`.
 */
export async function assertHolder(
  token: { readonly text: string; readonly binding: TokenBinding | null },
  presentation: Presentation,
  { rule, holders }: { readonly rule: BindingRule; readonly holders: HolderCheck | null },
): Promise<void> {
  const { binding } = token;
  if (binding === null) {
    if (rule === 'required') throw unacceptable('it is not bound to a key or certificate, as its issuer’s have to be');
    if (presentation.scheme === 'dpop') throw refused('the token is not bound to a key');
    return;
  }
  if (rule === 'none') throw unacceptable('it is bound to a key or certificate, and none are accepted of its issuer');
  if (presentation.scheme === 'password')
    throw new SluiceError(
      'AUTH_TOKEN_BOUND',
      `The access token is bound to ${nameOf(binding)}, so it cannot be a database password.`,
      { remedy: 'Use the tunnel: `sluice connect RESOURCE`.' },
    );
  if (binding.kind === 'mtls') {
    if (presentation.scheme === 'dpop') throw refused('the token is bound to a certificate, not to a key');
    if (presentation.certificate === binding.thumbprint) return;
    throw new SluiceError(
      'AUTH_TOKEN_BOUND',
      presentation.certificate === null
        ? 'The access token is bound to a client certificate, and this connection has none.'
        : 'The access token is bound to another client certificate than that of this connection.',
    );
  }
  if (presentation.scheme === 'bearer')
    throw new SluiceError('AUTH_TOKEN_BOUND', 'The access token is bound to a key, and came without a proof of it.');
  if (holders === null) throw unacceptable('it is bound to a key, and no proof can be checked here');
  await holders.assertProof(token.text, binding.thumbprint, presentation);
}

function nameOf({ kind }: TokenBinding): string {
  return kind === 'dpop' ? 'a key' : 'a client certificate';
}

function unacceptable(why: string): SluiceError {
  return new SluiceError('AUTH_TOKEN_INVALID', `The access token was refused: ${why}.`);
}
