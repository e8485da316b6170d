/**
 * The leaf hashes of a block's records.
 */
import { FormatError, RECORD_HEADER_BYTES } from '../format.ts';
import type { RawBlock } from './block-reader.ts';
import { LEAF_PREFIX } from './hashing.ts';
import { leafData, MAX_LEAF_BYTES } from './leaf-data.ts';

/** Offset and length of each record in a block's body. Throws FormatError unless they fill it exactly. */
export function* recordsOf({
  body,
  records,
}: RawBlock): Generator<{ readonly offset: number; readonly length: number }> {
  let offset = 0;
  let count = 0;
  while (offset < body.length) {
    if (body.length - offset < RECORD_HEADER_BYTES) throw new FormatError('a record header is cut off');
    const length = RECORD_HEADER_BYTES + body.readUInt32BE(offset);
    if (offset + length > body.length) throw new FormatError('a record is longer than its block');
    yield { offset, length };
    offset += length;
    count += 1;
  }
  if (count !== records) throw new FormatError('a block holds another number of records than it says');
}

/**
 * Calls back, in order, with the bytes whose SHA-256 is a record's leaf hash: valid only meanwhile. The prefix is written
 * into the byte before the record, so that nothing is copied for each.
 */
export function visitLeaves(block: RawBlock, visit: (hashed: Uint8Array) => void): void {
  const { framed } = block;
  for (const { offset, length } of recordsOf(block)) {
    if (length > MAX_LEAF_BYTES) {
      visit(Buffer.concat([Buffer.of(LEAF_PREFIX), leafData(block.body.subarray(offset, offset + length))]));
      continue;
    }
    // In `framed` the byte at `offset` is the one before the record.
    const before = framed[offset] ?? 0;
    framed[offset] = LEAF_PREFIX;
    visit(framed.subarray(offset, offset + 1 + length));
    framed[offset] = before;
  }
}
