import { SluiceError } from '@sluice/contract/errors';
import type { BindingRule } from './binding/holder-check.ts';

/** A client of the issuer that acts by itself or for somebody: declared, so that policy can tell agents from services. */
export type AgentSettings = {
  readonly clientId: string;
  readonly kind: 'agent' | 'service';
  /** For display; the client id when absent. */
  readonly name?: string;
  /** The groups of this agent. When absent, the token's own groups claim counts. */
  readonly groups?: readonly string[];
};

/** What the gateway must know of an OpenID Connect issuer to accept its access tokens. */
export type IssuerSettings = {
  /** Name in configuration and messages. */
  readonly name: string;
  /** The exact `iss`, an https URL, or http on loopback. */
  readonly issuer: string;
  /** The exact `aud` that names this gateway. */
  readonly audience: string;
  readonly claims: {
    /** Claim with the groups, also as a path: `realm_access.roles`. */
    readonly groups: string;
    /** Claim with the chain of actors (RFC 8693 §4.1), usually `act`. */
    readonly agent: string;
  };
  /** Where the keys are; unless given, where the discovery document says. */
  readonly jwksUri?: string;
  /** Signature algorithms, asymmetric only. */
  readonly algorithms: readonly string[];
  /** `required`: only `typ: at+jwt` (RFC 9068). `accepted`: also `JWT` or none, as older servers issue. */
  readonly tokenType: 'required' | 'accepted';
  readonly agents: readonly AgentSettings[];
  /** What people's clients ask for. */
  readonly scopes?: readonly string[];
  /** `required`: only tokens with a scope of ours. Unless given, that follows from `scopes`. */
  readonly tokenScopes?: 'required' | 'optional';
  /** Whether its tokens may, or have to, be bound to a key or certificate of their holder; `accepted` unless given. */
  readonly binding?: BindingRule;
  /** Where a session secret is good that was minted with a bound token; `anywhere` unless given. */
  readonly boundSecrets?: 'anywhere' | 'tunnel';
  /** When there is one, its tokens are kept while they are used: the issuer is asked whether they still count. */
  readonly introspection?: object;
};

/**
 * HMAC and `none` are absent on purpose: with them, whoever reads the public key could sign
 * (algorithm confusion, RFC 8725 §2.1).
 */
const ASYMMETRIC_ALGORITHMS: ReadonlySet<string> = new Set([
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]);

/** Whether keys and tokens may travel to this address: https, or http that stays on this machine. */
export function isSafeIssuerUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
}

/** Throws SluiceError CONFIG_INVALID when the settings would weaken the verification. */
export function assertIssuerSettings(settings: IssuerSettings): void {
  const invalid = (what: string) => new SluiceError('CONFIG_INVALID', `issuer "${settings.name}": ${what}`);
  if (!isSafeIssuerUrl(settings.issuer)) throw invalid('"issuer" must be an https URL (http only on loopback)');
  // A principal's id is `issuer|subject`, so the first bar must be ours.
  if (settings.issuer.includes('|')) throw invalid('"issuer" must not contain "|"');
  if (settings.jwksUri !== undefined && !isSafeIssuerUrl(settings.jwksUri)) {
    throw invalid('"jwksUri" must be an https URL (http only on loopback)');
  }
  if (settings.audience === '') throw invalid('"audience" is empty');
  if (settings.algorithms.length === 0) throw invalid('"algorithms" is empty');
  for (const algorithm of settings.algorithms) {
    if (!ASYMMETRIC_ALGORITHMS.has(algorithm)) throw invalid(`algorithm "${algorithm}" is not allowed`);
  }
  const clientIds = settings.agents.map((agent) => agent.clientId);
  if (new Set(clientIds).size !== clientIds.length) throw invalid('an agent is listed twice');
}
