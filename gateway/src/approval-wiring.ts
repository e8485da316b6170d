/** Who decides about what others ask: approvals, grants, and how deciders hear of them. */
import type { Label } from '@sluice/contract/vocabulary';
import { ApprovalService, type ApproversFor } from './approval/approvals.ts';
import type { ApproverTerms } from './approval/approver.ts';
import { GrantService } from './approval/grants.ts';
import { Kinship } from './approval/kinship.ts';
import { LabelChanges } from './approval/label-changes.ts';
import type { Opened } from './closers.ts';
import { approversFor, type GatewayConfig } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import { ADMIN_GROUPS } from './control/dependencies.ts';
import { createNotifier } from './notification-wiring.ts';
import type { GatewayRecord } from './record-wiring.ts';
import type { SessionRegistry } from './session/registry.ts';
import type { Logger } from './telemetry/logger.ts';

export type ApprovalParts = {
  readonly record: Pick<GatewayRecord, 'store' | 'evidence' | 'heldTexts'>;
  readonly environment: Environment;
  readonly registry: SessionRegistry;
  readonly fetch: typeof fetch;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly opened: Opened;
};

export type Deciding = {
  readonly kinship: Kinship;
  readonly approversFor: ApproversFor;
  readonly approvals: ApprovalService;
  readonly grants: GrantService;
  readonly labelChanges: LabelChanges;
};

export async function openApprovals(config: GatewayConfig, parts: ApprovalParts): Promise<Deciding> {
  const { record, environment, registry, log, now, opened } = parts;
  const { store, evidence, heldTexts } = record;
  const { limits } = config.gateway;
  const kinship = new Kinship(config.people);
  const terms = (resource: string, label: Label) => termsOf(config, resource, label);
  const approvals = opened(
    'approvals',
    new ApprovalService({
      ...{ store, now, kinship, log: evidence, texts: heldTexts, approversFor: terms },
      maxPending: limits.maxPendingRequests,
      maxPendingPerPrincipal: limits.maxPendingRequestsPerPrincipal,
      onSweepError: (error) => log.error({ err: error }, 'expired requests could not be marked'),
    }),
    (part) => part.stop(),
  );
  approvals.start();
  const notifier = opened(
    'notifications',
    createNotifier(config.notifications, { store, environment, fetch: parts.fetch, now, log }),
    (part) => part.close(),
  );
  await notifier.start();
  approvals.subscribe(() => notifier.wake());
  const grants = opened(
    'grants',
    new GrantService({
      ...{ store, now, kinship, log: evidence, adminGroups: ADMIN_GROUPS, offers: config.grants },
      onOver: (grantId, why) => registry.end((session) => session.grantIds.includes(grantId), why),
      onSweepError: (error) => log.error({ err: error }, 'grants that are over could not be marked'),
    }),
    (part) => part.stop(),
  );
  grants.subscribe(() => notifier.wake());
  grants.start();
  const labelChanges = new LabelChanges({
    ...{ store, now, log: evidence, adminGroups: ADMIN_GROUPS },
    kinOf: (who) => kinship.partiesOf(who),
  });
  return { kinship, approversFor: terms, approvals, grants, labelChanges };
}

function termsOf(config: GatewayConfig, resource: string, label: Label): ApproverTerms | null {
  const found = approversFor(config, resource, label);
  return found === null ? null : { groups: found.groups, count: found.count, expiresMs: found.expiresMs };
}
