import type { Revocations } from '../revocations.ts';
import type { Revocation } from './revocation.ts';

/** For tests: takes back everything of a principal (`issuer|subject`) that was issued until then. */
export function revoke(revocations: Revocations, subject: string, untilMs: number): void {
  const revocation: Revocation = { subject, signIn: null, untilMs, why: 'a test' };
  revocations.remember(revocation);
  revocations.tell(revocation);
}
