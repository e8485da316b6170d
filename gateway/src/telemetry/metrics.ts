/**
 * The gateway's metrics, in Prometheus' text format. Labels have few values by design: effects, codes and protocols,
 * never principals, statements or resources that come and go.
 */
import type { Effect } from '@sluice/contract/vocabulary';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { StatementTallies } from './statement-tallies.ts';

/** Read when Prometheus asks. */
export type MetricsSources = {
  readonly sessionsOpen: () => number;
  readonly requestsPending: () => number | Promise<number>;
  readonly evidence: () => {
    readonly entries: number;
    readonly unsyncedBytes: number;
    readonly backlogBytes: number;
    readonly healthy: boolean;
  };
  readonly indexLagEntries: () => number;
  readonly checkpoints: () => {
    readonly state: 'signing' | 'failing' | 'broken';
    readonly size: number;
    readonly lagEntries: number;
    readonly witnesses: readonly { readonly state: string; readonly size: number }[];
  };
  readonly exports: () => readonly {
    readonly name: string;
    readonly state: 'delivering' | 'failing';
    readonly lagEntries: number;
  }[];
};

export class Metrics {
  readonly registry = new Registry();
  readonly #statements: StatementTallies;
  readonly #errors: Counter<'code'>;
  readonly #logins: Counter<'outcome'>;
  readonly #issuerEvents: Counter<'outcome'>;
  readonly #revokedSessions: Counter;

  /** `defaults` adds the process's own figures: memory, CPU, event loop. */
  constructor(options: { readonly sources: MetricsSources; readonly defaults: boolean }) {
    const registers = [this.registry];
    if (options.defaults) collectDefaultMetrics({ register: this.registry });
    this.#statements = new StatementTallies(this.registry);
    this.#errors = new Counter({
      name: 'sluice_errors_total',
      help: 'Errors told to clients, by code.',
      labelNames: ['code'],
      registers,
    });
    this.#logins = new Counter({
      name: 'sluice_logins_total',
      help: 'Sign-ins on data endpoints.',
      labelNames: ['outcome'],
      registers,
    });
    this.#issuerEvents = new Counter({
      name: 'sluice_issuer_events_total',
      help: 'Logout tokens and security events that issuers sent.',
      labelNames: ['outcome'],
      registers,
    });
    this.#revokedSessions = new Counter({
      name: 'sluice_sessions_revoked_total',
      help: 'Sessions that ended because an issuer took back what it had issued.',
      registers,
    });
    observe(this.registry, options.sources);
  }

  statementDecided(protocol: string, effect: Effect): void {
    this.#statements.statementDecided(protocol, effect);
  }

  statementCompleted(protocol: string, outcome: { readonly durationUs: number; readonly maskedCells: number }): void {
    this.#statements.statementCompleted(protocol, outcome);
  }

  error(code: string): void {
    this.#errors.inc({ code });
  }

  login(outcome: 'accepted' | 'refused'): void {
    this.#logins.inc({ outcome });
  }

  issuerEvent(outcome: 'taken' | 'ignored' | 'refused'): void {
    this.#issuerEvents.inc({ outcome });
  }

  revoked(sessions: number): void {
    this.#revokedSessions.inc(sessions);
  }

  /** The whole registry as text, with its content type. */
  async render(): Promise<{ readonly contentType: string; readonly body: string }> {
    return { contentType: this.registry.contentType, body: await this.registry.metrics() };
  }
}

function observe(registry: Registry, sources: MetricsSources): void {
  const gauge = (name: string, help: string, read: () => number | Promise<number>) => {
    const made: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: async () => made.set(await read()),
    });
  };
  gauge('sluice_sessions_open', 'Sessions open now.', sources.sessionsOpen);
  gauge('sluice_requests_pending', 'Statements that wait for an approval now.', sources.requestsPending);
  gauge('sluice_evidence_entries', 'Entries in the evidence log.', () => sources.evidence().entries);
  gauge(
    'sluice_evidence_unsynced_bytes',
    'Bytes written and not on the disk yet.',
    () => sources.evidence().unsyncedBytes,
  );
  gauge(
    'sluice_evidence_backlog_bytes',
    'Entries that wait for the disk, bytes.',
    () => sources.evidence().backlogBytes,
  );
  gauge('sluice_evidence_healthy', '1 while the record can be written; at 0 nothing runs.', () =>
    sources.evidence().healthy ? 1 : 0,
  );
  gauge(
    'sluice_evidence_index_lag_entries',
    'Entries on the disk that the index does not have yet.',
    sources.indexLagEntries,
  );
  gauge(
    'sluice_evidence_checkpoint_entries',
    'Entries that a signed checkpoint covers.',
    () => sources.checkpoints().size,
  );
  gauge(
    'sluice_evidence_checkpoint_lag_entries',
    'Entries on the disk that no signed checkpoint covers yet.',
    () => sources.checkpoints().lagEntries,
  );
  gauge(
    'sluice_evidence_checkpoints_healthy',
    '1 while checkpoints are signed; 0 when they fail, or the log is not the one that was signed.',
    () => (sources.checkpoints().state === 'signing' ? 1 : 0),
  );
  gauge('sluice_evidence_witnessed_entries', 'Entries that at least one witness or anchor has confirmed.', () =>
    Math.max(0, ...sources.checkpoints().witnesses.map(({ size }) => size)),
  );
  gauge(
    'sluice_evidence_witnesses_failing',
    'Witnesses and anchors that do not confirm, or contradict the log.',
    () => sources.checkpoints().witnesses.filter(({ state }) => state === 'failing' || state === 'contradicted').length,
  );
  const perExport = (
    name: string,
    help: string,
    read: (one: ReturnType<MetricsSources['exports']>[number]) => number,
  ) => {
    const made: Gauge<'export'> = new Gauge({
      ...{ name, help, labelNames: ['export'], registers: [registry] },
      collect: () => {
        for (const one of sources.exports()) made.set({ export: one.name }, read(one));
      },
    });
  };
  perExport(
    'sluice_export_lag_entries',
    'Entries on the disk that this export has not delivered.',
    (one) => one.lagEntries,
  );
  perExport('sluice_export_failing', '1 while this export is not taken by its receiver.', (one) =>
    one.state === 'failing' ? 1 : 0,
  );
}
