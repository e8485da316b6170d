/**
 * Seals what the statements of one session say, under a key of that session (docs/evidence-format.md, "Sealed
 * statements"). The key lives here as long as the session does; what is kept of it is wrapped to auditors.
 */
import { createCipheriv, createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Reason } from '@sluice/contract/vocabulary';

const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const KEY_NAME_DIGITS = 16;
/** Longer ones are cut: in base64 an entry would pass its bound of 4 MiB. */
const MAX_PLAINTEXT_BYTES = 2_500_000;
/** Each is at most six bytes of JSON. */
const MAX_CUT_CHARACTERS = 400_000;

/** A statement's literals, in an entry. */
export type SealedText = {
  /** Beginning of the key's commitment, 16 hexadecimal digits. */
  readonly key: string;
  /** 12 bytes, base64. */
  readonly nonce: string;
  /** Ciphertext and 16 bytes of tag, base64. */
  readonly ciphertext: string;
};

export type SessionOfLog = { readonly logId: string; readonly sessionId: string };

/** Says nothing of a random key, and no other key has it: who is given a key can tell whether it is the one. Hex. */
export function commitmentOf(key: Uint8Array): string {
  return createHash('sha256').update('sluice.dev/session-key@v1\n').update(key).digest('hex');
}

export class SessionSeal {
  /** SHA-256, hex; the session's first entry has it. */
  readonly commitment: string;
  readonly #session: SessionOfLog;
  readonly #key: KeyObject;
  readonly #fingerprintKey: KeyObject;
  readonly #nonce = Buffer.alloc(NONCE_BYTES);
  readonly #withoutLiterals: (text: string) => string | null;

  /** `key`: 32 random bytes, for this object alone: its nonces are counted. `withoutLiterals`: null when in doubt. */
  constructor(key: Uint8Array, session: SessionOfLog, withoutLiterals: (text: string) => string | null) {
    this.commitment = commitmentOf(key);
    this.#session = session;
    this.#key = createSecretKey(key);
    this.#fingerprintKey = createSecretKey(
      createHmac('sha256', this.#key).update('sluice.dev/fingerprint@v1\n').digest(),
    );
    this.#withoutLiterals = withoutLiterals;
  }

  /** `reasons` are those whose words may quote the statement; null when none do. */
  seal(statementId: number, text: string, reasons: readonly Reason[] | null): SealedText {
    const { logId, sessionId } = this.#session;
    // Counted over 96 bits: the key is new with each session and never used by another process.
    this.#nonce.writeUInt32BE((this.#nonce.readUInt32BE(8) + 1) >>> 0, 8);
    if (this.#nonce.readUInt32BE(8) === 0) this.#nonce.writeUInt32BE(this.#nonce.readUInt32BE(4) + 1, 4);
    const cipher = createCipheriv('aes-256-gcm', this.#key, this.#nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(`sluice.dev/sealed-text@v1\n${logId}\n${sessionId}\n${statementId}\n`));
    const plaintext = plaintextOf(text, reasons);
    const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return {
      key: this.commitment.slice(0, KEY_NAME_DIGITS),
      nonce: this.#nonce.toString('base64'),
      ciphertext: ciphertext.toString('base64'),
    };
  }

  /**
   * What may stand in the record in the clear. A plain hash of the text would let anybody try all values of a short
   * literal: the fingerprint is that of the text without its literals, or else needs the session's key.
   */
  openly(text: string, statementKind: string, isUnderstood: boolean): { text: string; fingerprint: string } {
    const shape = isUnderstood ? this.#withoutLiterals(text) : null;
    if (shape !== null) return { text: shape, fingerprint: createHash('sha256').update(shape).digest('hex') };
    const fingerprint = createHmac('sha256', this.#fingerprintKey).update(text).digest('hex');
    return { text: statementKind, fingerprint };
  }
}

function plaintextOf(text: string, reasons: readonly Reason[] | null): string {
  const plaintext = JSON.stringify(reasons === null ? { text } : { text, reasons });
  if (Buffer.byteLength(plaintext) <= MAX_PLAINTEXT_BYTES) return plaintext;
  return JSON.stringify({ text: `${text.slice(0, MAX_CUT_CHARACTERS)} … (${text.length} characters in all)` });
}
