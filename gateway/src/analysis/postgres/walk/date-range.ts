/**
 * Differences of dates, and ages. They raise for infinite values only: `date - date` always, `timestamp - timestamp`
 * before 17 (since then only when both are infinite, like `age`). So they cannot fail where a value is known to be finite:
 * a literal of the usual size, the clock, a column with a check that keeps infinity out.
 */
import { neededNode, nodeAt, nodesAt, numberAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { keepsInfinityOut } from './column-checks.ts';
import { columnOf, definitionOf, type Level } from './definition.ts';
import { isUsualLiteral } from './usual-literal.ts';
import type { Scope, Walker } from './walker.ts';

/** pg_proc.dat */
const DATE_DIFFERENCE = 1140;
const TIME_DIFFERENCES: ReadonlySet<number> = new Set([2031, 1188]);
/** age of two values. Before 17 it raises for nothing that the usual values of foreign-value.ts hold but `-infinity`. */
const AGES: ReadonlySet<number> = new Set([2058, 1199]);
/** From this version on intervals can be infinite, and so can differences with one infinite value. */
const INFINITE_INTERVALS = 17;

/** Expressions looked at for one question. */
const MAX_STEPS = 1_000;

/** Whether a difference of dates can meet infinite values that make it raise. */
export function canMeetInfinity(walker: Walker, oid: number, given: readonly TreeNode[], scope: Scope): boolean {
  const isAge = AGES.has(oid);
  const isTime = TIME_DIFFERENCES.has(oid);
  if (oid !== DATE_DIFFERENCE && !isAge && !isTime) return false;
  const finite = new FiniteDates(walker);
  if (walker.serverMajor >= INFINITE_INTERVALS && oid !== DATE_DIFFERENCE)
    return !given.some((node) => finite.has(node, scope));
  return !isAge && !given.every((node) => finite.has(node, scope));
}

/** Whether an interval is surely finite. */
export function isFiniteInterval(walker: Walker, node: TreeNode, level: Level): boolean {
  if (walker.serverMajor < INFINITE_INTERVALS || node.tag === 'CONST') return true;
  const oid = functionOf(node);
  if (SINGLE_AGES.has(oid)) return isFiniteDate(walker, nodesAt(node, 'args')[0], level);
  if (!AGES.has(oid) && !TIME_DIFFERENCES.has(oid)) return false;
  return nodesAt(node, 'args').every((argument) => isFiniteDate(walker, argument, level));
}

/** Whether an interval came of two dates, so that its days and years are bounded by the calendar. */
export function isDateDifference(node: TreeNode): boolean {
  const oid = functionOf(node);
  return AGES.has(oid) || SINGLE_AGES.has(oid) || TIME_DIFFERENCES.has(oid);
}

/** Whether a date or timestamp is surely finite. */
export function isFiniteDate(walker: Walker, node: TreeNode | undefined, level: Level): boolean {
  return node !== undefined && new FiniteDates(walker).has(node, level);
}

/** age of one value: until today. */
const SINGLE_AGES: ReadonlySet<number> = new Set([2059, 1386]);
/** now, transaction_timestamp, statement_timestamp, clock_timestamp. */
const CLOCKS: ReadonlySet<number> = new Set([1299, 2647, 2648, 2649]);
/** Finite when the first argument is: casts between dates and timestamps, days added and taken away; min, max, lag, lead, first, last, nth. */
const OF_FIRST: ReadonlySet<number> = new Set([
  2024, 1174, 2029, 1178, 2027, 2028, 1141, 1142, 2122, 2138, 2126, 2142, 2127, 2143, 3106, 3107, 3109, 3110, 3112,
]);
/** The same of the second: date_trunc, timezone. */
const OF_SECOND: ReadonlySet<number> = new Set([1217, 2020, 1159, 2069]);
/** Dates and timestamps with an interval added or taken away. */
const WITH_INTERVAL: ReadonlySet<number> = new Set([2071, 2072, 2032, 2033, 1189, 1190]);

class FiniteDates {
  readonly #walker: Walker;
  #steps = 0;

  constructor(walker: Walker) {
    this.#walker = walker;
  }

  has(node: TreeNode, level: Level): boolean {
    if (++this.#steps > MAX_STEPS) return false;
    switch (node.tag) {
      case 'CONST':
        this.#walker.findings.readConstant = true;
        return isUsualLiteral(node);
      case 'SQLVALUEFUNCTION':
        return true;
      case 'VAR':
        return this.#hasColumn(node, level);
      case 'CASEEXPR':
        return this.#all(
          [...nodesAt(node, 'args').map((arm) => neededNode(arm, 'result')), nodeAt(node, 'defresult')],
          level,
        );
      case 'COALESCEEXPR':
      case 'MINMAXEXPR':
        return this.#all(nodesAt(node, 'args'), level);
      case 'NULLIFEXPR':
        return this.#all(nodesAt(node, 'args').slice(0, 1), level);
      case 'SUBLINK': {
        const found = columnOf(neededNode(node, 'subselect'), 1, level);
        return found.kind === 'computed' && found.by.every((one) => this.has(one.node, one.level));
      }
      default:
        return this.#hasResult(functionOf(node), argumentsOf(node), level);
    }
  }

  #all(nodes: readonly (TreeNode | null)[], level: Level): boolean {
    return nodes.every((node) => node === null || this.has(node, level));
  }

  #hasResult(oid: number, [first, second]: readonly TreeNode[], level: Level): boolean {
    if (CLOCKS.has(oid)) return true;
    if (first === undefined) return false;
    if (OF_FIRST.has(oid)) return this.has(first, level);
    if (second === undefined) return false;
    if (OF_SECOND.has(oid)) return this.has(second, level);
    return WITH_INTERVAL.has(oid) && second.tag === 'CONST' && this.has(first, level);
  }

  #hasColumn(node: TreeNode, level: Level): boolean {
    const definition = definitionOf(node, level);
    if (definition.kind === 'computed') return definition.by.every((one) => this.has(one.node, one.level));
    return definition.kind === 'stored' && keepsInfinityOut(this.#walker, node, level);
  }
}

function functionOf(node: TreeNode): number {
  for (const field of ['funcid', 'opfuncid', 'aggfnoid', 'winfnoid'])
    if (node.fields.has(field) && node.tag !== 'NULLIFEXPR') return numberAt(node, field);
  return 0;
}

function argumentsOf(node: TreeNode): readonly TreeNode[] {
  return nodesAt(node, 'args').map((argument) =>
    argument.tag === 'TARGETENTRY' ? neededNode(argument, 'expr') : argument,
  );
}
