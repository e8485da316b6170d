/**
 * Columns that the primary key of their table decides: in `GROUP BY c.id, c.email`, where `id` is the key, `email` makes
 * no group that `id` does not make. Two databases that differ in such columns only have the same groups.
 *
 * That leaves the order of the answer. Of GROUP BY the planner itself drops such columns before it plans
 * (`remove_useless_groupby_columns`), unless the table ever had children; from 18 it may keep another unique index in
 * place of the key. Of DISTINCT it drops none, and an unsorted answer comes in the order of hashes over all columns: so
 * ORDER BY has to settle it.
 */
import type { RelationFacts } from '../facts.ts';
import { comparisonRaises } from '../functions/conditions.ts';
import { booleanAt, listAt, nodeAt, nodesAt, numberAt } from '../tree-node.ts';
import { isNode, type TreeNode } from '../tree-text.ts';
import type { Walker } from './walker.ts';

/** RTEKind */
const RELATION = 0;
const JOIN = 2;
const GROUP = 9;
/** Aliases of aliases that are followed. */
const MAX_HOPS = 32;

type Clause = 'groupClause' | 'distinctClause' | 'sortClause';
type Column = { readonly entry: number; readonly attribute: number };

/** By `tleSortGroupRef`: the items of the clause that decide neither the rows nor their order. */
export function decidedByKey(walker: Walker, query: TreeNode, clause: Clause): ReadonlySet<number> {
  if (clause === 'sortClause' || !canBeDecided(query)) return NONE;
  const items = columnsIn(query, clause);
  if (clause === 'groupClause') return decided(walker, query, clause, items, new Set(items.keys()), dropsFromGroups);
  if (booleanAt(query, 'hasDistinctOn')) return NONE;
  const sorted = new Set(nodesAt(query, 'sortClause').map((item) => numberAt(item, 'tleSortGroupRef')));
  const found = decided(walker, query, clause, items, sorted, isStored);
  const isSettled = nodesAt(query, clause).every((item) => {
    const reference = numberAt(item, 'tleSortGroupRef');
    return sorted.has(reference) || found.has(reference) || targetOf(query, reference)?.tag === 'CONST';
  });
  return isSettled ? withoutRaising(query, clause, found) : NONE;
}

/** DISTINCT compares what it need not. */
function withoutRaising(query: TreeNode, clause: Clause, found: ReadonlySet<number>): ReadonlySet<number> {
  const raising = nodesAt(query, clause).filter((item) => {
    const expression = targetOf(query, numberAt(item, 'tleSortGroupRef'));
    return expression === null || comparisonRaises(numberAt(item, 'eqop'), [expression]);
  });
  const references = new Set(raising.map((item) => numberAt(item, 'tleSortGroupRef')));
  return new Set([...found].filter((reference) => !references.has(reference)));
}

const NONE: ReadonlySet<number> = new Set();

/** Grouping sets leave columns out, set operations have targets of their own, sets in the target list multiply rows. */
function canBeDecided(query: TreeNode): boolean {
  return (
    nodesAt(query, 'groupingSets').length === 0 &&
    nodeAt(query, 'setOperations') === null &&
    !booleanAt(query, 'hasTargetSRFs')
  );
}

/** The columns of tables among the items of a clause, by reference. */
function columnsIn(query: TreeNode, clause: Clause): ReadonlyMap<number, Column> {
  const found = new Map<number, Column>();
  for (const item of nodesAt(query, clause)) {
    const reference = numberAt(item, 'tleSortGroupRef');
    const column = columnOf(targetOf(query, reference), query);
    if (column !== null) found.set(reference, column);
  }
  return found;
}

function targetOf(query: TreeNode, reference: number): TreeNode | null {
  const target = nodesAt(query, 'targetList').find((entry) => numberAt(entry, 'ressortgroupref') === reference);
  return target === undefined ? null : nodeAt(target, 'expr');
}

/** The item of FROM and the attribute that an expression is, through the names that joins and groups give them. */
function columnOf(expression: TreeNode | null, query: TreeNode, hops = MAX_HOPS): Column | null {
  if (expression?.tag !== 'VAR' || numberAt(expression, 'varlevelsup') !== 0 || hops === 0) return null;
  const [entry, attribute] = [numberAt(expression, 'varno'), numberAt(expression, 'varattno')];
  const item = nodesAt(query, 'rtable')[entry - 1];
  if (item === undefined || attribute <= 0) return null;
  const alias = ALIASES.get(numberAt(item, 'rtekind'));
  if (alias === undefined) return numberAt(item, 'rtekind') === RELATION ? { entry, attribute } : null;
  const named = listAt(item, alias)[attribute - 1];
  return isNode(named) ? columnOf(named, query, hops - 1) : null;
}

const ALIASES: ReadonlyMap<number, string> = new Map([
  [JOIN, 'joinaliasvars'],
  [GROUP, 'groupexprs'],
]);

type Test = (facts: RelationFacts, attribute: number) => boolean;

/** Items beside the whole key of their table, all of which is among `keys`. */
function decided(
  walker: Walker,
  query: TreeNode,
  clause: Clause,
  items: ReadonlyMap<number, Column>,
  keys: ReadonlySet<number>,
  test: Test,
): ReadonlySet<number> {
  const found = new Set<number>();
  for (const item of nodesAt(query, clause)) {
    const reference = numberAt(item, 'tleSortGroupRef');
    const column = items.get(reference);
    if (column === undefined) continue;
    const facts = factsOf(walker, query, column.entry);
    const key = facts?.uniques.find((unique) => unique.primary && unique.single)?.attributes ?? [];
    if (facts === null || key.length === 0 || key.includes(column.attribute) || !test(facts, column.attribute))
      continue;
    const present = new Set(
      [...items].flatMap(([other, { entry, attribute }]) =>
        keys.has(other) && entry === column.entry ? [attribute] : [],
      ),
    );
    if (key.every((attribute) => present.has(attribute))) found.add(reference);
  }
  return found;
}

/** Null for what may show rows of which the key is not that of this table: its children have keys of their own. */
function factsOf(walker: Walker, query: TreeNode, entry: number): RelationFacts | null {
  const item = nodesAt(query, 'rtable')[entry - 1];
  const facts = item === undefined ? null : (walker.facts.relation(numberAt(item, 'relid')) ?? null);
  if (facts === null) return null;
  return facts.kind === 'p' || (facts.kind === 'r' && facts.descendants.length === 0) ? facts : null;
}

/** A virtual generated column is an expression by the time the query is planned. */
function isStored(facts: RelationFacts, attribute: number): boolean {
  const column = facts.columns.find((one) => one.attribute === attribute);
  return column !== undefined && !column.dropped && column.generated !== 'v';
}

function dropsFromGroups(facts: RelationFacts, attribute: number): boolean {
  const mayBeKept = facts.uniques.some((unique) => unique.attributes.includes(attribute));
  return isStored(facts, attribute) && !mayBeKept && (facts.kind === 'p' || facts.hadChildren === false);
}
