import { describe, expect, it } from 'vitest';
import { entriesOf, TreeByDefinition } from './by-definition.fixture.ts';
import { leafHash } from './hashing.ts';
import { hashesAtLevel, parseTilePath, partialTiles, type Tile, tilePath } from './tile-path.ts';
import { TileTree } from './tile-tree.ts';
import { TreeEdge } from './tree-edge.ts';
import { isConsistent, rootOfInclusion } from './verify-proof.ts';

const MANY = 300;

/** Tiles in memory, as the edge hands them out, and the partial ones of every size. */
function grow(entries: readonly Uint8Array[]): (size: number) => TileTree {
  const tiles = new Map<string, Buffer>();
  const edge = new TreeEdge((tile, bytes) => tiles.set(tilePath(tile), bytes));
  for (const entry of entries) {
    edge.append(leafHash(entry));
    for (const { tile, bytes } of edge.partials()) tiles.set(tilePath(tile), bytes);
  }
  return (size) => new TileTree(size, (tile) => held(tiles, tile));
}

function held(tiles: ReadonlyMap<string, Buffer>, tile: Tile): Buffer {
  const bytes = tiles.get(tilePath(tile));
  if (bytes === undefined) throw new Error(`no ${tilePath(tile)}`);
  return bytes;
}

const oracle = new TreeByDefinition(entriesOf(MANY));
const treeOf = grow(entriesOf(MANY));

describe('trees from tiles are those of RFC 6962', () => {
  it(`roots of every size to ${MANY}`, () => {
    for (let size = 0; size <= MANY; size += 1)
      expect([size, treeOf(size).root().toString('hex')]).toEqual([size, oracle.mth(0, size).toString('hex')]);
  });

  it('inclusion of every leaf in every size, proven and verified', () => {
    const wrong: string[] = [];
    for (let size = 1; size <= MANY; size += 1) {
      const tree = treeOf(size);
      const root = oracle.mth(0, size);
      for (let index = 0; index < size; index += size < 70 ? 1 : 13) {
        const proof = tree.inclusion(index);
        if (!same(proof, oracle.path(index, 0, size))) wrong.push(`path of ${index} in ${size}`);
        const proven = rootOfInclusion(oracle.mth(index, index + 1), { index, size }, proof);
        if (proven?.equals(root) !== true) wrong.push(`leaf ${index} in ${size} is not proven`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('consistency of every pair of sizes, proven and verified', () => {
    const wrong: string[] = [];
    for (let newer = 0; newer <= MANY; newer += 1) {
      const tree = treeOf(newer);
      const head = { size: newer, root: oracle.mth(0, newer) };
      for (let older = 0; older <= newer; older += 1) {
        const proof = tree.consistency(older);
        if (older > 0 && !same(proof, oracle.proof(older, newer))) wrong.push(`proof of ${older} and ${newer}`);
        if (!isConsistent({ size: older, root: oracle.mth(0, older) }, head, proof))
          wrong.push(`${older} and ${newer} are not consistent`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('above one level of tiles', () => {
    const entries = entriesOf(66_000);
    const large = grow(entries);
    const definition = new TreeByDefinition(entries);
    for (const size of [65_535, 65_536, 65_537, 65_793, 66_000]) {
      const root = definition.mth(0, size);
      expect(large(size).root()).toEqual(root);
      for (const index of [0, 255, 256, 65_534, size - 1])
        expect(
          rootOfInclusion(leafHash(entries[index] ?? Buffer.of()), { index, size }, large(size).inclusion(index)),
        ).toEqual(root);
      for (const older of [1, 256, 65_535])
        expect(
          isConsistent({ size: older, root: definition.mth(0, older) }, { size, root }, large(size).consistency(older)),
        ).toBe(true);
    }
  });
});

describe('a proof proves nothing else', () => {
  it('no changed, missing, added or exchanged hash of an inclusion proof', () => {
    for (const size of [1, 2, 3, 7, 8, 100]) {
      for (let index = 0; index < size; index += 1) {
        const leaf = oracle.mth(index, index + 1);
        const proof = oracle.path(index, 0, size);
        const root = oracle.mth(0, size);
        for (const forged of forgeries(proof))
          expect(rootOfInclusion(leaf, { index, size }, forged)?.equals(root) ?? false).toBe(false);
        for (const other of [index + 1, index - 1, index ^ 1].filter((at) => at >= 0 && at !== index))
          expect(rootOfInclusion(leaf, { index: other, size }, proof)?.equals(root) ?? false).toBe(false);
      }
    }
  });

  it('no changed, missing, added or exchanged hash of a consistency proof, and no other heads', () => {
    for (const [older, newer] of [
      [1, 2],
      [3, 7],
      [4, 8],
      [6, 8],
      [7, 100],
      [64, 100],
    ] as const) {
      const proof = oracle.proof(older, newer);
      const old = { size: older, root: oracle.mth(0, older) };
      const head = { size: newer, root: oracle.mth(0, newer) };
      expect(isConsistent(old, head, proof)).toBe(true);
      for (const forged of forgeries(proof)) expect(isConsistent(old, head, forged)).toBe(false);
      expect(isConsistent({ ...old, root: oracle.mth(1, older + 1) }, head, proof)).toBe(false);
      expect(isConsistent(old, { ...head, root: oracle.mth(0, newer - 1) }, proof)).toBe(false);
      expect(isConsistent({ ...old, size: newer + 1 }, head, proof)).toBe(false);
    }
  });

  it('equal sizes are equal roots', () => {
    const head = { size: 5, root: oracle.mth(0, 5) };
    expect(isConsistent(head, head, [])).toBe(true);
    expect(isConsistent(head, { size: 5, root: oracle.mth(1, 6) }, [])).toBe(false);
    expect(isConsistent(head, head, [head.root])).toBe(false);
  });
});

describe('names of tiles', () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 2, index: 999, width: 1 }, 'tile/2/999.p/1'],
    [{ level: 'entries' as const, index: 1_000, width: 255 }, 'tile/entries/x001/000.p/255'],
  ])('%j is %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path.slice('tile/'.length))).toEqual(tile);
  });

  it.each([
    '0/0',
    '00/000',
    '7/000',
    '0/x000/000',
    '0/000.p/0',
    '0/000.p/256',
    '0/000.p/01',
    '0/../000',
    '0/000/',
    'x/000',
  ])('%s is none', (path) => expect(parseTilePath(path)).toBeNull());

  it('a tree of 70,000 has the partial tiles that the specification counts', () => {
    expect(partialTiles(70_000)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
    expect(hashesAtLevel(0, 70_000)).toBe(70_000);
    expect(partialTiles(256)).toEqual([{ level: 1, index: 0, width: 1 }]);
  });
});

function same(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  return a.length === b.length && a.every((hash, index) => b[index]?.equals(hash) === true);
}

function* forgeries(proof: readonly Buffer[]): Generator<readonly Buffer[]> {
  yield [...proof, Buffer.alloc(32)];
  yield [Buffer.alloc(32), ...proof];
  for (const [index, hash] of proof.entries()) {
    const changed = Buffer.from(hash);
    changed[index % 32] = (changed[index % 32] ?? 0) ^ 1;
    yield proof.with(index, changed);
    yield proof.toSpliced(index, 1);
    const next = proof[index + 1];
    if (next !== undefined && !next.equals(hash)) yield proof.toSpliced(index, 2, next, hash);
  }
}
