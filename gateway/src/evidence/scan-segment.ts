/**
 * Reads one segment block by block, checking every hash. The one reader behind recovery, verification and the index.
 */
import {
  BLOCK_HEADER_BYTES,
  type BlockHeader,
  decodeBlockHeader,
  decodeRecords,
  FormatError,
  HASH_BYTES,
  type LogRecord,
  SEGMENT_HEADER_BYTES,
  sha256,
} from './format.ts';

export type ScannedBlock = {
  readonly header: BlockHeader;
  /** Offset of the block in the file. */
  readonly offset: number;
  readonly records: readonly LogRecord[];
  /** The block's hash, hex. */
  readonly hash: string;
};

/** How the bytes of a segment end. */
export type SegmentEnd =
  | { readonly kind: 'whole' }
  /** The bytes from `offset` are the beginning of a block, or zeros: what a crash in the middle of a write leaves. */
  | { readonly kind: 'torn'; readonly offset: number }
  | { readonly kind: 'broken'; readonly offset: number; readonly message: string };

export type ScanResult = {
  readonly end: SegmentEnd;
  /** Sequence that the next record gets. */
  readonly nextSequence: number;
  /** Hash of the last whole block, or of the header, hex. */
  readonly lastHash: string;
  /** Offset after the last whole block. */
  readonly endOffset: number;
};

/**
 * Yields the blocks after an already decoded header, each once its hash matched; returns how the segment ends.
 * Never throws on bad bytes: the result says where they begin.
 */
export function* scanBlocks(bytes: Buffer, firstSequence: number): Generator<ScannedBlock, ScanResult, void> {
  let offset = SEGMENT_HEADER_BYTES;
  let nextSequence = firstSequence;
  let end: SegmentEnd = { kind: 'whole' };
  while (offset < bytes.length) {
    const block = isTorn(bytes, offset) ? ({ kind: 'torn', offset } as const) : readBlock(bytes, offset, nextSequence);
    if (block.kind !== 'block') {
      end = block;
      break;
    }
    yield block.block;
    nextSequence += block.block.records.length;
    offset += BLOCK_HEADER_BYTES + block.block.header.bodyBytes + HASH_BYTES;
  }
  return { end, nextSequence, lastHash: bytes.toString('hex', offset - HASH_BYTES, offset), endOffset: offset };
}

/** `scanBlocks` for callers that take each block as it comes. */
export function scanSegment(bytes: Buffer, firstSequence: number, visit: (block: ScannedBlock) => void): ScanResult {
  const blocks = scanBlocks(bytes, firstSequence);
  for (;;) {
    const step = blocks.next();
    if (step.done) return step.value;
    visit(step.value);
  }
}

/** A cut header, a good header whose block is cut, or nothing but zeros. A contradictory length is damage, not a tear. */
function isTorn(bytes: Buffer, offset: number): boolean {
  const rest = bytes.length - offset;
  if (rest < BLOCK_HEADER_BYTES) return true;
  if (bytes.subarray(offset).every((byte) => byte === 0)) return true;
  const bodyBytes = bytes.readUInt32BE(offset);
  try {
    return (
      decodeBlockHeader(bytes, offset).bodyBytes === bodyBytes && rest < BLOCK_HEADER_BYTES + bodyBytes + HASH_BYTES
    );
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

type ReadBlock = { readonly kind: 'block'; readonly block: ScannedBlock } | (SegmentEnd & { readonly kind: 'broken' });

function readBlock(bytes: Buffer, offset: number, expectedSequence: number): ReadBlock {
  try {
    const header = decodeBlockHeader(bytes, offset);
    if (header.firstSequence !== expectedSequence) {
      throw new FormatError(`the block starts at sequence ${header.firstSequence}, expected ${expectedSequence}`);
    }
    const end = offset + BLOCK_HEADER_BYTES + header.bodyBytes;
    const computed = sha256(bytes.subarray(offset - HASH_BYTES, end));
    if (!computed.equals(bytes.subarray(end, end + HASH_BYTES)))
      throw new FormatError('the hash of the block does not match');
    const records = decodeRecords(bytes.subarray(offset + BLOCK_HEADER_BYTES, end), header);
    return { kind: 'block', block: { header, offset, records, hash: computed.toString('hex') } };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { kind: 'broken', offset, message: error.message };
  }
}
