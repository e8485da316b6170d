/**
 * Opens a wrapped session key with an auditor's private key: RFC 9180 base mode, one message, DHKEM(X25519, HKDF-SHA256),
 * HKDF-SHA256, AES-256-GCM (docs/evidence-format.md, "Sealed statements").
 */
import { createDecipheriv, createHash, createHmac, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import type { SessionKey } from '@sluice/contract/api';
import { Disproof } from './note.ts';

const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const KEY_BYTES = 32;
const ENCAPSULATED_BYTES = 32;
const NOTHING = Buffer.alloc(0);
/** KEM, KDF and AEAD of RFC 9180 §7: 0x0020, 0x0001, 0x0002. */
const KEM_SUITE = Buffer.from('KEM\x00\x20', 'latin1');
const HPKE_SUITE = Buffer.from('HPKE\x00\x20\x00\x01\x00\x02', 'latin1');
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

/** 32 bytes of a public key, or of the public half of a private one. */
export function rawPublicKey(key: KeyObject): Buffer {
  const half = key.type === 'private' ? createPublicKey(key) : key;
  return half.export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
}

/** The session's key. Throws Disproof when it is not wrapped for this auditor, or is not the one that it is said to be. */
export function unwrapSessionKey(file: SessionKey, auditor: KeyObject): Buffer {
  const own = rawPublicKey(auditor).toString('base64');
  const wrapped = file.wrapped.find(({ publicKey }) => publicKey === own);
  if (wrapped === undefined) throw new Disproof('the key of the session is not wrapped for this auditor');
  const { logId, sessionId, commitment } = file;
  const info = Buffer.from(`sluice.dev/wrapped-session-key@v1\n${logId}\n${sessionId}\n${commitment}\n`);
  const key = openMessage(
    Buffer.from(wrapped.encapsulated, 'base64'),
    Buffer.from(wrapped.ciphertext, 'base64'),
    auditor,
    info,
  );
  const hash = createHash('sha256').update('sluice.dev/session-key@v1\n').update(key).digest('hex');
  if (hash !== commitment) throw new Disproof('the wrapped key is not the one that the session was sealed with');
  return key;
}

function openMessage(encapsulated: Buffer, ciphertext: Buffer, auditor: KeyObject, info: Buffer): Buffer {
  if (encapsulated.length !== ENCAPSULATED_BYTES || ciphertext.length !== KEY_BYTES + TAG_BYTES)
    throw new Disproof('the wrapped key is not well formed');
  try {
    const publicKey = createPublicKey({
      key: Buffer.concat([SPKI_PREFIX, encapsulated]),
      format: 'der',
      type: 'spki',
    });
    const dh = diffieHellman({ privateKey: auditor, publicKey });
    const kemContext = Buffer.concat([encapsulated, rawPublicKey(auditor)]);
    const shared = expand(KEM_SUITE, extract(KEM_SUITE, NOTHING, 'eae_prk', dh), 'shared_secret', kemContext, 32);
    const schedule = Buffer.concat([
      Buffer.of(0),
      extract(HPKE_SUITE, NOTHING, 'psk_id_hash', NOTHING),
      extract(HPKE_SUITE, NOTHING, 'info_hash', info),
    ]);
    const secret = extract(HPKE_SUITE, shared, 'secret', NOTHING);
    return openGcm(
      expand(HPKE_SUITE, secret, 'key', schedule, KEY_BYTES),
      expand(HPKE_SUITE, secret, 'base_nonce', schedule, NONCE_BYTES),
      ciphertext,
      NOTHING,
    );
  } catch (error) {
    throw new Disproof('the wrapped key does not open: it was changed, or is of another session', { cause: error });
  }
}

/** AES-256-GCM, the 16 bytes of tag behind the ciphertext. Throws when they do not agree. */
export function openGcm(key: Buffer, nonce: Buffer, sealed: Buffer, aad: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(aad);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
}

function extract(suite: Buffer, salt: Buffer, label: string, input: Buffer): Buffer {
  return createHmac('sha256', salt).update('HPKE-v1').update(suite).update(label).update(input).digest();
}

function expand(suite: Buffer, key: Buffer, label: string, info: Buffer, bytes: number): Buffer {
  const input = Buffer.concat([Buffer.of(0, bytes), Buffer.from('HPKE-v1'), suite, Buffer.from(label), info]);
  return createHmac('sha256', key).update(input).update(Buffer.of(1)).digest().subarray(0, bytes);
}
