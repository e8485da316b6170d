import type { Actor, Principal } from '@sluice/contract/vocabulary';
import type { AgentSettings, IssuerSettings } from './issuer.ts';
import { readScopes } from './token-scopes.ts';

/** Members of a delegation chain: a person and three agents behind one another. */
export const MAX_CHAIN_LENGTH = 4;
/** OpenID Connect Core §2 bounds `sub` to 255 ASCII characters. */
export const MAX_SUBJECT_CHARS = 255;
/** More groups than this are refused, not cut: a policy that forbids could hang on the one cut off. */
export const MAX_GROUPS = 256;
export const MAX_GROUP_CHARS = 256;
const MAX_NAME_CHARS = 128;

export type Claims = Readonly<Record<string, unknown>>;

/** The principal, or in words why the claims of a correctly signed token do not make one. */
export type PrincipalResult =
  | { readonly kind: 'principal'; readonly principal: Principal }
  | { readonly kind: 'unusable'; readonly why: string };

/**
 * Who presents a token, from its verified claims (RFC 8693 §4.1): `sub` is the person, the outermost `act.sub`
 * the current actor, nested `act` the earlier ones. Chain order: person → … → current actor.
 */
export function principalFromClaims(claims: Claims, settings: IssuerSettings): PrincipalResult {
  try {
    return { kind: 'principal', principal: readPrincipal(claims, settings) };
  } catch (error) {
    if (error instanceof UnusableClaims) return { kind: 'unusable', why: error.message };
    throw error;
  }
}

/** Leaves the readers below from any depth; never escapes this file. */
class UnusableClaims extends Error {}

function readPrincipal(claims: Claims, settings: IssuerSettings): Principal {
  const subject = readSubject(claims['sub'], 'sub');
  const clientId = typeof claims['client_id'] === 'string' ? claims['client_id'] : claims['azp'];
  const actors = readActors(claims, subject, clientId, settings);
  const head = readHead(claims, subject, clientId, settings);
  const ownGroups = readGroups(claims, settings);
  const confined = readConfinement(claims, settings);
  const current = actors.at(-1);
  if (current === undefined) {
    const groups = declaredAgent(settings, head.kind === 'user' ? null : subject)?.groups ?? ownGroups;
    return { ...head, groups: sorted(groups), chain: [head], onBehalfOfGroups: [], ...confined };
  }
  return {
    ...current.actor,
    groups: sorted(current.groups),
    chain: [head, ...actors.map(({ actor }) => actor)],
    // Only a person lends groups to an agent: what an agent may do by itself, it does under its own name.
    onBehalfOfGroups: head.kind === 'user' ? sorted(ownGroups) : [],
    ...(actors.length > 1 && { linkGroups: actors.slice(0, -1).map(({ groups }) => sorted(groups)) }),
    ...confined,
  };
}

function readConfinement(claims: Claims, settings: IssuerSettings): Pick<Principal, 'scopes'> {
  const read = readScopes(claims, settings);
  if (read.kind === 'unusable') throw new UnusableClaims(read.why);
  return read.scopes === null ? {} : { scopes: [...read.scopes] };
}

function readHead(claims: Claims, subject: string, clientId: unknown, settings: IssuerSettings): Actor {
  const declared = declaredAgent(settings, subject);
  const id = `${settings.issuer}|${subject}`;
  if (declared !== undefined) {
    const isDelegated = claims[settings.claims.agent] !== undefined;
    // A person who managed to be named like an agent must not become it (RFC 9068 §5).
    if (!isDelegated && clientId !== subject) throw new UnusableClaims('its subject is named like an agent');
    return { id, kind: declared.kind, name: declared.name ?? subject };
  }
  // Client credentials (RFC 9068 §2.2): the subject is the client itself. Nobody declared it, so it is an agent.
  if (clientId === subject) return { id, kind: 'agent', name: displayName(subject) };
  return { id, kind: 'user', name: personName(claims, subject) };
}

type CurrentActor = { readonly actor: Actor; readonly groups: readonly string[] };

