/**
 * Roots and proofs from tiles (RFC 6962 §2.1). Reads at most one tile a level and side of the path.
 */
import { EMPTY_ROOT, nodeHash, rowAbove, splitOf } from './hashing.ts';
import { HASH_BYTES, TILE_WIDTH, type Tile, tileHolding } from './tile-path.ts';

/** Gives `width` × 32 bytes. A tile that got wider since may be cut to its first hashes. Throws when there is none. */
export type ReadTile = (tile: Tile) => Buffer;

/** Tiles, with the nodes above their hashes, kept by one tree; beyond them all are let go. */
const MAX_CACHED_TILES = 1_024;

/** The tree of the first `size` leaves. */
export class TileTree {
  readonly size: number;
  readonly #read: ReadTile;
  /** Rows of each tile, from its hashes up, as far as they were needed. */
  readonly #tiles = new Map<string, Buffer[]>();

  constructor(size: number, read: ReadTile) {
    this.size = size;
    this.#read = read;
  }

  root(): Buffer {
    return this.size === 0 ? EMPTY_ROOT : this.#rootOf(0, this.size);
  }

  leaf(index: number): Buffer {
    return this.#whole(index, 1);
  }

  /** From the leaf's sibling to the root's child. */
  inclusion(index: number): readonly Buffer[] {
    const path: Buffer[] = [];
    let start = 0;
    let size = this.size;
    while (size > 1) {
      const split = splitOf(size);
      const isLeft = index < start + split;
      path.push(isLeft ? this.#rootOf(start + split, size - split) : this.#rootOf(start, split));
      start = isLeft ? start : start + split;
      size = isLeft ? split : size - split;
    }
    return path.reverse();
  }

  /** That this tree begins with the tree of the first `oldSize` leaves. */
  consistency(oldSize: number): readonly Buffer[] {
    if (oldSize === 0 || oldSize === this.size) return [];
    const path: Buffer[] = [];
    let start = 0;
    let size = this.size;
    let older = oldSize;
    let isWhole = true;
    while (older !== size) {
      const split = splitOf(size);
      if (older <= split) {
        path.push(this.#rootOf(start + split, size - split));
        size = split;
      } else {
        path.push(this.#rootOf(start, split));
        start += split;
        size -= split;
        older -= split;
        isWhole = false;
      }
    }
    if (!isWhole) path.push(this.#rootOf(start, size));
    return path.reverse();
  }

  /** Root of `size` leaves from `start` on, which is a multiple of a power of two not below `size`. */
  #rootOf(start: number, size: number): Buffer {
    const split = splitOf(size);
    if (size === 1 || split * 2 === size) return this.#whole(start, size);
    return nodeHash(this.#rootOf(start, split), this.#rootOf(start + split, size - split));
  }

  /** Root of a whole subtree: `size` is a power of two. */
  #whole(start: number, size: number): Buffer {
    let level = 0;
    let row = size;
    while (row >= TILE_WIDTH) {
      row /= TILE_WIDTH;
      level += 1;
    }
    const first = start / TILE_WIDTH ** level;
    const tile = tileHolding(level, first, this.size);
    const at = (first - tile.index * TILE_WIDTH) / row;
    return this.#row(tile, Math.log2(row)).subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
  }

  #row(tile: Tile, height: number): Buffer {
    const key = `${tile.level}/${tile.index}`;
    let rows = this.#tiles.get(key);
    if (rows === undefined) {
      if (this.#tiles.size >= MAX_CACHED_TILES) this.#tiles.clear();
      rows = [this.#read(tile)];
      this.#tiles.set(key, rows);
    }
    let row = rows[height];
    if (row === undefined) {
      row = rowAbove(this.#row(tile, height - 1));
      rows[height] = row;
    }
    return row;
  }
}
