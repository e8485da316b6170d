/**
 * Counts of statements, kept as plain numbers: prom-client takes microseconds to find the series of each observation, so it
 * gets them when somebody asks.
 */
import type { Effect } from '@sluice/contract/vocabulary';
import { Counter, Histogram, type Registry } from 'prom-client';

const DURATION_NAME = 'sluice_statement_duration_seconds';
const DURATION_HELP = 'From the statement to the end of its answer.';
/** Seconds; from one tenth of a millisecond. */
const DURATION_BUCKETS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];
const DURATION_BUCKETS_US = DURATION_BUCKETS.map((seconds) => seconds * 1e6);

type Tally = {
  readonly effects: Map<Effect, number>;
  /** By bucket, each without the smaller ones; the last is for what is longer than all. */
  readonly durations: number[];
  durationUs: number;
  completed: number;
  maskedCells: number;
};

export class StatementTallies {
  readonly #byProtocol = new Map<string, Tally>();

  constructor(registry: Registry) {
    const tallies = this.#byProtocol;
    const registers = [registry];
    const statements: Counter = new Counter({
      ...{ name: 'sluice_statements_total', help: 'Statements by what was decided.', registers },
      labelNames: ['protocol', 'effect'],
      collect: () => {
        statements.reset();
        for (const [protocol, { effects }] of tallies)
          for (const [effect, count] of effects) statements.inc({ protocol, effect }, count);
      },
    });
    const maskedCells: Counter = new Counter({
      ...{ name: 'sluice_masked_cells_total', help: 'Cells rewritten before they left the gateway.', registers },
      labelNames: ['protocol'],
      collect: () => {
        maskedCells.reset();
        for (const [protocol, tally] of tallies)
          if (tally.maskedCells > 0) maskedCells.inc({ protocol }, tally.maskedCells);
      },
    });
    registry.registerMetric(new DurationHistogram(tallies));
  }

  statementDecided(protocol: string, effect: Effect): void {
    const { effects } = this.#of(protocol);
    effects.set(effect, (effects.get(effect) ?? 0) + 1);
  }

  statementCompleted(protocol: string, outcome: { readonly durationUs: number; readonly maskedCells: number }): void {
    const tally = this.#of(protocol);
    const { durationUs, maskedCells } = outcome;
    let bucket = 0;
    while (durationUs > (DURATION_BUCKETS_US[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1;
    tally.durations[bucket] = (tally.durations[bucket] ?? 0) + 1;
    tally.durationUs += durationUs;
    tally.completed += 1;
    tally.maskedCells += maskedCells;
  }

  #of(protocol: string): Tally {
    const known = this.#byProtocol.get(protocol);
    if (known !== undefined) return known;
    const durations = DURATION_BUCKETS.map(() => 0);
    const tally = { effects: new Map(), durations: [...durations, 0], durationUs: 0, completed: 0, maskedCells: 0 };
    this.#byProtocol.set(protocol, tally);
    return tally;
  }
}

/** Of prom-client's only the place in the registry: `getForPromString` is what its text, and its `get`, are made of. */
class DurationHistogram extends Histogram {
  readonly #tallies: ReadonlyMap<string, Tally>;

  constructor(tallies: ReadonlyMap<string, Tally>) {
    super({ name: DURATION_NAME, help: DURATION_HELP, labelNames: ['protocol'], registers: [] });
    this.#tallies = tallies;
  }

  async getForPromString(): Promise<Readonly<Record<string, unknown>>> {
    const values = [...this.#tallies].flatMap(([protocol, tally]) => samplesOf(protocol, tally));
    return { name: DURATION_NAME, help: DURATION_HELP, type: 'histogram', aggregator: 'sum', values };
  }
}

/** Each bucket with the smaller ones, as Prometheus counts. */
function samplesOf(protocol: string, { durations, durationUs, completed }: Tally): readonly unknown[] {
  const sharedLabels = { protocol };
  let upTo = 0;
  const buckets = durations.map((count, bucket) => {
    upTo += count;
    const labels = { le: DURATION_BUCKETS[bucket] ?? '+Inf' };
    return { labels, sharedLabels, value: upTo, metricName: `${DURATION_NAME}_bucket` };
  });
  return [
    ...buckets,
    { labels: {}, sharedLabels, value: durationUs / 1e6, metricName: `${DURATION_NAME}_sum` },
    { labels: {}, sharedLabels, value: completed, metricName: `${DURATION_NAME}_count` },
  ];
}
