/**
 * What the server counts one by one: scans, rows and blocks of a relation (`pgstatfuncs.c`), and rows in pg_class. No
 * server lives to count to 10^18, so sums and differences of them stay within bigint.
 */
import { numberAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { entryOf, type Level } from './definition.ts';

/** pg_proc.dat: 0 when nothing is known, never NULL for an OID. */
export const COUNTERS: ReadonlySet<number> = new Set([
  1928, 1929, 1930, 1931, 1932, 1933, 1934, 1935, 1972, 2878, 2879, 3054, 3055, 3056, 3057, 3177, 5053,
]);

/** One counter, at most. */
export const MOST_COUNTED = 2 ** 53;
/** Digits of a sum of counters. */
export const COUNTED_DIGITS = 18;

const RELATION = 0;
const PG_CLASS = 1259;
const RELTUPLES = 11;

/** A Var of `pg_class.reltuples`: a whole number, although its type is real. */
export function isCountOfRows(variable: TreeNode, from: Level): boolean {
  if (numberAt(variable, 'varattno') !== RELTUPLES) return false;
  const found = entryOf(variable, from);
  if (found === null || numberAt(found.entry, 'rtekind') !== RELATION) return false;
  return numberAt(found.entry, 'relid') === PG_CLASS;
}
