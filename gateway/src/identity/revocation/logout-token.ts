/** Logout tokens: OpenID Connect Back-Channel Logout 1.0 §2.4 to §2.6. */
import { isIdentifier } from '../principal-from-claims.ts';
import { EventRefused } from './event-refused.ts';
import { type EventSource, type EventToken, verifyEventToken } from './event-token.ts';
import type { Revocation } from './revocation.ts';

export const BACKCHANNEL_LOGOUT = 'http://schemas.openid.net/event/backchannel-logout';

/**
 * The token and what it revokes. `exp` is required (§2.4), so a token that was caught is good for minutes. Types of other
 * tokens are refused; none at all, or `JWT`, is what older issuers write (§2.4). Throws EventRefused.
 */
export async function readLogoutToken(
  token: string,
  source: EventSource,
  nowMs: number,
): Promise<{ readonly token: EventToken; readonly revocation: Revocation }> {
  const rules = { types: ['logout+jwt', 'jwt', null], requiredClaims: ['exp'] };
  const verified = await verifyEventToken(token, source, rules, nowMs);
  const { claims, events, issuedUntilMs } = verified;
  if (!events.has(BACKCHANNEL_LOGOUT)) throw new EventRefused('invalid_request', 'it tells of no logout');
  // §2.4: so that no ID token passes for one.
  if (claims['nonce'] !== undefined) throw new EventRefused('invalid_request', 'it answers a nonce');
  const subject = readName(claims.sub, 'sub');
  const signIn = readName(claims['sid'], 'sid');
  if (subject === null && signIn === null) throw new EventRefused('invalid_request', 'it names nobody');
  return {
    token: verified,
    revocation: {
      subject: subject === null ? null : `${source.issuer}|${subject}`,
      signIn: signIn === null ? null : `${source.issuer}|${signIn}`,
      untilMs: issuedUntilMs,
      why: 'signed out',
    },
  };
}

function readName(value: unknown, claim: string): string | null {
  if (value === undefined) return null;
  if (!isIdentifier(value)) throw new EventRefused('invalid_request', `its "${claim}" is not an identifier`);
  return value;
}
