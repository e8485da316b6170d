/** Values of literals. Whoever reads one binds the analysis to it. */
import { constantBytes, numberAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import type { Walker } from './walker.ts';

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
