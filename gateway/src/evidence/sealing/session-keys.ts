/**
 * The keys of sessions, each wrapped to every auditor, in a file a session beside the log and never in it: what is in the
 * log stays there, and a key that is to be destroyed must not (docs/evidence-format.md, "Sealed statements").
 */
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { hpkeSeal, x25519PublicKey } from './hpke.ts';
import { KeyFiles } from './key-files.ts';
import { SessionSeal } from './session-seal.ts';

/** Directory below `dataDir`. */
export const SESSION_KEYS_DIRECTORY = 'session-keys';
const KEY_BYTES = 32;

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
  readonly #files: KeyFiles;

  constructor(options: SessionKeysOptions) {
    this.#options = options;
    this.#files = new KeyFiles(options.directory);
  }

  /** A key for a new session, on the disk for the auditors. Null when there are none. Throws EVIDENCE_UNWRITABLE. */
  async make(sessionId: string): Promise<SessionSeal | null> {
    const { logId, recipients, withoutLiterals } = this.#options;
    if (recipients.length === 0) return null;
    const key = randomBytes(KEY_BYTES);
    const seal = new SessionSeal(key, { logId, sessionId }, withoutLiterals);
    const { commitment } = seal;
    const wrapped = recipients.map((recipient) => wrap(key, recipient, { logId, sessionId, commitment }));
    key.fill(0);
    const file = { sluice: 'session-key', version: 1, logId, sessionId, commitment, wrapped };
    await this.#files.create(sessionId, `${JSON.stringify(file)}\n`);
    return seal;
  }

  /** The file's text; null when there is none (never sealed, or destroyed). */
  async read(sessionId: string): Promise<string | null> {
    return await this.#files.read(sessionId);
  }

  /** Destroys every copy of the key that the gateway has: nobody opens the session's statements any more. False when there was none. */
  async destroy(sessionId: string): Promise<boolean> {
    return await this.#files.destroy(sessionId);
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
