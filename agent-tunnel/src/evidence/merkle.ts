/**
 * Merkle trees as RFC 6962 §2.1 defines them, for those who check. Nothing of ours imported; see verify.ts.
 */
import { createHash } from 'node:crypto';

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);
const MAX_LEAF = 65_535;

/** The leaf hash of a record: of its bytes, or of the stand-in that a longer one enters by. */
export function leafOf(record: Buffer): Buffer {
  if (record.length <= MAX_LEAF) return sha256(LEAF, record);
  const mark = Buffer.alloc(4, 0xff);
  return sha256(LEAF, mark, record.subarray(4, 21), record.subarray(0, 4), sha256(record));
}

export function nodeOf(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(NODE, left, right);
}

/** The root that an inclusion proof leads to (RFC 9162 §2.1.3.2, which says how to check RFC 6962's proofs); null: not a proof. */
export function rootFromInclusion(leaf: Buffer, index: number, size: number, proof: readonly Buffer[]): Buffer | null {
  if (index >= size) return null;
  let fn = index;
  let sn = size - 1;
  let root = leaf;
  for (const hash of proof) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      root = nodeOf(hash, root);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      root = nodeOf(root, hash);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 ? root : null;
}

export type TreeHead = { readonly size: number; readonly root: Buffer };

/** Whether the newer tree begins with the older one (RFC 9162 §2.1.4.2). */
export function isConsistent(older: TreeHead, newer: TreeHead, proof: readonly Buffer[]): boolean {
  if (older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && older.root.equals(newer.root);
  if (older.size === 0) return proof.length === 0;
  const path = isPowerOfTwo(older.size) ? [older.root, ...proof] : [...proof];
  const [first, ...rest] = path;
  if (first === undefined) return false;
  let fn = older.size - 1;
  let sn = newer.size - 1;
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let oldRoot = first;
  let newRoot = first;
  for (const hash of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      oldRoot = nodeOf(hash, oldRoot);
      newRoot = nodeOf(hash, newRoot);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      newRoot = nodeOf(newRoot, hash);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && oldRoot.equals(older.root) && newRoot.equals(newer.root);
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  let power = 1;
  while (power < value) power *= 2;
  return power === value;
}

/** A tree that leaves are appended to. Remembers the whole subtrees of its right edge: one for each bit of its size. */
export class GrowingTree {
  #size = 0;
  /** Largest first. */
  readonly #subtrees: { readonly leaves: number; readonly root: Buffer }[] = [];

  get size(): number {
    return this.#size;
  }

  append(leaf: Buffer): void {
    this.#size += 1;
    let added = { leaves: 1, root: leaf };
    for (let last = this.#subtrees.at(-1); last?.leaves === added.leaves; last = this.#subtrees.at(-1)) {
      this.#subtrees.pop();
      added = { leaves: added.leaves * 2, root: nodeOf(last.root, added.root) };
    }
    this.#subtrees.push(added);
  }

  root(): Buffer {
    const roots = this.#subtrees.map(({ root }) => root);
    return roots.length === 0 ? sha256() : roots.reduceRight((right, left) => nodeOf(left, right));
  }
}
