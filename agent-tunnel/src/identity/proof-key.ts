import { createHash, type JsonWebKey, randomUUID, type webcrypto } from 'node:crypto';
import { SluiceError } from '@sluice/contract/errors';
import * as openid from 'openid-client';
import { z } from 'zod';

/** The one algorithm that servers of RFC 9449 commonly offer. */
export const PROOF_ALGORITHM = 'ES256';
/** Half of what the gateway grants: the rest is for the way. */
const CLOCK_TOLERANCE_MS = 30_000;
/** A clock further off is mended, not followed: proofs of tomorrow are not made for anybody. */
const MAX_FOLLOWED_MS = 60 * 60_000;
const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** The private key as it is kept: in the credential store, nowhere else. */
export const StoredProofKeySchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});
export type StoredProofKey = z.infer<typeof StoredProofKeySchema>;

/** A request that a proof is for. */
export type ProvedRequest = { readonly method: string; readonly url: URL; readonly token: string };

/** A key that access tokens are bound to: who has a token alone can do nothing with it (DPoP, RFC 9449). */
export class ProofKey {
  readonly #pair: webcrypto.CryptoKeyPair;
  readonly #stored: StoredProofKey;
  #handle: openid.DPoPHandle | null = null;
  /** How far the gateway's clock is ahead of ours, as far as that matters. */
  #aheadMs = 0;

  private constructor(pair: webcrypto.CryptoKeyPair, stored: StoredProofKey) {
    this.#pair = pair;
    this.#stored = stored;
  }

  static async make(): Promise<ProofKey> {
    const pair = await crypto.subtle.generateKey(EC, true, ['sign', 'verify']);
    return new ProofKey(pair, StoredProofKeySchema.parse(await crypto.subtle.exportKey('jwk', pair.privateKey)));
  }

  /** Throws `AUTH_CREDENTIAL_STORE` for what is no key. */
  static async from(stored: StoredProofKey): Promise<ProofKey> {
    const { d: _private, ...open } = stored;
    try {
      const pair = {
        privateKey: await crypto.subtle.importKey('jwk', stored, EC, true, ['sign']),
        publicKey: await crypto.subtle.importKey('jwk', open, EC, true, ['verify']),
      };
      return new ProofKey(pair, stored);
    } catch {
      // No cause: it could quote the key.
      throw new SluiceError('AUTH_CREDENTIAL_STORE', 'the stored key of the sign-in is no key');
    }
  }

  /** For the credential store. */
  get stored(): StoredProofKey {
    return this.#stored;
  }

  /** SHA-256 of the public key (RFC 7638), base64url: `cnf.jkt` of its tokens. */
  get thumbprint(): string {
    const { crv, kty, x, y } = this.#stored;
    // The members in this order, and nothing else, are what is hashed.
    return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  }

  /**
   * For requests to the issuer of one client. It may ask for a nonce of its own (RFC 9449 §8): then the library asks once
   * more, with it, and the handle remembers it for the next request.
   */
  handle(configuration: openid.Configuration): openid.DPoPHandle {
    this.#handle ??= openid.getDPoPHandle(configuration, this.#pair);
    return this.#handle;
  }

  /**
   * Goes by the gateway's clock from now on: `date` is that header of an answer that refused a proof. False when ours was
   * right enough already, is off by more than an hour, or nothing is said. A clock that is wrong would otherwise make
   * every proof useless.
   */
  follow(date: string | undefined, now: number = Date.now()): boolean {
    const aheadMs = Date.parse(date ?? '') - now;
    if (Number.isNaN(aheadMs) || Math.abs(aheadMs) > MAX_FOLLOWED_MS) return false;
    if (Math.abs(aheadMs - this.#aheadMs) <= CLOCK_TOLERANCE_MS) return false;
    this.#aheadMs = aheadMs;
    return true;
  }

  /** A proof for one request with a token, good once and for a minute. `now` in epoch milliseconds. */
  async prove({ method, url, token }: ProvedRequest, now: number = Date.now()): Promise<string> {
    const { crv, kty, x, y } = this.#stored;
    const header = { typ: 'dpop+jwt', alg: PROOF_ALGORITHM, jwk: { kty, crv, x, y } satisfies JsonWebKey };
    const claims = {
      jti: randomUUID(),
      htm: method,
      htu: `${url.origin}${url.pathname}`,
      iat: Math.floor((now + this.#aheadMs) / 1_000),
      ath: createHash('sha256').update(token).digest('base64url'),
    };
    const signed = `${encode(header)}.${encode(claims)}`;
    const signature = await crypto.subtle.sign(
      { name: 'ECDSA', hash: 'SHA-256' },
      this.#pair.privateKey,
      Buffer.from(signed),
    );
    return `${signed}.${Buffer.from(signature).toString('base64url')}`;
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
