import { createHash } from 'node:crypto';
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose';
import { LRUCache } from 'lru-cache';
import { Secret } from '../config/secret.ts';
import { assertHolder, BEARER_ALONE, type HolderCheck, type Presentation } from './binding/holder-check.ts';
import { readBinding } from './binding/token-binding.ts';
import { assertIssuerSettings, type IssuerSettings } from './issuer.ts';
import { isIdentifier, principalFromClaims } from './principal-from-claims.ts';
import type { Revocations } from './revocations.ts';
import type { SignIn } from './sign-in.ts';
import { type Fetch, SigningKeys } from './signing-keys.ts';

/** Characters of a token; a longer one is refused before anything of it is read. */
export const MAX_TOKEN_CHARS = 16 * 1024;
/** Clocks of issuer and gateway may differ by this much. */
export const CLOCK_SKEW_SECONDS = 60;
/** Verified tokens remembered, so that a busy client costs one signature check and not thousands. */
export const MAX_VERIFIED_TOKENS = 4_096;

export type VerifiedToken = {
  readonly principal: Principal;
  /** Name of the issuer in configuration. */
  readonly issuer: string;
  /** Epoch milliseconds of `exp`, without the skew. */
  readonly expiresAtMs: number;
  readonly signIn: SignIn;
};

/**
 * `refused` carries AUTH_TOKEN_EXPIRED, AUTH_TOKEN_INVALID, AUTH_TOKEN_BOUND, AUTH_PROOF_INVALID or LIMIT_REACHED; its
 * message names no content of the token.
 */
export type TokenVerification =
  | { readonly kind: 'verified'; readonly token: VerifiedToken }
  | { readonly kind: 'refused'; readonly error: SluiceError };

/** Whether a password is meant as an access token: three base64url parts, the first an encoded JSON object. */
export function looksLikeToken(password: string): boolean {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(password);
}

/** An issuer with its keys, refreshed by its own rules. */
export type Issuer = { readonly settings: IssuerSettings; readonly keys: SigningKeys };
type CachedToken = { readonly token: VerifiedToken; readonly keysFingerprint: string | null };

/**
 * Verifies access tokens of the configured issuers: exact `iss` and `aud`, `exp`, `nbf`, allow-listed asymmetric
 * algorithms, keys from the issuer's own key set only (RFC 8725, RFC 9068 §4).
 */
export class TokenVerifier {
  readonly #issuers: ReadonlyMap<string, Issuer>;
  readonly #now: () => number;
  readonly #revocations: Revocations;
  readonly #holders: HolderCheck | null;
  readonly #verified = new LRUCache<string, CachedToken>({ max: MAX_VERIFIED_TOKENS });

  /** `now` in epoch milliseconds. Throws SluiceError CONFIG_INVALID for settings that would weaken the checks. */
  constructor(options: {
    readonly issuers: readonly IssuerSettings[];
    readonly fetch: Fetch;
    readonly now: () => number;
    readonly revocations: Revocations;
    /** Checks the proofs of tokens that are bound to a key; without it no such token is accepted. */
    readonly holders?: HolderCheck;
  }) {
    const issuers = new Map<string, Issuer>();
    for (const settings of options.issuers) {
      assertIssuerSettings(settings);
      if (issuers.has(settings.issuer)) {
        throw new SluiceError('CONFIG_INVALID', `issuer "${settings.name}": ${settings.issuer} is configured twice`);
      }
      issuers.set(settings.issuer, {
        settings,
        keys: new SigningKeys({
          issuer: settings.issuer,
          jwksUri: settings.jwksUri,
          fetch: options.fetch,
          now: options.now,
        }),
      });
    }
    this.#issuers = issuers;
    this.#now = options.now;
    this.#revocations = options.revocations;
    this.#holders = options.holders ?? null;
  }

