import * as openid from 'openid-client';
import type { HttpOptions } from '../client/https.ts';
import { asked, discover, type IssuerFacts, resourceParameter, type TokenSet, tokenSet } from './openid.ts';

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Scopes about a person; an agent for itself has none of them. */
const PERSONAL_SCOPES: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'groups', 'offline_access']);

/** How an agent proves who it is: a secret, or an assertion that its platform made (RFC 7523: a Kubernetes or CI token). */
export type AgentProof =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'assertion'; readonly assertion: string };

export type AgentRequest = { readonly facts: IssuerFacts; readonly proof: AgentProof; readonly now: () => number };

/** A token of an agent for itself (client credentials, RFC 6749, 4.4). Throws `AUTH_FAILED`, `GATEWAY_UNREACHABLE`. */
export async function agentToken(request: AgentRequest, http: HttpOptions): Promise<TokenSet> {
  const { facts } = request;
  const configuration = await discover(facts, http, authenticationOf(request.proof));
  const parameters = { ...scopeParameter(facts), ...resourceParameter(facts) };
  return tokenSet(
    await asked(facts.issuer, () => openid.clientCredentialsGrant(configuration, parameters)),
    request.now(),
  );
}

/**
 * A token of an agent on behalf of the subject of `subjectToken` (RFC 8693). The agent proves itself with its own
 * proof; the person's token is exchanged and never passed on. Throws `AUTH_FAILED`, `GATEWAY_UNREACHABLE`.
 */
export async function agentTokenOnBehalf(
  request: AgentRequest,
  subjectToken: string,
  http: HttpOptions,
): Promise<TokenSet> {
  const { facts } = request;
  const configuration = await discover(facts, http, authenticationOf(request.proof));
  const parameters = {
    subject_token: subjectToken,
    subject_token_type: ACCESS_TOKEN,
    audience: facts.audience,
    ...scopeParameter(facts),
    ...resourceParameter(facts),
  };
  return tokenSet(
    await asked(facts.issuer, () => openid.genericGrantRequest(configuration, TOKEN_EXCHANGE, parameters)),
    request.now(),
  );
}

function authenticationOf(proof: AgentProof): openid.ClientAuth {
  if (proof.kind === 'secret') return openid.ClientSecretBasic(proof.secret);
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
