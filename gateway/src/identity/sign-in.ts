import type { Actor } from '@sluice/contract/vocabulary';
import type { Secret } from '../config/secret.ts';

/** Which sign-in at the issuer a token came of, as far as the token says. */
export type SignIn = {
  /** `issuer|sid`; null when the token names none. */
  readonly id: string | null;
  /** `iat` in epoch milliseconds; 0 when the token does not say, which is older than every revocation. */
  readonly issuedAtMs: number;
  /** True: its token is bound, and a session secret that was minted with it is good in tunnels only. */
  readonly tunnelOnly?: boolean;
  /** The token itself, where its issuer is to be asked about it. In memory only. */
  readonly token?: HeldToken;
};

/** `id`: `issuer|` and the SHA-256 of the token, hex. */
export type HeldToken = { readonly id: string; readonly value: Secret };

/** Whoever is here by a token: a caller of the API, the holder of a session secret, a session. */
export type SignedIn = {
  readonly principal: { readonly chain: readonly Pick<Actor, 'id'>[] };
  readonly signIn: SignIn;
};
