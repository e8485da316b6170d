/**
 * How large an integer can get. Arithmetic on integers raises beyond the type only, and so do casts to narrower types.
 * What is known: literals, the types themselves, lengths and positions of values (below 1 GB), fields of dates, digits of
 * `numeric`. So `position('@' in email) + 1`, `bonus::bigint * 12` and `extract(year from born)::int / 10 * 10` cannot
 * fail; `bonus * 12` of an integer can.
 */

import { neededNode, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { COUNTERS, isCountOfRows, MOST_COUNTED } from './counters.ts';
import { fieldDigits } from './date-field.ts';
import { columnOf, definitionOf, type Level } from './definition.ts';
import { literalInteger } from './literals.ts';
import { numericDigits } from './number-range.ts';
import type { Scope, Walker } from './walker.ts';

/** Expressions looked at for one question. */
const MAX_STEPS = 1_000;

/** Largest absolute value by type OID: int2, int4, int8. The last is a little low, since a double holds 53 bits. */
const LARGEST: ReadonlyMap<number, number> = new Map([
  [21, 32_767],
  [23, 2_147_483_647],
  [20, 9.223e18],
]);
/** A stored value may be one beyond that below zero. */
const STORED: ReadonlyMap<number, number> = new Map([
  [21, 32_768],
  [23, 2_147_483_648],
  [20, 2 ** 63],
]);

/** pg_proc.dat: of each pair of sizes, with the type of the result. */
const SMALLINT = 21;
const INTEGER = 23;
const BIGINT = 20;
type Operation = { readonly type: number; readonly of: (left: number, right: number) => number };
const add = (left: number, right: number): number => left + right;
const multiply = (left: number, right: number): number => left * right;
const keep = (left: number): number => left;
const OPERATIONS: ReadonlyMap<number, Operation> = new Map([
  ...[176, 180].map((oid) => [oid, { type: SMALLINT, of: add }] as const),
  ...[177, 181, 178, 179, 182, 183].map((oid) => [oid, { type: INTEGER, of: add }] as const),
  ...[463, 464, 837, 838, 841, 942, 1274, 1275, 1278, 1279].map((oid) => [oid, { type: BIGINT, of: add }] as const),
  [152, { type: SMALLINT, of: multiply }],
  ...[141, 170, 171].map((oid) => [oid, { type: INTEGER, of: multiply }] as const),
  ...[465, 839, 943, 1276, 1280].map((oid) => [oid, { type: BIGINT, of: multiply }] as const),
  // Signs, absolute values, casts to narrower types.
  ...[213, 1253, 1398, 314, 714].map((oid) => [oid, { type: SMALLINT, of: keep }] as const),
  ...[212, 1251, 1397, 480].map((oid) => [oid, { type: INTEGER, of: keep }] as const),
  ...[462, 1230, 1396].map((oid) => [oid, { type: BIGINT, of: keep }] as const),
  // Of double precision, fields of dates are known; of real, the number of rows in pg_class.
  [653, { type: BIGINT, of: keep }],
  [317, { type: INTEGER, of: keep }],
  [483, { type: BIGINT, of: keep }],
]);

/** Whether a call of one of these can raise. */
export function canOverflow(walker: Walker, oid: number, given: readonly TreeNode[], scope: Scope): boolean {
  const operation = OPERATIONS.get(oid);
  if (operation === undefined) return false;
  return !(new Integers(walker).ofOperation(operation, given, scope) <= (LARGEST.get(operation.type) ?? 0));
}

/** length, char_length, octet_length, position, strpos, array_length, cardinality: values are shorter than 1 GB. */
const MEASURES: ReadonlySet<number> = new Set([
  720, 849, 868, 1257, 1317, 1318, 1372, 1374, 1375, 1381, 2010, 2176, 3179,
]);
const LONGEST = 2 ** 30 - 1;
/** count, row_number, rank, dense_rank: no query makes as many rows. */
const COUNTS: ReadonlySet<number> = new Set([2147, 2803, 3100, 3101, 3102]);
const MOST_ROWS = 2 ** 53;
/** Casts to wider types. */
const WIDER: ReadonlySet<number> = new Set([313, 481, 754]);
/** int8, int4, int2 of numeric. */
const OF_NUMERIC: ReadonlySet<number> = new Set([1779, 1744, 1783]);
/** Division and remainder: not farther from zero than the dividend. */
const DIVISIONS: ReadonlySet<number> = new Set([
  153, 154, 155, 156, 172, 173, 466, 840, 940, 941, 945, 947, 948, 1277, 1281,
]);
/** round, trunc, ceil, floor of double precision. */
const ROUNDINGS: ReadonlySet<number> = new Set([228, 229, 1342, 1343, 2308, 2309, 2320]);

class Integers {
  readonly #walker: Walker;
  #steps = 0;

  constructor(walker: Walker) {
    this.#walker = walker;
  }

  ofOperation({ of }: Operation, [left, right]: readonly TreeNode[], level: Level): number {
    if (left === undefined) return Number.POSITIVE_INFINITY;
    return of(this.#most(left, level), right === undefined ? 0 : this.#most(right, level));
  }

  /** How far from zero it is, at most. */
  #most(node: TreeNode, level: Level): number {
    if (++this.#steps > MAX_STEPS) return Number.POSITIVE_INFINITY;
    switch (node.tag) {
      case 'CONST':
        return this.#ofLiteral(node);
      case 'VAR':
        return this.#ofColumn(node, level);
      case 'CASEEXPR':
        return this.#largest(
          [...nodesAt(node, 'args').map((arm) => neededNode(arm, 'result')), nodeAt(node, 'defresult')],
          level,
        );
      case 'COALESCEEXPR':
      case 'MINMAXEXPR':
        return this.#largest(nodesAt(node, 'args'), level);
      case 'NULLIFEXPR':
        return this.#largest(nodesAt(node, 'args').slice(0, 1), level);
      case 'SUBLINK': {
        const found = columnOf(neededNode(node, 'subselect'), 1, level);
        if (found.kind !== 'computed') return Number.POSITIVE_INFINITY;
        return Math.max(0, ...found.by.map((one) => this.#most(one.node, one.level)));
      }
      default:
        return this.#ofResult(node, level);
    }
  }

  #largest(nodes: readonly (TreeNode | null)[], level: Level): number {
    return Math.max(0, ...nodes.map((node) => (node === null ? 0 : this.#most(node, level))));
  }

  #ofLiteral(node: TreeNode): number {
    const type = numberAt(node, 'consttype');
    const value = type === SMALLINT ? null : literalInteger(this.#walker, node);
    return value === null ? ofType(type) : Math.abs(value);
  }

  #ofColumn(node: TreeNode, level: Level): number {
    const definition = definitionOf(node, level);
    if (definition.kind === 'computed')
      return Math.max(0, ...definition.by.map((one) => this.#most(one.node, one.level)));
    if (definition.kind === 'stored' && isCountOfRows(node, level)) return MOST_COUNTED;
    return ofType(numberAt(node, 'vartype'));
  }

  #ofResult(node: TreeNode, level: Level): number {
    const oid = functionOf(node);
    const given = nodesAt(node, 'args').map((argument) =>
      argument.tag === 'TARGETENTRY' ? neededNode(argument, 'expr') : argument,
    );
    const [first] = given;
    if (MEASURES.has(oid)) return LONGEST;
    if (COUNTS.has(oid)) return MOST_ROWS;
    if (COUNTERS.has(oid)) return MOST_COUNTED;
    if (first !== undefined && (WIDER.has(oid) || DIVISIONS.has(oid) || ROUNDINGS.has(oid)))
      return this.#most(first, level) + (ROUNDINGS.has(oid) ? 1 : 0);
    if (first !== undefined && OF_NUMERIC.has(oid)) return 10 ** numericDigits(this.#walker, first, level);
    const field = fieldDigits(this.#walker, node, level);
    if (field !== null) return 10 ** field;
    const operation = OPERATIONS.get(oid);
    const type = ofType(typeOf(node));
    // It raises where the result does not fit, so what comes out does.
    return operation === undefined ? type : Math.min(type, this.ofOperation(operation, given, level));
  }
}

function ofType(oid: number): number {
  return STORED.get(oid) ?? Number.POSITIVE_INFINITY;
}

function typeOf(node: TreeNode): number {
  for (const field of ['funcresulttype', 'opresulttype', 'aggtype', 'wintype', 'paramtype', 'resulttype'])
    if (node.fields.has(field)) return numberOr(node, field, 0);
  return 0;
}

function functionOf(node: TreeNode): number {
  for (const field of ['funcid', 'opfuncid', 'aggfnoid', 'winfnoid'])
    if (node.fields.has(field) && node.tag !== 'NULLIFEXPR') return numberAt(node, field);
  return 0;
}
