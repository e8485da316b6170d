import { createHash } from 'node:crypto';
import {
  type CryptoKey,
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWK,
  type JWTHeaderParameters,
} from 'jose';
import { isSafeIssuerUrl } from './issuer.ts';

/** At most one refresh per interval, whatever unknown key ids strangers send. */
export const MIN_REFRESH_INTERVAL_MS = 10_000;
/** Older keys are refreshed at their next use, so that a withdrawn key stops counting. */
export const MAX_FRESH_MS = 10 * 60_000;
/** How long the last good keys serve while the issuer cannot be reached. */
export const MAX_STALE_MS = 24 * 60 * 60_000;
/** Bytes of a discovery document or key set. */
export const MAX_DOCUMENT_BYTES = 256 * 1024;
/** Keys of one issuer; the rest of a longer set is ignored. */
export const MAX_KEYS = 64;
const FETCH_TIMEOUT_MS = 5_000;
const MIN_RSA_MODULUS_BYTES = 256;

export type Fetch = (
  url: string,
  init: { redirect: 'error'; signal: AbortSignal; headers: Record<string, string> },
) => Promise<Response>;

/** The key that signed a token, or why there is none. */
export type KeyLookup =
  | { readonly kind: 'found'; readonly key: CryptoKey }
  | { readonly kind: 'unknown-key' }
  | { readonly kind: 'unavailable'; readonly cause: unknown };

type KeySet = {
  readonly find: ReturnType<typeof createLocalJWKSet>;
  readonly fingerprint: string;
};

/**
 * The public keys of one issuer: found by discovery or at `jwksUri`, refreshed when a token names an unknown key (rate-limited)
 * and when they are old. While the issuer is away the last good set serves, up to MAX_STALE_MS.
 */
export class SigningKeys {
  readonly #issuer: string;
  readonly #jwksUri: string | null;
  readonly #fetch: Fetch;
  readonly #now: () => number;
  #keys: KeySet | null = null;
  #fetchedAtMs = Number.NEGATIVE_INFINITY;
  #attemptedAtMs = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | null = null;
  #lastFailure: unknown = null;

  constructor(options: {
    readonly issuer: string;
    readonly jwksUri?: string | undefined;
    readonly fetch: Fetch;
    readonly now: () => number;
  }) {
    this.#issuer = options.issuer;
    this.#jwksUri = options.jwksUri ?? null;
    this.#fetch = options.fetch;
    this.#now = options.now;
  }

  /** Identifies the current key set, null while there is none: a verification made under another one no longer counts. */
  get fingerprint(): string | null {
    return this.#isUsable() ? (this.#keys?.fingerprint ?? null) : null;
  }

  /** To be called at each use: old keys are fetched anew, behind the back of the caller as long as there are any. */
  async freshen(): Promise<void> {
    if (this.#keys !== null && this.#age() <= MAX_FRESH_MS) return;
    const refreshed = this.#refresh();
    if (this.#keys === null || !this.#isUsable()) await refreshed;
  }

  /** The key for a token's header, by `kid` and `alg`. Never uses a key that the header itself carries. */
  async find(header: JWTHeaderParameters): Promise<KeyLookup> {
    const first = await this.#lookup(header);
    if (first.kind !== 'unknown-key') return first;
    return (await this.#refresh()) ? this.#lookup(header) : first;
  }

  async #lookup(header: JWTHeaderParameters): Promise<KeyLookup> {
    if (this.#keys === null || !this.#isUsable()) return { kind: 'unavailable', cause: this.#lastFailure };
    try {
      return { kind: 'found', key: await this.#keys.find(header) };
    } catch (error) {
      // Several keys fit a token without `kid`: guessing which one was meant is not ours to do.
      if (error instanceof errors.JOSEError) return { kind: 'unknown-key' };
      throw error;
    }
  }

  /** False when the rate limit forbade it. Failure is remembered, not thrown: the last good keys may still serve. */
  async #refresh(): Promise<boolean> {
    if (this.#refreshing === null) {
      if (this.#now() - this.#attemptedAtMs < MIN_REFRESH_INTERVAL_MS) return false;
      this.#attemptedAtMs = this.#now();
      this.#refreshing = this.#load().finally(() => {
        this.#refreshing = null;
      });
    }
    await this.#refreshing;
    return true;
  }

  async #load(): Promise<void> {
    try {
      const set = await fetchKeySet(this.#jwksUri ?? (await discoverJwksUri(this.#issuer, this.#fetch)), this.#fetch);
      this.#keys = {
        find: createLocalJWKSet(set),
        fingerprint: createHash('sha256').update(JSON.stringify(set)).digest('base64'),
      };
      this.#fetchedAtMs = this.#now();
      this.#lastFailure = null;
    } catch (error) {
      this.#lastFailure = error;
    }
  }

  #age(): number {
    return this.#now() - this.#fetchedAtMs;
  }

  #isUsable(): boolean {
    return this.#age() <= MAX_STALE_MS;
  }
}

async function discoverJwksUri(issuer: string, fetch: Fetch): Promise<string> {
  const discovery = await fetchObject(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, fetch);
  // Without this check, a document placed at one issuer could speak for another (mix-up, OpenID Discovery §4.3).
  if (discovery['issuer'] !== issuer) throw new Error('the discovery document names another issuer');
  const jwksUri = discovery['jwks_uri'];
  if (typeof jwksUri !== 'string' || !isSafeIssuerUrl(jwksUri)) {
    throw new Error('the discovery document has no usable jwks_uri');
  }
  return jwksUri;
}

async function fetchKeySet(jwksUri: string, fetch: Fetch): Promise<JSONWebKeySet> {
  const { keys } = await fetchObject(jwksUri, fetch);
  if (!Array.isArray(keys)) throw new Error('the key set has no keys');
  const usable = keys.slice(0, MAX_KEYS).filter(isSigningKey);
  if (usable.length === 0) throw new Error('the key set has no key that can verify a signature');
  return { keys: usable };
}

/** Public, asymmetric, strong enough, and not meant for encryption. */
function isSigningKey(key: unknown): key is JWK {
  if (!isRecord(key) || key['use'] === 'enc' || 'd' in key) return false;
  switch (key['kty']) {
    case 'RSA':
      return typeof key['n'] === 'string' && Buffer.from(key['n'], 'base64url').length >= MIN_RSA_MODULUS_BYTES;
    case 'EC':
    case 'OKP':
      return true;
    default:
      return false;
  }
}

async function fetchObject(url: string, fetch: Fetch): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    // A redirect could lead to an address that the checks above would have refused.
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    headers: { accept: 'application/json' },
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status}`);
  }
  const parsed: unknown = JSON.parse(await readBounded(response, url));
  if (!isRecord(parsed)) throw new Error(`${url} is not a JSON object`);
  return parsed;
}

async function readBounded(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop by throwing cancels the body, so an endless document costs at most the bound.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_DOCUMENT_BYTES) throw new Error(`${url} is longer than ${MAX_DOCUMENT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
