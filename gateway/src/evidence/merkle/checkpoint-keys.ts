/**
 * The keys that sign checkpoints: from configured secrets, or one made once and kept in `dataDir`.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import type { GatewayConfig } from '../../config/config.ts';
import type { Environment } from '../../config/environment.ts';
import { readSecret } from '../../config/secret-value.ts';

/** File of the key that the gateway made for itself, in `dataDir`: its seed, 64 hexadecimal digits. */
export const CHECKPOINT_KEY_FILE = 'checkpoint.key';
/** Shortest secret that a key is made from, characters. */
export const MIN_KEY_SECRET_CHARACTERS = 32;
const SEED_BYTES = 32;

/**
 * Seeds of the Ed25519 keys (RFC 8032), the first one's signature first. Errors: `CONFIG_INVALID` for a secret that cannot
 * be read or is too short, and for a key file that is broken.
 */
export async function readCheckpointSeeds(
  { evidence, dataDir }: Pick<GatewayConfig['gateway'], 'evidence' | 'dataDir'>,
  environment: Environment,
): Promise<readonly Buffer[]> {
  const { keys } = evidence.checkpoints;
  if (keys === undefined) return [await readOrMakeSeed(dataDir)];
  const seeds: Buffer[] = [];
  for (const source of keys) {
    const secret = (await readSecret(source, environment)).reveal();
    if (secret.length < MIN_KEY_SECRET_CHARACTERS)
      throw new SluiceError('CONFIG_INVALID', 'a secret of evidence.checkpoints.keys is too short', {
        remedy: `Use at least ${MIN_KEY_SECRET_CHARACTERS} random characters, for example of: openssl rand -hex 32`,
      });
    seeds.push(createHmac('sha256', 'sluice checkpoint key').update(secret).digest());
  }
  return seeds;
}

async function readOrMakeSeed(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, CHECKPOINT_KEY_FILE);
  const made = await makeSeed(dataDir, path);
  if (made !== null) return made;
  const seed = Buffer.from((await readFile(path, 'latin1')).trim(), 'hex');
  if (seed.length === SEED_BYTES) return seed;
  throw new SluiceError('CONFIG_INVALID', `${path} holds no key for checkpoints`, {
    remedy:
      'Restore it from a backup. Without it, remove the file: a new key is made, which witnesses have to be told.',
  });
}

/** Null when there is one. */
async function makeSeed(dataDir: string, path: string): Promise<Buffer | null> {
  await mkdir(dataDir, { recursive: true });
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      const seed = randomBytes(SEED_BYTES);
      await file.writeFile(`${seed.toString('hex')}\n`);
      await file.sync();
      return seed;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null;
    throw error;
  }
}
