/**
 * Tokens that tell of events: logout tokens and security event tokens (RFC 8417). Verified as strictly as access tokens
 * are: exact issuer and audience, allowed algorithms, keys from the issuer's key set alone.
 */
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { SigningKeys } from '../signing-keys.ts';
import { CLOCK_SKEW_SECONDS, KEY_PARAMETERS, MAX_TOKEN_CHARS } from '../verify-token.ts';
import { EventRefused } from './event-refused.ts';

/** Longest `jti`, characters. */
export const MAX_EVENT_ID_CHARS = 256;

/** Who may sign events, and for whom. */
export type EventSource = {
  /** Exact `iss`. */
  readonly issuer: string;
  /** Exact `aud`, or one of several. */
  readonly audience: string;
  readonly algorithms: readonly string[];
  readonly keys: Pick<SigningKeys, 'freshen' | 'find'>;
};

export type EventToken = {
  readonly claims: JWTPayload;
  readonly id: string;
  /** Epoch milliseconds of the end of the second in which it was issued. */
  readonly issuedUntilMs: number;
  readonly events: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
};

/**
 * `types`: media types that `typ` may name, lower case without `application/`; null for none at all. `nowMs`: epoch
 * milliseconds. Throws EventRefused.
 */
export async function verifyEventToken(
  token: string,
  source: EventSource,
  rules: { readonly types: readonly (string | null)[]; readonly requiredClaims: readonly string[] },
  nowMs: number,
): Promise<EventToken> {
  if (token.length > MAX_TOKEN_CHARS)
    throw new EventRefused('invalid_request', `the token is longer than ${MAX_TOKEN_CHARS} characters`);
  assertHeader(token, source, rules.types);
  await source.keys.freshen();
  const claims = await verifySignature(token, source, rules.requiredClaims, nowMs);
  const { jti, iat, events } = claims;
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_EVENT_ID_CHARS)
    throw new EventRefused('invalid_request', 'its "jti" is missing or too long');
  // jose compares `iat` only with a greatest age.
  if (iat === undefined || iat * 1000 > nowMs + CLOCK_SKEW_SECONDS * 1000)
    throw new EventRefused('invalid_request', 'its "iat" is missing or in the future');
  return { claims, id: jti, issuedUntilMs: Math.floor(iat) * 1000 + 999, events: readEvents(events) };
}

function assertHeader(token: string, { issuer, algorithms }: EventSource, types: readonly (string | null)[]): void {
  try {
    const header = decodeProtectedHeader(token);
    for (const parameter of KEY_PARAMETERS)
      if (header[parameter] !== undefined)
        throw new EventRefused('invalid_request', `its header carries "${parameter}"`);
    if (header.alg === undefined || !algorithms.includes(header.alg))
      throw new EventRefused('invalid_key', 'its algorithm is not allowed for this issuer');
    const type = header.typ?.toLowerCase().replace(/^application\//, '') ?? null;
    if (!types.includes(type)) throw new EventRefused('invalid_request', 'its "typ" is that of another token');
    // Before its key is looked for: a token of somebody else must not have the keys fetched anew.
    if (decodeJwt(token).iss !== issuer) throw new EventRefused('invalid_issuer', 'it is of another issuer');
  } catch (error) {
    if (error instanceof EventRefused) throw error;
    throw new EventRefused('invalid_request', 'it is not a signed token', error);
  }
}

async function verifySignature(
  token: string,
  source: EventSource,
  requiredClaims: readonly string[],
  nowMs: number,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(
      token,
      async (header) => {
        const lookup = await source.keys.find(header);
        if (lookup.kind === 'found') return lookup.key;
        const why = lookup.kind === 'unknown-key' ? 'is not one of the issuer' : 'cannot be fetched now';
        throw new EventRefused('invalid_key', `its key ${why}`);
      },
      {
        issuer: source.issuer,
        audience: source.audience,
        algorithms: [...source.algorithms],
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: new Date(nowMs),
        requiredClaims: [...requiredClaims, 'iat', 'jti', 'events'],
      },
    );
    return payload;
  } catch (error) {
    if (error instanceof EventRefused) throw error;
    if (error instanceof errors.JWSSignatureVerificationFailed)
      throw new EventRefused('invalid_key', 'its signature is not valid', error);
    if (error instanceof errors.JWTExpired) throw new EventRefused('invalid_request', 'it has expired', error);
    if (error instanceof errors.JWTClaimValidationFailed)
      // The name of a claim is no secret, its value may be.
      throw error.claim === 'aud'
        ? new EventRefused('invalid_audience', 'it is meant for another audience', error)
        : new EventRefused('invalid_request', `its claim "${error.claim}" is missing or not acceptable`, error);
    throw new EventRefused('invalid_request', 'it cannot be verified', error);
  }
}

/** RFC 8417 §2.2: an object, one member for each event, each an object. */
function readEvents(value: unknown): EventToken['events'] {
  if (!isRecord(value)) throw new EventRefused('invalid_request', 'its "events" are not an object');
  const events = new Map<string, Readonly<Record<string, unknown>>>();
  for (const [uri, event] of Object.entries(value)) {
    if (!isRecord(event)) throw new EventRefused('invalid_request', 'one of its events is not an object');
    events.set(uri, event);
  }
  return events;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
