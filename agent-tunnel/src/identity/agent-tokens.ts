import * as openid from 'openid-client';
import type { HttpOptions } from '../client/https.ts';
import { type Binding, boundKey, keyFor, withProofs } from './binding.ts';
import { asked, discover, type IssuerFacts, resourceParameter, type TokenSet, tokenSet } from './openid.ts';

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Scopes about a person; an agent for itself has none of them. */
const PERSONAL_SCOPES: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'groups', 'offline_access']);

/** How an agent proves who it is: a secret, an assertion that its platform made (RFC 7523: a Kubernetes or CI token), or its certificate. */
export type AgentProof =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'assertion'; readonly assertion: string }
  /** The client certificate of the connection (RFC 8705, 2). */
  | { readonly kind: 'certificate' };

export type AgentRequest = {
  readonly facts: IssuerFacts;
  readonly proof: AgentProof;
  readonly now: () => number;
  /** Bearer tokens unless given. */
  readonly binding?: Binding;
};

/** A token of an agent for itself (client credentials, RFC 6749, 4.4). Throws `AUTH_FAILED`, `GATEWAY_UNREACHABLE`. */
export async function agentToken(request: AgentRequest, http: HttpOptions): Promise<TokenSet> {
  const { facts } = request;
  const parameters = { ...scopeParameter(facts), ...resourceParameter(facts) };
  return await requestTokens(request, http, (configuration, proofs) =>
    openid.clientCredentialsGrant(configuration, parameters, proofs),
  );
}

/**
 * A token of an agent on behalf of the subject of `subjectToken` (RFC 8693). The agent proves itself with its own
 * proof, and the new token is bound to the agent's key; the person's token is exchanged and never passed on. Throws `AUTH_FAILED`, `GATEWAY_UNREACHABLE`.
 */
export async function agentTokenOnBehalf(
  request: AgentRequest,
  subjectToken: string,
  http: HttpOptions,
): Promise<TokenSet> {
  const { facts } = request;
  const parameters = {
    subject_token: subjectToken,
    subject_token_type: ACCESS_TOKEN,
    audience: facts.audience,
    ...scopeParameter(facts),
    ...resourceParameter(facts),
  };
  return await requestTokens(request, http, (configuration, proofs) =>
    openid.genericGrantRequest(configuration, TOKEN_EXCHANGE, parameters, proofs),
  );
}

/** What the agent gets is bound to the agent's key, whoever it acts for. */
async function requestTokens(
  { facts, proof, now, binding }: AgentRequest,
  http: HttpOptions,
  ask: (
    configuration: openid.Configuration,
    proofs: openid.DPoPOptions,
  ) => Promise<openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers>,
): Promise<TokenSet> {
  const configuration = await discover(facts, http, authenticationOf(proof));
  const key = await keyFor(configuration, facts, binding ?? null);
  const answer = await asked(facts.issuer, () => ask(configuration, withProofs(configuration, key)));
  return tokenSet(answer, now(), boundKey(answer, key, facts.issuer, binding?.setting ?? 'off'));
}

function authenticationOf(proof: AgentProof): openid.ClientAuth {
  if (proof.kind === 'secret') return openid.ClientSecretBasic(proof.secret);
  if (proof.kind === 'certificate') return openid.TlsClientAuth();
  return (_server, client, body) => {
    body.set('client_id', client.client_id);
    body.set('client_assertion_type', JWT_BEARER);
    body.set('client_assertion', proof.assertion);
  };
}

function scopeParameter(facts: IssuerFacts): Record<string, string> {
  const scopes = facts.scopes.filter((scope) => !PERSONAL_SCOPES.has(scope));
  return scopes.length === 0 ? {} : { scope: scopes.join(' ') };
}
