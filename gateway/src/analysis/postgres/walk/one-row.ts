/**
 * Sub-queries of which PostgreSQL's own rules say that they have one row at most. Used as an expression, any other can
 * raise ("more than one row returned by a subquery used as an expression"), and under a condition that tells the condition.
 */
import { FIRST_USER_OID } from '../facts.ts';
import { builtInFunction } from '../functions/built-in.ts';
import { booleanAt, listAt, nameAt, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { literalInteger } from './literals.ts';
import type { Walker } from './walker.ts';

/** RTEKind */
const RELATION = 0;
const SUBQUERY = 1;
const FUNCTION = 3;
const VALUES = 5;
const RESULT = 8;
/** JoinType */
const INNER = 0;
const LEFT = 1;
/** LimitOption: WITH TIES can give more than it says. */
const LIMIT_COUNT = 0;
/** pg_proc.dat */
const INT8_OF_INT4 = 481;

export function yieldsOneRow(walker: Walker, query: TreeNode): boolean {
  if (isLimitedToOne(walker, query)) return true;
  if (booleanAt(query, 'hasTargetSRFs') || nodesAt(query, 'groupingSets').length > 0) return false;
  // An aggregate without groups always gives one row.
  if (booleanAt(query, 'hasAggs') && nodesAt(query, 'groupClause').length === 0) return true;
  const from = nodeAt(query, 'jointree');
  if (nodeAt(query, 'setOperations') !== null || from === null) return false;
  const items: Item[] = [];
  if (!collectItems(from, [], items)) return false;
  return areSingle(walker, nodesAt(query, 'rtable'), items);
}

function isLimitedToOne(walker: Walker, query: TreeNode): boolean {
  if (numberOr(query, 'limitOption', LIMIT_COUNT) !== LIMIT_COUNT) return false;
  const limit = nodeAt(query, 'limitCount');
  // int8(integer) around the literal.
  const isCast = limit?.tag === 'FUNCEXPR' && numberAt(limit, 'funcid') === INT8_OF_INT4;
  const count = literalInteger(walker, (isCast ? nodesAt(limit, 'args')[0] : limit) ?? undefined);
  return count !== null && count <= 1;
}

/** An entry of FROM by its number, and the conditions that each of its rows has met. */
type Item = { readonly index: number; readonly conditions: readonly TreeNode[] };

/** False for a join whose rows are not at most those of one side times the other. */
function collectItems(node: TreeNode, conditions: readonly TreeNode[], items: Item[]): boolean {
  const own = [...conditions, ...conjuncts(nodeAt(node, 'quals'))];
  switch (node.tag) {
    case 'RANGETBLREF':
      items.push({ index: numberAt(node, 'rtindex'), conditions });
      return true;
    case 'FROMEXPR':
      return nodesAt(node, 'fromlist').every((part) => collectItems(part, own, items));
    case 'JOINEXPR': {
      const kind = numberAt(node, 'jointype');
      const [left, right] = [nodeAt(node, 'larg'), nodeAt(node, 'rarg')];
      if (left === null || right === null || (kind !== INNER && kind !== LEFT)) return false;
      // The condition of a left join takes no row of the left side away.
      return collectItems(left, kind === INNER ? own : conditions, items) && collectItems(right, own, items);
    }
    default:
      return false;
  }
}

function conjuncts(condition: TreeNode | null): readonly TreeNode[] {
  if (condition === null) return [];
  return condition.tag === 'BOOLEXPR' && nameAt(condition, 'boolop') === 'and'
    ? nodesAt(condition, 'args').flatMap(conjuncts)
    : [condition];
}

/** One entry that has one row may fix the key of the next. */
function areSingle(walker: Walker, entries: readonly TreeNode[], items: readonly Item[]): boolean {
  const single = new Set<number>();
  for (let before = -1; before < single.size; ) {
    before = single.size;
    for (const item of items) {
      const entry = entries[item.index - 1];
      if (entry !== undefined && !single.has(item.index) && isSingle(walker, entry, item, single))
        single.add(item.index);
    }
  }
  return items.every(({ index }) => single.has(index));
}

function isSingle(walker: Walker, entry: TreeNode, item: Item, single: ReadonlySet<number>): boolean {
  switch (numberAt(entry, 'rtekind')) {
    case RELATION:
      return isFixedByKey(walker, entry, item, single);
    case SUBQUERY: {
      const query = nodeAt(entry, 'subquery');
      return query !== null && yieldsOneRow(walker, query);
    }
    case VALUES:
      return listAt(entry, 'values_lists').length <= 1;
    case FUNCTION:
      return nodesAt(entry, 'functions').every((one) => {
        const call = nodeAt(one, 'funcexpr');
        return call?.tag === 'FUNCEXPR' && !booleanAt(call, 'funcretset');
      });
    case RESULT:
      return true;
    default:
      return false;
  }
}

/** Whether conditions compare all columns of a unique index with values that are the same for every row. */
function isFixedByKey(walker: Walker, entry: TreeNode, item: Item, single: ReadonlySet<number>): boolean {
  const oid = numberAt(entry, 'relid');
  if (oid < FIRST_USER_OID) return false;
  const relation = walker.facts.relation(oid);
  if (relation === undefined || relation === null) return false;
  // An index of a table is not one of its children; that of a partitioned table is.
  if (relation.kind !== 'p' && booleanAt(entry, 'inh') && relation.descendants.length > 0) return false;
  const fixed = new Set(item.conditions.flatMap((condition) => fixedAttribute(condition, item.index, single) ?? []));
  return relation.uniques.some(
    (unique) => unique.single && unique.attributes.length > 0 && unique.attributes.every((one) => fixed.has(one)),
  );
}

/**
 * Functions of `=` that tell apart whatever a unique index tells apart, by OID of pg_proc.dat: integers of each size,
 * numeric, boolean, oid, name, uuid, bytea, date, timestamps; of texts only with a collation that is deterministic.
 */
const EQUALITIES: ReadonlySet<number> = new Set([
  63, 65, 467, 158, 159, 474, 852, 1850, 1856, 1718, 60, 184, 62, 2956, 1948, 1086, 2052, 1152,
]);
const TEXT_EQUALITIES: ReadonlySet<number> = new Set([67, 1048]);
/** The default collation of a database, C, POSIX. */
const DETERMINISTIC: ReadonlySet<number> = new Set([100, 950, 951]);

/** The attribute of entry `index` that a condition compares with a fixed value. */
function fixedAttribute(condition: TreeNode, index: number, single: ReadonlySet<number>): number | null {
  if (condition.tag !== 'OPEXPR') return null;
  const oid = numberAt(condition, 'opfuncid');
  const known = TEXT_EQUALITIES.has(oid)
    ? DETERMINISTIC.has(numberOr(condition, 'inputcollid', 0))
    : EQUALITIES.has(oid);
  const [left, right] = nodesAt(condition, 'args');
  if (!known || left === undefined || right === undefined) return null;
  for (const [column, value] of [
    [left, right],
    [right, left],
  ] as const) {
    const variable = column.tag === 'RELABELTYPE' ? nodeAt(column, 'arg') : column;
    if (variable?.tag === 'VAR' && isOwn(variable, index) && isFixed(value, single))
      return numberAt(variable, 'varattno');
  }
  return null;
}

function isOwn(variable: TreeNode, index: number): boolean {
  return numberAt(variable, 'varlevelsup') === 0 && numberAt(variable, 'varno') === index;
}

/** Whether a value is the same for all rows: of outer queries, of entries with one row, and functions of such. */
function isFixed(node: TreeNode, single: ReadonlySet<number>): boolean {
  switch (node.tag) {
    case 'CONST':
    case 'PARAM':
    case 'SQLVALUEFUNCTION':
      return true;
    case 'VAR':
      return numberAt(node, 'varlevelsup') > 0 || single.has(numberAt(node, 'varno'));
    case 'RELABELTYPE': {
      const argument = nodeAt(node, 'arg');
      return argument !== null && isFixed(argument, single);
    }
    case 'FUNCEXPR':
    case 'OPEXPR': {
      const known = builtInFunction(numberAt(node, node.tag === 'OPEXPR' ? 'opfuncid' : 'funcid'));
      if (known === undefined || known.volatile || known.returnsSet) return false;
      return nodesAt(node, 'args').every((argument) => isFixed(argument, single));
    }
    default:
      return false;
  }
}
