/**
 * The composition root: every part of the gateway, opened in order, closed in reverse. Plain constructors; whoever
 * wants to know what talks to what reads this file.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SluiceError } from '@sluice/contract/errors';
import { blankLiterals } from './analysis/postgres/gate/blank-literals.ts';
import { openApprovals } from './approval-wiring.ts';
import { createAuditDesk, knownNow } from './audit-wiring.ts';
import { WitnessGuard } from './checkpointing.ts';
import { type Closer, closeAll, type Opened } from './closers.ts';
import type { GatewayConfig } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import { policyEngineOf } from './config/policy-engine.ts';
import { ADMIN_GROUPS } from './control/dependencies.ts';
import { createControl } from './control-wiring.ts';
import { SHOWN_KEY_BYTES, ShownValues } from './detection/shown-values.ts';
import { openMetrics, openNative, openTunnel } from './doors.ts';
import { LiveWatch } from './evidence/live-watch.ts';
import { SealedStatements } from './evidence/sealing/sealed-statements.ts';
import { SessionHistory } from './evidence/session-history.ts';
import { openMetricsPush } from './exporting.ts';
import { readMaskKey } from './gateway-keys.ts';
import { openIdentity } from './identity-wiring.ts';
import { createIssuerEvents } from './issuer-events-wiring.ts';
import { MaskKeys } from './masking/mask-keys.ts';
import { CancelKeys } from './proxy/postgres/cancel-keys.ts';
import { GatePool } from './proxy/postgres/gate-pool.ts';
import { openPostgresResource } from './proxy/postgres/open-resource.ts';
import { PostgresProxy, type PostgresResource } from './proxy/postgres/postgres-proxy.ts';
import { openRecord } from './record-wiring.ts';
import { LiveSessions } from './session/live-sessions.ts';
import type { OpenSessionPorts } from './session/open.ts';
import type { PipelinePorts } from './session/pipeline.ts';
import { StoredProbeBudgets } from './session/probe-budgets.ts';
import { SessionRegistry } from './session/registry.ts';
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
  const { environment } = ports;
  const record = await openRecord(config.gateway, { environment, registry, log, now, opened, onFatal: ports.onFatal });
  const { store, evidence, logDirectory, checkpointing, exporting, index, recordings } = record;

  // ---- who decides about what others ask
  const deciding = await openApprovals(config, { record, environment, registry, fetch: ports.fetch, log, now, opened });
  const { kinship, approvals, grants, labelChanges } = deciding;

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
    ...{ registry: metrics.registry, environment, now, log },
  });
  if (push !== null) opened('metrics push', push, (part) => part.close());

  // ---- who asks, and what they may
  const { revocations, tokens, secrets, authenticator, origins } = await openIdentity(config, {
    ...{ registry, store, fetch: ports.fetch, now, opened },
  });
  const { events: issuerEvents, floors } = createIssuerEvents(config, {
    ...{ tokens, revocations, secrets, registry, grants, store, evidence, metrics, now, log },
    ...{ environment: ports.environment, fetch: ports.fetch },
  });
  opened('introspection', floors, (all) => {
    for (const floor of all) floor.stop();
  });
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
      ...{ log: evidence, now, texts: record.planTexts },
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
      approversFor: deciding.approversFor,
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
    assertActive: async (signIn) => {
      for (const floor of floors) await floor.assertActive(signIn);
    },
    now,
    makeSeal: (sessionId) => record.sessionKeys.make(sessionId),
    openRecording: (sessionId) => recordings.open(sessionId),
    newSessionId: () => `c_${randomBytes(10).toString('base64url')}`,
    workOf: (request, sessionId) => workflows.work(request, sessionId),
  };
  const passwords = new SaltedPasswords();
  const gate = opened('statement gate', new GatePool({ maxStatementBytes: limits.maxStatementBytes }), (part) =>
    part.close(),
  );
  const maskKeys = new MaskKeys(await readMaskKey(config.gateway, environment));
  const shown = new ShownValues({
    // Of this process alone: what it remembers ends with it.
    key: randomBytes(SHOWN_KEY_BYTES),
    onForgotten: (subject) => {
      log.warn(
        { subject },
        'more classified values were shown than are remembered: the oldest may be written back unnoticed',
      );
      // From here on, that nothing was held says less: whoever reads the record has to know.
      evidence
        .append({ kind: 'shown-values.forgotten', subject }, 'soon')
        .catch((error: unknown) =>
          log.error({ err: error, subject }, 'not on record: values that were shown are forgotten'),
        );
    },
  });
  const previews = { count: 0 };
  for (const resource of config.resources) {
    const database = await openPostgresResource(resource, {
      store,
      pipeline,
      gate,
      passwords,
      environment,
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
  await record.begin(GATEWAY_VERSION, policy.version);

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
      ...{ store, index, logDirectory, history, now, heldTexts: record.heldTexts },
      retention: config.gateway.evidence.retention,
      known: knownNow(config, resources),
    }),
    live: new LiveSessions({
      registry,
      log: evidence,
      watches: new LiveWatch(evidence, recordings),
      adminGroups: ADMIN_GROUPS,
    }),
    evidence: checkpointing.desk,
    holds: record.holds,
    sealed: new SealedStatements({ keys: record.sessionKeys, log: evidence }),
    workflows: createWorkflowDesk({ workflows, plans, policy, resources, approversFor: deciding.approversFor, now }),
    assertPlan: (id, run) => plans.toRun(id, run),
    log,
  });
  const tunnel =
    listen.tunnel === undefined || tlsFiles === null
      ? null
      : await openTunnel(
          listen.tunnel,
          {
            ...{
              proxy,
              control,
              tokens,
              secrets,
              origins,
              tls: tlsFiles,
              maxConnections: limits.maxConnections,
              now,
              log,
            },
            // Browsers ask their person which certificate to show; so nobody is asked where none counts.
            asksForCertificate: config.issuers.some(({ binding }) => binding !== 'none'),
          },
          opened,
        );
  const scraped =
    listen.metrics === undefined
      ? null
      : await openMetrics(listen.metrics, { metrics, isHealthy: () => evidence.healthy }, opened);
  return make({ tunnel, postgres, metrics: scraped }, closers, registry, limits.drainSeconds * 1_000, log);
}
