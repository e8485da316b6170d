/**
 * Where the entries of statements lie, packed for the index.
 *
 * ```text
 * each place, 16 bytes, big-endian:  u32 statement id | u32 segment | u64 offset of the record in the segment
 * ```
 */
import { readU64, writeU64 } from './format.ts';

export type StatementPlace = { readonly statementId: number; readonly segment: number; readonly offset: number };

const PLACE_BYTES = 16;

/** Packs places, at least one; `first` and `last` are the smallest and largest statement id. */
export function encodePlaces(places: readonly StatementPlace[]): { first: number; last: number; bytes: Buffer } {
  const bytes = Buffer.allocUnsafe(places.length * PLACE_BYTES);
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const [index, { statementId, segment, offset }] of places.entries()) {
    const start = index * PLACE_BYTES;
    bytes.writeUInt32BE(statementId, start);
    bytes.writeUInt32BE(segment, start + 4);
    writeU64(bytes, offset, start + 8);
    first = Math.min(first, statementId);
    last = Math.max(last, statementId);
  }
  return { first, last, bytes };
}

export function decodePlaces(packed: Uint8Array): readonly StatementPlace[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  return Array.from({ length: Math.floor(bytes.length / PLACE_BYTES) }, (_, index) => {
    const start = index * PLACE_BYTES;
    return {
      statementId: bytes.readUInt32BE(start),
      segment: bytes.readUInt32BE(start + 4),
      offset: readU64(bytes, start + 8),
    };
  });
}
