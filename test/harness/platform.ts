/** A platform that gives its jobs tokens of their own: Kubernetes, a CI service. */
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Key pair of the platform, and its public half as a provider's configuration takes it. */
export function platformKeys() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, publicKey: { ...publicKey.export({ format: 'jwk' }), alg: 'ES256' } };
}

/** A JWT of the platform for the issuer, good once (RFC 7523, 3). */
export function workloadToken(facts: {
  readonly clientId: string;
  readonly audience: string;
  readonly privateKey: KeyObject;
}): string {
  const { clientId, audience, privateKey: key } = facts;
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: clientId, sub: clientId, aud: audience, iat: now, exp: now + 300, jti: randomUUID() };
  const signed = `${encode({ alg: 'ES256', typ: 'JWT' })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

/** Writes tokens as a kubelet does: a new file, and a link that is moved over the old one in one step. */
export class TokenFile {
  readonly path: string;
  readonly #next: () => string;
  #version = 0;

  constructor(file: string, next: () => string) {
    this.path = file;
    this.#next = next;
  }

  async rotate(mode = 0o600): Promise<void> {
    this.#version += 1;
    const directory = path.dirname(this.path);
    await mkdir(directory, { recursive: true });
    const name = `${path.basename(this.path)}.${this.#version}`;
    await writeFile(path.join(directory, name), `${this.#next()}\n`, { mode });
    await symlink(name, `${this.path}.new`);
    await rename(`${this.path}.new`, this.path);
  }
}
