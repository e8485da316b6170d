/**
 * Columns of the indexes among which the planner may choose for a statement. It compares them by their pages, which
 * depend on how long the values in them are and how many differ, so a plan tells of them, even without its costs.
 *
 * An index is considered where a condition, an order or a join names one of its columns, or where it holds all that the
 * statement needs of the table (an index-only scan; `count(*)` needs nothing). What is needed is counted from below:
 * columns that surely cannot be left out.
 */
import type { ColumnKey } from '../../flows.ts';
import { FIRST_ASSIGNED_OID, type IndexFacts, type RelationFacts } from '../facts.ts';
import { booleanAt, childNodes, nameAt, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import { isNode, type TreeNode, type TreeValue } from '../tree-text.ts';
import { columnOf, type Definition, definitionOf, entryOf, type Level } from './definition.ts';
import type { Sources, Walker } from './walker.ts';

const RELATION = 0;
/** Columns that are followed through sub-queries, at most. */
const MAX_STEPS = 10_000;

type Needed = ReadonlySet<number> | 'every';
/** A relation in FROM, and what is needed of it. */
type Read = { readonly relation: number; readonly needed: Needed };

/** `shaping`: columns of conditions, orders and joins. */
export function indexedColumns(
  walker: Walker,
  queries: readonly TreeNode[],
  shaping: ReadonlySet<ColumnKey>,
): ReadonlySet<ColumnKey> {
  const found = new Set<ColumnKey>();
  for (const { relation, needed } of readsOf(walker, queries)) {
    const facts = walker.facts.relation(relation);
    if (facts === undefined || facts === null) continue;
    const names = needed === 'every' ? null : namesOf(facts, needed);
    const shaped = namesOf(facts, attributesIn(shaping, facts.oid));
    for (const each of [facts, ...facts.descendants.flatMap((oid) => walker.facts.relation(oid) ?? [])])
      for (const index of each.indexes)
        for (const key of told(
          walker,
          each,
          index,
          names,
          new Set([...shaped, ...namesOf(each, attributesIn(shaping, each.oid))]),
        ))
          found.add(key);
  }
  return found;
}

/** Nothing when the planner does not consider the index. `needed` null: more than any index holds. */
function told(
  walker: Walker,
  relation: RelationFacts,
  index: IndexFacts,
  needed: ReadonlySet<string> | null,
  shaped: ReadonlySet<string>,
): Sources {
  const held = namesOf(relation, new Set(index.attributes));
  const computed = index.expressions.flatMap((text) => [...attributesOf(walker.stored(text))]);
  const all = [...new Set([...index.attributes, ...computed])].filter((attribute) => attribute >= 0);
  const isNamed = [...namesOf(relation, new Set(all))].some((name) => shaped.has(name));
  const holdsAll = needed !== null && [...needed].every((name) => held.has(name));
  const sources = new Set<ColumnKey>();
  // Attribute 0 stands for an expression, or for a whole row in one: whose columns it reads is among the others.
  if (isNamed || holdsAll || computed.includes(0))
    for (const attribute of computed.includes(0) ? [0, ...all] : all.filter((one) => one > 0))
      for (const key of walker.base(relation.oid, true).column(attribute)) sources.add(key);
  return sources;
}

function namesOf(relation: RelationFacts, attributes: ReadonlySet<number>): ReadonlySet<string> {
  return new Set(relation.columns.filter((column) => attributes.has(column.attribute)).map((column) => column.name));
}

function attributesIn(keys: ReadonlySet<ColumnKey>, relation: number): ReadonlySet<number> {
  const prefix = `${relation}.`;
  const attributes = [...keys]
    .filter((key) => key.startsWith(prefix))
    .map((key) => Number.parseInt(key.slice(prefix.length), 10));
  return new Set(attributes);
}

function* attributesOf(value: TreeValue): Generator<number> {
  for (const node of isNode(value) ? [value] : childNodes(value)) {
    if (node.tag === 'VAR') yield numberAt(node, 'varattno');
    for (const part of node.fields.values()) yield* attributesOf(part);
  }
}

function readsOf(walker: Walker, queries: readonly TreeNode[]): readonly Read[] {
  const needed = new Map<TreeNode, Set<number>>();
  const targets = new Set<TreeNode>();
  for (const query of queries) {
    const level: Level = { query, outer: null };
    let steps = 0;
    const needDefined = (definition: Definition): void => {
      if (definition.kind === 'computed') for (const { node, level: at } of definition.by) need(node, at);
    };
    const need = (node: TreeNode | null, from: Level): void => {
      if (node === null || ++steps > MAX_STEPS) return;
      for (const part of keptParts(node)) need(part, from);
      if (node.tag !== 'VAR') return;
      const entry = entryOf(node, from)?.entry;
      if (entry !== undefined && numberAt(entry, 'rtekind') === RELATION) {
        needed.set(entry, (needed.get(entry) ?? new Set()).add(numberAt(node, 'varattno')));
        return;
      }
      needDefined(definitionOf(node, from));
    };
    const unites = nodeAt(query, 'setOperations') !== null;
    for (const target of nodesAt(query, 'targetList'))
      if (unites) needDefined(columnOf(query, numberAt(target, 'resno'), level));
      else need(nodeAt(target, 'expr'), level);
    for (const operand of compared(nodeAt(query, 'jointree'))) need(operand, level);
    // Its rows are found by their place, which no index holds.
    const target = nodesAt(query, 'rtable')[numberOr(query, 'resultRelation', 0) - 1];
    if (target !== undefined) targets.add(target);
  }
  const entries = queries.flatMap((query) => [...relationsIn(query)]);
  const reads = entries.map((entry): Read => {
    const columns = needed.get(entry) ?? new Set<number>();
    const isEvery = targets.has(entry) || [...columns].some((attribute) => attribute <= 0);
    return { relation: numberAt(entry, 'relid'), needed: isEvery ? 'every' : columns };
  });
  // Code that may be planned as part of the statement.
  const seen = new Set(reads.map(({ relation }) => relation));
  const hidden = walker.facts.used.size === 0 ? [] : [...walker.findings.relations].filter((oid) => !seen.has(oid));
  return [...reads, ...hidden.map((relation): Read => ({ relation, needed: new Set() }))];
}

/** What the planner cannot simplify away: an argument of an aggregate, or of a built-in function without a NULL beside it. */
function keptParts(node: TreeNode): readonly TreeNode[] {
  switch (node.tag) {
    case 'RELABELTYPE':
      return [nodeAt(node, 'arg')].filter((part) => part !== null);
    case 'AGGREF':
      return nodesAt(node, 'args').flatMap((argument) => nodeAt(argument, 'expr') ?? []);
    case 'FUNCEXPR':
    case 'OPEXPR': {
      const parts = nodesAt(node, 'args');
      const isBuiltIn = numberAt(node, node.tag === 'OPEXPR' ? 'opfuncid' : 'funcid') < FIRST_ASSIGNED_OID;
      return isBuiltIn && parts.every(isSurelySomething) && (parts.length !== 2 || hasTwoSides(node)) ? parts : [];
    }
    default:
      return [];
  }
}

function isSurelySomething(node: TreeNode): boolean {
  return node.tag === 'VAR' || (node.tag === 'CONST' && !booleanAt(node, 'constisnull'));
}

/** Sides of comparisons that must all hold. */
function* compared(from: TreeNode | null): Generator<TreeNode> {
  if (from === null) return;
  const condition = nodeAt(from, 'quals');
  if (condition !== null) {
    const isAnd = condition.tag === 'BOOLEXPR' && nameAt(condition, 'boolop') === 'and';
    for (const one of isAnd ? nodesAt(condition, 'args') : [condition])
      if (one.tag === 'OPEXPR' && hasTwoSides(one)) yield* nodesAt(one, 'args');
  }
  for (const item of from.tag === 'FROMEXPR' ? nodesAt(from, 'fromlist') : [nodeAt(from, 'larg'), nodeAt(from, 'rarg')])
    if (item !== null) yield* compared(item);
}

/** `a = a` is simplified. */
function hasTwoSides(comparison: TreeNode): boolean {
  const [left, right, ...more] = nodesAt(comparison, 'args');
  if (left === undefined || right === undefined || more.length > 0) return false;
  if (left.tag === 'VAR' && right.tag === 'VAR')
    return (
      numberAt(left, 'varno') !== numberAt(right, 'varno') || numberAt(left, 'varattno') !== numberAt(right, 'varattno')
    );
  return [left, right].every(({ tag }) => ['VAR', 'CONST', 'PARAM', 'RELABELTYPE'].includes(tag));
}

/** Relations in FROM of a query and of all that is in it. */
function* relationsIn(node: TreeNode): Generator<TreeNode> {
  if (node.tag === 'RANGETBLENTRY' && numberAt(node, 'rtekind') === RELATION) yield node;
  for (const value of node.fields.values()) for (const part of childNodes(value)) yield* relationsIn(part);
}
