/** Numbers of several rounds, told by their middle and their ends: a mean would hide a bad round. */
export type Spread = { readonly median: number; readonly min: number; readonly max: number };

/** Throws for an empty list. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: percentile(values, 50), min: Math.min(...values), max: Math.max(...values) };
}

/** The value below which `percent` of the values lie (nearest rank). Throws for an empty list. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).toSorted();
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('no values');
  return value;
}
