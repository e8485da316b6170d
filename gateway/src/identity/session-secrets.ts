import { timingSafeEqual } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import { NO_TERMS, type SessionTerms } from '../policy/session-terms.ts';
import type { ScramVerifier } from '../protocol/postgres/scram.ts';
import type { ScramCandidate } from '../protocol/postgres/scram-server.ts';
import { isEndedBy } from './revocation/revocation.ts';
import { notifyAll, type Revocations } from './revocations.ts';
import { deriveScramVerifier, SCRAM_ITERATIONS, SCRAM_SALT_BYTES, type ScramParameters } from './scram-verifier.ts';
import type { HeldToken, SignedIn, SignIn } from './sign-in.ts';
import type { VerifiedToken } from './verify-token.ts';

export const SECRET_BYTES = 16;
/** Live secrets of the process, unless configured lower. */
export const MAX_SECRETS = 16_384;
/** Live secrets of one principal, so that one cannot take the room of all. */
export const MAX_SECRETS_PER_PRINCIPAL = 512;
/** Secrets tried when a client gives only the resource's name: the newest. Who names the session is found at once. */
export const MAX_CANDIDATES = 1_024;
export const MAX_LIFETIME_MS = 24 * 60 * 60_000;
/** How far a secret may outlive the token that it was minted with. */
export const MAX_GRACE_MS = 15 * 60_000;
/** Expired secrets are never accepted; this is how soon their live sessions hear of it. */
export const SWEEP_INTERVAL_MS = 1_000;

const SESSION_ID_BYTES = 10;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** Runs something later, once; returns the way to cancel it. */
export type Schedule = (delayMs: number, run: () => void) => () => void;

export type SessionSecretSettings = {
  /** Life of a secret, at most MAX_LIFETIME_MS. */
  readonly lifetimeMs: number;
  /** How far it may outlive its token, at most MAX_GRACE_MS. */
  readonly graceMs: number;
  /** Live secrets of the process, at most MAX_SECRETS. */
  readonly maxSecrets: number;
};

/** The secret in clear exists here only: it is shown once and not kept. */
export type MintedSecret = { readonly sessionId: string; readonly secret: string; readonly expiresAtMs: number };

/** What the holder of a secret is allowed to be. */
export type SecretHolder = {
  readonly sessionId: string;
  readonly resource: string;
  readonly principal: Principal;
  /** Of the token that it was minted with. */
  readonly signIn: SignIn;
  readonly expiresAtMs: number;
  /** What every session that it opens is bound to. */
  readonly terms: SessionTerms;
};

/** A proof is checked against each candidate; all share the parameters, also when there is none. */
export type ScramCandidates = ScramParameters & { readonly candidates: readonly ScramCandidate[] };

export type SecretEnded = {
  readonly sessionId: string;
  readonly principal: Principal;
  readonly reason: 'revoked' | 'expired';
};

type Entry = SecretHolder &
  ScramVerifier & {
    /** Epoch milliseconds; no renewal goes beyond. */
    readonly endsAtMs: number;
  };

/**
 * Session secrets: the passwords that ordinary database clients use, one per principal and resource, 128 random bits.
 * Kept as SCRAM verifiers only, in memory only: a restart of the gateway ends them.
 */
export class SessionSecrets {
  readonly #now: () => number;
  readonly #randomBytes: (size: number) => Buffer;
  readonly #schedule: Schedule;
  readonly #revocations: Revocations;
  readonly #settings: SessionSecretSettings;
  readonly #parameters: ScramParameters;
  readonly #entries = new Map<string, Entry>();
  readonly #byResource = new Map<string, Map<string, Entry>>();
  readonly #countByPrincipal = new Map<string, number>();
  readonly #listeners = new Set<(ended: SecretEnded) => void>();
  readonly #stopListening: () => void;
  #cancelSweep: (() => void) | null = null;
  #closed = false;

