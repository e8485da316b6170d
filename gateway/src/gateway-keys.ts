/**
 * The gateway's own keys: each from a configured secret, or made once and kept in `dataDir`.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import type { GatewayConfig } from './config/config.ts';
import type { SecretSource } from './config/documents/secret-source.ts';
import type { Environment } from './config/environment.ts';
import { readSecret } from './config/secret-value.ts';

/** Files of the keys that the gateway made for itself, in `dataDir`. */
export const MASK_KEY_FILE = 'masking.key';
export const SEALING_KEY_FILE = 'sealing.key';
/** Shortest secret that a key is made from, characters. */
export const MIN_KEY_SECRET_CHARACTERS = 32;
const KEY_BYTES = 32;

type KeySource = {
  readonly path: string;
  /** Keeps keys apart that are made from the same secret. */
  readonly domain: string;
  readonly setting: string;
  readonly secret: SecretSource | undefined;
  /** What a new key costs, for whoever lost the old one. */
  readonly ifLost: string;
};

/**
 * The key of keyed masks. Errors: `CONFIG_INVALID` for a secret that cannot be read or is too short, and for a key file
 * that is broken: another key would give every value another token, without a word.
 */
export async function readMaskKey(
  { masking, dataDir }: Pick<GatewayConfig['gateway'], 'masking' | 'dataDir'>,
  environment: Environment,
): Promise<Buffer> {
  const path = join(dataDir, MASK_KEY_FILE);
  const ifLost = 'Without it, tokens are others than before: remove the file to accept that.';
  const names = { domain: 'sluice masking key', setting: 'masking.key' };
  return await readKey({ path, ifLost, ...names, secret: masking.key }, environment);
}

/** What seals the texts that the gateway reads again (held statements, plans). Errors as above. */
export async function readSealingKey(
  { evidence, dataDir }: Pick<GatewayConfig['gateway'], 'evidence' | 'dataDir'>,
  environment: Environment,
): Promise<Buffer> {
  const path = join(dataDir, SEALING_KEY_FILE);
  const ifLost = 'Without it, nobody reads the held statements and plans of before: remove the file to accept that.';
  const names = { domain: 'sluice sealing key', setting: 'evidence.sealing.key' };
  return await readKey({ path, ifLost, ...names, secret: evidence.sealing.key }, environment);
}

async function readKey(source: KeySource, environment: Environment): Promise<Buffer> {
  const { domain, setting, secret: from } = source;
  if (from === undefined) return await readOrMakeKey(source);
  const secret = (await readSecret(from, environment)).reveal();
  if (secret.length < MIN_KEY_SECRET_CHARACTERS)
    throw new SluiceError('CONFIG_INVALID', `the secret of ${setting} is too short`, {
      remedy: `Use at least ${MIN_KEY_SECRET_CHARACTERS} random characters, for example of: openssl rand -hex 32`,
    });
  return createHmac('sha256', domain).update(secret).digest();
}

async function readOrMakeKey({ path, setting, ifLost }: KeySource): Promise<Buffer> {
  const made = await makeKey(path);
  if (made !== null) return made;
  const key = Buffer.from((await readFile(path, 'latin1')).trim(), 'hex');
  if (key.length === KEY_BYTES) return key;
  throw new SluiceError('CONFIG_INVALID', `${path} holds no key (${setting})`, {
    remedy: `Restore it from a backup. ${ifLost}`,
  });
}

/** Null when there is one. */
async function makeKey(path: string): Promise<Buffer | null> {
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      const key = randomBytes(KEY_BYTES);
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
