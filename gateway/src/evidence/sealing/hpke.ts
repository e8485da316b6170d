/**
 * Hybrid public key encryption, the sending side: RFC 9180 base mode, one message, DHKEM(X25519, HKDF-SHA256) and
 * HKDF-SHA256. Wraps a session's key to an auditor's public key (docs/evidence-format.md, "Sealed statements").
 */
import { createCipheriv, createHmac, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';

const KEM_X25519 = 0x0020;
const KDF_SHA256 = 0x0001;
const HASH_BYTES = 32;
const NONCE_BYTES = 12;
const X25519_KEY_BYTES = 32;
const NOTHING = Buffer.alloc(0);
/** SubjectPublicKeyInfo of an X25519 key, RFC 8410, before its 32 bytes. */
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

/** The two of RFC 9180 that Node has and that differ in nothing but their key. */
export const AES_256_GCM = { id: 0x0002, cipher: 'aes-256-gcm', keyBytes: 32 } as const;
export const AES_128_GCM = { id: 0x0001, cipher: 'aes-128-gcm', keyBytes: 16 } as const;
type Aead = typeof AES_256_GCM | typeof AES_128_GCM;

export type HpkeMessage = {
  /** The ephemeral public key, 32 bytes. */
  readonly encapsulated: Buffer;
  /** Ciphertext and tag. */
  readonly ciphertext: Buffer;
};

/** `raw`: 32 bytes. */
export function x25519PublicKey(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
}

export function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(-X25519_KEY_BYTES);
}

/** `ephemeral`: a private key that is used this once. Throws for a recipient's key that is no point of full order. */
export function hpkeSeal(
  plaintext: Uint8Array,
  context: {
    readonly recipient: KeyObject;
    readonly ephemeral: KeyObject;
    readonly info: Uint8Array;
    readonly aad: Uint8Array;
    readonly aead?: Aead;
  },
): HpkeMessage {
  const { recipient, ephemeral, info, aad, aead = AES_256_GCM } = context;
  const encapsulated = rawPublicKey(createPublicKey(ephemeral));
  const shared = sharedSecret(
    diffieHellman({ privateKey: ephemeral, publicKey: recipient }),
    Buffer.concat([encapsulated, rawPublicKey(recipient)]),
  );
  const suite = Buffer.concat([Buffer.from('HPKE'), u16(KEM_X25519), u16(KDF_SHA256), u16(aead.id)]);
  const mode = Buffer.of(0);
  const schedule = Buffer.concat([
    mode,
    labeledExtract(suite, NOTHING, 'psk_id_hash', NOTHING),
    labeledExtract(suite, NOTHING, 'info_hash', info),
  ]);
  const secret = labeledExtract(suite, shared, 'secret', NOTHING);
  const key = labeledExpand(suite, secret, 'key', schedule, aead.keyBytes);
  const nonce = labeledExpand(suite, secret, 'base_nonce', schedule, NONCE_BYTES);
  const cipher = createCipheriv(aead.cipher, key, nonce).setAAD(aad);
  return { encapsulated, ciphertext: Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]) };
}

function sharedSecret(dh: Buffer, kemContext: Buffer): Buffer {
  const suite = Buffer.concat([Buffer.from('KEM'), u16(KEM_X25519)]);
  const pseudoRandom = labeledExtract(suite, NOTHING, 'eae_prk', dh);
  return labeledExpand(suite, pseudoRandom, 'shared_secret', kemContext, HASH_BYTES);
}

function labeledExtract(suite: Buffer, salt: Uint8Array, label: string, input: Uint8Array): Buffer {
  return createHmac('sha256', salt).update('HPKE-v1').update(suite).update(label).update(input).digest();
}

/** At most one block of HKDF-Expand: nothing here is longer than its hash. */
function labeledExpand(suite: Buffer, key: Buffer, label: string, info: Uint8Array, bytes: number): Buffer {
  const hmac = createHmac('sha256', key).update(u16(bytes)).update('HPKE-v1').update(suite).update(label);
  return hmac.update(info).update(Buffer.of(1)).digest().subarray(0, bytes);
}

function u16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}
