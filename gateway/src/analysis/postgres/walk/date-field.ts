/** How large a field of a date, timestamp or interval can be: `extract(year from born)`, `date_part('day', age(born))`. */
import { nodesAt, numberAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { isDateDifference, isFiniteDate, isFiniteInterval } from './date-range.ts';
import type { Level } from './definition.ts';
import { literalText } from './literals.ts';
import type { Walker } from './walker.ts';

/** extract and date_part, by OID of pg_proc.dat. */
const OF_DATES: ReadonlySet<number> = new Set([6199, 6202, 6203, 1384, 2021, 1171]);
const OF_INTERVALS: ReadonlySet<number> = new Set([6204, 1172]);

/** Digits before the point: years to 294,276 (dates to 5,874,897), seconds of them, microseconds of a minute. */
const DATE_FIELDS: ReadonlyMap<string, number> = new Map([
  ...['century', 'decade', 'millennium', 'year', 'isoyear'].map((field) => [field, 7] as const),
  ...['month', 'quarter', 'week', 'day', 'dow', 'doy', 'isodow', 'hour', 'minute', 'second'].map(
    (field) => [field, 3] as const,
  ),
  ['milliseconds', 5],
  ['microseconds', 8],
  ['julian', 10],
  ['epoch', 15],
]);
/** Of two dates: not more years, days and hours than the calendar has. */
const DIFFERENCE_FIELDS: ReadonlyMap<string, number> = new Map([
  ...['century', 'decade', 'millennium', 'year'].map((field) => [field, 7] as const),
  ...['month', 'quarter', 'minute', 'second'].map((field) => [field, 3] as const),
  ['day', 9],
  ['milliseconds', 5],
  ['microseconds', 8],
  ['epoch', 15],
]);
/** Of any: months and days are integers of four bytes, the rest of eight bytes of microseconds. */
const INTERVAL_FIELDS: ReadonlyMap<string, number> = new Map([
  ...['century', 'decade', 'millennium', 'year'].map((field) => [field, 9] as const),
  ...['month', 'quarter', 'minute', 'second'].map((field) => [field, 3] as const),
  ['day', 10],
  ['hour', 10],
  ['milliseconds', 5],
  ['microseconds', 8],
  ['epoch', 17],
]);

/** Null for anything but a field of known size: a field of an infinite value is infinite, or NULL. */
export function fieldDigits(walker: Walker, node: TreeNode, level: Level): number | null {
  const oid = node.tag === 'FUNCEXPR' ? numberAt(node, 'funcid') : 0;
  const [name, value] = nodesAt(node, 'args');
  if ((!OF_DATES.has(oid) && !OF_INTERVALS.has(oid)) || value === undefined) return null;
  const bytes = literalText(walker, name);
  const field = bytes === null ? '' : new TextDecoder().decode(Uint8Array.from(bytes)).toLowerCase();
  if (OF_DATES.has(oid)) return isFiniteDate(walker, value, level) ? (DATE_FIELDS.get(field) ?? null) : null;
  if (!isFiniteInterval(walker, value, level)) return null;
  return (isDateDifference(value) ? DIFFERENCE_FIELDS : INTERVAL_FIELDS).get(field) ?? null;
}
