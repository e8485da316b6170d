/**
 * The leaf hashes of a block's records.
 */
import { FormatError, HASH_BYTES, RECORD_HEADER_BYTES, sha256Into } from '../format.ts';
import type { RawBlock } from './block-reader.ts';
import { leafHash } from './hashing.ts';
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
 * In order, each valid until the next one. The record's prefix byte is written into the byte before it, so that nothing is
 * copied for each.
 */
export function* leavesOf(block: RawBlock): Generator<Buffer> {
  const { body } = block;
  const leaf = Buffer.alloc(HASH_BYTES);
  for (const { offset, length } of recordsOf(block)) {
    if (length > MAX_LEAF_BYTES || offset === 0) {
      yield leafHash(leafData(body.subarray(offset, offset + length)));
      continue;
    }
    const before = body[offset - 1] ?? 0;
    body[offset - 1] = 0;
    sha256Into(body.subarray(offset - 1, offset + length), leaf, 0);
    body[offset - 1] = before;
    yield leaf;
  }
}
