/**
 * Names of tiles, as c2sp.org/tlog-tiles lays them out.
 */

/** Hashes in a full tile. */
export const TILE_WIDTH = 256;
export const HASH_BYTES = 32;

/** `width` hashes from `index * 256` on, each the root of 256^`level` leaves. */
export type Tile = { readonly level: number; readonly index: number; readonly width: number };

/** `tile/0/x001/x234/067`, with `.p/W` when it is partial. `level` may be `entries`. */
export function tilePath(tile: Omit<Tile, 'level'> & { readonly level: number | 'entries' }): string {
  const groups = [String(tile.index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(tile.index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  const partial = tile.width === TILE_WIDTH ? '' : `.p/${tile.width}`;
  return `tile/${tile.level}/${groups.join('/')}${partial}`;
}

/** A tree of 2^53 leaves has the levels 0 to 6. */
const PATH = /^(entries|[0-6])((?:\/x\d{3}){0,5}\/\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** Parses what follows `tile/`; null for anything that `tilePath` would not have written. */
export function parseTilePath(text: string): (Omit<Tile, 'level'> & { readonly level: number | 'entries' }) | null {
  const [, level = '', groups = '', partial] = PATH.exec(text) ?? [];
  if (level === '') return null;
  const tile = {
    level: level === 'entries' ? ('entries' as const) : Number(level),
    index: Number(groups.replaceAll(/[/x]/g, '')),
    width: partial === undefined ? TILE_WIDTH : Number(partial),
  };
  return tilePath(tile) === `tile/${text}` ? tile : null;
}

/** How many whole subtrees of 256^`level` leaves a tree of `size` leaves has. */
export function hashesAtLevel(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** The tile that holds hash `hashIndex` of a level, as wide as it is in a tree of `size`. */
export function tileHolding(level: number, hashIndex: number, size: number): Tile {
  const index = Math.floor(hashIndex / TILE_WIDTH);
  return { level, index, width: Math.min(TILE_WIDTH, hashesAtLevel(level, size) - index * TILE_WIDTH) };
}

/** The partial tiles of a tree of `size`: at most one a level. */
export function partialTiles(size: number): readonly Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; hashesAtLevel(level, size) > 0; level += 1) {
    const hashes = hashesAtLevel(level, size);
    if (hashes % TILE_WIDTH !== 0) tiles.push(tileHolding(level, hashes - 1, size));
  }
  return tiles;
}
