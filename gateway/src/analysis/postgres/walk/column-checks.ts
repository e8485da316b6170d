/** What checks say of the values that a stored column can have: they were looked at when each row was stored. */
import { FIRST_USER_OID, type RelationFacts } from '../facts.ts';
import { booleanAt, childNodes, constantBytes, nameAt, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { entryOf, type Level } from './definition.ts';
import { isUsualLiteral } from './usual-literal.ts';
import type { Walker } from './walker.ts';

/** Whether a check keeps infinite dates out of the stored column that a Var names. */
export function keepsInfinityOut(walker: Walker, variable: TreeNode, level: Level): boolean {
  const found = entryOf(variable, level);
  const attribute = numberAt(variable, 'varattno');
  if (found === null || attribute <= 0) return false;
  const { entry, level: owner } = found;
  // The row that an INSERT proposes is not stored yet.
  const conflict = nodeAt(owner.query, 'onConflict');
  if (conflict !== null && numberAt(conflict, 'exclRelIndex') === numberAt(variable, 'varno')) return false;
  const oid = numberAt(entry, 'relid');
  const relation = oid < FIRST_USER_OID ? null : walker.facts.relation(oid);
  if (relation === null) return false;
  if (relation === undefined) return true;
  const isParent = booleanAt(entry, 'inh') && relation.descendants.length > 0;
  if (!isStored(relation) || (isParent && !areStored(walker, relation.descendants))) return false;
  const bounds = new Set<Bound>();
  for (const check of relation.checks) {
    if (!check.validated || (isParent && !check.inherited)) continue;
    for (const condition of conditionsOf(walker, check.expression))
      for (const bound of boundsOf(condition, attribute)) bounds.add(bound);
  }
  return bounds.has('below') && bounds.has('above');
}

/** Checks of foreign tables are a promise of whoever made them. */
function isStored(relation: RelationFacts): boolean {
  return relation.kind === 'r' || relation.kind === 'p';
}

function areStored(walker: Walker, relations: readonly number[]): boolean {
  return relations.every((oid) => {
    const facts = walker.facts.relation(oid);
    return facts === undefined || (facts !== null && isStored(facts));
  });
}

function conditionsOf(walker: Walker, expression: string): readonly TreeNode[] {
  return [...childNodes(walker.stored(expression))].flatMap(conjuncts);
}

function conjuncts(condition: TreeNode): readonly TreeNode[] {
  return condition.tag === 'BOOLEXPR' && nameAt(condition, 'boolop') === 'and'
    ? nodesAt(condition, 'args').flatMap(conjuncts)
    : [condition];
}

/** `below`: not minus infinity; `above`: not infinity. NULL passes every check, and is neither. */
type Bound = 'below' | 'above';
const BOTH: readonly Bound[] = ['below', 'above'];

/** isfinite of date, timestamp with and without a zone; pg_proc.dat. */
const IS_FINITE: ReadonlySet<number> = new Set([1373, 1389, 2048]);
/** `<` and `<=`, then `>` and `>=`, of dates and timestamps, and of a date with a timestamp; `=`. */
const LESS: ReadonlySet<number> = new Set([1087, 1088, 2054, 2055, 1154, 1155, 2338, 2339, 2351, 2352]);
const GREATER: ReadonlySet<number> = new Set([1089, 1090, 2057, 2056, 1157, 1156, 2341, 2342, 2354, 2355]);

function boundsOf(condition: TreeNode, attribute: number): readonly Bound[] {
  if (condition.tag === 'FUNCEXPR' && IS_FINITE.has(numberAt(condition, 'funcid')))
    return nodesAt(condition, 'args').every((one) => isColumn(one, attribute)) ? BOTH : [];
  if (condition.tag !== 'OPEXPR') return [];
  const oid = numberAt(condition, 'opfuncid');
  const [left, right] = nodesAt(condition, 'args');
  if (left === undefined || right === undefined || (!LESS.has(oid) && !GREATER.has(oid))) return [];
  if (isColumn(left, attribute) && isFiniteBound(right)) return [LESS.has(oid) ? 'above' : 'below'];
  if (isColumn(right, attribute) && isFiniteBound(left)) return [LESS.has(oid) ? 'below' : 'above'];
  return [];
}

function isColumn(node: TreeNode, attribute: number): boolean {
  return node.tag === 'VAR' && numberOr(node, 'varattno', 0) === attribute;
}

/** now, transaction_timestamp, statement_timestamp, clock_timestamp. */
const CLOCKS: ReadonlySet<number> = new Set([1299, 2647, 2648, 2649]);

function isFiniteBound(node: TreeNode): boolean {
  if (node.tag === 'SQLVALUEFUNCTION') return true;
  if (node.tag === 'FUNCEXPR') return CLOCKS.has(numberAt(node, 'funcid'));
  // A comparison with NULL lets everything pass.
  return node.tag === 'CONST' && constantBytes(node) !== null && isUsualLiteral(node);
}
