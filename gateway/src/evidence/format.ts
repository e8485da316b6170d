/**
 * The bytes of the evidence log. Pure; docs/evidence-format.md describes the same layout for strangers.
 *
 * Segment header, 112 bytes, big-endian
 * ```text
 *   0   8  magic "SLUICE" 0x00 0x01
 *   8  16  log id, random, the same in every segment of one log
 *  24   8  u64 segment number, from 0
 *  32   8  u64 sequence of the first record
 *  40   8  u64 created at, µs since 1970
 *  48  32  previous: the last 32 bytes of the segment before; zeros in segment 0
 *  80  32  SHA-256 of bytes 0..79
 * ```
 * Block: what one write hands to the operating system
 * ```text
 *   0   4  u32 B, bytes of the records
 *   4   4  u32 B XOR 0x534C4345, so that a damaged length is not taken for a torn tail
 *   8   4  u32 number of records, at least 1
 *  12   8  u64 sequence of the first record
 *  20   B  records
 * 20+B 32  SHA-256 of the 32 bytes before the block (a hash, always) and of the block's bytes 0..20+B-1
 * ```
 * Record
 * ```text
 *   0   4  u32 L, bytes of the payload
 *   4   8  u64 sequence
 *  12   8  u64 time, µs since 1970
 *  20   1  payload kind: 1 = one JSON object, UTF-8
 *  21   L  payload
 * ```
 */
import { hash } from 'node:crypto';

export const SEGMENT_MAGIC = Buffer.from('SLUICE\0\x01', 'latin1');
export const SEGMENT_HEADER_BYTES = 112;
export const BLOCK_HEADER_BYTES = 20;
export const RECORD_HEADER_BYTES = 21;
export const HASH_BYTES = 32;
/** Mixed into the second copy of a block's length. */
export const LENGTH_MASK = 0x534c4345;
/** Longest payload of a record, bytes. A longer entry is refused with LIMIT_STATEMENT. */
export const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;
/** Longest body of a block, bytes. */
export const MAX_BLOCK_BODY_BYTES = RECORD_HEADER_BYTES + MAX_PAYLOAD_BYTES;
export const PAYLOAD_JSON = 1;
export const NO_PREVIOUS_HASH = Buffer.alloc(HASH_BYTES);

const TWO_POW_32 = 0x1_0000_0000;

export type SegmentHeader = {
  /** 16 bytes, hex. */
  readonly logId: string;
  readonly segment: number;
  readonly firstSequence: number;
  readonly createdAtUs: number;
  readonly previousHash: Uint8Array;
};

export type BlockHeader = { readonly bodyBytes: number; readonly records: number; readonly firstSequence: number };

export type LogRecord = {
  readonly sequence: number;
  readonly atUs: number;
  readonly payloadKind: number;
  readonly payload: Buffer;
  /** Offset of the record inside its block's body. */
  readonly bodyOffset: number;
};

/** Bytes that do not follow the layout. Readers turn it into a finding with file and offset. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

export function sha256(bytes: Uint8Array): Buffer {
  const digest = Buffer.allocUnsafe(HASH_BYTES);
  sha256Into(bytes, digest, 0);
  return digest;
}

/** By way of a string of Latin-1, which costs a quarter of a buffer of its own: this runs for every block and leaf. */
export function sha256Into(bytes: Uint8Array, target: Buffer, offset: number): void {
  target.write(hash('sha256', bytes, 'binary'), offset, HASH_BYTES, 'latin1');
}

/** Writes a number up to 2^53 as u64, without a BigInt: this runs for every record. */
export function writeU64(target: Buffer, value: number, offset: number): void {
  target.writeUInt32BE(Math.floor(value / TWO_POW_32), offset);
  target.writeUInt32BE(value % TWO_POW_32, offset + 4);
}

