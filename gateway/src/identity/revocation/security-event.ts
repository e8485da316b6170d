/**
 * Security event tokens (RFC 8417) of the Shared Signals Framework: which of CAEP's and RISC's events end sessions, and
 * whose. The rest is for others, and ignored on record.
 */
import { isIdentifier } from '../principal-from-claims.ts';
import { EventRefused } from './event-refused.ts';
import { type EventSource, type EventToken, isRecord, verifyEventToken } from './event-token.ts';
import type { Revocation } from './revocation.ts';

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';

/** What ends sessions, with the words for the client. */
export const ENDING_EVENTS: ReadonlyMap<string, string> = new Map([
  [`${CAEP}session-revoked`, 'the session was revoked'],
  // Policy decides by groups and names of the token: they are not what they were. The next token says what they are.
  [`${CAEP}token-claims-change`, 'the claims of the token have changed'],
  [`${CAEP}credential-change`, 'a credential has changed'],
  [`${RISC}account-disabled`, 'the account was disabled'],
  [`${RISC}account-purged`, 'the account was removed'],
  [`${RISC}credential-compromise`, 'a credential was compromised'],
  [`${RISC}account-credential-change-required`, 'a credential has to be changed'],
  [`${RISC}sessions-revoked`, 'the sessions were revoked'],
]);

/** Deepest nesting of subjects: a user within a complex one within aliases. */
const MAX_SUBJECT_DEPTH = 3;
/** Aliases of one subject that are looked at. */
const MAX_ALIASES = 16;

export type SecurityEvent = {
  readonly token: EventToken;
  /** One for each ending event that names somebody else; empty when all events are for others. */
  readonly revocations: readonly Revocation[];
};

/**
 * `tokensOf`: the exact `iss` of the access tokens that are meant. Where another party transmits for that issuer, its clock
 * is not the one that stamped them, so everything issued until now is revoked. Throws EventRefused.
 */
export async function readSecurityEvent(
  token: string,
  source: EventSource,
  tokensOf: string,
  nowMs: number,
): Promise<SecurityEvent> {
  const verified = await verifyEventToken(token, source, { types: ['secevent+jwt'], requiredClaims: [] }, nowMs);
  if (verified.events.size === 0) throw new EventRefused('invalid_request', 'it tells of no event');
  const isOwn = source.issuer === tokensOf;
  const untilMs = isOwn ? verified.issuedUntilMs : Math.max(verified.issuedUntilMs, nowMs);
  const revocations = new Map<string, Revocation>();
  for (const [uri, event] of verified.events) {
    const why = ENDING_EVENTS.get(uri);
    if (why === undefined) continue;
    // The framework's final text has one subject beside the events; drafts had one in each.
    const named = readSubject(verified.claims['sub_id'] ?? event['subject'], { tokensOf, isOwn }, MAX_SUBJECT_DEPTH);
    if (named === null) throw new EventRefused('invalid_request', 'its subject cannot be told from its identifier');
    revocations.set(JSON.stringify(named), { ...named, untilMs, why });
  }
  return { token: verified, revocations: [...revocations.values()] };
}

type Named = Pick<Revocation, 'subject' | 'signIn'>;

/** Subject identifiers of RFC 9493. Null for one that does not lead to a subject of the issuer: addresses and numbers are reassigned. */
function readSubject(
  value: unknown,
  known: { readonly tokensOf: string; readonly isOwn: boolean },
  depth: number,
): Named | null {
  if (!isRecord(value) || depth === 0) return null;
  switch (value['format']) {
    case 'iss_sub':
      if (value['iss'] !== known.tokensOf || !isIdentifier(value['sub'])) return null;
      return { subject: `${known.tokensOf}|${value['sub']}`, signIn: null };
    case 'opaque':
      // What somebody else calls a user need not be what the issuer calls them.
      if (!known.isOwn || !isIdentifier(value['id'])) return null;
      return { subject: `${known.tokensOf}|${value['id']}`, signIn: null };
    case 'aliases': {
      const { identifiers } = value;
      if (!Array.isArray(identifiers) || identifiers.length > MAX_ALIASES) return null;
      for (const identifier of identifiers) {
        const named = readSubject(identifier, known, depth - 1);
        if (named !== null) return named;
      }
      return null;
    }
    case 'complex': {
      const user = readSubject(value['user'], known, depth - 1);
      if (user === null) return null;
      const { session } = value;
      const isNamed = known.isOwn && isRecord(session) && session['format'] === 'opaque' && isIdentifier(session['id']);
      // A device, a tenant or a session of another form would narrow it. All of the user is meant then, rather than nothing.
      return isNamed ? { ...user, signIn: `${known.tokensOf}|${String(session['id'])}` } : user;
    }
    default:
      return null;
  }
}
