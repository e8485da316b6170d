/** Revocation, made from the parts of the composition root. */
import type { GrantService } from './approval/grants.ts';
import type { GatewayConfig } from './config/config.ts';
import type { EvidenceLog } from './evidence/entry.ts';
import { type EventIssuer, IssuerEvents } from './identity/revocation/issuer-events.ts';
import { Revoker } from './identity/revocation/revoke.ts';
import type { Revocations } from './identity/revocations.ts';
import type { SessionSecrets } from './identity/session-secrets.ts';
import type { TokenVerifier } from './identity/verify-token.ts';
import type { SessionRegistry } from './session/registry.ts';
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
  readonly log: Logger;
};

export function createIssuerEvents(config: GatewayConfig, parts: IssuerEventParts): IssuerEvents {
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
  const issuers = config.issuers.flatMap(({ name, clientId }): EventIssuer[] => {
    const issuer = tokens.issuerNamed(name);
    return issuer === null ? [] : [{ ...issuer, clientId }];
  });
  return new IssuerEvents({
    ...{ issuers, revoker, now, observe: metrics },
    log: (event) => log.warn(event),
  });
}
