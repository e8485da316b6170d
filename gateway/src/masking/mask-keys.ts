/**
 * The keys of keyed masks. All come from one secret, the masking key:
 *
 * ```text
 * digest key  HMAC-SHA-256(masking key, "value" · resource · mask · purpose)   one for each, so that tokens of one
 *                                                                             resource or purpose tell nothing of another
 * tag key     HMAC-SHA-256(masking key, "tag")                                the same for all: a token is known as one
 *                                                                             wherever it is written
 * ```
 * A token has 80 bits of the value's digest and 48 bits that only the gateway can compute from these.
 */
import { createHmac, hash } from 'node:crypto';

/** Bytes of a masking key. */
export const MASKING_KEY_BYTES = 32;
/** Bytes of a token: 10 of the digest, 6 of its tag. */
export const TOKEN_BYTES = 16;
const TOKEN_DIGEST_BYTES = 10;
/** Of a longer value the last bytes are digested: two that end alike have one token. */
export const MAX_DIGESTED_BYTES = 1_024;

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;

export class MaskKeys {
  readonly #key: Buffer;
  readonly #tag: KeyedHash;

  /** @param key {@link MASKING_KEY_BYTES} secret bytes */
  constructor(key: Buffer) {
    if (key.length !== MASKING_KEY_BYTES) throw new RangeError('a masking key has 32 bytes');
    this.#key = key;
    this.#tag = new KeyedHash(this.#derived('tag'));
  }

  /** The digests of one mask of one resource, for one purpose. */
  digests(resource: string, mask: string, purpose: string): ValueDigests {
    return new ValueDigests(new KeyedHash(this.#derived('value', resource, mask, purpose)), this.#tag);
  }

  /** Whether these 16 bytes are a token, or its UUID, that was made with this masking key. */
  isToken(bytes: Buffer): boolean {
    if (bytes.length !== TOKEN_BYTES) return false;
    const tag = this.#tag.of(bytes, 0, TOKEN_DIGEST_BYTES);
    return bytes.subarray(TOKEN_DIGEST_BYTES).equals(tag.subarray(0, TOKEN_BYTES - TOKEN_DIGEST_BYTES));
  }

  #derived(...parts: readonly string[]): Buffer {
    // Each part with its length, so that no two lists of parts run into the same bytes.
    const text = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('');
    return createHmac('sha256', this.#key).update(`sluice mask ${text}`).digest();
  }
}

/** Digests of values; the bytes that come back are the caller's. */
export class ValueDigests {
  readonly #hash: KeyedHash;
  readonly #tag: KeyedHash;
  readonly #value = Buffer.alloc(1 + MAX_DIGESTED_BYTES);

  constructor(valueHash: KeyedHash, tagHash: KeyedHash) {
    this.#hash = valueHash;
    this.#tag = tagHash;
  }

  /** 32 bytes. A value that is longer than what is looked at has other digests than what is left of it. */
  digest(source: Buffer, start: number, end: number, cut: boolean): Buffer {
    const from = Math.max(start, end - MAX_DIGESTED_BYTES);
    this.#value[0] = cut || from > start ? 1 : 0;
    source.copy(this.#value, 1, from, end);
    return this.#hash.of(this.#value, 0, 1 + end - from);
  }

  /** 16 bytes: the digest's first ten, and the tag by which the gateway knows them. */
  token(source: Buffer, start: number, end: number, cut: boolean): Buffer {
    return this.#tagged(this.digest(source, start, end, cut));
  }

  /** The same as a UUID of version 8 (RFC 9562: for vendors): six bits of the digest say so. */
  uuid(source: Buffer, start: number, end: number, cut: boolean): Buffer {
    const digest = this.digest(source, start, end, cut);
    digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
    digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
    return this.#tagged(digest);
  }

  #tagged(digest: Buffer): Buffer {
    this.#tag.of(digest, 0, TOKEN_DIGEST_BYTES).copy(digest, TOKEN_DIGEST_BYTES, 0, TOKEN_BYTES - TOKEN_DIGEST_BYTES);
    return digest.subarray(0, TOKEN_BYTES);
  }
}

/** HMAC-SHA-256 (RFC 2104) with the pads made once: `createHmac` costs four times as much a cell. */
class KeyedHash {
  readonly #inner: Buffer;
  readonly #outer: Buffer;

  /** `key` has at most 64 bytes. */
  constructor(key: Buffer) {
    this.#inner = Buffer.alloc(BLOCK_BYTES + 1 + MAX_DIGESTED_BYTES, 0x36);
    this.#outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, 0x5c);
    for (const [i, byte] of key.entries()) {
      this.#inner[i] = 0x36 ^ byte;
      this.#outer[i] = 0x5c ^ byte;
    }
  }

  /** The code of `source[start, end)`, at most {@link MAX_DIGESTED_BYTES} and one. */
  of(source: Buffer, start: number, end: number): Buffer {
    source.copy(this.#inner, BLOCK_BYTES, start, end);
    hash('sha256', this.#inner.subarray(0, BLOCK_BYTES + end - start), 'buffer').copy(this.#outer, BLOCK_BYTES);
    return hash('sha256', this.#outer, 'buffer');
  }
}
