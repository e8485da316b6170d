/**
 * `@probe("20 per 1h")` and `@count("20")`: the bounds without which a policy may not permit inference. `@max_rows("500")`:
 * the bound on what an approved statement may change.
 */
import { MAX_ROW_BOUND } from '@sluice/contract/api';

/** At most `count` values in any `windowMs` milliseconds. */
export type ProbeBudget = { readonly count: number; readonly windowMs: number };

/** Most values in one window: the store keeps each of them. */
export const MAX_PROBES_PER_WINDOW = 1_000;
/** Smallest group whose size may be told, at least and at most. */
export const MIN_GROUP = 5;
export const MAX_GROUP = 1_000_000;

const MINUTE_MS = 60_000;
const UNIT_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 24 * 60 * MINUTE_MS };
/** Longest window: 31 days. */
export const MAX_WINDOW_MS = 31 * 24 * 60 * MINUTE_MS;

/** What `@probe` can say, for messages. */
export const PROBE_FORM = `"20 per 1h": a whole number up to ${MAX_PROBES_PER_WINDOW}, and a window of m, h or d up to 31d`;
/** What `@count` can say, for messages. */
export const COUNT_FORM = `"20": a whole number from ${MIN_GROUP} to ${MAX_GROUP}`;

export function parseProbeBudget(text: string): ProbeBudget | 'invalid' {
  const [, count = '', length = '', unit = ''] = /^([1-9]\d{0,3}) per ([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  const windowMs = Number(length) * (UNIT_MS[unit] ?? Number.NaN);
  if (!(windowMs > 0) || windowMs > MAX_WINDOW_MS || Number(count) > MAX_PROBES_PER_WINDOW) return 'invalid';
  return { count: Number(count), windowMs };
}

export function parseSmallestGroup(text: string): number | 'invalid' {
  const size = /^[1-9]\d{0,6}$/.test(text) ? Number(text) : Number.NaN;
  return size >= MIN_GROUP && size <= MAX_GROUP ? size : 'invalid';
}

/** What `@max_rows` can say, for messages. */
export const MAX_ROWS_FORM = `"500": a whole number up to ${MAX_ROW_BOUND}`;

export function parseMaxRows(text: string): number | 'invalid' {
  const rows = /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : Number.NaN;
  return rows <= MAX_ROW_BOUND ? rows : 'invalid';
}

/** Of several budgets the one that allows least over time. Null for none. */
export function strictestBudget(budgets: readonly ProbeBudget[]): ProbeBudget | null {
  const [first, ...others] = budgets;
  if (first === undefined) return null;
  const rate = ({ count, windowMs }: ProbeBudget): number => count / windowMs;
  return others.reduce((least, budget) => (rate(budget) < rate(least) ? budget : least), first);
}

/** `20 per 1 h`. */
export function budgetInWords({ count, windowMs }: ProbeBudget): string {
  const unit = ['d', 'h', 'm'].find((letter) => windowMs % (UNIT_MS[letter] ?? 1) === 0) ?? 'm';
  return `${count} per ${windowMs / (UNIT_MS[unit] ?? MINUTE_MS)} ${unit}`;
}
