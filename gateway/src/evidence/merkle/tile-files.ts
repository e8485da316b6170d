/**
 * Tiles as files below the log's directory. What is written is synced and read back before anybody relies on it.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { syncDirectory } from '../segment-files.ts';
import { HASH_BYTES, TILE_WIDTH, type Tile, tilePath } from './tile-path.ts';

export class TileFiles {
  readonly #directory: string;
  /** Bytes by path, until `settle`. */
  readonly #unsettled = new Map<string, Buffer>();
  /** Where the last tile of each level went: it is there. */
  readonly #made = new Map<number, string>();
  /** Directories with the partial tiles of a tile that is full now. */
  readonly #outgrown = new Set<string>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** `bytes` is kept until `settle`: the caller lets go of it. */
  write(tile: Tile, bytes: Buffer): void {
    const path = join(this.#directory, tilePath(tile));
    const directory = dirname(path);
    if (this.#made.get(tile.level) !== directory) mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#made.set(tile.level, directory);
    writeFileSync(path, bytes, { mode: 0o600 });
    this.#unsettled.set(path, bytes);
    if (tile.width === TILE_WIDTH) this.#outgrown.add(`${path}.p`);
  }

  /** Everything written is on the disk, and reads as it was written. Throws EVIDENCE_UNWRITABLE when it does not. */
  settle(): void {
    const directories = new Set<string>();
    for (const [path, bytes] of this.#unsettled) {
      const descriptor = openSync(path, 'r');
      try {
        fsyncSync(descriptor);
        if (!readFileSync(descriptor).equals(bytes))
          throw new SluiceError('EVIDENCE_UNWRITABLE', `The tile ${path} does not read as it was written.`);
      } finally {
        closeSync(descriptor);
      }
      for (let above = dirname(path); above.length >= this.#directory.length; above = dirname(above))
        directories.add(above);
    }
    for (const directory of directories) syncDirectory(directory);
    this.#unsettled.clear();
  }

  /** Removes partial tiles whose full tile is there. */
  removeOutgrown(): void {
    for (const path of this.#outgrown) rmSync(path, { recursive: true, force: true });
    this.#outgrown.clear();
    this.#made.clear();
  }

  /** The tile, or the beginning of the one that it has become since. Throws EVIDENCE_BROKEN when there is neither. */
  read(tile: Tile): Buffer {
    return readTile(this.#directory, tile);
  }
}

/** As `TileFiles.read`. */
export function readTile(directory: string, tile: Tile): Buffer {
  const bytes =
    readIfPresent(join(directory, tilePath(tile))) ??
    readIfPresent(join(directory, tilePath({ ...tile, width: TILE_WIDTH })));
  if (bytes === null || bytes.length < tile.width * HASH_BYTES)
    throw new SluiceError('EVIDENCE_BROKEN', `The Merkle log has no whole ${tilePath(tile)}.`);
  return bytes.subarray(0, tile.width * HASH_BYTES);
}

function readIfPresent(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}
