import { createHash } from 'node:crypto';
import type { ColumnKey, ColumnLabels, Flows } from '../../analysis/flows.ts';

/**
 * The labels that a verdict rests on, as they are now, as a hash: every column of the flows with its label, category and
 * labelled places. By content and not by a counter, so that it means the same after a restart and to another gateway, and
 * so that labels of other columns do not matter. Hex. Throws as `describe` for a column that nobody knows any more.
 */
export function labelsDigest(flows: Flows | null, labels: ColumnLabels): string {
  const keys = flows === null ? [] : [...new Set(columnsOf(flows))].sort();
  const said = keys.map((key) => JSON.stringify([key, labels.describe(key), labels.parts?.(key) ?? null]));
  const named = (flows?.named ?? []).map(({ called, target }) => JSON.stringify([called, target]));
  return createHash('sha256')
    .update([...said, ...named].join('\n'))
    .digest('hex');
}

function columnsOf({ outputs, shaping, faultable, writes, named = [] }: Flows): readonly ColumnKey[] {
  return [
    ...outputs.flatMap(({ sources }) => [...sources]),
    ...shaping,
    ...faultable,
    ...writes.flatMap(({ target, sources }) => [...sources, ...(target === null ? [] : [target])]),
    ...named.flatMap(({ target }) => target ?? []),
  ];
}
