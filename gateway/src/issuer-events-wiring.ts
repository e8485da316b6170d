/** Revocation, made from the parts of the composition root. */
import type { GrantService } from './approval/grants.ts';
import type { GatewayConfig, IssuerConfig } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import type { Secret } from './config/secret.ts';
import { readSecret } from './config/secret-value.ts';
import type { EvidenceLog } from './evidence/entry.ts';
import { IntrospectionFloor } from './identity/revocation/introspection-floor.ts';
import { type EventIssuer, IssuerEvents, type Transmitter } from './identity/revocation/issuer-events.ts';
import { Revoker } from './identity/revocation/revoke.ts';
import type { Revocations } from './identity/revocations.ts';
import type { SessionSecrets } from './identity/session-secrets.ts';
import { SigningKeys } from './identity/signing-keys.ts';
import type { Issuer, TokenVerifier } from './identity/verify-token.ts';
import type { SessionRegistry } from './session/registry.ts';
import type { Session } from './session/session.ts';
import type { Store } from './store/store.ts';
import type { Logger } from './telemetry/logger.ts';
import type { Metrics } from './telemetry/metrics.ts';

export type IssuerEventParts = {
  readonly tokens: TokenVerifier;
  readonly revocations: Revocations;
  readonly secrets: SessionSecrets;
  readonly registry: SessionRegistry;
  readonly grants: GrantService;
  readonly store: Store;
  readonly evidence: EvidenceLog;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly environment: Environment;
  readonly fetch: typeof fetch;
  readonly log: Logger;
};

/** Events that issuers push, and the issuers that are asked. */
export function createIssuerEvents(
  config: GatewayConfig,
  parts: IssuerEventParts,
): { readonly events: IssuerEvents; readonly floors: readonly IntrospectionFloor[] } {
  const { tokens, revocations, secrets, registry, grants, store, evidence, metrics, now, log } = parts;
  const revoker = new Revoker({
    ...{ revocations, store, now, log: evidence, observe: metrics },
    liveSessions: () => registry.all(),
    countSecrets: (which) => secrets.countOf(which),
    voidGrants: async (principalId, { issuer }, why) => {
      const url = tokens.issuerNamed(issuer)?.settings.issuer ?? issuer;
      // No subject is empty, so no principal is ever called this.
      const by = { id: `${url}|`, kind: 'service', name: issuer } as const;
      await grants.revokeAllOf(principalId, { ...by, groups: [], chain: [by], onBehalfOfGroups: [] }, why);
    },
  });
  const issuers = config.issuers.flatMap(({ name, clientId, events }): EventIssuer[] => {
    const issuer = tokens.issuerNamed(name);
    return issuer === null ? [] : [{ ...issuer, clientId, transmitter: transmitterOf(issuer, events, parts) }];
  });
  const events = new IssuerEvents({
    ...{ issuers, revoker, now, observe: metrics, record: evidence },
    log: (event) => log.warn(event),
  });
  const floors = config.issuers.flatMap((issuer) => floorOf(issuer, revoker, parts) ?? []);
  for (const floor of floors) floor.start();
  return { events, floors };
}

function floorOf(
  { name, issuer, introspection }: IssuerConfig,
  revoker: Revoker,
  { registry, secrets, environment, fetch, now, log }: IssuerEventParts,
): IntrospectionFloor | null {
  if (introspection === undefined) return null;
  const { url, clientId, clientSecret, everyMs, graceMs } = introspection;
  const isOf = (session: Session) => session.principal.chain.some(({ id }) => id.startsWith(`${issuer}|`));
  return new IntrospectionFloor({
    ...{ issuer: name, url: issuer, everyMs, graceMs, revoker, now },
    endpoint: { url, clientId, fetch, clientSecret: kept(() => readSecret(clientSecret, environment), now) },
    // Sessions of a secret live by its token, which may be a newer one than theirs.
    liveTokens: () => [
      ...secrets.heldTokens(),
      ...registry
        .all()
        .filter(({ secretId, ending }) => secretId === null && !ending.aborted)
        .flatMap(({ signIn }) => signIn.token ?? []),
    ],
    endAll: (why) => void registry.end(isOf, why),
    onError: (error) => log.error({ err: error, issuer: name }, 'a round of introspection failed'),
  });
}

/** A secret's source is asked again after this long, ms: neither who knocks nor each question may start a program. */
const SECRET_FRESH_MS = 10_000;

function kept(read: () => Promise<Secret>, now: () => number): () => Promise<Secret> {
  let last: { readonly secret: Promise<Secret>; readonly atMs: number } | null = null;
  return () => {
    if (last === null || now() - last.atMs >= SECRET_FRESH_MS) last = { secret: read(), atMs: now() };
    return last.secret;
  };
}

function transmitterOf(
  { settings, keys }: Issuer,
  events: IssuerConfig['events'],
  { environment, fetch, now }: IssuerEventParts,
): Transmitter | null {
  if (events === undefined) return null;
  const { token, issuer = settings.issuer, audience = settings.audience, jwksUri } = events;
  return {
    ...{ issuer, audience, algorithms: settings.algorithms },
    keys: jwksUri === undefined ? keys : new SigningKeys({ issuer, jwksUri, fetch, now }),
    bearer: kept(() => readSecret(token, environment), now),
  };
}
