/**
 * Hashes of the Merkle tree, RFC 6962 §2.1 with SHA-256.
 */
import { sha256, sha256Into } from '../format.ts';

/** SHA-256 of nothing: the root of the empty tree. */
export const EMPTY_ROOT: Buffer = sha256(Buffer.alloc(0));

/** The byte before what a leaf's, or a node's, hash is of. */
export const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;

export function leafHash(leafData: Uint8Array): Buffer {
  return sha256(Buffer.concat([Buffer.of(LEAF_PREFIX), leafData]));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([Buffer.of(NODE_PREFIX), left, right]));
}

/** The nodes above a row of hashes, 32 bytes each; a last one without a sibling has none. */
export function rowAbove(row: Buffer): Buffer {
  const above = Buffer.allocUnsafe(Math.floor(row.length / 64) * 32);
  if (above.length === 0) return above;
  sha256Into(Buffer.concat([Buffer.of(NODE_PREFIX), row.subarray(0, 64)]), above, 0);
  for (let at = 32; at < above.length; at += 32) {
    // Both children lie side by side, and the byte before them has been hashed already: for a moment it is the prefix.
    const start = at * 2 - 1;
    const before = row[start] ?? 0;
    row[start] = NODE_PREFIX;
    sha256Into(row.subarray(start, start + 65), above, at);
    row[start] = before;
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
