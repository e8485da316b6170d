import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { IssuerSettings } from './issuer.ts';
import type { Fetch } from './signing-keys.ts';

type Key = { readonly publicJwk: JWK; readonly privateKey: CryptoKey; readonly kid: string };

/** For tests: an issuer without a network, which answers discovery and key set through `fetch`, and signs whatever a test asks for. */
export class FakeIssuer {
  readonly url = 'https://idp.example.test';
  readonly audience = 'sluice';
  /** Epoch milliseconds; tests move it. */
  nowMs = Date.UTC(2026, 0, 1);
  /** Documents served, by URL; a test may replace or remove them. */
  readonly documents = new Map<string, unknown>();
  /** Requests seen, in order. */
  readonly requested: string[] = [];
  online = true;
  #current: Key;

  static async create(): Promise<FakeIssuer> {
    return new FakeIssuer(await makeKey('key-1'));
  }

  private constructor(key: Key) {
    this.#current = key;
    this.documents.set(this.discoveryUrl, { issuer: this.url, jwks_uri: this.jwksUrl });
    this.documents.set(this.jwksUrl, { keys: [key.publicJwk] });
  }

  get discoveryUrl(): string {
    return `${this.url}/.well-known/openid-configuration`;
  }

  get jwksUrl(): string {
    return `${this.url}/keys`;
  }

  get publicJwk(): JWK {
    return this.#current.publicJwk;
  }

  readonly now = (): number => this.nowMs;

  readonly fetch: Fetch = async (url) => {
    this.requested.push(url);
    if (!this.online) throw new TypeError('fetch failed');
    const document = this.documents.get(url);
    if (document === undefined) return new Response('not found', { status: 404 });
    return new Response(typeof document === 'string' ? document : JSON.stringify(document));
  };

  /** Signs with a new key from now on and publishes only that one. */
  async rotate(kid: string): Promise<void> {
    this.#current = await makeKey(kid);
    this.documents.set(this.jwksUrl, { keys: [this.#current.publicJwk] });
  }

  /** A good token of `analyst`; claims and header parameters given as undefined are left out. */
  sign(claims: JWTPayload = {}, header: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const nowSeconds = Math.floor(this.nowMs / 1000);
    const standard = {
      iss: this.url,
      aud: this.audience,
      sub: 'analyst',
      client_id: 'sluice',
      iat: nowSeconds,
      exp: nowSeconds + 600,
    };
    return new SignJWT({ ...standard, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: this.#current.kid, ...header })
      .sign(this.#current.privateKey);
  }

  settings(changes: Partial<IssuerSettings> = {}): IssuerSettings {
    return {
      name: 'company',
      issuer: this.url,
      audience: this.audience,
      claims: { groups: 'groups', agent: 'act' },
      algorithms: ['ES256'],
      tokenType: 'required',
      agents: [
        { clientId: 'planner', kind: 'agent', name: 'Planner', groups: ['planners'] },
        { clientId: 'executor', kind: 'agent', groups: ['executors'] },
        { clientId: 'backup', kind: 'service' },
      ],
      ...changes,
    };
  }
}

async function makeKey(kid: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }, privateKey, kid };
}