  /** The issuer of this name in the configuration. */
  issuerNamed(name: string): Issuer | null {
    for (const issuer of this.#issuers.values()) if (issuer.settings.name === name) return issuer;
    return null;
  }

  /** A token as it was presented: one that is bound counts only in the hands of its holder. */
  async verify(token: string, presentation: Presentation = BEARER_ALONE): Promise<TokenVerification> {
    try {
      const issuer = this.#issuerOf(token);
      const verified = await this.#verify(token, issuer);
      // Asked each time, also for a remembered token.
      if (this.#revocations.isRevoked(verified)) throw invalid('the sign-in was revoked');
      const { binding = null } = verified.principal;
      const { binding: rule = 'accepted' } = issuer.settings;
      // Last, and each time: a proof that counts once is not to be spent on a token that does not count.
      await assertHolder({ text: token, binding }, presentation, { rule, holders: this.#holders });
      return { kind: 'verified', token: verified };
    } catch (error) {
      if (error instanceof SluiceError) return { kind: 'refused', error };
      throw error;
    }
  }

  async #verify(token: string, issuer: Issuer): Promise<VerifiedToken> {
    await issuer.keys.freshen();
    const cacheKey = createHash('sha256').update(token).digest('base64');
    const cached = this.#verified.get(cacheKey);
    if (cached !== undefined && cached.keysFingerprint === issuer.keys.fingerprint)
      return this.#stillValid(cached.token);

    const payload = await this.#verifySignature(token, issuer);
    refuseOtherKindsOfToken(payload);
    const made = principalFromClaims(payload, issuer.settings);
    if (made.kind === 'unusable') throw invalid(made.why);
    const binding = readBinding(payload['cnf']);
    // Taking a bound token without its proof would make it the bearer token that the issuer meant to avoid (RFC 9449 §7).
    if (binding === 'unknown') throw invalid('it is bound to something that is not checked here');
    const tunnelOnly = binding !== null && issuer.settings.boundSecrets === 'tunnel';
    const signIn = signInOf(token, payload, issuer.settings);
    const verified: VerifiedToken = {
      principal: binding === null ? made.principal : { ...made.principal, binding },
      issuer: issuer.settings.name,
      expiresAtMs: (payload.exp ?? 0) * 1000,
      signIn: tunnelOnly ? { ...signIn, tunnelOnly } : signIn,
    };
    this.#verified.set(cacheKey, { token: verified, keysFingerprint: issuer.keys.fingerprint });
    return verified;
  }

  /** Reads `iss` unverified, only to choose whose keys must have signed. */
  #issuerOf(token: string): Issuer {
    if (token.length > MAX_TOKEN_CHARS) throw invalid(`it is longer than ${MAX_TOKEN_CHARS} characters`);
    let claimed: unknown;
    try {
      claimed = decodeJwt(token).iss;
    } catch (error) {
      throw invalid('it is not a signed token', error);
    }
    const issuer = typeof claimed === 'string' ? this.#issuers.get(claimed) : undefined;
    if (issuer === undefined) throw invalid('its issuer is not configured here');
    return issuer;
  }

  async #verifySignature(token: string, { settings, keys }: Issuer): Promise<JWTPayload> {
    assertHeader(token, settings);
    try {
      const { payload } = await jwtVerify(
        token,
        async (header) => {
          const lookup = await keys.find(header);
          if (lookup.kind === 'found') return lookup.key;
          throw lookup.kind === 'unknown-key'
            ? invalid('its key is not one of the issuer')
            : invalid(`the keys of issuer "${settings.name}" cannot be fetched now`, lookup.cause);
        },
        {
          issuer: settings.issuer,
          audience: settings.audience,
          algorithms: [...settings.algorithms],
          clockTolerance: CLOCK_SKEW_SECONDS,
          currentDate: new Date(this.#now()),
          requiredClaims: ['exp', 'sub'],
        },
      );
      return payload;
    } catch (error) {
      if (error instanceof SluiceError) throw error;
      if (error instanceof errors.JWTExpired) throw expired(error);
      throw invalid(describe(error), error);
    }
  }

  #stillValid(token: VerifiedToken): VerifiedToken {
    if (this.#now() >= token.expiresAtMs + CLOCK_SKEW_SECONDS * 1000) throw expired();
    return token;
  }
}

/** `sid` as OpenID Connect Front-Channel Logout 1.0 §3 has it: some issuers write it into access tokens too. */
function signInOf(token: string, { sid, iat }: JWTPayload, { issuer, introspection }: IssuerSettings): SignIn {
  const signIn = {
    id: isIdentifier(sid) ? `${issuer}|${sid}` : null,
    issuedAtMs: (iat ?? 0) * 1000,
  };
  if (introspection === undefined) return signIn;
  const hash = createHash('sha256').update(token).digest('hex');
  return { ...signIn, token: { id: `${issuer}|${hash}`, value: new Secret(token) } };
}

/** Header parameters that bring or point to a key: an attacker's key, if any verifier looked at them (RFC 8725 §3.10). */
export const KEY_PARAMETERS = ['jku', 'jwk', 'x5u', 'x5c'] as const;

function assertHeader(token: string, settings: IssuerSettings): void {
  let header: ProtectedHeaderParameters;
  try {
    header = decodeProtectedHeader(token);
  } catch (error) {
    throw invalid('its header cannot be read', error);
  }
  for (const parameter of KEY_PARAMETERS) {
    if (header[parameter] !== undefined) throw invalid(`its header carries "${parameter}"`);
  }
  if (header.alg === undefined || !settings.algorithms.includes(header.alg))
    throw invalid('its algorithm is not allowed for this issuer');
  const type = header.typ?.toLowerCase().replace(/^application\//, '');
  const isAccessToken =
    type === 'at+jwt' || (settings.tokenType === 'accepted' && (type === undefined || type === 'jwt'));
  if (!isAccessToken) throw invalid('it is not an access token');
}

/** Issuers that do not set `typ` sign ID, refresh and logout tokens with the same key, some with the same audience. */
function refuseOtherKindsOfToken(payload: JWTPayload): void {
  const isIdToken =
    payload['at_hash'] !== undefined || payload['c_hash'] !== undefined || payload['token_use'] === 'id';
  // ID tokens answer a nonce; the one server whose access tokens do too names their type in the payload.
  const answersNonce = payload['nonce'] !== undefined && payload['typ'] !== 'Bearer';
  const isNamedOtherwise = payload['typ'] === 'ID' || payload['typ'] === 'Refresh' || payload['typ'] === 'Offline';
  if (isIdToken || answersNonce || isNamedOtherwise || payload['events'] !== undefined)
    throw invalid('it is not an access token');
}

function describe(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed) {
    // The name of a claim is no secret, its value may be.
    return error.claim === 'aud'
      ? 'it is meant for another audience'
      : `its claim "${error.claim}" is missing or not acceptable`;
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is not valid';
  return 'it cannot be verified';
}

function invalid(why: string, cause?: unknown): SluiceError {
  return new SluiceError('AUTH_TOKEN_INVALID', `The access token was refused: ${why}.`, { cause });
}

function expired(cause?: unknown): SluiceError {
  return new SluiceError('AUTH_TOKEN_EXPIRED', 'The access token has expired.', { cause });
}
