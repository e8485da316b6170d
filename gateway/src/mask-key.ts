/**
 * The masking key: from the configured secret, or made once and kept in `dataDir`.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import type { GatewayConfig } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import { readSecret } from './config/secret-value.ts';
import { MASKING_KEY_BYTES } from './masking/mask-keys.ts';

/** File of the key that the gateway made for itself, in `dataDir`. */
export const MASK_KEY_FILE = 'masking.key';
/** Shortest secret that a key is made from, characters. */
export const MIN_MASK_SECRET_CHARACTERS = 32;

/**
 * Errors: `CONFIG_INVALID` for a secret that cannot be read or is too short, and for a key file that is broken: another
 * key would give every value another token, without a word.
 */
export async function readMaskKey(
  { masking, dataDir }: Pick<GatewayConfig['gateway'], 'masking' | 'dataDir'>,
  environment: Environment,
): Promise<Buffer> {
  if (masking.key === undefined) return await readOrMakeKey(dataDir);
  const secret = (await readSecret(masking.key, environment)).reveal();
  if (secret.length < MIN_MASK_SECRET_CHARACTERS)
    throw new SluiceError('CONFIG_INVALID', 'the secret of masking.key is too short', {
      remedy: `Use at least ${MIN_MASK_SECRET_CHARACTERS} random characters, for example of: openssl rand -hex 32`,
    });
  return createHmac('sha256', 'sluice masking key').update(secret).digest();
}

async function readOrMakeKey(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, MASK_KEY_FILE);
  const made = await makeKey(dataDir, path);
  if (made !== null) return made;
  const key = Buffer.from((await readFile(path, 'latin1')).trim(), 'hex');
  if (key.length === MASKING_KEY_BYTES) return key;
  throw new SluiceError('CONFIG_INVALID', `${path} holds no masking key`, {
    remedy: 'Restore it from a backup. Without it, tokens are others than before: remove the file to accept that.',
  });
}

/** Null when there is one. */
async function makeKey(dataDir: string, path: string): Promise<Buffer | null> {
  await mkdir(dataDir, { recursive: true });
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      const key = randomBytes(MASKING_KEY_BYTES);
      await file.writeFile(`${key.toString('hex')}\n`);
      await file.sync();
      return key;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null;
    throw error;
  }
}
