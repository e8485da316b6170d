/** AES-256-GCM with a random nonce, for keys that seal a handful of texts. */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export type SealedBox = {
  /** 12 bytes, base64. */
  readonly nonce: string;
  /** Ciphertext and 16 bytes of tag, base64. */
  readonly ciphertext: string;
};

/** `context`: what is sealed, and where; it opens nowhere else. */
export function sealBox(key: KeyObject, context: string, plaintext: string | Uint8Array): SealedBox {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
  const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext, 'utf8') : plaintext;
  const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  return { nonce: nonce.toString('base64'), ciphertext: ciphertext.toString('base64') };
}

/** Null when it was sealed with another key or for another context, or was changed. */
export function openBox(key: KeyObject, context: string, box: SealedBox): Buffer | null {
  const nonce = Buffer.from(box.nonce, 'base64');
  const sealed = Buffer.from(box.ciphertext, 'base64');
  if (nonce.length !== NONCE_BYTES || sealed.length < TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  const opened = decipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    return Buffer.concat([opened, decipher.final()]);
  } catch {
    // The tag does not fit: this is how Node says so, and the only thing that can fail here.
    return null;
  }
}
