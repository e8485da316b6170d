import { createHash } from 'node:crypto';
import { SluiceError } from '@sluice/contract/errors';
import { calculateJwkThumbprint, decodeProtectedHeader, errors, importJWK, type JWK, jwtVerify } from 'jose';
import { normalisedPath, parseTarget, type RequestTarget } from './request-target.ts';

/** Characters of a proof; a longer one is refused before anything of it is read. */
export const MAX_PROOF_CHARS = 4_096;
/** Characters of its `jti`. */
export const MAX_PROOF_ID_CHARS = 256;
/** How far the clock of who made it may be off, each way. */
export const PROOF_SKEW_SECONDS = 60;
/**
 * Elliptic curves only: a client chooses its key for this, and an RSA key as long as it likes would be checked at our
 * expense.
 */
export const PROOF_ALGORITHMS: readonly string[] = ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

export type ProofExpectation = {
  /** The token that it comes with. */
  readonly token: string;
  /** `cnf.jkt` of that token. */
  readonly thumbprint: string;
  readonly target: RequestTarget;
  /** Whether a URL is of this gateway. */
  readonly isOwn: (url: URL) => boolean;
  /** Epoch milliseconds. */
  readonly nowMs: number;
};

/**
 * Checks a DPoP proof (RFC 9449 §4.3) and returns its `jti`, which the caller has to take once. The key is compared with
 * the token's before its signature is: nobody but the holder of a token of this key makes us compute anything.
 *
 * Throws `AUTH_PROOF_INVALID`; its message names no content of the proof.
 */
export async function readProof(proof: string, expected: ProofExpectation): Promise<string> {
  if (proof.length > MAX_PROOF_CHARS) throw refused(`it is longer than ${MAX_PROOF_CHARS} characters`);
  const { jwk, algorithm } = readHeader(proof);
  if ((await thumbprintOf(jwk)) !== expected.thumbprint) throw refused('its key is not the one of the token');
  const claims = await verifySignature(proof, jwk, algorithm, expected.nowMs);

  if (claims['htm'] !== expected.target.method) throw refused('its htm is another method');
  const htu = typeof claims['htu'] === 'string' ? parseTarget(claims['htu']) : null;
  if (htu === null) throw refused('its htu is no https address');
  if (!expected.isOwn(htu))
    throw new SluiceError(
      'AUTH_PROOF_INVALID',
      'The DPoP proof was refused: its htu is not an address of this gateway.',
      {
        remedy: 'Use the gateway’s own address; where that is right, its administrator lists it in `origins`.',
      },
    );
  if (normalisedPath(htu.pathname) !== normalisedPath(expected.target.path)) throw refused('its htu is another path');
  const { iat, ath, jti } = claims;
  if (typeof iat !== 'number') throw refused('its iat is missing');
  if (Math.abs(expected.nowMs - iat * 1_000) > PROOF_SKEW_SECONDS * 1_000)
    throw refused(`it was not made within ${PROOF_SKEW_SECONDS} s of now`);
  if (ath !== createHash('sha256').update(expected.token).digest('base64url'))
    throw refused('its ath is not the hash of the token');
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_PROOF_ID_CHARS)
    throw refused(`its jti is missing or longer than ${MAX_PROOF_ID_CHARS} characters`);
  return jti;
}

/** The key as it is public, and nothing else that the header says. */
function readHeader(proof: string): { readonly jwk: JWK; readonly algorithm: string } {
  let header: Readonly<Record<string, unknown>>;
  try {
    header = decodeProtectedHeader(proof);
  } catch (error) {
    throw refused('it is not a signed token', error);
  }
  if (header['typ'] !== 'dpop+jwt') throw refused('its type is not dpop+jwt');
  const algorithm = header['alg'];
  if (typeof algorithm !== 'string' || !PROOF_ALGORITHMS.includes(algorithm))
    throw refused('its algorithm is not one of those that are accepted');
  const jwk = header['jwk'];
  if (typeof jwk !== 'object' || jwk === null) throw refused('its key is missing');
  const member = (name: string): unknown => (Object.hasOwn(jwk, name) ? Reflect.get(jwk, name) : undefined);
  // Whoever publishes the private key has no key any more. `k` and `p` … are of kinds that are not accepted at all.
  if (member('d') !== undefined) throw refused('its key is private');
  const { kty, crv, x, y } = { kty: member('kty'), crv: member('crv'), x: member('x'), y: member('y') };
  if (typeof crv !== 'string' || typeof x !== 'string') throw refused('its key is not on a curve');
  if (kty === 'EC' && typeof y === 'string') return { jwk: { kty, crv, x, y }, algorithm };
  if (kty === 'OKP') return { jwk: { kty, crv, x }, algorithm };
  throw refused('its key is not on a curve');
}

async function thumbprintOf(jwk: JWK): Promise<string> {
  try {
    return await calculateJwkThumbprint(jwk);
  } catch (error) {
    throw refused('its key cannot be read', error);
  }
}

async function verifySignature(
  proof: string,
  jwk: JWK,
  algorithm: string,
  nowMs: number,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const key = await importJWK(jwk, algorithm);
    const { payload } = await jwtVerify(proof, key, { algorithms: [algorithm], currentDate: new Date(nowMs) });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired)
      throw refused('it has expired, or is not valid yet', error);
    // A key that is not on the curve of its algorithm fails in the platform's own words.
    throw refused('its signature is not valid', error);
  }
}

/** An AUTH_PROOF_INVALID. `why` must not quote the proof. */
export function refused(why: string, cause?: unknown): SluiceError {
  return new SluiceError('AUTH_PROOF_INVALID', `The DPoP proof was refused: ${why}.`, { cause });
}
