/**
 * What a proof proves. Pure. By the recursive definitions of RFC 6962 §2.1.1 and §2.1.2 read backwards: the proof is
 * consumed from its end, where the hashes nearest to the root are.
 */
import { nodeHash, splitOf } from './hashing.ts';

/** The root to which `proof` leads from a leaf, or null when the proof has not the length for this place. */
export function rootOfInclusion(
  leaf: Buffer,
  place: { readonly index: number; readonly size: number },
  proof: readonly Buffer[],
): Buffer | null {
  if (place.index >= place.size) return null;
  const rest = [...proof];
  const root = climb(place.index, place.size);
  return rest.length === 0 ? root : null;

  function climb(index: number, size: number): Buffer | null {
    if (size === 1) return leaf;
    const sibling = rest.pop();
    if (sibling === undefined) return null;
    const split = splitOf(size);
    if (index < split) {
      const left = climb(index, split);
      return left === null ? null : nodeHash(left, sibling);
    }
    const right = climb(index - split, size - split);
    return right === null ? null : nodeHash(sibling, right);
  }
}

export type TreeHead = { readonly size: number; readonly root: Buffer };

/** Whether `proof` shows that the tree of `newer` begins with that of `older`. */
export function isConsistent(older: TreeHead, newer: TreeHead, proof: readonly Buffer[]): boolean {
  if (older.size > newer.size) return false;
  if (older.size === 0) return proof.length === 0;
  if (older.size === newer.size) return proof.length === 0 && older.root.equals(newer.root);
  const rest = [...proof];
  const roots = descend(older.size, newer.size, true);
  return roots !== null && rest.length === 0 && roots.older.equals(older.root) && roots.newer.equals(newer.root);

  /** Roots of both trees below this node; `isWhole` while the older tree is all that is left of the path. */
  function descend(oldSize: number, newSize: number, isWhole: boolean): { older: Buffer; newer: Buffer } | null {
    if (oldSize === newSize) {
      const known = isWhole ? older.root : rest.pop();
      return known === undefined ? null : { older: known, newer: known };
    }
    const sibling = rest.pop();
    if (sibling === undefined) return null;
    const split = splitOf(newSize);
    if (oldSize <= split) {
      const left = descend(oldSize, split, isWhole);
      return left === null ? null : { older: left.older, newer: nodeHash(left.newer, sibling) };
    }
    const right = descend(oldSize - split, newSize - split, false);
    return right === null ? null : { older: nodeHash(sibling, right.older), newer: nodeHash(sibling, right.newer) };
  }
}
