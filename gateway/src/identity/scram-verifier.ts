import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { SCRAM_KEY_BYTES, type ScramVerifier, scramVerifier } from '../protocol/postgres/scram.ts';

/** As PostgreSQL's own default. Guessing is hopeless by the 128 bits of the secret, not by the iterations. */
export const SCRAM_ITERATIONS = 4_096;
export const SCRAM_SALT_BYTES = 16;

/** What every verifier of this process shares; so the salt tells nobody whether a name is known. */
export type ScramParameters = { readonly salt: Buffer; readonly iterations: number };

const derive = promisify(pbkdf2);

/**
 * The SCRAM-SHA-256 verifier of a session secret: PBKDF2 in the thread pool, so that other sessions go on meanwhile.
 * A secret is ASCII, so there is nothing to normalise.
 */
export async function deriveScramVerifier(
  secret: string,
  { salt, iterations }: ScramParameters,
): Promise<ScramVerifier> {
  return scramVerifier(await derive(secret, salt, iterations, SCRAM_KEY_BYTES, 'sha256'));
}
