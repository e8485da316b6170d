import { createHash, timingSafeEqual } from 'node:crypto';
import type { JWK } from 'jose';

/** A person who can sign in at the demo's provider. */
export type DemoUser = {
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly groups: readonly string[];
};

/** A client that acts by itself, or for somebody by token exchange. */
export type DemoAgent = {
  readonly clientId: string;
  readonly groups: readonly string[];
  /** A shared secret, the public key of the agent (`private_key_jwt`), or its certificate. */
  readonly authentication:
    | { readonly kind: 'secret'; readonly clientSecret: string }
    | { readonly kind: 'private-key'; readonly publicKey: JWK }
    /** Its TLS client certificate, which its tokens are bound to (RFC 8705); the provider has to speak TLS. */
    | { readonly kind: 'certificate'; readonly certificatePem: string };
  /** Subjects whose tokens it may exchange for one of its own. */
  readonly mayActFor: readonly string[];
};

export type DemoPrincipals = {
  readonly users: readonly DemoUser[];
  readonly agents: readonly DemoAgent[];
};

/** The user whom these words sign in, or null; takes as long for an unknown user as for a wrong password. */
export function checkPassword(principals: DemoPrincipals, username: string, password: string): DemoUser | null {
  const user = principals.users.find((candidate) => candidate.username === username);
  const isRight = timingSafeEqual(digest(password), digest(user?.password ?? ''));
  return user !== undefined && isRight ? user : null;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