  constructor(options: {
    readonly now: () => number;
    readonly randomBytes: (size: number) => Buffer;
    readonly schedule: Schedule;
    readonly revocations: Revocations;
    readonly settings: SessionSecretSettings;
  }) {
    const { lifetimeMs, graceMs, maxSecrets } = options.settings;
    if (!(lifetimeMs > 0 && lifetimeMs <= MAX_LIFETIME_MS))
      throw new SluiceError('CONFIG_INVALID', `a session secret lives at most ${MAX_LIFETIME_MS} ms`);
    if (!(graceMs >= 0 && graceMs <= MAX_GRACE_MS))
      throw new SluiceError('CONFIG_INVALID', `a session secret outlives its token by at most ${MAX_GRACE_MS} ms`);
    if (!(maxSecrets > 0 && maxSecrets <= MAX_SECRETS)) {
      throw new SluiceError('CONFIG_INVALID', `there are at most ${MAX_SECRETS} session secrets`);
    }
    this.#now = options.now;
    this.#randomBytes = options.randomBytes;
    this.#schedule = options.schedule;
    this.#revocations = options.revocations;
    this.#settings = options.settings;
    this.#parameters = { salt: options.randomBytes(SCRAM_SALT_BYTES), iterations: SCRAM_ITERATIONS };
    this.#stopListening = options.revocations.onRevoked((revocation) =>
      this.#end((entry) => isEndedBy(revocation, entry), 'revoked'),
    );
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * A new secret for the bearer of a verified token, good for one resource.
   * Throws SluiceError LIMIT_REACHED when the principal or the process has too many, SESSION_ENDED when revoked meanwhile.
   */
  async mint(request: {
    readonly token: Pick<VerifiedToken, 'principal' | 'expiresAtMs' | 'signIn'>;
    readonly resource: string;
    readonly terms?: SessionTerms;
  }): Promise<MintedSecret> {
    const { token, resource, terms = NO_TERMS } = request;
    this.#assertRoom(token.principal);
    const sessionId = `s_${base32(this.#randomBytes(SESSION_ID_BYTES))}`;
    const secret = this.#randomBytes(SECRET_BYTES).toString('base64url');
    const verifier = await deriveScramVerifier(secret, this.#parameters);
    // Others minted, and revocations came in, while the verifier was computed.
    this.#assertRoom(token.principal);
    if (this.#closed || this.#revocations.isRevoked(token))
      throw new SluiceError('SESSION_ENDED', 'The sign-in was revoked.');
    const endsAtMs = this.#now() + this.#settings.lifetimeMs;
    const expiresAtMs = Math.min(endsAtMs, token.expiresAtMs + this.#settings.graceMs);
    const { principal, signIn } = token;
    this.#add({ sessionId, resource, principal, signIn, expiresAtMs, endsAtMs, terms, ...verifier });
    return { sessionId, secret, expiresAtMs };
  }

  /**
   * Lets a secret live on with a newer token, never beyond the lifetime that it was minted with. The token must be of
   * exactly the principal that the secret was minted for, groups, chain and key included: its sessions were decided with
   * those; and of the same sign-in, since the end of that one is to end them. Returns when it expires now, epoch
   * milliseconds. Throws SESSION_ENDED when there is no such secret to renew.
   */
  renew(sessionId: string, token: Pick<VerifiedToken, 'principal' | 'expiresAtMs' | 'signIn'>): number {
    const entry = this.#entries.get(sessionId);
    if (
      entry === undefined ||
      entry.expiresAtMs <= this.#now() ||
      !isDeepStrictEqual(entry.principal, token.principal) ||
      entry.signIn.id !== token.signIn.id
    ) {
      throw new SluiceError('SESSION_ENDED', 'There is no such session of yours to renew.', {
        remedy: 'Get a new session secret.',
      });
    }
    // Never shortened: a token of shorter life takes nothing away from what another one gave.
    const renewedMs = Math.min(entry.endsAtMs, token.expiresAtMs + this.#settings.graceMs);
    if (renewedMs <= entry.expiresAtMs) return entry.expiresAtMs;
    // Still of the sign-in that it began with, but it lives by the newer token now.
    const { token: held } = token.signIn;
    const signIn = held === undefined ? entry.signIn : { ...entry.signIn, token: held };
    this.#replace({ ...entry, signIn, expiresAtMs: renewedMs });
    return renewedMs;
  }

  /** The verifiers that a SCRAM proof for this resource may match: the named session's only, else the newest MAX_CANDIDATES. */
  candidates(resource: string, sessionId: string | null): ScramCandidates {
    const candidates = this.#live(resource, sessionId).map(({ sessionId: id, storedKey, serverKey }) => ({
      id,
      storedKey,
      serverKey,
    }));
    return { ...this.#parameters, candidates };
  }

  /** The holder of a live secret, or null when it never was, has expired or was revoked. */
  find(sessionId: string): SecretHolder | null {
    const entry = this.#entries.get(sessionId);
    return entry !== undefined && entry.expiresAtMs > this.#now() ? holder(entry) : null;
  }

  /** The holder of a secret presented in clear, over TLS. Compares with every candidate, in constant time each. */
  async verifyCleartext(resource: string, sessionId: string | null, presented: string): Promise<SecretHolder | null> {
    // The form of a secret is public, so telling other passwords apart early tells nothing, and spares the PBKDF2.
    if (!isSecretShaped(presented)) return null;
    const { storedKey } = await deriveScramVerifier(presented, this.#parameters);
    let matched: Entry | null = null;
    for (const entry of this.#live(resource, sessionId)) {
      if (timingSafeEqual(entry.storedKey, storedKey)) matched = entry;
    }
    return matched === null ? null : holder(matched);
  }

  /** Ends one secret; false when there is none. */
  revoke(sessionId: string): boolean {
    return this.#end((entry) => entry.sessionId === sessionId, 'revoked') > 0;
  }

  /** The tokens by which secrets live now, where they are kept. */
  heldTokens(): readonly HeldToken[] {
    return [...this.#entries.values()].flatMap(({ signIn }) => signIn.token ?? []);
  }

  /** How many secrets of those whom this means live now. */
  countOf(which: (holder: SignedIn) => boolean): number {
    return [...this.#entries.values()].filter(which).length;
  }

  /** Told of each secret that ends before `close`, so that the sessions it opened can end too. Returns the way to stop. */
  onEnded(listener: (ended: SecretEnded) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.#cancelSweep?.();
    this.#cancelSweep = null;
    this.#entries.clear();
    this.#byResource.clear();
    this.#countByPrincipal.clear();
  }

  #assertRoom(principal: Principal): void {
    const { maxSecrets } = this.#settings;
    if (this.#entries.size >= maxSecrets) {
      throw new SluiceError('LIMIT_REACHED', `The gateway already holds ${maxSecrets} session secrets.`);
    }
    if ((this.#countByPrincipal.get(principal.id) ?? 0) >= MAX_SECRETS_PER_PRINCIPAL) {
      throw new SluiceError('LIMIT_REACHED', `You already hold ${MAX_SECRETS_PER_PRINCIPAL} session secrets.`);
    }
  }

  /** The newest first. */
  #live(resource: string, sessionId: string | null): Entry[] {
    const ofResource = this.#byResource.get(resource);
    if (ofResource === undefined) return [];
    const nowMs = this.#now();
    if (sessionId === null)
      return [...ofResource.values()]
        .filter((entry) => entry.expiresAtMs > nowMs)
        .slice(-MAX_CANDIDATES)
        .toReversed();
    const named = ofResource.get(sessionId);
    return named !== undefined && named.expiresAtMs > nowMs ? [named] : [];
  }

  #add(entry: Entry): void {
    this.#entries.set(entry.sessionId, entry);
    const ofResource = this.#byResource.get(entry.resource) ?? new Map<string, Entry>();
    ofResource.set(entry.sessionId, entry);
    this.#byResource.set(entry.resource, ofResource);
    this.#countByPrincipal.set(entry.principal.id, (this.#countByPrincipal.get(entry.principal.id) ?? 0) + 1);
    this.#armSweep();
  }

  /** In its place: the order of the maps is the order of minting. */
  #replace(entry: Entry): void {
    this.#entries.set(entry.sessionId, entry);
    this.#byResource.get(entry.resource)?.set(entry.sessionId, entry);
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.sessionId);
    const ofResource = this.#byResource.get(entry.resource);
    ofResource?.delete(entry.sessionId);
    if (ofResource?.size === 0) this.#byResource.delete(entry.resource);
    const left = (this.#countByPrincipal.get(entry.principal.id) ?? 1) - 1;
    if (left === 0) this.#countByPrincipal.delete(entry.principal.id);
    else this.#countByPrincipal.set(entry.principal.id, left);
  }

  /** Removes all before telling of any: a listener that looks must not find what is ending. */
  #end(which: (entry: Entry) => boolean, reason: SecretEnded['reason']): number {
    const ending = [...this.#entries.values()].filter(which);
    for (const entry of ending) this.#remove(entry);
    const events = ending.map(({ sessionId, principal }) => ({ sessionId, principal, reason }));
    notifyAll(this.#listeners, events);
    return ending.length;
  }

  #armSweep(): void {
    this.#cancelSweep ??= this.#schedule(SWEEP_INTERVAL_MS, () => {
      this.#cancelSweep = null;
      if (this.#entries.size > 0) this.#armSweep();
      const nowMs = this.#now();
      this.#end((entry) => entry.expiresAtMs <= nowMs, 'expired');
    });
  }
}

/** Whether text has the form of a session id, as it stands in a user name after the last dot. */
export function isSessionId(text: string): boolean {
  return /^s_[a-z2-7]{16}$/.test(text);
}

function isSecretShaped(text: string): boolean {
  return /^[\w-]{22}$/.test(text);
}

function holder({ sessionId, resource, principal, signIn, expiresAtMs, terms }: Entry): SecretHolder {
  return { sessionId, resource, principal, signIn, expiresAtMs, terms };
}

/** Lower-case base32: nothing that a user name, a URL or a shell would read otherwise. Takes multiples of 5 bytes. */
function base32(bytes: Buffer): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let left = (bytes.length * 8) / 5; left > 0; left--) {
    text = BASE32.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return text;
}
