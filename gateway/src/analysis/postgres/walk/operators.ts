/** Operators that sorts, groups and row comparisons name: their functions run without a call in the tree. */
import { FIRST_USER_OID } from '../facts.ts';
import { builtInFunction } from '../functions/built-in.ts';
import { comparisonRaises } from '../functions/conditions.ts';
import { extensionFunction } from '../functions/extensions.ts';
import { nodesAt, numberOr, numbersAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { Opaque, type Walker } from './walker.ts';

/** An operator is known when it is built in, or compares by a function of a reviewed extension that never raises. */
export function requireKnownOperator(walker: Walker, oid: number): void {
  if (oid < FIRST_USER_OID) return;
  const functionOid = walker.facts.operator(oid);
  if (functionOid === undefined) return;
  if (functionOid !== null && functionOid < FIRST_USER_OID) {
    const known = builtInFunction(functionOid, walker.serverMajor);
    if (known?.class === 'total' && known.condition === null) return;
  } else if (functionOid !== null) {
    const facts = walker.facts.function(functionOid);
    if (facts === undefined || (facts !== null && extensionFunction(facts)?.class === 'total')) return;
  }
  throw new Opaque(
    'operator-user-defined',
    'The statement compares with a user-defined operator.',
    'Cast to a built-in type, or ask the administrator to declare its function.',
  );
}

/**
 * Whether an aggregate's own ORDER BY or DISTINCT, or a comparison of rows column by column, meets values that cannot
 * all be compared: rows of other columns, or arrays of such.
 */
export function comparisonCanRaise(node: TreeNode, compared: readonly TreeNode[]): boolean {
  const clauses = [...nodesAt(node, 'aggorder'), ...nodesAt(node, 'aggdistinct')];
  const operators = clauses.flatMap((clause) => ['eqop', 'sortop'].map((field) => numberOr(clause, field, 0)));
  return [...operators, ...numbersAt(node, 'opnos')].some((operator) => comparisonRaises(operator, compared));
}
