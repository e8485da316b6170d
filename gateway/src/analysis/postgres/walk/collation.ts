/**
 * Collations that make an operation fail whatever the values are: none could be chosen, because two columns disagree
 * (`inputcollid` is 0 where texts go in), or the collation is one of users that may be nondeterministic, with which
 * patterns and searches are an error. The server notices when it computes the operation, so where that depends on a
 * condition, the error tells the condition.
 */
import { FIRST_USER_OID } from '../facts.ts';
import { nodeAt, nodesAt, numberAt, numberOr, numbersAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { TYPE_FIELDS } from './type-fields.ts';

/** text, name, bpchar, varchar, and arrays of them. */
const COLLATED_TYPES: ReadonlySet<number> = new Set([25, 19, 1042, 1043, 1009, 1003, 1014, 1015]);

const COLLATION_FIELDS = [
  'varcollid',
  'constcollid',
  'paramcollid',
  'funccollid',
  'opcollid',
  'resultcollid',
  'casecollid',
  'coalescecollid',
  'minmaxcollid',
  'array_collid',
  'refcollid',
  'aggcollid',
  'wincollid',
  'collOid',
] as const;

/** LIKE and its kin, position, strpos, replace, split_part, string_to_array, starts_with, by OID of pg_proc.dat. */
const SEARCHES: ReadonlySet<number> = new Set([
  850, 851, 858, 859, 1569, 1570, 1571, 1572, 1631, 1632, 1633, 1634, 1635, 1636, 1660, 1661, 849, 868, 2087, 2088, 376,
  394, 3696, 1254, 1256, 1238, 1239, 2284, 2285, 2073,
]);

export function collationRaises(node: TreeNode): boolean {
  if (node.fields.has('inputcollids')) {
    const inputs = nodesAt(node, 'largs');
    return numbersAt(node, 'inputcollids').some((collation, index) => collation === 0 && isCollated(inputs[index]));
  }
  if (!node.fields.has('inputcollid')) return false;
  const collation = numberAt(node, 'inputcollid');
  if (collation === 0) return nodesAt(node, 'args').some(isCollated);
  return collation >= FIRST_USER_OID && SEARCHES.has(numberOr(node, 'funcid', numberOr(node, 'opfuncid', 0)));
}

function isCollated(node: TreeNode | undefined): boolean {
  if (node === undefined) return false;
  if (node.tag === 'TARGETENTRY') return isCollated(nodeAt(node, 'expr') ?? undefined);
  return (
    COLLATION_FIELDS.some((field) => numberOr(node, field, 0) !== 0) ||
    TYPE_FIELDS.some((field) => COLLATED_TYPES.has(numberOr(node, field, 0)))
  );
}
