/**
 * The registry as OpenTelemetry metrics, in the JSON encoding of OTLP (opentelemetry.io/docs/specs/otlp): counters as
 * cumulative sums, histograms with the buckets that Prometheus gets.
 */
import type { Registry } from 'prom-client';
import { resourceAttributes } from '../export/otlp-logs.ts';

type Family = Awaited<ReturnType<Registry['getMetricsAsJSON']>>[number];
type Sample = Family['values'][number];

const CUMULATIVE = 2;

export async function otlpMetrics(
  registry: Registry,
  version: string,
  time: { readonly startedAtMs: number; readonly nowMs: number },
): Promise<Readonly<Record<string, unknown>>> {
  const families = await registry.getMetricsAsJSON();
  const at = {
    startTimeUnixNano: `${BigInt(Math.floor(time.startedAtMs)) * 1_000_000n}`,
    timeUnixNano: `${BigInt(Math.floor(time.nowMs)) * 1_000_000n}`,
  };
  return {
    resourceMetrics: [
      {
        resource: { attributes: resourceAttributes(version) },
        scopeMetrics: [{ scope: { name: 'sluice', version }, metrics: families.map((family) => metricOf(family, at)) }],
      },
    ],
  };
}

function metricOf(family: Family, at: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const named = { name: family.name, description: family.help };
  // prom-client gives the type as a string, whatever its declaration says.
  switch (String(family.type)) {
    case 'counter':
      return {
        ...named,
        sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints: family.values.map(numberPoint(at)) },
      };
    case 'histogram':
      return { ...named, histogram: { aggregationTemporality: CUMULATIVE, dataPoints: histogramPoints(family, at) } };
    default:
      return { ...named, gauge: { dataPoints: family.values.map(numberPoint(at)) } };
  }
}

function numberPoint(at: Readonly<Record<string, string>>) {
  return ({ value, labels }: Sample): Readonly<Record<string, unknown>> => ({
    ...at,
    asDouble: value,
    attributes: attributesOf(labels),
  });
}

/** One point for each set of labels but `le`; Prometheus' buckets include the smaller ones, OTLP's do not. */
function histogramPoints(family: Family, at: Readonly<Record<string, string>>): readonly unknown[] {
  const points = new Map<
    string,
    { labels: Sample['labels']; counts: [number, number][]; sum: number; count: number }
  >();
  for (const sample of family.values) {
    const { le, ...labels } = sample.labels as Readonly<Record<string, string | number>>;
    const key = JSON.stringify(labels);
    const point = points.get(key) ?? { labels, counts: [], sum: 0, count: 0 };
    points.set(key, point);
    const name = 'metricName' in sample ? String(sample.metricName) : '';
    if (name.endsWith('_sum')) point.sum = sample.value;
    else if (name.endsWith('_count')) point.count = sample.value;
    else if (le !== undefined && le !== '+Inf') point.counts.push([Number(le), sample.value]);
  }
  return [...points.values()].map(({ labels, counts, sum, count }) => {
    const sorted = counts.toSorted(([a], [b]) => a - b);
    const upTo = [...sorted.map(([, value]) => value), count];
    return {
      ...at,
      ...{ count: String(count), sum, explicitBounds: sorted.map(([bound]) => bound) },
      bucketCounts: upTo.map((value, index) => String(value - (upTo[index - 1] ?? 0))),
      attributes: attributesOf(labels),
    };
  });
}

function attributesOf(labels: Sample['labels']): readonly unknown[] {
  return Object.entries(labels).map(([key, value]) => ({ key, value: { stringValue: String(value) } }));
}
