import type { Actor } from '@sluice/contract/vocabulary';

/** Which sign-in at the issuer a token came of, as far as the token says. */
export type SignIn = {
  /** `issuer|sid`; null when the token names none. */
  readonly id: string | null;
  /** `iat` in epoch milliseconds; 0 when the token does not say, which is older than every revocation. */
  readonly issuedAtMs: number;
};

/** Whoever is here by a token: a caller of the API, the holder of a session secret, a session. */
export type SignedIn = {
  readonly principal: { readonly chain: readonly Pick<Actor, 'id'>[] };
  readonly signIn: SignIn;
};
