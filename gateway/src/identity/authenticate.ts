import type { Principal } from '@sluice/contract/vocabulary';
import { NO_TERMS, type SessionTerms } from '../policy/session-terms.ts';
import { isSessionId, type ScramCandidates, type SecretHolder, type SessionSecrets } from './session-secrets.ts';
import type { SignIn } from './sign-in.ts';
import { looksLikeToken, type TokenVerifier } from './verify-token.ts';

/** The one answer to every failed login, whichever part was wrong. */
const FAILED = 'The session secret or token was not accepted.';

export type Authentication =
  | {
      readonly kind: 'authenticated';
      readonly principal: Principal;
      readonly signIn: SignIn;
      /** The session secret that was used; null for an access token. */
      readonly sessionId: string | null;
      /** Epoch milliseconds. */
      readonly expiresAtMs: number;
      /** What the secret was minted for; none for an access token. */
      readonly terms: SessionTerms;
    }
  | {
      readonly kind: 'refused';
      readonly code: 'AUTH_FAILED' | 'AUTH_TOKEN_EXPIRED' | 'AUTH_TOKEN_BOUND';
      /** For the client. */
      readonly message: string;
      /** For the client, where it is more than that of the code. */
      readonly remedy?: string;
      /** For the gateway's own log and record: what was wrong. Never sent to the client, and never holds the password. */
      readonly detail: string;
    };

/** Splits the user name of a native client: `resource`, or `resource.sessionId`. Resource names may hold dots. */
export function parseUsername(username: string): { readonly resource: string; readonly sessionId: string | null } {
  const dot = username.lastIndexOf('.');
  const suffix = username.slice(dot + 1);
  if (dot > 0 && isSessionId(suffix)) return { resource: username.slice(0, dot), sessionId: suffix };
  return { resource: username, sessionId: null };
}

/** What the proxies ask: who logs in here? The resource comes from the proxy, since some protocols name it elsewhere too. */
export class Authenticator {
  readonly #tokens: TokenVerifier;
  readonly #secrets: SessionSecrets;

  constructor(options: { readonly tokens: TokenVerifier; readonly secrets: SessionSecrets }) {
    this.#tokens = options.tokens;
    this.#secrets = options.secrets;
  }

  /** For a password that arrived in clear over TLS: an access token if it looks like one, else a session secret. */
  async authenticatePassword(login: {
    readonly resource: string;
    readonly username: string;
    readonly password: string;
  }): Promise<Authentication> {
    if (looksLikeToken(login.password)) return this.#authenticateToken(login.password);
    const { sessionId } = parseUsername(login.username);
    const found = await this.#secrets.verifyCleartext(login.resource, sessionId, login.password);
    return this.#authenticateHolder(found);
  }

  /** What a SCRAM proof may match. Never empty-handed: without a candidate the exchange runs to the same end and fails there. */
  scramCandidates(resource: string, username: string): ScramCandidates {
    return this.#secrets.candidates(resource, parseUsername(username).sessionId);
  }

  /** Completes a SCRAM exchange whose proof matched the candidate of this id; the secret may have ended meanwhile. */
  acceptScram(resource: string, candidateId: string): Authentication {
    const found = this.#secrets.find(candidateId);
    return this.#authenticateHolder(found?.resource === resource ? found : null);
  }

  /** Until when a session secret is good now, epoch milliseconds: it may have been renewed. Null when it has ended. */
  secretGoodUntil(sessionId: string): number | null {
    return this.#secrets.find(sessionId)?.expiresAtMs ?? null;
  }

  async #authenticateToken(token: string): Promise<Authentication> {
    const verification = await this.#tokens.verify(token, { scheme: 'password' });
    if (verification.kind === 'verified') {
      const { principal, signIn, expiresAtMs } = verification.token;
      return { kind: 'authenticated', principal, signIn, sessionId: null, expiresAtMs, terms: NO_TERMS };
    }
    const { code, message, remedy } = verification.error;
    // Only who has a genuine token learns these, and it is what its holder needs to know.
    if (code === 'AUTH_TOKEN_BOUND') return { kind: 'refused', code, message, remedy, detail: message };
    if (code === 'AUTH_TOKEN_EXPIRED') return { kind: 'refused', code, message, detail: message };
    return { kind: 'refused', code: 'AUTH_FAILED', message: FAILED, detail: message };
  }

  #authenticateHolder(found: SecretHolder | null): Authentication {
    if (found === null)
      return { kind: 'refused', code: 'AUTH_FAILED', message: FAILED, detail: 'no live session secret matches' };
    return {
      kind: 'authenticated',
      principal: found.principal,
      signIn: found.signIn,
      sessionId: found.sessionId,
      expiresAtMs: found.expiresAtMs,
      terms: found.terms,
    };
  }
}
