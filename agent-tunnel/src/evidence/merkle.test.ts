/** The verifier's own hashing and proofs, against the vectors that strangers work from. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GrowingTree, isConsistent, leafOf, nodeOf, rootFromInclusion } from './merkle.ts';
import { Disproof, parseCheckpoint, parseKey, parseNote, signersOf } from './note.ts';
import { confirm } from './verify-checkpoint.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/evidence-format.md', import.meta.url), 'utf8');
const VKEYS = /\n(sluice\/\S+\+\S+)\n(witness\S+\+\S+)\n/.exec(DOCUMENT)?.slice(1) ?? [];
const CHECKPOINT = /The checkpoint of size 7, cosigned:\n\n```text\n([^`]*)```/.exec(DOCUMENT)?.[1] ?? '';
const MANIFEST = /no recording:\n\n```text\n([^`]*)```/.exec(DOCUMENT)?.[1] ?? '';
const RECORDS = Array.from({ length: 7 }, (_, n) => record(n, `{"kind":"test","n":${n}}`));
const LONG = record(7, JSON.stringify({ kind: 'test', text: 'a'.repeat(70_000) }));

/** Lines of hashes after a label of the vectors. */
function vectors(label: string): readonly Buffer[] {
  const [, block = ''] = new RegExp(`^${label} +((?:[0-9a-f]{64}\\s+)+)`, 'm').exec(DOCUMENT) ?? [];
  return block
    .trim()
    .split(/\s+/)
    .map((hash) => Buffer.from(hash, 'hex'));
}

function rootOf(records: readonly Buffer[]): Buffer {
  const tree = new GrowingTree();
  for (const each of records) tree.append(leafOf(each));
  return tree.root();
}

describe('the vectors of docs/evidence-format.md', () => {
  it('leaves and roots', () => {
    expect(leafOf(RECORDS[0] ?? LONG)).toEqual(vectors('leaf hash 0')[0]);
    expect(leafOf(LONG)).toEqual(vectors('leaf hash 7')[0]);
    for (let size = 0; size <= 8; size += 1)
      expect(rootOf([...RECORDS, LONG].slice(0, size))).toEqual(vectors(`root of size ${size}`)[0]);
  });

  it('proofs', () => {
    const root = rootOf(RECORDS);
    const inclusion = vectors('inclusion of 2 in 7');
    expect(rootFromInclusion(leafOf(RECORDS[2] ?? LONG), 2, 7, inclusion)).toEqual(root);
    expect(rootFromInclusion(leafOf(RECORDS[2] ?? LONG), 3, 7, inclusion)).not.toEqual(root);
    expect(rootFromInclusion(leafOf(RECORDS[2] ?? LONG), 2, 7, inclusion.slice(1))).toBeNull();
    expect(rootFromInclusion(leafOf(RECORDS[2] ?? LONG), 2, 7, [...inclusion, root])).toBeNull();
    const consistency = vectors('consistency of 3 and 7');
    const older = { size: 3, root: rootOf(RECORDS.slice(0, 3)) };
    expect(isConsistent(older, { size: 7, root }, consistency)).toBe(true);
    expect(isConsistent({ ...older, root }, { size: 7, root }, consistency)).toBe(false);
    expect(isConsistent(older, { size: 7, root: nodeOf(root, root) }, consistency)).toBe(false);
  });

  it('checkpoint and manifest', () => {
    const keys = VKEYS.map(parseKey);
    expect(confirm(parseCheckpoint(CHECKPOINT), { keys, witnesses: 1 })).toMatchObject({
      entries: 7,
      witnessedBy: [VKEYS[1]],
    });
    expect(signersOf(parseNote(MANIFEST), keys)).toEqual([keys[0]]);
    expect(() => parseCheckpoint(MANIFEST)).toThrow(Disproof);
    expect(() => confirm(parseCheckpoint(CHECKPOINT), { keys: keys.slice(1), witnesses: 0 })).toThrow('no trusted key');
    expect(() => confirm(parseCheckpoint(CHECKPOINT), { keys: keys.slice(0, 1), witnesses: 1 })).toThrow(
      '0 of the known witnesses',
    );
  });
});

it('no bit of a checkpoint can change: it does not parse, or lacks a signature', () => {
  const keys = VKEYS.map(parseKey);
  const bytes = Buffer.from(CHECKPOINT);
  const missed: string[] = [];
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const at = Math.floor(bit / 8);
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ (1 << (bit % 8));
    try {
      confirm(parseCheckpoint(changed.toString('utf8')), { keys, witnesses: 1 });
      missed.push(`bit ${bit % 8} of byte ${at}`);
    } catch (error) {
      if (!(error instanceof Disproof)) throw error;
    }
  }
  expect(missed).toEqual([]);
});

function record(sequence: number, payload: string): Buffer {
  const header = Buffer.alloc(21);
  header.writeUInt32BE(payload.length, 0);
  header.writeBigUInt64BE(BigInt(sequence), 4);
  header.writeBigUInt64BE(BigInt(1_700_000_000_000_000 + sequence), 12);
  header[20] = 1;
  return Buffer.concat([header, Buffer.from(payload)]);
}
