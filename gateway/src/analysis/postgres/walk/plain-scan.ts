/**
 * Queries whose plan does not depend on how wide their output is. The planner counts bytes for what it sorts, hashes,
 * groups, materialises or joins; the ways of reading one table are compared by its pages, rows and conditions alone
 * (costsize.c: cost_seqscan, cost_index, cost_bitmap_heap_scan, cost_append, cost_gather).
 */
import { FIRST_ASSIGNED_OID } from '../facts.ts';
import { booleanAt, childNodes, nameAt, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';

const SELECT = 1;
/** RTEKind */
const RELATION = 0;
/** Foreign tables are read by a server that has its own ideas. */
const KINDS: ReadonlySet<string> = new Set(['r', 'p', 'm']);
const FLAGS = ['hasAggs', 'hasWindowFuncs', 'hasTargetSRFs', 'hasSubLinks'] as const;
const CLAUSES = ['cteList', 'groupClause', 'groupingSets', 'windowClause', 'distinctClause', 'sortClause'] as const;

/**
 * The outputs, by position, of such a query that are made of stored columns of its only table, literals, parameters and
 * built-in functions; empty for other queries. EXPLAIN VERBOSE prints what the planner made of an expression: it computes
 * calls of immutable functions without a column, of which the built-in ones read no table.
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
      const output = nodeAt(target, 'expr');
      return output !== null && isPlain(output, table) ? [index] : [];
    }),
  );
}

/** Nodes without a function, or with the one that the field names. */
const PLAIN_NODES: ReadonlyMap<string, string | null> = new Map([
  ['CONST', null],
  ['PARAM', null],
  ['RELABELTYPE', null],
  ['BOOLEXPR', null],
  ['NULLTEST', null],
  ['BOOLEANTEST', null],
  ['COALESCEEXPR', null],
  ['COALESCE', null],
  ['CASEEXPR', null],
  ['CASE', null],
  ['CASEWHEN', null],
  ['WHEN', null],
  ['FUNCEXPR', 'funcid'],
  ['OPEXPR', 'opfuncid'],
]);

function isPlain(node: TreeNode, table: number): boolean {
  if (node.tag === 'VAR')
    return (
      numberAt(node, 'varno') === table && numberOr(node, 'varlevelsup', 0) === 0 && numberAt(node, 'varattno') > 0
    );
  const field = PLAIN_NODES.get(node.tag);
  if (field === undefined) return false;
  if (field !== null && numberAt(node, field) >= FIRST_ASSIGNED_OID) return false;
  return [...node.fields.values()].every((value) => [...childNodes(value)].every((part) => isPlain(part, table)));
}
