/**
 * Entry bundles (c2sp.org/tlog-tiles) are made from the segments when asked for: leaves, each after its length as u16.
 */
import { SluiceError } from '@sluice/contract/errors';
import { BlockReader } from './block-reader.ts';
import { leafHash } from './hashing.ts';
import { leafData } from './leaf-data.ts';
import { recordsOf } from './record-leaves.ts';
import { readTile } from './tile-files.ts';
import { HASH_BYTES, TILE_WIDTH } from './tile-path.ts';

/** Throws EVIDENCE_BROKEN when a record does not hash to its leaf. Synchronous, for a worker thread. */
export function entryBundle(
  log: { readonly directory: string; readonly logId: string },
  { index, width }: { readonly index: number; readonly width: number },
): Buffer {
  const first = index * TILE_WIDTH;
  const hashes = readTile(log.directory, { level: 0, index, width });
  const parts: Buffer[] = [];
  let at = 0;
  const reader = BlockReader.before(log.directory, log.logId, first);
  for (const block of reader.read(Number.POSITIVE_INFINITY)) {
    let sequence = block.firstSequence;
    for (const { offset, length } of recordsOf(block)) {
      if (sequence >= first && at < width) {
        const leaf = Buffer.from(leafData(block.body.subarray(offset, offset + length)));
        if (!leafHash(leaf).equals(hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)))
          throw new SluiceError('EVIDENCE_BROKEN', `Entry ${sequence} is not the one that was signed.`);
        const prefix = Buffer.alloc(2);
        prefix.writeUInt16BE(leaf.length);
        parts.push(prefix, leaf);
        at += 1;
      }
      sequence += 1;
    }
    if (at === width) return Buffer.concat(parts);
  }
  throw new SluiceError('EVIDENCE_BROKEN', `The record ends before entry ${first + width}.`);
}
