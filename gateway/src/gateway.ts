/**
 * The composition root: every part of the gateway, opened in order, closed in reverse. Plain constructors; whoever
 * wants to know what talks to what reads this file.
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import type { Label } from '@sluice/contract/vocabulary';
import { blankLiterals } from './analysis/postgres/gate/blank-literals.ts';
import { ApprovalService } from './approval/approvals.ts';
import type { ApproverTerms } from './approval/approver.ts';
import { GrantService } from './approval/grants.ts';
import { HeldTexts } from './approval/held-texts.ts';
import { Kinship } from './approval/kinship.ts';
import { LabelChanges } from './approval/label-changes.ts';
import { sealOldRequests } from './approval/seal-old-requests.ts';
import { createAuditDesk } from './audit-wiring.ts';
import { openCheckpointing, WitnessGuard } from './checkpointing.ts';
import { type Closer, closeAll, type Opened } from './closers.ts';
import { approversFor, type GatewayConfig } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import { policyEngineOf } from './config/policy-engine.ts';
import { ADMIN_GROUPS } from './control/dependencies.ts';
import { createControl } from './control-wiring.ts';
import { SHOWN_KEY_BYTES, ShownValues } from './detection/shown-values.ts';
import { openMetrics, openNative, openTunnel } from './doors.ts';
import { EvidenceIndex, indexedHead } from './evidence/evidence-index.ts';
import { LiveWatch } from './evidence/live-watch.ts';
import { openEvidenceLog } from './evidence/log.ts';
import { Recordings } from './evidence/recordings.ts';
import { Expiry } from './evidence/retention/expiry.ts';
import { LegalHolds } from './evidence/retention/legal-holds.ts';
import { PlanExpiry } from './evidence/retention/plan-expiry.ts';
import { Turns } from './evidence/retention/turns.ts';
import { OwnTexts } from './evidence/sealing/own-texts.ts';
import { SealedStatements } from './evidence/sealing/sealed-statements.ts';
import { SESSION_KEYS_DIRECTORY, SessionKeys } from './evidence/sealing/session-keys.ts';
import { SessionHistory } from './evidence/session-history.ts';
import { openExports, openMetricsPush } from './exporting.ts';
import { readMaskKey, readSealingKey } from './gateway-keys.ts';
import { Authenticator } from './identity/authenticate.ts';
import { isEndedBy } from './identity/revocation/revocation.ts';
import { readMarks } from './identity/revocation/revocation-rows.ts';
import { Revocations } from './identity/revocations.ts';
import { MAX_SECRETS, SessionSecrets } from './identity/session-secrets.ts';
import { TokenVerifier } from './identity/verify-token.ts';
import { createIssuerEvents } from './issuer-events-wiring.ts';
import { MaskKeys } from './masking/mask-keys.ts';
import { createNotifier } from './notification-wiring.ts';
import { CancelKeys } from './proxy/postgres/cancel-keys.ts';
import { GatePool } from './proxy/postgres/gate-pool.ts';
import { openPostgresResource } from './proxy/postgres/open-resource.ts';
import { PostgresProxy, type PostgresResource } from './proxy/postgres/postgres-proxy.ts';
import { LiveSessions } from './session/live-sessions.ts';
import type { OpenSessionPorts } from './session/open.ts';
import type { PipelinePorts } from './session/pipeline.ts';
import { StoredProbeBudgets } from './session/probe-budgets.ts';
import { SessionRegistry } from './session/registry.ts';
import { openStore } from './store/store.ts';
import type { Logger } from './telemetry/logger.ts';
import { Metrics } from './telemetry/metrics.ts';
import { certificateEndPoint } from './upstream/dial.ts';
import { SaltedPasswords } from './upstream/salted-passwords.ts';
import { GATEWAY_VERSION } from './version.ts';
import { labelledNow } from './workflow/labelled-now.ts';
import { readPastEntries, readPastPlan } from './workflow/past-entries.ts';
import { Plans } from './workflow/plans.ts';
import { Workflows } from './workflow/workflows.ts';
import { createWorkflowDesk } from './workflow-wiring.ts';

/** Where a started gateway listens. */
export type GatewayEndpoints = {
  readonly tunnel: { readonly host: string; readonly port: number } | null;
  readonly postgres: { readonly host: string; readonly port: number } | null;
  readonly metrics: { readonly host: string; readonly port: number } | null;
};

