/**
 * Hashes of the Merkle tree, RFC 6962 §2.1 with SHA-256.
 */
import { sha256, sha256Into } from '../format.ts';

/** SHA-256 of nothing: the root of the empty tree. */
export const EMPTY_ROOT: Buffer = sha256(Buffer.alloc(0));

const LEAF_PREFIX = Buffer.from([0]);
const NODE_PREFIX = Buffer.from([1]);

export function leafHash(leafData: Uint8Array): Buffer {
  return sha256(Buffer.concat([LEAF_PREFIX, leafData]));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([NODE_PREFIX, left, right]));
}

/** The nodes above a row of hashes, 32 bytes each; a last one without a sibling has none. */
export function rowAbove(row: Buffer): Buffer {
  const above = Buffer.allocUnsafe(Math.floor(row.length / 64) * 32);
  // Prefix and both children side by side, so that nothing is made for each node but its hash.
  const node = Buffer.alloc(65, 1);
  for (let at = 0; at < above.length; at += 32) {
    row.copy(node, 1, at * 2, at * 2 + 64);
    sha256Into(node, above, at);
  }
  return above;
}

/** Root over a power of two of hashes. */
export function rootOfRow(hashes: Buffer): Buffer {
  let row = hashes;
  while (row.length > 32) row = rowAbove(row);
  return row;
}

/** The largest power of two below `size`, which is 2 or more: where RFC 6962 splits a tree. */
export function splitOf(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
