/** UNION, INTERSECT, EXCEPT: columns meet by position, and what removes duplicates looks at every value. */
import { booleanAt, neededNode, nodesAt, numberAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { requireKnownOperator } from './operators.ts';
import { NO_SOURCES, Opaque, type Scope, type Sources, union, type Walker } from './walker.ts';

/** SetOperation.op */
const UNION = 1;

type Combined = { readonly columns: readonly Sources[]; readonly rows: Sources };

export function walkSetOperation(walker: Walker, node: TreeNode, scope: Scope): Combined {
  if (node.tag === 'RANGETBLREF') {
    const entry = walker.entry(numberAt(node, 'rtindex'), scope);
    if (entry.columns === null)
      throw new Opaque('set-operation', 'An arm of a set operation without columns.', 'Report the statement.');
    return { columns: entry.columns, rows: union(entry.rows, entry.order ?? NO_SOURCES) };
  }
  if (node.tag !== 'SETOPERATIONSTMT')
    throw new Opaque('set-operation', `A set operation holds a ${node.tag}.`, 'Report the statement.');
  const left = walkSetOperation(walker, neededNode(node, 'larg'), scope);
  const right = walkSetOperation(walker, neededNode(node, 'rarg'), scope);
  for (const clause of nodesAt(node, 'groupClauses')) {
    requireKnownOperator(walker, numberAt(clause, 'eqop'));
    requireKnownOperator(walker, numberAt(clause, 'sortop'));
  }
  const width = Math.min(left.columns.length, right.columns.length);
  const columns = Array.from({ length: width }, (_, index) =>
    union(left.columns[index] ?? new Set(), right.columns[index] ?? new Set()),
  );
  const keepsEverything = numberAt(node, 'op') === UNION && booleanAt(node, 'all');
  const compared = keepsEverything ? [] : columns;
  for (const sources of compared) walker.findings.places.shapes('UNION, INTERSECT or EXCEPT', sources);
  return { columns, rows: union(left.rows, right.rows, ...compared) };
}
