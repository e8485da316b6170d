/**
 * What a revocation says and whom it means. Pure.
 *
 * Times are the issuer's: the same clock stamps its tokens and its events. So a token that is issued after the event is
 * good, however late the event arrives and however often.
 */
import type { SignedIn } from '../sign-in.ts';

export type Revocation = {
  /** `issuer|subject`: it, and whoever acts for it. Null: the sign-in alone is named. */
  readonly subject: string | null;
  /** `issuer|sid`. With a subject too, its other sign-ins go on, as far as their tokens tell which they are. */
  readonly signIn: string | null;
  /** `issuer|hash` of one token: it alone is meant. */
  readonly token?: string;
  /** Epoch milliseconds: of the subject, what was issued until then. Of a sign-in, everything. */
  readonly untilMs: number;
  /** For the client and the record. */
  readonly why: string;
};

/**
 * What stays of a revocation, to be asked about every token: `subject` all of it, `nameless` only what does not name its
 * sign-in, `sign-in` and `token` that one; `floor` of a whole issuer, when more was revoked than is remembered.
 */
export type Mark = {
  readonly kind: 'subject' | 'nameless' | 'sign-in' | 'token' | 'floor';
  /** `issuer|subject`, `issuer|sid`, `issuer|hash`, or the issuer. */
  readonly id: string;
  readonly untilMs: number;
};

export function marksOf({ subject, signIn, token, untilMs }: Revocation): readonly Mark[] {
  const marks: Mark[] = [];
  if (subject !== null) marks.push({ kind: signIn === null ? 'subject' : 'nameless', id: subject, untilMs });
  if (signIn !== null) marks.push({ kind: 'sign-in', id: signIn, untilMs });
  if (token !== undefined) marks.push({ kind: 'token', id: token, untilMs });
  return marks;
}

/**
 * Whether this is to end now. Cutting a link ends its descendants: whoever has the subject in its chain. A token that
 * does not name its sign-in may be of the one that ended, so it counts as such.
 */
export function isEndedBy({ subject, signIn, token, untilMs }: Revocation, of: SignedIn): boolean {
  if (token !== undefined && of.signIn.token?.id === token) return true;
  if (signIn !== null && of.signIn.id === signIn) return true;
  if (subject === null || of.signIn.issuedAtMs > untilMs) return false;
  return (signIn === null || of.signIn.id === null) && of.principal.chain.some(({ id }) => id === subject);
}
