/** Values of literals. Whoever reads one binds the analysis to it. */
import { constantBytes, nameAt, nodeAt, nodesAt, numberAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import type { Scope, Walker } from './walker.ts';

/** The integer that a literal holds, null when the node is not an int4 or int8 literal. Marks the analysis as bound to it. */
export function literalInteger(walker: Walker, node: TreeNode | undefined): number | null {
  if (node?.tag !== 'CONST') return null;
  const type = numberAt(node, 'consttype');
  if (type !== 23 && type !== 20) return null;
  walker.findings.readConstant = true;
  const bytes = constantBytes(node);
  if (bytes === null || bytes.length < 8) return null;
  let value = 0n;
  for (const [index, byte] of bytes.slice(0, 8).entries()) value |= BigInt(byte) << BigInt(8 * index);
  return Number(BigInt.asIntN(64, value));
}

/** Bytes of a text-like literal without its length word. */
export function literalText(walker: Walker, node: TreeNode | undefined): readonly number[] | null {
  if (node?.tag !== 'CONST') return null;
  walker.findings.readConstant = true;
  const bytes = constantBytes(node);
  return bytes === null ? null : bytes.slice(4);
}

/** `text = text`, OID of pg_operator.dat. */
const TEXT_EQUALS = 98;

/**
 * The text that an expression of the target list has in every row: a literal, or a column that the level's own WHERE
 * compares with one (`SELECT set_config(name, …) FROM pg_settings WHERE name = 'x'`). Rows that fail WHERE are gone
 * before the target list is computed.
 */
export function fixedText(walker: Walker, node: TreeNode | undefined, scope: Scope | null): readonly number[] | null {
  if (node?.tag !== 'VAR' || scope === null || numberAt(node, 'varlevelsup') !== 0) return literalText(walker, node);
  const joinTree = nodeAt(scope.query, 'jointree');
  const condition = joinTree === null ? null : nodeAt(joinTree, 'quals');
  for (const conjunct of condition === null ? [] : conjuncts(condition)) {
    const [left, right] =
      conjunct.tag === 'OPEXPR' && numberAt(conjunct, 'opno') === TEXT_EQUALS ? nodesAt(conjunct, 'args') : [];
    if (left?.tag !== 'VAR' || right?.tag !== 'CONST') continue;
    if (!['varno', 'varattno', 'varlevelsup'].every((field) => numberAt(left, field) === numberAt(node, field)))
      continue;
    return literalText(walker, right);
  }
  return null;
}

function conjuncts(condition: TreeNode): readonly TreeNode[] {
  return condition.tag === 'BOOLEXPR' && nameAt(condition, 'boolop') === 'and'
    ? nodesAt(condition, 'args')
    : [condition];
}
