import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

const KEY_BYTES = 32;
/** As PostgreSQL's own default. Guessing is hopeless by the 128 bits of the secret, not by the iterations. */
export const SCRAM_ITERATIONS = 4_096;
export const SCRAM_SALT_BYTES = 16;

/** What every SCRAM-SHA-256 verifier of this process shares; so the salt tells nobody whether a name is known. */
export type ScramParameters = { readonly salt: Buffer; readonly iterations: number };

/** What a server needs to check a SCRAM proof (RFC 5802 §3). The secret cannot be computed from it. */
export type ScramVerifier = { readonly storedKey: Buffer; readonly serverKey: Buffer };

const derive = promisify(pbkdf2);

/** The verifier of a secret: PBKDF2 in the thread pool, so that other sessions go on meanwhile. */
export async function scramVerifier(secret: string, { salt, iterations }: ScramParameters): Promise<ScramVerifier> {
  const salted = await derive(secret, salt, iterations, KEY_BYTES, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  return {
    storedKey: createHash('sha256').update(clientKey).digest(),
    serverKey: createHmac('sha256', salted).update('Server Key').digest(),
  };
}