export type GatewayPorts = {
  readonly environment: Environment;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly fetch: typeof fetch;
  /** Called when the record is lost for good: the process has to end. */
  readonly onFatal: (error: SluiceError) => void;
};

export class Gateway {
  readonly endpoints: GatewayEndpoints;
  readonly #closers: readonly Closer[];
  readonly #registry: SessionRegistry;
  readonly #drainMs: number;
  readonly #log: Logger;

  private constructor(
    endpoints: GatewayEndpoints,
    closers: readonly Closer[],
    registry: SessionRegistry,
    drainMs: number,
    log: Logger,
  ) {
    this.endpoints = endpoints;
    this.#closers = closers;
    this.#registry = registry;
    this.#drainMs = drainMs;
    this.#log = log;
  }

  /** Opens everything. When a part fails, what was opened is closed again and the error is thrown. */
  static async start(config: GatewayConfig, ports: GatewayPorts): Promise<Gateway> {
    const closers: Closer[] = [];
    try {
      return await open(config, ports, closers, (...facts) => new Gateway(...facts));
    } catch (error) {
      await closeAll(closers, ports.log);
      throw error;
    }
  }

  /** Refuses what is new, lets running sessions go on for the configured time, then ends and closes everything. */
  async stop(): Promise<void> {
    this.#registry.drain();
    this.#log.info({ sessions: this.#registry.size }, 'stopping');
    await this.#registry.emptied(this.#drainMs);
    this.#registry.end(() => true, 'the gateway is stopping');
    await this.#registry.emptied(this.#drainMs);
    await closeAll(this.#closers, this.#log);
  }
}

async function open(
  config: GatewayConfig,
  ports: GatewayPorts,
  closers: Closer[],
  make: (
    endpoints: GatewayEndpoints,
    closers: readonly Closer[],
    registry: SessionRegistry,
    drainMs: number,
    log: Logger,
  ) => Gateway,
): Promise<Gateway> {
  const { log, now } = ports;
  const { limits } = config.gateway;
  const opened: Opened = (name, part, close) => {
    closers.push({ name, close: () => close(part) });
    return part;
  };

  // ---- the record, before anything that is to be recorded
  const registry = new SessionRegistry({ maxSessions: limits.maxSessions });
  if (config.gateway.store.kind !== 'sqlite')
    throw new SluiceError('CONFIG_INVALID', 'store.postgres is not available in this version', {
      remedy: 'use store: { sqlite: PATH }',
    });
  const store = opened('store', await openStore({ sqlite: config.gateway.store.path }), (part) => part.close());
  const logDirectory = join(config.gateway.dataDir, 'evidence');
  const recordingsDirectory = join(config.gateway.dataDir, 'recordings');
  const evidence = opened(
    'evidence log',
    await openEvidenceLog({
      directory: logDirectory,
      now,
      expectedHead: await indexedHead(store),
      onFailure: ({ error, fatal }) => {
        registry.end(() => true, 'the record cannot be written');
        log.error({ err: error }, 'the evidence log failed');
        if (fatal) ports.onFatal(error);
      },
    }),
    (part) => part.close(),
  );
  const checkpointing = opened(
    'checkpoints',
    await openCheckpointing(config.gateway, {
      ...{ evidence, recordingsDirectory, environment: ports.environment, now, log },
    }),
    async (part) => {
      if (evidence.healthy) await evidence.sync();
      part.reads.close();
      await part.thread.close();
    },
  );
  const exporting = await openExports(config.gateway, { evidence, environment: ports.environment, registry, now, log });
  if (exporting !== null) opened('exports', exporting, (part) => part.close());
  const index = opened(
    'evidence index',
    new EvidenceIndex({
      log: evidence,
      store,
      onError: (error) => log.error({ err: error }, 'the index of the record lags'),
    }),
    (part) => part.close(),
  );
  let started = false;
  // After the doors and the recordings have closed, before the log does.
  opened('last entry', evidence, async (part) => {
    if (started && part.healthy) await part.append({ kind: 'gateway.stopped' }, 'fsync');
  });
  const recordings = opened(
    'recordings',
    new Recordings({
      directory: recordingsDirectory,
      log: evidence,
      bounds: { rowsPerStatement: limits.recordingRowsPerStatement, bytesPerSession: limits.recordingBytesPerSession },
      onFailure: (sessionId, error) => registry.get(sessionId)?.end(error.message),
    }),
    (part) => part.close(),
  );
  const sessionKeys = new SessionKeys({
    directory: join(config.gateway.dataDir, SESSION_KEYS_DIRECTORY),
    logId: evidence.logId,
    recipients: config.gateway.evidence.sealing.recipients,
    withoutLiterals: blankLiterals,
  });
  const gatewayKey = createSecretKey(await readSealingKey(config.gateway, ports.environment));
  const heldTexts = new HeldTexts(
    new OwnTexts({ of: 'request', directory: join(config.gateway.dataDir, 'request-keys'), gatewayKey }),
  );
  const planTexts = new OwnTexts({ of: 'plan', directory: join(config.gateway.dataDir, 'plan-keys'), gatewayKey });
  const sealedNow = await sealOldRequests(store, heldTexts);
  if (sealedNow > 0) log.info({ requests: sealedNow }, 'requests of an older gateway are sealed now');
  const turns = new Turns();
  const holds = new LegalHolds({
    ...{ store, index, turns, log: evidence, adminGroups: ADMIN_GROUPS },
    newId: () => `h_${randomBytes(8).toString('base64url')}`,
  });
  const expiry = opened(
    'expiry',
    new Expiry({
      ...{ store, index, recordings, turns, now, log: evidence, keys: sessionKeys },
      plans: new PlanExpiry({
        ...{ store, index, now, log: evidence, texts: planTexts },
        retentionMs: config.gateway.evidence.retention.regulated,
      }),
      destroyRequestText: (requestId) => heldTexts.destroy(requestId),
      retention: config.gateway.evidence.retention,
      onError: (error) => log.error({ err: error }, 'sessions whose retention is over could not be expired'),
    }),
    (part) => part.stop(),
  );
  const kinship = new Kinship(config.people);
  const approvalTerms = (resource: string, label: Label): ApproverTerms | null => {
    const approvers = approversFor(config, resource, label);
    return approvers === null
      ? null
      : { groups: approvers.groups, count: approvers.count, expiresMs: approvers.expiresMs };
  };
  const approvals = opened(
    'approvals',
    new ApprovalService({
      store,
      log: evidence,
      texts: heldTexts,
      now,
      kinship,
      maxPending: limits.maxPendingRequests,
      maxPendingPerPrincipal: limits.maxPendingRequestsPerPrincipal,
      approversFor: approvalTerms,
      onSweepError: (error) => log.error({ err: error }, 'expired requests could not be marked'),
    }),
    (part) => part.stop(),
  );
  approvals.start();
  const notifier = opened(
    'notifications',
    createNotifier(config.notifications, { store, environment: ports.environment, fetch: ports.fetch, now, log }),
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

  const metrics = new Metrics({
    defaults: true,
    sources: {
      sessionsOpen: () => registry.size,
      requestsPending: () => approvals.pendingCount(),
      evidence: () => ({ ...evidence.statistics(), healthy: evidence.healthy }),
      indexLagEntries: () => index.lagEntries,
      checkpoints: () => ({ ...checkpointing.thread.status, lagEntries: checkpointing.thread.lagEntries }),
      exports: () => exporting?.thread.statuses ?? [],
    },
  });

  const push = await openMetricsPush(config.gateway, {
    ...{ registry: metrics.registry, environment: ports.environment, now, log },
  });
  if (push !== null) opened('metrics push', push, (part) => part.close());

  // ---- who asks, and what they may
  const revocations = new Revocations(await readMarks(store));
  // Before that of the secrets, whose end tells less.
  revocations.onRevoked((revocation) =>
    registry.end((session) => isEndedBy(revocation, session), `the sign-in was revoked: ${revocation.why}`),
  );
  const tokens = new TokenVerifier({ issuers: config.issuers, fetch: ports.fetch, now, revocations });
  const secrets = opened(
    'session secrets',
    new SessionSecrets({
      now,
      randomBytes,
      revocations,
      schedule: (delayMs, run) => {
        const timer = setTimeout(run, delayMs).unref();
        return () => clearTimeout(timer);
      },
      settings: { lifetimeMs: limits.sessionSeconds * 1_000, graceMs: 0, maxSecrets: MAX_SECRETS },
    }),
    (part) => part.close(),
  );
  const issuerEvents = createIssuerEvents(config, {
    ...{ tokens, revocations, secrets, registry, grants, store, evidence, metrics, now, log },
    ...{ environment: ports.environment, fetch: ports.fetch },
  });
  secrets.onEnded((ended) =>
    registry.end((session) => session.secretId === ended.sessionId, 'the session secret has ended'),
  );
  const authenticator = new Authenticator({ tokens, secrets });
  const policy = policyEngineOf(config);

  // ---- the resources
  const pipeline: PipelinePorts = {
    policy,
    evidence,
    approvals,
    now,
    holdMs: { idle: limits.holdSeconds * 1_000, inTransaction: limits.holdInTransactionSeconds * 1_000 },
    probes: new StoredProbeBudgets({
      store,
      now,
      onError: (error) => log.error({ err: error }, 'comparisons with classified columns could not be counted'),
    }),
    observe: metrics,
    durability: (label) => config.gateway.evidence.sync[label],
  };
  const { endSessionsAfter } = config.gateway.evidence.unwitnessed;
  const guard =
    endSessionsAfter === undefined
      ? null
      : opened('witness guard', new WitnessGuard(endSessionsAfter, checkpointing.thread, registry), (part) =>
          part.close(),
        );
  // Baselines are what the log says of them; until all of it is read nobody connects.
  await index.flush();
  const past = await readPastEntries(store);
  const plans = await Plans.open(
    {
      ...{ log: evidence, now, texts: planTexts },
      withoutLiterals: blankLiterals,
      pastPlan: (planId) => readPastPlan(store, planId),
    },
    past.filter((entry) => entry.kind === 'plan.submitted'),
  );
  const resources = new Map<string, PostgresResource>();
  const workflows = new Workflows(
    {
      workflows: config.workflows,
      ...{ plans, now, kinship },
      log: evidence,
      approversFor: approvalTerms,
      labelledNow: (resource, flow) => labelledNow(flow, resources.get(resource)?.ports.catalog ?? null),
    },
    past.filter((entry) => entry.kind !== 'plan.submitted'),
  );
  const sessions: OpenSessionPorts = {
    policy,
    evidence,
    assertRecordFollowed: () => {
      guard?.assertWitnessed();
      exporting?.thread.assertExported();
    },
    registry,
    grants,
    isRevoked: (signedIn) => revocations.isRevoked(signedIn),
    now,
    makeSeal: (sessionId) => sessionKeys.make(sessionId),
    openRecording: (sessionId) => recordings.open(sessionId),
    newSessionId: () => `c_${randomBytes(10).toString('base64url')}`,
    workOf: (request, sessionId) => workflows.work(request, sessionId),
  };
  const passwords = new SaltedPasswords();
  const gate = opened('statement gate', new GatePool({ maxStatementBytes: limits.maxStatementBytes }), (part) =>
    part.close(),
  );
  const maskKeys = new MaskKeys(await readMaskKey(config.gateway, ports.environment));
  const shown = new ShownValues({
    // Of this process alone: what it remembers ends with it.
    key: randomBytes(SHOWN_KEY_BYTES),
    onForgotten: (subject) =>
      log.warn(
        { subject },
        'more classified values were shown than are remembered: the oldest may be written back unnoticed',
      ),
  });
  const labelChanges = new LabelChanges({
    store,
    log: evidence,
    now,
    adminGroups: ADMIN_GROUPS,
    kinOf: (who) => kinship.partiesOf(who),
  });
  const previews = { count: 0 };
  for (const resource of config.resources) {
    const database = await openPostgresResource(resource, {
      store,
      pipeline,
      gate,
      passwords,
      environment: ports.environment,
      upstreamTimeoutMs: limits.upstreamTimeoutSeconds * 1_000,
      maxNames: limits.maxPreparedStatementsPerSession,
      maskKeys,
      shown,
      previews,
      labelChanges,
      log,
    });
    resources.set(
      resource.name,
      opened(`resource ${resource.name}`, database, (part) => part.ports.catalog.close()),
    );
  }

  // The index takes this entry for the end of everything that an earlier process left open, so it comes before any door.
  const { origin, keys: checkpointKeys } = checkpointing;
  await evidence.append(
    { kind: 'gateway.started', version: GATEWAY_VERSION, policyVersion: policy.version, origin, checkpointKeys },
    'fsync',
  );
  started = true;
  expiry.start();

  // ---- the doors
  const tlsFiles =
    config.gateway.tls === undefined
      ? null
      : { cert: readFileSync(config.gateway.tls.cert), key: readFileSync(config.gateway.tls.key) };
  const proxy = new PostgresProxy({
    resources,
    authenticator,
    sessions,
    cancelKeys: new CancelKeys(randomBytes),
    passwords,
    serverEndPoint: tlsFiles === null ? null : certificateEndPoint(tlsFiles.cert),
    limits: {
      maxFrameBytes: limits.maxFrameBytes,
      maxPreLoginBytes: limits.maxPreLoginBytes,
      loginTimeoutMs: limits.loginTimeoutSeconds * 1_000,
      idleTimeoutMs: limits.idleTimeoutSeconds * 1_000,
    },
    observe: metrics,
    log: (event) => log.warn(event),
  });
  const { listen } = config.gateway;
  const postgres =
    listen.postgres === undefined
      ? null
      : await openNative(listen.postgres, { proxy, tls: tlsFiles, maxConnections: limits.maxConnections }, opened);
  const history = new SessionHistory({ store, index, recordings, logDirectory });
  const control = createControl({
    config,
    tokens,
    revocations,
    secrets,
    issuerEvents,
    policy,
    resources,
    approvals,
    labelChanges,
    grants,
    sessions,
    passwords,
    native: postgres,
    history,
    audit: createAuditDesk({
      ...{ store, index, logDirectory, history, heldTexts, now },
      retention: config.gateway.evidence.retention,
    }),
    live: new LiveSessions({
      registry,
      log: evidence,
      watches: new LiveWatch(evidence, recordings),
      adminGroups: ADMIN_GROUPS,
    }),
    evidence: checkpointing.desk,
    holds,
    sealed: new SealedStatements({ keys: sessionKeys, log: evidence }),
    workflows: createWorkflowDesk({ workflows, plans, policy, resources, approversFor: approvalTerms, now }),
    assertPlan: (id, run) => plans.toRun(id, run),
    log,
  });
  const tunnel =
    listen.tunnel === undefined || tlsFiles === null
      ? null
      : await openTunnel(
          listen.tunnel,
          { proxy, control, tokens, secrets, tls: tlsFiles, maxConnections: limits.maxConnections, now, log },
          opened,
        );
  const scraped =
    listen.metrics === undefined
      ? null
      : await openMetrics(listen.metrics, { metrics, isHealthy: () => evidence.healthy }, opened);
  return make({ tunnel, postgres, metrics: scraped }, closers, registry, limits.drainSeconds * 1_000, log);
}
