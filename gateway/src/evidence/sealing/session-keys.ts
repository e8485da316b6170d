/**
 * The keys of sessions, each wrapped to every auditor, in a file a session beside the log and never in it: what is in the
 * log stays there, and a key that is to be destroyed must not (docs/evidence-format.md, "Sealed statements").
 */
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { hpkeSeal, x25519PublicKey } from './hpke.ts';
import { SessionSeal } from './session-seal.ts';

/** Directory below `dataDir`. */
export const SESSION_KEYS_DIRECTORY = 'session-keys';
const KEY_BYTES = 32;
const SESSION_ID = /^[A-Za-z0-9_-]{1,100}$/;

export type Recipient = {
  readonly name: string;
  /** X25519, 32 bytes, base64. */
  readonly key: string;
};

export type SessionKeysOptions = {
  readonly directory: string;
  readonly logId: string;
  /** Nobody: new sessions are not sealed. */
  readonly recipients: readonly Recipient[];
  /** Null when it is not certain where the literals of a text are. */
  readonly withoutLiterals: (text: string) => string | null;
};

export class SessionKeys {
  readonly #options: SessionKeysOptions;

  constructor(options: SessionKeysOptions) {
    this.#options = options;
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  }

  /** A key for a new session, on the disk for the auditors. Null when there are none. Throws EVIDENCE_UNWRITABLE. */
  async make(sessionId: string): Promise<SessionSeal | null> {
    const { logId, recipients, withoutLiterals } = this.#options;
    if (recipients.length === 0) return null;
    const path = this.#path(sessionId);
    const key = randomBytes(KEY_BYTES);
    const seal = new SessionSeal(key, { logId, sessionId }, withoutLiterals);
    const { commitment } = seal;
    const wrapped = recipients.map((recipient) => wrap(key, recipient, { logId, sessionId, commitment }));
    key.fill(0);
    const file = { sluice: 'session-key', version: 1, logId, sessionId, commitment, wrapped };
    try {
      await writeDurably(path, `${JSON.stringify(file)}\n`);
      await syncDirectory(this.#options.directory);
    } catch (error) {
      throw new SluiceError('EVIDENCE_UNWRITABLE', `The key of a session cannot be kept: ${String(error)}`, {
        cause: error,
      });
    }
    return seal;
  }

  /** The file's text; null when there is none (never sealed, or destroyed). */
  async read(sessionId: string): Promise<string | null> {
    return await unlessMissing(readFile(this.#path(sessionId), 'utf8'));
  }

  /**
   * Destroys every copy of the key that the gateway has: nobody opens the session's statements any more. The bytes are
   * written over first; whether the disk then forgets them is the disk's word. False when there was none.
   */
  async destroy(sessionId: string): Promise<boolean> {
    const path = this.#path(sessionId);
    const file = await unlessMissing(open(path, 'r+'));
    if (file === null) return false;
    try {
      const { size } = await file.stat();
      await file.write(randomBytes(size), 0, size, 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await unlink(path);
    await syncDirectory(this.#options.directory);
    return true;
  }

  #path(sessionId: string): string {
    // The id becomes a file name: anything else could name a file elsewhere.
    if (!SESSION_ID.test(sessionId)) throw new SluiceError('NOT_FOUND', 'That is no id of a session.');
    return join(this.#options.directory, `${sessionId}.json`);
  }
}

type Wrapping = { readonly logId: string; readonly sessionId: string; readonly commitment: string };

function wrap(key: Buffer, recipient: Recipient, { logId, sessionId, commitment }: Wrapping) {
  const { encapsulated, ciphertext } = hpkeSeal(key, {
    recipient: x25519PublicKey(Buffer.from(recipient.key, 'base64')),
    ephemeral: ephemeralKey(),
    info: Buffer.from(`sluice.dev/wrapped-session-key@v1\n${logId}\n${sessionId}\n${commitment}\n`),
    aad: Buffer.alloc(0),
  });
  return {
    recipient: recipient.name,
    publicKey: recipient.key,
    encapsulated: encapsulated.toString('base64'),
    ciphertext: ciphertext.toString('base64'),
  };
}

function ephemeralKey(): KeyObject {
  return generateKeyPairSync('x25519').privateKey;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A file that was made or removed is so after a power cut only when its directory was synced. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