export function readU64(source: Buffer, offset: number): number {
  const value = source.readUInt32BE(offset) * TWO_POW_32 + source.readUInt32BE(offset + 4);
  if (!Number.isSafeInteger(value)) throw new FormatError('a 64-bit number is out of range');
  return value;
}

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  SEGMENT_MAGIC.copy(bytes, 0);
  bytes.write(header.logId, 8, 16, 'hex');
  writeU64(bytes, header.segment, 24);
  writeU64(bytes, header.firstSequence, 32);
  writeU64(bytes, header.createdAtUs, 40);
  bytes.set(header.previousHash, 48);
  sha256(bytes.subarray(0, 80)).copy(bytes, 80);
  return bytes;
}

/** Throws FormatError when the bytes are not a whole, self-consistent header. */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader {
  if (bytes.length < SEGMENT_HEADER_BYTES) throw new FormatError('the segment header is cut off');
  if (!bytes.subarray(0, 8).equals(SEGMENT_MAGIC))
    throw new FormatError('the file is not an evidence segment of version 1');
  if (!sha256(bytes.subarray(0, 80)).equals(bytes.subarray(80, SEGMENT_HEADER_BYTES))) {
    throw new FormatError('the hash of the segment header does not match');
  }
  return {
    logId: bytes.toString('hex', 8, 24),
    segment: readU64(bytes, 24),
    firstSequence: readU64(bytes, 32),
    createdAtUs: readU64(bytes, 40),
    previousHash: Buffer.from(bytes.subarray(48, 80)),
  };
}

export function writeBlockHeader(target: Buffer, offset: number, header: BlockHeader): void {
  target.writeUInt32BE(header.bodyBytes, offset);
  target.writeUInt32BE((header.bodyBytes ^ LENGTH_MASK) >>> 0, offset + 4);
  target.writeUInt32BE(header.records, offset + 8);
  writeU64(target, header.firstSequence, offset + 12);
}

/** Reads the 20 bytes at `offset`. Throws FormatError on a length that its second copy contradicts. */
export function decodeBlockHeader(bytes: Buffer, offset: number): BlockHeader {
  const bodyBytes = bytes.readUInt32BE(offset);
  if ((bodyBytes ^ LENGTH_MASK) >>> 0 !== bytes.readUInt32BE(offset + 4)) {
    throw new FormatError('the two copies of the block length differ');
  }
  if (bodyBytes < RECORD_HEADER_BYTES || bodyBytes > MAX_BLOCK_BODY_BYTES) {
    throw new FormatError(`the block length ${bodyBytes} is out of range`);
  }
  return { bodyBytes, records: bytes.readUInt32BE(offset + 8), firstSequence: readU64(bytes, offset + 12) };
}

export function writeRecordHeader(
  target: Buffer,
  offset: number,
  record: { readonly payloadBytes: number; readonly sequence: number; readonly atUs: number },
): void {
  target.writeUInt32BE(record.payloadBytes, offset);
  writeU64(target, record.sequence, offset + 4);
  writeU64(target, record.atUs, offset + 12);
  target[offset + 20] = PAYLOAD_JSON;
}

/** Decodes the records of a block body. Throws FormatError unless they fill it exactly, in sequence. */
export function decodeRecords(body: Buffer, header: BlockHeader): readonly LogRecord[] {
  const records: LogRecord[] = [];
  let offset = 0;
  while (offset < body.length) {
    const record = decodeRecord(body, offset);
    if (record.sequence !== header.firstSequence + records.length) throw new FormatError('a record is out of sequence');
    records.push(record);
    offset += RECORD_HEADER_BYTES + record.payload.length;
  }
  if (records.length !== header.records)
    throw new FormatError('the block holds another number of records than it says');
  return records;
}

/** Decodes the one record at `offset`; `payload` is a view. Throws FormatError when it is cut off. */
export function decodeRecord(body: Buffer, offset: number): LogRecord {
  if (body.length - offset < RECORD_HEADER_BYTES) throw new FormatError('a record header is cut off');
  const payloadBytes = body.readUInt32BE(offset);
  const start = offset + RECORD_HEADER_BYTES;
  if (payloadBytes > body.length - start) throw new FormatError('a record is longer than its block');
  return {
    sequence: readU64(body, offset + 4),
    atUs: readU64(body, offset + 12),
    payloadKind: body.readUInt8(offset + 20),
    payload: body.subarray(start, start + payloadBytes),
    bodyOffset: offset,
  };
}
