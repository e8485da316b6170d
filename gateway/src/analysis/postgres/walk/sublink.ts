/** Sub-queries inside expressions (primnodes.h, SubLink). */
import { childNodes, neededNode, nodeAt, nodesAt, numberAt } from '../tree-node.ts';
import type { TreeNode, TreeValue } from '../tree-text.ts';
import { requirePresentRow } from './absent-row.ts';
import { guard } from './guard.ts';
import { yieldsOneRow } from './one-row.ts';
import { columnsOf, Opaque, type Scope, type Sources, union, type Walker } from './walker.ts';

/** SubLinkType */
const SUBLINK_EXISTS = 0;
const SUBLINK_ALL = 1;
const SUBLINK_ANY = 2;
const SUBLINK_ROWCOMPARE = 3;
const SUBLINK_EXPR = 4;
const SUBLINK_MULTIEXPR = 5;
const SUBLINK_ARRAY = 6;

/** `SET (a, b) = (SELECT …)`: the parameter names a sub-query by number (upper 16 bits) and its column (lower 16). */
export function multiAssignment(walker: Walker, id: number, scope: Scope): Sources {
  const link = findMultiAssignment([...scope.query.fields.values()], Math.floor(id / 65_536));
  if (link === null)
    throw new Opaque(
      'multi-assignment',
      'A multiple assignment without its sub-query.',
      'Assign the columns one by one.',
    );
  const flow = walker.query(neededNode(link, 'subselect'), scope, null);
  return union(flow.column((id % 65_536) - 1), flow.rows);
}

function findMultiAssignment(values: readonly TreeValue[], id: number): TreeNode | null {
  for (const value of values) {
    for (const node of childNodes(value)) {
      if (
        node.tag === 'SUBLINK' &&
        numberAt(node, 'subLinkType') === SUBLINK_MULTIEXPR &&
        numberAt(node, 'subLinkId') === id
      )
        return node;
      if (node.tag === 'QUERY') continue;
      const inside = findMultiAssignment([...node.fields.values()], id);
      if (inside !== null) return inside;
    }
  }
  return null;
}

/** A sub-query in an expression: its rows decide its value, so their conditions flow into it instead of shaping the answer. */
export function sublink(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const faultsBefore = walker.findings.faults;
  const writesBefore = walker.findings.writes.length;
  const flow = walker.query(neededNode(node, 'subselect'), scope, null);
  const columns = columnsOf(flow);
  guard(walker, flow.rows, faultsBefore, writesBefore);
  const kind = numberAt(node, 'subLinkType');
  requirePresentRow(nodeAt(node, 'testexpr'), scope);
  const test = walker.expression(nodeAt(node, 'testexpr'), scope);
  const value = union(...columns, flow.rows, flow.order, test);
  switch (kind) {
    case SUBLINK_EXISTS:
      return union(flow.rows, test);
    case SUBLINK_ALL:
    case SUBLINK_ANY:
      // The first row that settles the answer is the last one that is computed.
      guard(walker, value, faultsBefore, writesBefore);
      return value;
    case SUBLINK_ROWCOMPARE:
    case SUBLINK_EXPR:
    case SUBLINK_MULTIEXPR:
      // "more than one row returned by a subquery used as an expression"
      if (!yieldsOneRow(walker, neededNode(node, 'subselect'))) walker.findings.fault(flow.rows);
      return value;
    case SUBLINK_ARRAY:
      // "cannot accumulate arrays of different dimensionality"; the type of what is accumulated is not looked at.
      if (!isPlainColumn(neededNode(node, 'subselect'))) walker.findings.fault(union(...columns));
      return value;
    default:
      throw new Opaque('sublink', 'A sub-query of an unknown kind.', 'Report the statement.');
  }
}

/** Built-in types that are no arrays and are common in lists: bool, bytea, name, int8, int2, int4, text, oid, json, floats, bpchar, varchar, date, time, timestamps, interval, numeric, uuid, jsonb. */
const SINGLE_VALUES: ReadonlySet<number> = new Set([
  16, 17, 19, 20, 21, 23, 25, 26, 114, 700, 701, 1042, 1043, 1082, 1083, 1114, 1184, 1186, 1700, 2950, 3802,
]);

/** Whether the one column of a sub-query is a column that is no array. */
function isPlainColumn(query: TreeNode): boolean {
  const [entry] = nodesAt(query, 'targetList');
  const value = entry === undefined ? null : nodeAt(entry, 'expr');
  return value?.tag === 'VAR' && SINGLE_VALUES.has(numberAt(value, 'vartype'));
}
