/** What the API's handlers are given, made from the parts of the composition root. */
import type { MintedSession, RenewedSession, ResourceView } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import type { OfferedProfile } from '@sluice/contract/profiles';
import { TUNNEL_ALPN } from '@sluice/contract/tunnel';
import type { Principal } from '@sluice/contract/vocabulary';
import type { ApprovalService } from './approval/approvals.ts';
import type { GrantService } from './approval/grants.ts';
import type { LabelChanges } from './approval/label-changes.ts';
import type { GatewayConfig, ResourceConfig } from './config/config.ts';
import { createControlApp } from './control/app.ts';
import type {
  AuditDesk,
  ControlDependencies,
  EvidenceReadings,
  HoldDesk,
  IssuerEventDesk,
  LiveDesk,
  SealedDesk,
  WorkflowDesk,
} from './control/dependencies.ts';
import type { Endpoint } from './doors.ts';
import type { SessionHistory } from './evidence/session-history.ts';
import type { Revocations } from './identity/revocations.ts';
import type { SessionSecrets } from './identity/session-secrets.ts';
import type { TokenVerifier } from './identity/verify-token.ts';
import type { PolicyEngine, ResourceFacts } from './policy/decision.ts';
import { NO_TERMS, type SessionTerms } from './policy/session-terms.ts';
import { explainStatement } from './proxy/postgres/explain-statement.ts';
import { listFunctions } from './proxy/postgres/list-functions.ts';
import type { PostgresResource } from './proxy/postgres/postgres-proxy.ts';
import type { OpenSessionPorts } from './session/open.ts';
import type { Logger } from './telemetry/logger.ts';
import type { SaltedPasswords } from './upstream/salted-passwords.ts';
import { GATEWAY_VERSION } from './version.ts';
import type { Plans } from './workflow/plans.ts';

export type ControlParts = {
  readonly config: GatewayConfig;
  readonly tokens: TokenVerifier;
  readonly revocations: Revocations;
  readonly secrets: SessionSecrets;
  readonly issuerEvents: IssuerEventDesk;
  readonly policy: PolicyEngine;
  readonly resources: ReadonlyMap<string, PostgresResource>;
  readonly approvals: ApprovalService;
  readonly labelChanges: LabelChanges;
  readonly grants: GrantService;
  readonly sessions: OpenSessionPorts;
  readonly native: Endpoint | null;
  readonly history: SessionHistory;
  readonly audit: AuditDesk;
  readonly live: LiveDesk;
  readonly evidence: EvidenceReadings;
  readonly sealed: SealedDesk;
  readonly holds: HoldDesk;
  readonly workflows: WorkflowDesk;
  /** Throws REFUSED_BY_POLICY when the plan may not be run. */
  readonly assertPlan: Plans['toRun'];
  readonly passwords: SaltedPasswords;
  readonly log: Logger;
};

export function createControl(parts: ControlParts): ReturnType<typeof createControlApp> {
  const { config, tokens, policy, log } = parts;
  return createControlApp({
    now: parts.sessions.now,
    meta: {
      version: GATEWAY_VERSION,
      issuers: config.issuers.map(({ name, issuer, clientId, audience, scopes, binding }) => ({
        name,
        issuer,
        clientId,
        audience,
        scopes: [...scopes],
        binding,
      })),
      tunnel: { alpn: TUNNEL_ALPN },
    },
    verifyToken: async (token, presentation) => {
      const verification = await tokens.verify(token, presentation);
      if (verification.kind === 'refused') return { kind: 'refused', error: verification.error };
      const { principal, signIn, expiresAtMs } = verification.token;
      return { kind: 'verified', principal, signIn, expiresAtMs };
    },
    onRevoked: (listener) => void parts.revocations.onRevoked(listener),
    listResources: async (principal) =>
      await Promise.all(
        config.resources.map(async (resource) => {
          const granted = await parts.grants.granted(principal, resource.name);
          return viewOf(resource, granted.principal, policy);
        }),
      ),
    listProfiles: async (principal) => await listProfiles(parts, principal),
    mintSession: async (principal, wanted) => await mintSession(parts, principal, wanted),
    renewSession: async (principal, wanted) => await renewSession(parts, principal, wanted),
    explain: async (principal, asked) => {
      const { resource, principal: granted } = await requireConnect(parts, principal, asked.resource);
      return await explainStatement(resource, granted, asked.statement, { policy, passwords: parts.passwords });
    },
    listFunctions: async (principal, asked) => {
      const resource = parts.resources.get(asked.resource);
      if (resource === undefined) throw new SluiceError('RESOURCE_UNKNOWN', `there is no resource "${asked.resource}"`);
      return await listFunctions(resource, principal, { builtIns: asked.builtIns, passwords: parts.passwords });
    },
    issuerEvents: parts.issuerEvents,
    requests: parts.approvals,
    labelChanges: parts.labelChanges,
    grants: parts.grants,
    sessions: parts.history,
    audit: parts.audit,
    live: parts.live,
    evidence: parts.evidence,
    sealed: parts.sealed,
    holds: parts.holds,
    workflows: parts.workflows,
    onDefect: (error, request) => log.error({ err: error, ...request }, 'the API met a defect'),
  });
}

