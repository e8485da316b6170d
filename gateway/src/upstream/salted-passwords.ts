import { createHash, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { LRUCache } from 'lru-cache';
import { SCRAM_KEY_BYTES, saslPrep } from '../protocol/postgres/scram.ts';

const pbkdf2Async = promisify(pbkdf2);

/** Salted passwords kept per process: one a credential, salt and iteration count. */
export const MAX_SALTED_PASSWORDS = 1_024;

/**
 * PBKDF2 for SCRAM with a cache: 4,096 rounds cost 0.75 ms, and every connection of a credential repeats them.
 * Keyed by a hash of the password, so that the cache itself holds no password.
 */
export class SaltedPasswords {
  readonly #cache = new LRUCache<string, Promise<Buffer>>({ max: MAX_SALTED_PASSWORDS });

  async salt(password: string, salt: Buffer, iterations: number): Promise<Buffer> {
    const key = `${createHash('sha256').update(password).digest('hex')}|${salt.toString('base64')}|${iterations}`;
    const known = this.#cache.get(key);
    if (known !== undefined) return await known;
    const computed = pbkdf2Async(saslPrep(password), salt, iterations, SCRAM_KEY_BYTES, 'sha256');
    this.#cache.set(key, computed);
    return await computed;
  }
}
