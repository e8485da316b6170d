/**
 * How columns shape an answer, told apart: `column = value`, `column = column`, and anything else.
 *
 * The comparisons are found among the conjuncts of WHERE (and of ON, for joins) of the outermost query, and taken out of
 * its tree. What still shapes the answer of the tree that is left is "anything else". That is sound because a
 * statement's answer is its answer without the conjunct, over the rows for which the conjunct is true: two databases
 * that agree on every other column, and on which rows pass the comparison, answer alike if the rest of the statement
 * depends on nothing else. So what is learned is which rows pass: for equality with a value, whether each row has it.
 */
import type { EqualityUse, JoinUse, ShapingUses } from '../../flows.ts';
import { builtInFunction } from '../functions/built-in.ts';
import { isVolatileBuiltIn } from '../functions/volatile.ts';
import { booleanAt, childNodes, neededNode, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import type { TreeNode, TreeValue } from '../tree-text.ts';
import { isPlainEquality, isRowIndependent, type PlainColumn, plainColumn } from './row-values.ts';
import { union, type Walker } from './walker.ts';

const SELECT = 1;
/** Comparisons told apart in one statement. */
const MAX_COMPARISONS = 100;

type Found = { readonly equalities: EqualityUse[]; readonly joins: JoinUse[]; readonly compared: PlainColumn[] };

/**
 * Null when nothing can be told apart: then all that shapes counts as `other`.
 * @param query the one query of a statement that only reads
 * @param open makes another walker over the same facts
 */
export function shapingUses(walker: Walker, query: TreeNode, open: () => Walker): ShapingUses | null {
  if (numberAt(query, 'commandType') !== SELECT || nodeAt(query, 'setOperations') !== null) return null;
  const jointree = nodeAt(query, 'jointree');
  if (jointree === null) return null;
  const found: Found = { equalities: [], joins: [], compared: [] };
  const stripped = withoutComparisons(walker, jointree, query, found, true);
  if (found.equalities.length + found.joins.length === 0) return null;
  if (found.equalities.length + found.joins.length > MAX_COMPARISONS) return null;
  const rest = replaced(query, 'jointree', stripped);
  const flow = open().query(rest, null, null);
  return {
    equalities: found.equalities,
    joins: collectsRows(query) ? [] : found.joins,
    other: union(flow.rows, flow.order, ...(collectsRows(query) ? found.joins.flatMap(bothSides) : [])),
    unordered: unorderedOutputs(query),
    count: countedBy(walker, query, stripped, found),
  };
}

function bothSides({ left, right }: JoinUse): readonly JoinUse['left'][] {
  return [left, right];
}

function replaced(node: TreeNode, field: string, value: TreeValue): TreeNode {
  return { tag: node.tag, fields: new Map(node.fields).set(field, value) };
}

/** FROM without its comparisons. Equality with a value is looked for in WHERE only, where it filters whole rows. */
function withoutComparisons(walker: Walker, node: TreeNode, query: TreeNode, found: Found, isWhere: boolean): TreeNode {
  switch (node.tag) {
    case 'FROMEXPR': {
      const items = nodesAt(node, 'fromlist').map((item) => withoutComparisons(walker, item, query, found, false));
      return replaced(withoutConjuncts(walker, node, query, found, isWhere), 'fromlist', items);
    }
    case 'JOINEXPR': {
      const left = withoutComparisons(walker, neededNode(node, 'larg'), query, found, false);
      const right = withoutComparisons(walker, neededNode(node, 'rarg'), query, found, false);
      return replaced(replaced(withoutConjuncts(walker, node, query, found, false), 'larg', left), 'rarg', right);
    }
    default:
      return node;
  }
}

function withoutConjuncts(walker: Walker, node: TreeNode, query: TreeNode, found: Found, isWhere: boolean): TreeNode {
  const quals = nodeAt(node, 'quals');
  if (quals === null) return node;
  const isAnd = quals.tag === 'BOOLEXPR' && quals.fields.get('boolop') === 'and';
  const kept = (isAnd ? nodesAt(quals, 'args') : [quals]).filter(
    (conjunct) => !takeComparison(walker, conjunct, query, found, isWhere),
  );
  const [only] = kept;
  if (only === undefined) return replaced(node, 'quals', null);
  return replaced(node, 'quals', isAnd && kept.length > 1 ? replaced(quals, 'args', kept) : only);
}

function takeComparison(walker: Walker, conjunct: TreeNode, query: TreeNode, found: Found, isWhere: boolean): boolean {
  if (conjunct.tag === 'SCALARARRAYOPEXPR') return isWhere && takeList(walker, conjunct, query, found);
  if (conjunct.tag !== 'OPEXPR' || !isPlainEquality(conjunct)) return false;
  const [left, right] = nodesAt(conjunct, 'args');
  if (left === undefined || right === undefined) return false;
  const [a, b] = [plainColumn(walker, left, query), plainColumn(walker, right, query)];
  if (a !== null && b !== null) {
    found.joins.push({ left: a.sources, right: b.sources });
    return true;
  }
  const column = a ?? b;
  if (!isWhere || column === null || !isRowIndependent(a === null ? left : right)) return false;
  found.equalities.push({ column: column.sources, values: 1 });
  found.compared.push(column);
  return true;
}

/** `column IN (a, b)`: as many values as the list has. An array in one piece is not counted, and so not taken. */
function takeList(walker: Walker, node: TreeNode, query: TreeNode, found: Found): boolean {
  if (!booleanAt(node, 'useOr') || !isPlainEquality(node)) return false;
  const [left, list] = nodesAt(node, 'args');
  if (left === undefined || (list?.tag !== 'ARRAYEXPR' && list?.tag !== 'ARRAY')) return false;
  if (booleanAt(list, 'multidims')) return false;
  const elements = nodesAt(list, 'elements');
  const column = plainColumn(walker, left, query);
  if (column === null || elements.length === 0 || !elements.every(isRowIndependent)) return false;
  found.equalities.push({ column: column.sources, values: elements.length });
  return true;
}

/** Aggregates of which the order of the rows decides nothing. */
const ORDERLESS: ReadonlySet<string> = new Set(['count', 'sum', 'avg', 'min', 'max', 'bool_and', 'bool_or', 'every']);
/** sum and avg of float4 and float8: they round differently in another order. */
const ROUNDING: ReadonlySet<number> = new Set([2104, 2105, 2110, 2111]);

/**
 * Whether something in the answer is made of the order of rows, which after a join may be the order of the joined
 * values: windows, aggregates that collect, and whatever counts or looks at the clock row by row (nextval).
 */
function collectsRows(query: TreeNode): boolean {
  if (booleanAt(query, 'hasWindowFuncs') || booleanAt(query, 'hasTargetSRFs')) return true;
  return [...query.fields.values()].some((value) => someNode(value, (node) => isOrdered(node) || isVolatile(node)));
}

function isOrdered(node: TreeNode): boolean {
  if (node.tag !== 'AGGREF') return false;
  const oid = numberAt(node, 'aggfnoid');
  return ROUNDING.has(oid) || !ORDERLESS.has(builtInFunction(oid)?.name ?? '');
}

/** Functions of users count as volatile. */
function isVolatile(node: TreeNode): boolean {
  if (node.tag === 'NEXTVALUEEXPR') return true;
  return ['funcid', 'opfuncid', 'winfnoid'].some((field) => {
    const oid = numberOr(node, field, 0);
    if (oid === 0) return false;
    const known = builtInFunction(oid);
    return known === undefined || isVolatileBuiltIn(known.name);
  });
}

function someNode(value: TreeValue | undefined, test: (node: TreeNode) => boolean): boolean {
  for (const node of childNodes(value)) {
    if (test(node)) return true;
    for (const child of node.fields.values()) if (someNode(child, test)) return true;
  }
  return false;
}

/** Operators (`=`) of types whose equal values look equal: int2, int4, int8, oid, text, name, bpchar, char, bool, uuid, date, time, timestamps. */
const EXACT_EQUALITY: ReadonlySet<number> = new Set([
  94, 96, 410, 607, 98, 93, 1054, 92, 91, 2972, 1093, 1108, 2060, 1320,
]);

/**
 * Outputs whose order is not settled by ORDER BY. When all of the others are equal in two rows, these two may come in
 * either order. A single row has none; of a grouped answer, the groups' columns settle everything.
 */
function unorderedOutputs(query: TreeNode): readonly number[] {
  const groups = nodesAt(query, 'groupClause');
  const plainGroups = nodesAt(query, 'groupingSets').length === 0;
  if (booleanAt(query, 'hasAggs') && groups.length === 0 && plainGroups) return [];
  const sorted = new Set(
    nodesAt(query, 'sortClause')
      .filter((clause) => EXACT_EQUALITY.has(numberAt(clause, 'eqop')))
      .map((clause) => numberAt(clause, 'tleSortGroupRef')),
  );
  if (groups.length > 0 && plainGroups && groups.every((group) => sorted.has(numberAt(group, 'tleSortGroupRef'))))
    return [];
  return visible(query).flatMap((entry, index) => {
    const reference = numberAt(entry, 'ressortgroupref');
    return reference !== 0 && sorted.has(reference) ? [] : [index];
  });
}

function visible(query: TreeNode): readonly TreeNode[] {
  return nodesAt(query, 'targetList').filter((entry) => !booleanAt(entry, 'resjunk'));
}

/** `count(*)` */
const COUNT_ALL = 2803;

/**
 * Set for statements that do nothing but count rows of one table by plain columns: `SELECT g, count(*) FROM t WHERE
 * c = value AND … GROUP BY g`. Each of their numbers is a cell of one table of counts, so nobody can choose single rows
 * into and out of it. Joins and views could multiply rows past any bound; other conditions could pick rows.
 */
function countedBy(walker: Walker, query: TreeNode, stripped: TreeNode, found: Found): ShapingUses['count'] {
  const only = nodesAt(stripped, 'fromlist');
  const [item] = only;
  if (only.length !== 1 || item?.tag !== 'RANGETBLREF' || nodeAt(stripped, 'quals') !== null) return null;
  if (found.joins.length > 0 || found.compared.length !== found.equalities.length) return null;
  const clauses = ['distinctClause', 'sortClause', 'windowClause', 'groupingSets', 'cteList', 'rowMarks'];
  if (clauses.some((field) => nodesAt(query, field).length > 0)) return null;
  if (['havingQual', 'limitCount', 'limitOffset'].some((field) => nodeAt(query, field) !== null)) return null;
  const base = nodesAt(query, 'rtable')[numberAt(item, 'rtindex') - 1];
  // A view's query could multiply rows.
  if (base === undefined || numberAt(base, 'rtekind') !== 0 || nodeAt(base, 'tablesample') !== null) return null;
  const groups: PlainColumn[] = [];
  let output = -1;
  for (const [index, entry] of visible(query).entries()) {
    const expression = neededNode(entry, 'expr');
    if (isCountAll(expression)) {
      if (output !== -1) return null;
      output = index;
      continue;
    }
    const column = plainColumn(walker, expression, query);
    if (column === null || numberAt(entry, 'ressortgroupref') === 0) return null;
    groups.push(column);
  }
  // A group that is not shown would be told apart from others all the same.
  if (output === -1 || groups.length !== nodesAt(query, 'groupClause').length) return null;
  return { output, groups: groups.map(({ sources }) => sources) };
}

function isCountAll(node: TreeNode): boolean {
  return (
    node.tag === 'AGGREF' &&
    numberAt(node, 'aggfnoid') === COUNT_ALL &&
    nodesAt(node, 'args').length === 0 &&
    nodeAt(node, 'aggfilter') === null &&
    numberOr(node, 'agglevelsup', 0) === 0
  );
}