function viewOf(resource: ResourceConfig, principal: Principal, policy: PolicyEngine): ResourceView {
  return {
    name: resource.name,
    protocol: resource.protocol,
    database: resource.upstream.database,
    connect: policy.decideConnect(principal, factsOf(resource)).effect,
  };
}

function factsOf(resource: ResourceConfig): ResourceFacts {
  return { name: resource.name, protocol: resource.protocol };
}

/** The principal as policy sees it there now, grants included. Throws RESOURCE_UNKNOWN or REFUSED_BY_POLICY. */
async function requireConnect(
  parts: ControlParts,
  asker: Principal,
  name: string,
  terms: SessionTerms = NO_TERMS,
): Promise<{ config: ResourceConfig; resource: PostgresResource; principal: Principal }> {
  const config = parts.config.resources.find((candidate) => candidate.name === name);
  const resource = parts.resources.get(name);
  if (config === undefined || resource === undefined)
    throw new SluiceError('RESOURCE_UNKNOWN', `there is no resource "${name}", or you may not know of it`);
  const { principal } = await parts.grants.granted(asker, name);
  const decision = parts.policy.decideConnect(principal, factsOf(config), terms);
  if (decision.effect !== 'allow') {
    const [reason] = decision.reasons;
    throw new SluiceError(
      'REFUSED_BY_POLICY',
      reason?.message ?? `you may not connect to ${name}`,
      reason === undefined ? {} : { remedy: reason.remedy },
    );
  }
  return { config, resource, principal };
}

async function mintSession(
  parts: ControlParts,
  principal: Principal,
  wanted: Parameters<ControlDependencies['mintSession']>[1],
): Promise<MintedSession> {
  const { resource, terms } = wanted;
  const { config } = await requireConnect(parts, principal, resource, terms);
  // Told now and not at the first connection; asked again there.
  if (terms.plan !== null) parts.assertPlan(terms.plan, { principal, resource, workflow: terms.workflow });
  const minted = await parts.secrets.mint({
    token: { principal, expiresAtMs: wanted.tokenExpiresAtMs, signIn: wanted.signIn },
    ...{ resource, terms },
  });
  return {
    sessionId: minted.sessionId,
    resource: config.name,
    protocol: config.protocol,
    username: `${config.name}.${minted.sessionId}`,
    database: config.name,
    secret: minted.secret,
    expiresAt: new Date(minted.expiresAtMs).toISOString(),
    native: wanted.signIn.tunnelOnly === true ? null : parts.native,
  };
}

/** Groups are the principal's own, as policy counts them: not those of whom it acts for. */
async function listProfiles(parts: ControlParts, principal: Principal): Promise<readonly OfferedProfile[]> {
  const offered: OfferedProfile[] = [];
  for (const { name, description, groups, tunnels } of parts.config.profiles) {
    if (groups !== undefined && !groups.some((group) => principal.groups.includes(group))) continue;
    const open = [];
    for (const tunnel of tunnels) {
      const resource = parts.config.resources.find((candidate) => candidate.name === tunnel.resource);
      if (resource === undefined) continue;
      const granted = await parts.grants.granted(principal, resource.name);
      if (parts.policy.decideConnect(granted.principal, factsOf(resource)).effect === 'allow') open.push({ ...tunnel });
    }
    if (open.length > 0) offered.push({ name, tunnels: open, ...(description !== undefined && { description }) });
  }
  return offered;
}

/** Asks policy again: whoever may not connect any more gets no longer life either. */
async function renewSession(
  parts: ControlParts,
  principal: Principal,
  wanted: Parameters<ControlDependencies['renewSession']>[1],
): Promise<RenewedSession> {
  const { sessionId } = wanted;
  const holder = parts.secrets.find(sessionId);
  if (holder !== null && holder.principal.id === principal.id)
    await requireConnect(parts, principal, holder.resource, holder.terms);
  const expiresAtMs = parts.secrets.renew(sessionId, {
    ...{ principal, signIn: wanted.signIn },
    expiresAtMs: wanted.tokenExpiresAtMs,
  });
  return { sessionId, expiresAt: new Date(expiresAtMs).toISOString() };
}
