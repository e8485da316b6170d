import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { link, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { z } from 'zod';
import type { CredentialStore } from './credential-store.ts';

const MAGIC = Buffer.from('SLUICEC1', 'latin1');
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const SecretsSchema = z.record(z.string(), z.string());

/**
 * A file of secrets, AES-256-GCM, with its key in a second file; both 0600 and ours. The encryption keeps tokens out
 * of backups and searches that take the one file without the other; against whoever reads both it does nothing, and
 * the warning of `openCredentialStore` says so.
 *
 * ```text
 * 0   8  "SLUICEC1"     (authenticated)
 * 8  12  nonce
 * 20 16  tag
 * 36  …  ciphertext of JSON { account: secret }
 * ```
 * Throws `AUTH_CREDENTIAL_STORE` when a file is open to others, belongs to somebody else, or does not decrypt.
 */
export async function openCredentialFile(directory: string, uid: number): Promise<CredentialStore> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, 'credentials');
  const key = await ownKey(path.join(directory, 'credentials.key'), uid);

  const load = async (): Promise<Record<string, string>> => {
    const sealed = await readPrivate(file, uid);
    return sealed === null ? {} : unseal(sealed, key, file);
  };
  const store = async (secrets: Record<string, string>): Promise<void> => replace(file, seal(secrets, key));
  return {
    kind: 'file',
    read: async (account) => (await load())[account] ?? null,
    write: async (account, secret) => store({ ...(await load()), [account]: secret }),
    remove: async (account) => {
      const { [account]: removed, ...others } = await load();
      if (removed === undefined) return false;
      await store(others);
      return true;
    },
  };
}

async function ownKey(file: string, uid: number): Promise<Buffer> {
  const known = await readPrivate(file, uid);
  if (known !== null) {
    if (known.length === KEY_BYTES) return known;
    throw broken(`${file} is damaged`);
  }
  const fresh = randomBytes(KEY_BYTES);
  // Written whole under another name, then linked: whoever finds the key's own name finds all of it.
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(fresh);
    await handle.sync();
    await link(temporary, file);
    return fresh;
  } catch (error) {
    // Another `sluice` was quicker: its key is the key.
    if (isCode(error, 'EEXIST')) return ownKey(file, uid);
    throw error;
  } finally {
    await handle.close();
    await rm(temporary, { force: true });
  }
}

async function readPrivate(file: string, uid: number): Promise<Buffer | null> {
  try {
    const found = await lstat(file);
    if (!found.isFile() || found.uid !== uid) throw broken(`${file} is not a file of yours`);
    if ((found.mode & 0o077) !== 0)
      throw broken(
        `${file} is open to other users (mode ${(found.mode & 0o777).toString(8)})`,
        `chmod 600 '${file}', then sign in again: somebody may have read it.`,
      );
    return await readFile(file);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function seal(secrets: Record<string, string>, key: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(MAGIC);
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(secrets)), cipher.final()]);
  return Buffer.concat([MAGIC, nonce, cipher.getAuthTag(), ciphertext]);
}

function unseal(sealed: Buffer, key: Buffer, file: string): Record<string, string> {
  const start = MAGIC.length + NONCE_BYTES + TAG_BYTES;
  if (sealed.length < start || !sealed.subarray(0, MAGIC.length).equals(MAGIC))
    throw broken(`${file} is not a credential file`);
  const nonce = sealed.subarray(MAGIC.length, MAGIC.length + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(MAGIC);
  decipher.setAuthTag(sealed.subarray(MAGIC.length + NONCE_BYTES, start));
  try {
    const json = Buffer.concat([decipher.update(sealed.subarray(start)), decipher.final()]).toString('utf8');
    return SecretsSchema.parse(JSON.parse(json));
  } catch (error) {
    throw broken(`${file} does not decrypt: it, or its key, was changed or exchanged`, undefined, error);
  }
}

/** Written beside and renamed over: a crash leaves the old file or the new one. */
async function replace(file: string, bytes: Buffer): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(temporary, 'wx', 0o600);
  await handle.writeFile(bytes);
  await handle.sync();
  await handle.close();
  await rename(temporary, file);
}

function broken(message: string, remedy?: string, cause?: unknown): SluiceError {
  return new SluiceError('AUTH_CREDENTIAL_STORE', message, {
    cause,
    remedy: remedy ?? 'Remove the file and run `sluice login`.',
  });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
