/**
 * Queries whose plan does not depend on how wide their output is. The planner counts bytes for what it sorts, hashes,
 * groups, materialises or joins; the ways of reading one table are compared by its pages, rows and conditions alone
 * (costsize.c: cost_seqscan, cost_index, cost_bitmap_heap_scan, cost_append, cost_gather).
 */
import { booleanAt, nameAt, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';

const SELECT = 1;
/** RTEKind */
const RELATION = 0;
/** Foreign tables are read by a server that has its own ideas. */
const KINDS: ReadonlySet<string> = new Set(['r', 'p', 'm']);
const FLAGS = ['hasAggs', 'hasWindowFuncs', 'hasTargetSRFs', 'hasSubLinks'] as const;
const CLAUSES = ['cteList', 'groupClause', 'groupingSets', 'windowClause', 'distinctClause', 'sortClause'] as const;

/**
 * The outputs, by position, that are stored columns of the only table of such a query; empty for other queries. An
 * expression is not among them: EXPLAIN VERBOSE prints what the planner made of it.
 */
export function scannedOutputs(query: TreeNode | null): ReadonlySet<number> {
  const none: ReadonlySet<number> = new Set();
  if (query === null || numberAt(query, 'commandType') !== SELECT) return none;
  if (FLAGS.some((flag) => booleanAt(query, flag)) || CLAUSES.some((clause) => nodesAt(query, clause).length > 0))
    return none;
  const from = nodeAt(query, 'jointree');
  if (from === null || nodeAt(query, 'setOperations') !== null || nodeAt(query, 'havingQual') !== null) return none;
  const [only, ...others] = nodesAt(from, 'fromlist');
  if (only?.tag !== 'RANGETBLREF' || others.length > 0) return none;
  const table = numberAt(only, 'rtindex');
  const entry = nodesAt(query, 'rtable')[table - 1];
  if (entry === undefined || numberAt(entry, 'rtekind') !== RELATION || !KINDS.has(nameAt(entry, 'relkind') ?? ''))
    return none;
  const answer = nodesAt(query, 'targetList').filter((target) => !booleanAt(target, 'resjunk'));
  return new Set(
    answer.flatMap((target, index) => {
      const column = nodeAt(target, 'expr');
      const isStored =
        column?.tag === 'VAR' &&
        numberAt(column, 'varno') === table &&
        numberOr(column, 'varlevelsup', 0) === 0 &&
        numberAt(column, 'varattno') > 0;
      return isStored ? [index] : [];
    }),
  );
}
