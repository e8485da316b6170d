/**
 * Values that no table would hold. Some functions are total only for values as they are stored: a `float8` of a number
 * below 1e308, a sum of numbers with fewer than 131,072 digits, a date after 4713 BC and before 294276, a document without escapes
 * that text cannot hold. A client who may not read a classified column can still choose, by CASE and the like, between
 * such a value of its own and NULL; the error would tell the condition, at once or, once the choice is stored, later.
 * So nothing that depends on classified values may store such a value, and those functions count as total only where every
 * value that can reach them is stored, or is a literal of the usual size, or is made of such by functions that keep it so.
 */
import { childNodes, neededNode, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { fieldDigits } from './date-field.ts';
import { columnOf, definitionOf, type Level } from './definition.ts';
import { keepsUsual, staysInRange } from './number-range.ts';
import { TYPE_FIELDS } from './type-fields.ts';
import { isUsualLiteral } from './usual-literal.ts';
import type { Scope, Walker } from './walker.ts';

const NUMERIC = 1700;
const DATE = 1082;
const TIMESTAMPS: ReadonlySet<number> = new Set([1114, 1184]);
const JSON_TYPE = 114;
/** Types of one range each; an argument of another type is not looked at. Composite types are user types, or these. */
const RECORDS: ReadonlySet<number> = new Set([2249, 2287]);
const FIRST_USER_OID = 16_384;
const JSON_ARRAY = 199;

/**
 * Functions that raise for values out of their range, by OID of pg_proc.dat: float8(numeric), timestamp(tz) of date, date_part of date,
 * date_trunc, ceil, floor, round, trunc, sum, avg, variances and deviations of numeric; readers of json; days and
 * intervals added to dates, differences of dates, ages, timestamps in another zone, casts of numeric to integers.
 */
const NEED_USUAL_VALUES: ReadonlySet<number> = new Set([
  1746, 1174, 2024, 1384, 1217, 2020, 1711, 2167, 1712, 1707, 1708, 1709, 1710, 2114, 2103, 2153, 2159, 2646, 2717,
  2723, 2729, 3787, 3273, 3271, 3267, 6284, 3261, 3947, 3948, 3949, 3950, 3951, 3953, 3968, 1141, 1142, 2071, 2072,
  2032, 2033, 1189, 1190, 1159, 2069, 1779, 1744, 1783, 1140, 2031, 1188, 2058, 1199, 2059, 1386,
]);

/**
 * Functions whose result is usual when their arguments are: casts from integers, floats and between dates and times,
 * sign and rounding, min, max, sum, avg, any_value, first_value, last_value, nth_value, lag, lead, mode, date_trunc,
 * numeric_add, numeric_sub, parts of json documents, now().
 */
const KEEP_USUAL: ReadonlySet<number> = new Set([
  1740, 1781, 1782, 1743, 1742, 1705, 1704, 1771, 1915, 1706, 1707, 1708, 1709, 1710, 1711, 1712, 2167, 1724, 1725,
  2114, 2108, 2107, 2103, 2100, 2101, 2102, 2130, 2146, 2122, 2138, 2126, 2142, 2127, 2143, 6291, 3112, 3113, 3114,
  3106, 3107, 3108, 3109, 3110, 3111, 3984, 1217, 2020, 1174, 2024, 1178, 2029, 2027, 2028, 1299, 2647, 2648, 2649,
  3947, 3949, 3951, 1159, 2069,
]);

/** Nodes looked at for one question. */
const MAX_STEPS = 5_000;

/** Whether a function that needs usual values can be given others. */
export function canMeetForeignValue(
  walker: Walker,
  functionOid: number,
  given: readonly TreeNode[],
  scope: Scope,
): boolean {
  if (!NEED_USUAL_VALUES.has(functionOid) || staysInRange(walker, functionOid, given, scope)) return false;
  return !new UsualValues(walker).every(given, scope);
}

/** Whether what a statement stores can be a value that later ones would raise for: stored values count as usual. */
export function canStoreForeignValue(walker: Walker, stored: TreeNode, scope: Scope): boolean {
  return !new UsualValues(walker).every([stored], scope);
}

class UsualValues {
  readonly #walker: Walker;
  #steps = 0;

  constructor(walker: Walker) {
    this.#walker = walker;
  }

  every(nodes: readonly TreeNode[], level: Level): boolean {
    return nodes.every((node) => this.#isUsual(node, level));
  }

  #isUsual(node: TreeNode, level: Level): boolean {
    if (++this.#steps > MAX_STEPS) return false;
    if (!hasRange(node)) return true;
    switch (node.tag) {
      case 'CONST':
        this.#walker.findings.readConstant = true;
        return isUsualLiteral(node);
      case 'VAR':
        return this.#isUsualColumn(node, level);
      case 'SQLVALUEFUNCTION':
        return true;
      case 'CASEEXPR':
        return this.every(
          [...nodesAt(node, 'args').map((arm) => neededNode(arm, 'result')), ...optional(nodeAt(node, 'defresult'))],
          level,
        );
      case 'NULLIFEXPR':
        return this.every(nodesAt(node, 'args').slice(0, 1), level);
      case 'COALESCEEXPR':
      case 'MINMAXEXPR':
      case 'ROWEXPR':
        return this.every(nodesAt(node, 'args'), level);
      case 'ARRAYEXPR':
        return this.every(nodesAt(node, 'elements'), level);
      case 'RELABELTYPE':
        return this.every([neededNode(node, 'arg')], level);
      case 'SUBLINK': {
        const found = columnOf(neededNode(node, 'subselect'), 1, level);
        return found.kind === 'computed' && found.by.every((one) => this.#isUsual(one.node, one.level));
      }
      default:
        if (fieldDigits(this.#walker, node, level) !== null) return true;
        return this.#staysUsual(functionOf(node), argumentsOf(node), level);
    }
  }

  #staysUsual(oid: number, given: readonly TreeNode[], level: Level): boolean {
    const keeps = KEEP_USUAL.has(oid) || keepsUsual(this.#walker, oid, given, level);
    return keeps && this.every(given, level);
  }

  #isUsualColumn(node: TreeNode, level: Level): boolean {
    const definition = definitionOf(node, level);
    if (definition.kind === 'stored') return true;
    return definition.kind === 'computed' && definition.by.every((one) => this.#isUsual(one.node, one.level));
  }
}

function optional(node: TreeNode | null): readonly TreeNode[] {
  return node === null ? [] : [node];
}

function functionOf(node: TreeNode): number {
  for (const field of ['funcid', 'opfuncid', 'aggfnoid', 'winfnoid'])
    if (node.fields.has(field)) return numberAt(node, field);
  return 0;
}

function argumentsOf(node: TreeNode): readonly TreeNode[] {
  return nodesAt(node, 'args').flatMap((argument) =>
    argument.tag === 'TARGETENTRY' ? [...childNodes(argument.fields.get('expr'))] : [argument],
  );
}

/** Those, and where rows and values made by the server name theirs. */
const RESULT_TYPE_FIELDS: readonly string[] = [...TYPE_FIELDS, 'row_typeid', 'type'];

/** Whether values of its type can be out of a range that matters here. A node that does not tell its type may be of any. */
function hasRange(node: TreeNode): boolean {
  const field = RESULT_TYPE_FIELDS.find((name) => node.fields.has(name));
  if (field === undefined) return true;
  const type = numberOr(node, field, 0);
  return (
    [NUMERIC, DATE, JSON_TYPE, JSON_ARRAY].includes(type) ||
    TIMESTAMPS.has(type) ||
    RECORDS.has(type) ||
    type >= FIRST_USER_OID
  );
}
