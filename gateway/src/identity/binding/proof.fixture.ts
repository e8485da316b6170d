import { createHash } from 'node:crypto';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** What a proof says, and how; undefined leaves a member out. */
export type ProofChanges = {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
};

/** A client's key, and the proofs that it makes, good or not. */
export class ProofMaker {
  readonly thumbprint: string;
  readonly publicJwk: JWK;
  readonly privateKey: CryptoKey;
  readonly algorithm: string;

  static async create(algorithm = 'ES256', crv?: string): Promise<ProofMaker> {
    const options = { extractable: true, ...(crv === undefined ? {} : { crv }) };
    const { publicKey, privateKey } = await generateKeyPair(algorithm, options);
    const publicJwk = await exportJWK(publicKey);
    return new ProofMaker(algorithm, publicJwk, privateKey, await calculateJwkThumbprint(publicJwk));
  }

  private constructor(algorithm: string, publicJwk: JWK, privateKey: CryptoKey, thumbprint: string) {
    this.algorithm = algorithm;
    this.publicJwk = publicJwk;
    this.privateKey = privateKey;
    this.thumbprint = thumbprint;
  }

  /** `nowMs`: when it is made, epoch milliseconds. */
  make(
    request: { readonly method: string; readonly url: string; readonly token: string; readonly nowMs: number },
    { claims = {}, header = {} }: ProofChanges = {},
  ): Promise<string> {
    return new SignJWT({
      jti: crypto.randomUUID(),
      htm: request.method,
      htu: request.url,
      iat: Math.floor(request.nowMs / 1_000),
      ath: createHash('sha256').update(request.token).digest('base64url'),
      ...claims,
    })
      .setProtectedHeader({ alg: this.algorithm, typ: 'dpop+jwt', jwk: this.publicJwk, ...header })
      .sign(this.privateKey);
  }
}
