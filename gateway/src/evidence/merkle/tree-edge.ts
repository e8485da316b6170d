/**
 * The right edge of a growing tree: leaves go in, full tiles come out.
 */
import { sha256Into } from '../format.ts';
import { rootOfRow } from './hashing.ts';
import { HASH_BYTES, hashesAtLevel, partialTiles, TILE_WIDTH, type Tile } from './tile-path.ts';
import type { ReadTile } from './tile-tree.ts';

type Level = { bytes: Buffer; width: number; index: number };

export class TreeEdge {
  readonly #levels: Level[] = [];
  readonly #onFull: (tile: Tile, bytes: Buffer) => void;
  #size = 0;

  /** `onFull` gets each full tile, lower levels first; its bytes are its own. */
  constructor(onFull: (tile: Tile, bytes: Buffer) => void) {
    this.#onFull = onFull;
  }

  /** Takes up a tree of `size` leaves where its tiles left it. Throws what `read` throws. */
  resume(size: number, read: ReadTile): void {
    this.#size = size;
    this.#levels.length = 0;
    for (let level = 0; hashesAtLevel(level, size) > 0; level += 1)
      this.#levels.push(emptyLevel(Math.floor(hashesAtLevel(level, size) / TILE_WIDTH)));
    for (const tile of partialTiles(size)) {
      const level = this.#levels[tile.level];
      if (level === undefined) continue;
      read(tile).copy(level.bytes);
      level.width = tile.width;
    }
  }

  get size(): number {
    return this.#size;
  }

  append(leaf: Buffer): void {
    const { bytes, width } = this.#level(0);
    leaf.copy(bytes, width * HASH_BYTES);
    this.#appended();
  }

  /** Appends the leaf that is the SHA-256 of these bytes: its prefix and its data. */
  appendHashOf(hashed: Uint8Array): void {
    const { bytes, width } = this.#level(0);
    sha256Into(hashed, bytes, width * HASH_BYTES);
    this.#appended();
  }

  /** The partial tiles of the tree as it is. */
  partials(): readonly { readonly tile: Tile; readonly bytes: Buffer }[] {
    return this.#levels.flatMap(({ bytes, width, index }, level) =>
      width === 0 ? [] : [{ tile: { level, index, width }, bytes: Buffer.from(bytes.subarray(0, width * HASH_BYTES)) }],
    );
  }

  #appended(): void {
    this.#size += 1;
    this.#widened(0);
  }

  #level(at: number): Level {
    let level = this.#levels[at];
    if (level === undefined) {
      level = emptyLevel(0);
      this.#levels[at] = level;
    }
    return level;
  }

  /** The level has one hash more. */
  #widened(at: number): void {
    const level = this.#level(at);
    level.width += 1;
    if (level.width < TILE_WIDTH) return;
    const { bytes, index } = level;
    this.#levels[at] = emptyLevel(index + 1);
    this.#onFull({ level: at, index, width: TILE_WIDTH }, bytes);
    const above = this.#level(at + 1);
    rootOfRow(bytes).copy(above.bytes, above.width * HASH_BYTES);
    this.#widened(at + 1);
  }
}

function emptyLevel(index: number): Level {
  return { bytes: Buffer.alloc(TILE_WIDTH * HASH_BYTES), width: 0, index };
}
