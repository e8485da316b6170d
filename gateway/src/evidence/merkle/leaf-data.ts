/**
 * What of a record enters the Merkle tree (docs/evidence-format.md, "Leaves").
 */
import { RECORD_HEADER_BYTES, sha256 } from '../format.ts';

/** Longest leaf data, bytes: entry bundles give its length as 16 bits. A longer record enters by its hash. */
export const MAX_LEAF_BYTES = 65_535;

/**
 * Stand-in of a longer record
 * ```text
 *  0   4  FF FF FF FF
 *  4   8  sequence     12  8  time     20  1  payload kind     21  4  u32 L: as in the record
 * 25  32  SHA-256 of the record
 * ```
 */
const STAND_IN_BYTES = 57;
const STAND_IN_MARK = 0xffff_ffff;

/** `record` is all of it, from its length on. */
export function leafData(record: Buffer): Buffer {
  if (record.length <= MAX_LEAF_BYTES) return record;
  const standIn = Buffer.alloc(STAND_IN_BYTES);
  standIn.writeUInt32BE(STAND_IN_MARK, 0);
  record.copy(standIn, 4, 4, RECORD_HEADER_BYTES);
  record.copy(standIn, RECORD_HEADER_BYTES, 0, 4);
  sha256(record).copy(standIn, 25);
  return standIn;
}
