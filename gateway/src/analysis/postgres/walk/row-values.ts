/**
 * Which expressions are an unchanged column, and which have one value for all rows: the two sides of a comparison that
 * policy may permit.
 */
import { FIRST_ASSIGNED_OID } from '../facts.ts';
import { builtInFunction } from '../functions/built-in.ts';
import { isVolatileBuiltIn } from '../functions/volatile.ts';
import { booleanAt, listAt, neededNode, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import { isNode, type TreeNode, type TreeValue } from '../tree-text.ts';
import type { Sources, Walker } from './walker.ts';

/** RTEKind */
const RELATION = 0;
const SUBQUERY = 1;
const JOIN = 2;
const GROUP = 9;
const PARAM_EXTERN = 0;
/** Range-table entries followed for one column. */
const MAX_HOPS = 32;

/** A stored column whose values reach an expression as they are. */
export type PlainColumn = {
  readonly relation: number;
  readonly attribute: number;
  /** The column, and the same column of relations whose rows come with it (partitions, children, parents). */
  readonly sources: Sources;
};

/**
 * The stored column that `expression` is, seen from `query`; null when it is anything else. Views are looked through.
 * Generated columns are computed from others, so they are not plain.
 */
export function plainColumn(
  walker: Walker,
  expression: TreeNode,
  query: TreeNode,
  hops = MAX_HOPS,
): PlainColumn | null {
  if (hops === 0) return null;
  // varchar read as text: the same bytes.
  if (expression.tag === 'RELABELTYPE') return plainColumn(walker, neededNode(expression, 'arg'), query, hops - 1);
  if (expression.tag !== 'VAR' || numberAt(expression, 'varlevelsup') !== 0) return null;
  const attribute = numberAt(expression, 'varattno');
  const entry = nodesAt(query, 'rtable')[numberAt(expression, 'varno') - 1];
  if (attribute <= 0 || entry === undefined) return null;
  switch (numberAt(entry, 'rtekind')) {
    case RELATION:
      return storedColumn(walker, entry, attribute);
    case SUBQUERY: {
      const inner = neededNode(entry, 'subquery');
      if (nodeAt(inner, 'setOperations') !== null) return null;
      const target = nodesAt(inner, 'targetList').find((candidate) => numberAt(candidate, 'resno') === attribute);
      return target === undefined ? null : plainColumn(walker, neededNode(target, 'expr'), inner, hops - 1);
    }
    case JOIN:
      return listed(walker, listAt(entry, 'joinaliasvars')[attribute - 1], query, hops);
    case GROUP:
      return listed(walker, listAt(entry, 'groupexprs')[attribute - 1], query, hops);
    default:
      return null;
  }
}

function listed(walker: Walker, value: TreeValue | undefined, query: TreeNode, hops: number): PlainColumn | null {
  return isNode(value) ? plainColumn(walker, value, query, hops - 1) : null;
}

function storedColumn(walker: Walker, entry: TreeNode, attribute: number): PlainColumn | null {
  const relation = numberAt(entry, 'relid');
  const facts = walker.facts.relation(relation);
  if (facts === null || facts === undefined || !STORED.has(facts.kind)) return null;
  const column = facts.columns.find((candidate) => candidate.attribute === attribute);
  if (column === undefined || column.dropped || column.generated !== null) return null;
  return { relation, attribute, sources: walker.base(relation, booleanAt(entry, 'inh')).column(attribute) };
}

/** Table, partitioned table, materialised view, foreign table. A view's column is what its query makes it. */
const STORED: ReadonlySet<string> = new Set(['r', 'p', 'm', 'f']);

/**
 * Whether an expression has one value for all rows: literals and parameters, and casts of them that run built-in
 * functions. Nothing volatile: `ssn = random()::text` would try another value on each row.
 */
export function isRowIndependent(node: TreeNode): boolean {
  switch (node.tag) {
    case 'CONST':
      return true;
    case 'PARAM':
      return numberAt(node, 'paramkind') === PARAM_EXTERN;
    case 'RELABELTYPE':
      return isRowIndependent(neededNode(node, 'arg'));
    case 'COERCEVIAIO':
      return numberAt(node, 'resulttype') < FIRST_ASSIGNED_OID && isRowIndependent(neededNode(node, 'arg'));
    case 'FUNCEXPR':
      return isSteady(numberAt(node, 'funcid')) && nodesAt(node, 'args').every(isRowIndependent);
    default:
      return false;
  }
}

function isSteady(oid: number): boolean {
  const known = builtInFunction(oid);
  return (
    known !== undefined && (known.class === 'total' || known.class === 'faultable') && !isVolatileBuiltIn(known.name)
  );
}

/** Equalities that hold between equal values only. Not among them: boolean (one question tells all), arrays, rows, intervals. */
const EQUALITIES: ReadonlySet<string> = new Set([
  'chareq',
  'nameeq',
  'texteq',
  'nameeqtext',
  'texteqname',
  'bpchareq',
  'int2eq',
  'int4eq',
  'int8eq',
  'int24eq',
  'int42eq',
  'int28eq',
  'int82eq',
  'int48eq',
  'int84eq',
  'oideq',
  'float4eq',
  'float8eq',
  'float48eq',
  'float84eq',
  'numeric_eq',
  'cash_eq',
  'date_eq',
  'timestamp_eq',
  'timestamptz_eq',
  'time_eq',
  'uuid_eq',
  'byteaeq',
  'network_eq',
  'macaddr_eq',
]);

/**
 * Whether an operator's node compares for equality, value by value. Collations that people create may take different
 * texts for equal, so one comparison would try many values; the server's own are deterministic.
 */
export function isPlainEquality(node: TreeNode): boolean {
  const known = builtInFunction(numberAt(node, 'opfuncid'));
  return (
    known?.class === 'total' && EQUALITIES.has(known.name) && numberOr(node, 'inputcollid', 0) < FIRST_ASSIGNED_OID
  );
}