/** The actors, the earliest first. */
function readActors(claims: Claims, subject: string, clientId: unknown, settings: IssuerSettings): CurrentActor[] {
  const actors: CurrentActor[] = [];
  let claim = claims[settings.claims.agent];
  while (claim !== undefined) {
    if (actors.length + 1 >= MAX_CHAIN_LENGTH) throw new UnusableClaims(`its chain is longer than ${MAX_CHAIN_LENGTH}`);
    if (!isRecord(claim)) throw new UnusableClaims('its actor claim is not an object');
    actors.unshift(readActor(claim, settings));
    claim = claim[settings.claims.agent];
  }
  const clientAgent = typeof clientId === 'string' ? declaredAgent(settings, clientId) : undefined;
  if (clientAgent === undefined || clientAgent.clientId === subject) return actors;
  const clientActor = agentActor(clientAgent, settings);
  const current = actors.at(-1);
  // The token of a person in an agent's hands is the agent acting for the person, also when the issuer does not say so.
  if (current === undefined) return [{ actor: clientActor, groups: clientAgent.groups ?? [] }];
  if (current.actor.id !== clientActor.id) throw new UnusableClaims('it was issued to another agent than its actor');
  return actors;
}

function readActor(claim: Record<string, unknown>, settings: IssuerSettings): CurrentActor {
  const subject = readSubject(claim['sub'], 'the actor');
  const issuer = claim['iss'] ?? settings.issuer;
  if (issuer !== settings.issuer) throw new UnusableClaims('its actor belongs to another issuer');
  const declared = declaredAgent(settings, subject);
  if (declared !== undefined) {
    return { actor: agentActor(declared, settings), groups: declared.groups ?? readGroups(claim, settings) };
  }
  // Not declared: an agent, the kind with the fewest rights.
  const actor: Actor = { id: `${settings.issuer}|${subject}`, kind: 'agent', name: displayName(subject) };
  return { actor, groups: readGroups(claim, settings) };
}

function agentActor(agent: AgentSettings, settings: IssuerSettings): Actor {
  return { id: `${settings.issuer}|${agent.clientId}`, kind: agent.kind, name: agent.name ?? agent.clientId };
}

function declaredAgent(settings: IssuerSettings, clientId: string | null): AgentSettings | undefined {
  return settings.agents.find((agent) => agent.clientId === clientId);
}

function readSubject(value: unknown, what: string): string {
  if (!isIdentifier(value)) throw new UnusableClaims(`${what} is missing or not an identifier`);
  return value;
}

/** Whether a claim can be a subject, or something as short and plain. */
export function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_SUBJECT_CHARS && !/[^\x20-\x7e]/.test(value);
}

function readGroups(claims: Claims, settings: IssuerSettings): readonly string[] {
  const path = settings.claims.groups;
  // Some issuers send a pointer to the groups when there are many. Without them, a rule that forbids would not apply.
  if (isRecord(claims['_claim_names']) && path in claims['_claim_names']) {
    throw new UnusableClaims('its groups are not in the token but elsewhere');
  }
  const value = claims[path] ?? valueAtPath(claims, path);
  if (value === undefined || value === null) return [];
  const groups = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(groups) || groups.length > MAX_GROUPS || !groups.every(isGroup)) {
    throw new UnusableClaims(`its groups are not a list of at most ${MAX_GROUPS} names`);
  }
  return groups;
}

function isGroup(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_GROUP_CHARS;
}

function valueAtPath(claims: Claims, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined), claims);
}

function personName(claims: Claims, subject: string): string {
  for (const claim of ['name', 'preferred_username', 'email']) {
    const value = claims[claim];
    if (typeof value === 'string' && displayName(value) !== '') return displayName(value);
  }
  return subject;
}

/** Names reach terminals and approval dialogs: control, bidirectional and invisible characters could forge what is read there. */
function displayName(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, MAX_NAME_CHARS);
}

function sorted(groups: readonly string[]): string[] {
  return [...new Set(groups)].sort();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
