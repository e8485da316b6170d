/**
 * Where columns are used: in which clauses they shape the answer, and in which operations that can fail. For words
 * only; no decision rests on it.
 */
import type { ColumnKey } from '../../flows.ts';
import { numberOr } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';

/** Places named of one column; a message has no room for more. */
const MAX_PLACES = 6;

/** An operation: in words, or a function by its OID, which is named when the walk is over. */
export type Operation = string | number;

export class UsePlaces {
  readonly shaping = new Map<ColumnKey, Set<string>>();
  readonly faultable = new Map<ColumnKey, Set<Operation>>();

  /** Notes the clause and hands the columns through. */
  shapes(clause: string, sources: ReadonlySet<ColumnKey>): ReadonlySet<ColumnKey> {
    for (const source of sources) note(this.shaping, source, clause);
    return sources;
  }

  canFail(operation: Operation, sources: ReadonlySet<ColumnKey>): void {
    for (const source of sources) note(this.faultable, source, operation);
  }
}

function note<Place>(places: Map<ColumnKey, Set<Place>>, column: ColumnKey, place: Place): void {
  const known = places.get(column);
  if (known === undefined) places.set(column, new Set([place]));
  else if (known.size < MAX_PLACES) known.add(place);
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['COERCETODOMAIN', 'a cast to a domain'],
  ['ARRAYCOERCEEXPR', 'a cast of each element of an array'],
  ['CASEEXPR', 'CASE with a branch that can fail'],
  ['COALESCEEXPR', 'COALESCE with an argument that can fail'],
  ['BOOLEXPR', 'AND, OR or NOT with a condition that can fail'],
  ['SUBLINK', 'a sub-query'],
  ['SUBSCRIPTINGREF', 'a subscript'],
  ['MINMAXEXPR', 'GREATEST or LEAST'],
  ['ROWCOMPAREEXPR', 'a comparison of rows'],
  ['XMLEXPR', 'an XML expression'],
  ['JSONEXPR', 'a JSON expression'],
]);

/** Types by their OID, for casts. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [16, 'boolean'],
  [17, 'bytea'],
  [20, 'bigint'],
  [21, 'smallint'],
  [23, 'integer'],
  [26, 'oid'],
  [114, 'json'],
  [142, 'xml'],
  [650, 'cidr'],
  [700, 'real'],
  [701, 'double precision'],
  [869, 'inet'],
  [1082, 'date'],
  [1083, 'time'],
  [1114, 'timestamp'],
  [1184, 'timestamp with time zone'],
  [1186, 'interval'],
  [1700, 'numeric'],
  [2205, 'regclass'],
  [2950, 'uuid'],
  [3802, 'jsonb'],
]);

/** What a node does, of which a part can fail. Null: outside of any expression. */
export function operationOf(node: TreeNode | null): Operation {
  if (node === null) return 'a check, a key, a trigger or a rule';
  for (const field of ['funcid', 'opfuncid', 'aggfnoid', 'winfnoid']) {
    const oid = numberOr(node, field, 0);
    if (oid > 0) return oid;
  }
  if (node.tag === 'COERCEVIAIO') return `a cast to ${TYPES.get(numberOr(node, 'resulttype', 0)) ?? 'another type'}`;
  return WORDS.get(node.tag) ?? `an expression of the kind ${node.tag}`;
}
