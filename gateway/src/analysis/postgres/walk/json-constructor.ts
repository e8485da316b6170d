/**
 * JSON_OBJECT, JSON_ARRAY, JSON_SCALAR, JSON_ARRAYAGG (JsonConstructorExpr, since 16): they print values as
 * `json_build_object`, `json_build_array` and `to_json` do (`ExecEvalJsonConstructor`).
 */
import { conditionHolds } from '../functions/conditions.ts';
import { booleanAt, nodeAt, nodesAt, numberAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import type { Walker } from './walker.ts';

/** JsonConstructorType. JSON_OBJECTAGG is 3, JSON() 5, JSON_SERIALIZE 7: the first raises for keys, the others read or turn texts. */
const OBJECT = 1;
const ARRAY = 2;
const ARRAY_AGGREGATE = 4;
const SCALAR = 6;

/** Whether the node itself can raise, beyond what its arguments do. */
export function jsonConstructorRaises(walker: Walker, node: TreeNode): boolean {
  // RETURNING another type than json or jsonb.
  if (nodeAt(node, 'coercion') !== null) return true;
  switch (numberAt(node, 'type')) {
    case OBJECT:
      return (
        booleanAt(node, 'unique') || !conditionHolds(walker, { is: 'json-keys', argument: 0 }, nodesAt(node, 'args'))
      );
    case ARRAY:
    case ARRAY_AGGREGATE:
    case SCALAR:
      return false;
    default:
      return true;
  }
}
