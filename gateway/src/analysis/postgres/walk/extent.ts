/**
 * How long a value can get. Text, arrays and documents end at 1 GB: beyond, the server raises an error. Functions that
 * make their arguments longer are total only for values that stay below, else a condition on a classified value that
 * decides between a short and a long text would show as an error or none: `replace(replace(ssn, '1', …), …, …)`,
 * `s || s` in a recursive query, `string_agg(CASE WHEN ssn > '5' THEN … END, '')` over a million rows.
 *
 * The bound is counted from what the statement says. Stored values count as short; who can store values of many
 * megabytes beside classified ones has other ways to see how long those are (SECURITY.md).
 */
import { childNodes, constantBytes, neededNode, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import type { TreeNode, TreeValue } from '../tree-text.ts';
import { columnOf, definitionOf, type Level, type Located } from './definition.ts';
import type { Scope, Walker } from './walker.ts';

/** MaxAllocSize of PostgreSQL, bytes. */
const LONGEST_VALUE = 0x3fff_ffff;
/** Counted for a stored value, bytes. */
const STORED = 64;
/** Counted for a stored row. */
const STORED_COLUMNS = 40;
/** Counted for a parameter of the client, bytes. */
const PARAMETER = 16 << 20;
/** Longest literal: the longest statement, bytes. */
const LONGEST_LITERAL = 256 << 10;
/** The longest that a function pads a text to, bytes. */
const LONGEST_PADDED = 40_000;
/** Counted for the rows of stored tables that one aggregate takes. */
const STORED_ROWS = 100_000;
/** What a node, an element or a field adds, bytes. */
const OVERHEAD = 32;
/** Nodes looked at for one bound; beyond, a value counts as unbounded. */
const MAX_STEPS = 5_000;

type Growth = (extents: readonly number[]) => number;

const sum: Growth = (extents) => extents.reduce((total, extent) => total + extent, OVERHEAD);
const times =
  (factor: number): Growth =>
  (extents) =>
    factor * sum(extents);
/** Every byte may be replaced by the last argument. */
const replaced: Growth = ([whole = 0, , replacement = 0]) => whole * Math.max(1, replacement);
/** Every element may be followed by the other arguments. */
const joined: Growth = ([whole = 0, ...others]) => whole * sum(others);
/** Each argument once, quoted at most; `format` also fills each place up to the width that its condition allows. */
const printed: Growth = (extents) => times(4)(extents) + extents.length * LONGEST_PADDED;
const unbounded: Growth = () => Number.POSITIVE_INFINITY;
/** An aggregate: all its input in one value, with commas and escapes. */
const collected: Growth = times(2);

/** Built-in functions that make their arguments longer, by name with OIDs of pg_proc.dat. */
const GROWTH: ReadonlyMap<number, Growth> = new Map([
  // textcat, textanycat, anytextcat, byteacat, concat, concat_ws
  ...[1258, 2003, 2004, 2011, 3058, 3059].map((oid) => [oid, sum] as const),
  // replace, regexp_replace
  ...[2087, 2284, 2285, 6251, 6252, 6253].map((oid) => [oid, replaced] as const),
  // array_to_string
  ...[384, 395].map((oid) => [oid, joined] as const),
  // quote_ident, quote_literal, quote_nullable
  ...[1282, 1283, 1285, 1289, 1290].map((oid) => [oid, times(2)] as const),
  // string_to_array, to_json, to_jsonb, row_to_json, array_to_json, jsonb_pretty
  ...[376, 394, 3176, 3787, 3155, 3156, 3153, 3154, 3306].map((oid) => [oid, times(8)] as const),
  // overlay of text
  ...[1404, 1405].map((oid) => [oid, sum] as const),
  // encode, format
  ...[1946, 3539, 3540].map((oid) => [oid, printed] as const),
  // json_build_object, jsonb_build_object, json_build_array, jsonb_build_array
  ...[3200, 3273, 3198, 3271].map((oid) => [oid, times(8)] as const),
  // repeat, array_fill, overlay of bytes and bits
  ...[1622, 1193, 1286, 749, 752, 3030, 3031].map((oid) => [oid, unbounded] as const),
]);

/** string_agg, array_agg, json_agg, jsonb_agg, xmlagg, and their strict forms. */
const COLLECTORS: ReadonlySet<number> = new Set([3538, 3545, 2335, 4053, 3175, 3267, 2901, 6276, 6284]);
/** lpad and rpad: as long as the literal says (their condition), up to 10,000 characters. */
const PADDERS: ReadonlySet<number> = new Set([873, 874, 879, 880]);
/** Results that are short whatever goes in: bool, char, name, integers, oid, floats, dates and times, uuid. */
const SHORT_TYPES: ReadonlySet<number> = new Set([
  16, 18, 19, 20, 21, 23, 26, 700, 701, 1082, 1083, 1114, 1184, 1186, 1266, 2205, 2950,
]);

/** Nodes that print values into longer ones. */
const LENGTHENING: ReadonlySet<string> = new Set(['COERCEVIAIO', 'JSONCONSTRUCTOREXPR']);

/** Whether the value of a node can become too long for the server. Only nodes that lengthen values are asked. */
export function canOutgrow(walker: Walker, node: TreeNode, scope: Scope): boolean {
  const oid = functionOid(node);
  const lengthens = GROWTH.has(oid) || COLLECTORS.has(oid) || LENGTHENING.has(node.tag);
  if (!lengthens) return false;
  if (new Extents(() => LONGEST_LITERAL).of(node, scope) <= LONGEST_VALUE) return false;
  walker.findings.readConstant = true;
  return new Extents(lengthOf).of(node, scope) > LONGEST_VALUE;
}

/** Without the length word. */
function lengthOf(constant: TreeNode): number {
  return Math.max(0, (constantBytes(constant)?.length ?? 0) - 4);
}

function functionOid(node: TreeNode): number {
  for (const field of ['funcid', 'opfuncid', 'aggfnoid', 'winfnoid'])
    if (node.fields.has(field)) return numberAt(node, field);
  return 0;
}

class Extents {
  readonly #literal: (constant: TreeNode) => number;
  #steps = 0;

  constructor(literal: (constant: TreeNode) => number) {
    this.#literal = literal;
  }

  /** Bytes that a value can have, at most. */
  of(node: TreeNode, level: Level): number {
    if (++this.#steps > MAX_STEPS) return Number.POSITIVE_INFINITY;
    for (const field of ['funcresulttype', 'opresulttype', 'resulttype', 'consttype', 'vartype', 'aggtype', 'wintype'])
      if (SHORT_TYPES.has(numberOr(node, field, 0))) return OVERHEAD;
    switch (node.tag) {
      case 'CONST':
        return this.#literal(node);
      case 'PARAM':
        return PARAMETER;
      case 'VAR':
        return this.#variable(node, level);
      case 'SUBLINK':
        return this.#subLink(node, level);
      case 'COERCEVIAIO':
        return times(2)([this.of(neededNode(node, 'arg'), level)]);
      case 'JSONCONSTRUCTOREXPR':
        return times(8)(this.#parts(node).map((part) => this.of(part, level)));
      case 'AGGREF':
      case 'WINDOWFUNC':
        return this.#collected(node, level);
      default: {
        const oid = functionOid(node);
        if (PADDERS.has(oid)) return LONGEST_PADDED;
        const growth = GROWTH.get(oid) ?? sum;
        const given = nodesAt(node, 'args');
        return growth(
          (oid === 0 || given.length === 0 ? this.#parts(node) : given).map((part) => this.of(part, level)),
        );
      }
    }
  }

  #parts(node: TreeNode): readonly TreeNode[] {
    return [...node.fields.values()].flatMap((value) => [...childNodes(value)]);
  }

  #collected(node: TreeNode, level: Level): number {
    const one = collected(nodesAt(node, 'args').map((part) => this.of(part, level)));
    return COLLECTORS.has(functionOid(node)) ? one * rowsOf(level.query) : one;
  }

  #subLink(node: TreeNode, level: Level): number {
    const query = neededNode(node, 'subselect');
    const one = this.#column(query, level);
    return numberAt(node, 'subLinkType') === ARRAY_SUBLINK ? one * rowsOf(query) : one;
  }

  #variable(node: TreeNode, level: Level): number {
    const definition = definitionOf(node, level);
    switch (definition.kind) {
      case 'stored':
        return definition.wholeRow ? STORED_COLUMNS * STORED : STORED;
      case 'unknown':
        return Number.POSITIVE_INFINITY;
      default:
        return this.#all(definition.by);
    }
  }

  #column(query: TreeNode, level: Level): number {
    const definition = columnOf(query, 1, level);
    return definition.kind === 'computed' ? this.#all(definition.by) : Number.POSITIVE_INFINITY;
  }

  #all(located: readonly Located[]): number {
    return sum(located.map(({ node, level }) => this.of(node, level)));
  }
}

const ARRAY_SUBLINK = 6;
/** RTEKind */
const RELATION = 0;
const SUBQUERY = 1;
const JOIN = 2;
const VALUES = 5;
const COMMON_TABLE = 6;
const RESULT = 8;
const GROUP = 9;

function isTrue(value: TreeValue | undefined): boolean {
  return value === 'true';
}

/** Rows of stored tables, unless FROM holds something that makes as many rows as the client likes. */
function rowsOf(query: TreeNode): number {
  return multiplies(query) ? Number.POSITIVE_INFINITY : STORED_ROWS;
}

function multiplies(query: TreeNode): boolean {
  if (isTrue(query.fields.get('hasTargetSRFs')) || isTrue(query.fields.get('hasRecursive'))) return true;
  return nodesAt(query, 'rtable').some((entry) => {
    switch (numberAt(entry, 'rtekind')) {
      case SUBQUERY:
        return multiplies(neededNode(entry, 'subquery'));
      case RELATION:
      case JOIN:
      case GROUP:
      case COMMON_TABLE:
      case RESULT:
      case VALUES:
        return false;
      default:
        return true;
    }
  });
}
