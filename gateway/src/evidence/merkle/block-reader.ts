/**
 * Reads whole blocks of the segments, in order, with their bytes: for those who hash records rather than parse them.
 * Synchronous, in bounded memory: it runs in worker threads only.
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { SluiceError } from '@sluice/contract/errors';
import {
  BLOCK_HEADER_BYTES,
  decodeBlockHeader,
  decodeSegmentHeader,
  FormatError,
  HASH_BYTES,
  SEGMENT_HEADER_BYTES,
  sha256,
} from '../format.ts';
import { listSegments, segmentPath } from '../segment-files.ts';

/** Most reads bring many blocks; the few that are longer are read in one piece. */
const WINDOW_BYTES = 512 * 1024;

export type RawBlock = {
  readonly segment: number;
  /** Offset of the body in its segment's file. */
  readonly bodyOffset: number;
  readonly firstSequence: number;
  readonly records: number;
  /** Records, back to back. Valid until the next block is asked for; the reader's own memory, so it may be scribbled on. */
  readonly body: Buffer;
  /** The body with the byte before it. */
  readonly framed: Buffer;
};

/** A place between two blocks. */
type Position = { readonly segment: number; readonly offset: number; readonly sequence: number };

export class BlockReader {
  readonly #directory: string;
  readonly #logId: string;
  #position: Position;

  private constructor(directory: string, logId: string, position: Position) {
    this.#directory = directory;
    this.#logId = logId;
    this.#position = position;
  }

  /** Stands before the block whose first record has sequence `from`. Throws EVIDENCE_BROKEN when no block begins there. */
  static at(directory: string, logId: string, from: number): BlockReader {
    const segment = segmentHolding(directory, logId, from);
    const reader = new BlockReader(directory, logId, segment);
    while (reader.sequence < from) {
      const [block] = reader.read(Number.POSITIVE_INFINITY);
      if (block === undefined || reader.sequence > from) throw broken(`no block begins with entry ${from}`);
    }
    return reader;
  }

  /** Stands before the block that holds `sequence`, or before the first record of its segment. */
  static before(directory: string, logId: string, sequence: number): BlockReader {
    return new BlockReader(directory, logId, segmentHolding(directory, logId, sequence));
  }

  /** Sequence of the next block's first record. */
  get sequence(): number {
    return this.#position.sequence;
  }

  /** Blocks that end at or before `until`, each with its hash checked. Throws EVIDENCE_BROKEN. */
  *read(until: number): Generator<RawBlock, void, void> {
    let window = new SegmentWindow(segmentPath(this.#directory, this.#position.segment));
    try {
      while (this.#position.sequence < until) {
        const { segment, offset, sequence } = this.#position;
        const block = readBlock(window, offset, sequence);
        if (block === null) {
          const next = this.#nextSegment(window);
          if (next === null) return;
          window.close();
          window = next;
          continue;
        }
        if (sequence + block.records > until) return;
        this.#position = {
          segment,
          offset: offset + BLOCK_HEADER_BYTES + block.body.length + HASH_BYTES,
          sequence: sequence + block.records,
        };
        yield { segment, bodyOffset: offset + BLOCK_HEADER_BYTES, firstSequence: sequence, ...block };
      }
    } catch (error) {
      if (error instanceof FormatError) throw broken(`segment ${this.#position.segment}: ${error.message}`);
      throw error;
    } finally {
      window.close();
    }
  }

  /** Null when there is none yet. */
  #nextSegment(finished: SegmentWindow): SegmentWindow | null {
    const segment = this.#position.segment + 1;
    const path = segmentPath(this.#directory, segment);
    if (!existsSync(path)) return null;
    const previous = finished.view(this.#position.offset - HASH_BYTES, HASH_BYTES);
    const window = new SegmentWindow(path);
    const bytes = window.view(0, SEGMENT_HEADER_BYTES);
    if (bytes === null) {
      window.close();
      return null;
    }
    const header = decodeSegmentHeader(bytes);
    const follows =
      previous?.equals(header.previousHash) === true &&
      header.logId === this.#logId &&
      header.segment === segment &&
      header.firstSequence === this.#position.sequence;
    if (!follows) throw new FormatError(`segment ${segment} does not continue it`);
    this.#position = { segment, offset: SEGMENT_HEADER_BYTES, sequence: this.#position.sequence };
    return window;
  }
}

/** Null when the file ends before a whole block. */
function readBlock(
  window: SegmentWindow,
  offset: number,
  sequence: number,
): Pick<RawBlock, 'records' | 'body' | 'framed'> | null {
  const head = window.view(offset - HASH_BYTES, HASH_BYTES + BLOCK_HEADER_BYTES);
  if (head === null) return null;
  const header = decodeBlockHeader(head, HASH_BYTES);
  const end = HASH_BYTES + BLOCK_HEADER_BYTES + header.bodyBytes;
  const bytes = window.view(offset - HASH_BYTES, end + HASH_BYTES);
  if (bytes === null) return null;
  if (header.firstSequence !== sequence)
    throw new FormatError(`a block begins with entry ${header.firstSequence}, ${sequence} would follow`);
  if (!sha256(bytes.subarray(0, end)).equals(bytes.subarray(end)))
    throw new FormatError(`the hash of the block with entry ${sequence} does not match`);
  const start = HASH_BYTES + BLOCK_HEADER_BYTES;
  return { records: header.records, body: bytes.subarray(start, end), framed: bytes.subarray(start - 1, end) };
}

function segmentHolding(directory: string, logId: string, sequence: number): Position {
  for (const segment of listSegments(directory).toReversed()) {
    try {
      const bytes = readHeader(segmentPath(directory, segment));
      // Being made at this moment: it holds nothing yet.
      if (bytes === null) continue;
      const header = decodeSegmentHeader(bytes);
      if (header.logId !== logId) throw new FormatError('the segment belongs to another log');
      if (header.firstSequence <= sequence)
        return { segment, offset: SEGMENT_HEADER_BYTES, sequence: header.firstSequence };
    } catch (error) {
      if (error instanceof FormatError) throw broken(`segment ${segment}: ${error.message}`);
      throw error;
    }
  }
  throw broken(`no segment holds entry ${sequence}`);
}

/** Null when it is not whole. */
function readHeader(path: string): Buffer | null {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
    return readSync(descriptor, bytes, 0, bytes.length, 0) === bytes.length ? bytes : null;
  } finally {
    closeSync(descriptor);
  }
}

function broken(message: string): SluiceError {
  return new SluiceError('EVIDENCE_BROKEN', `The evidence log does not verify: ${message}.`);
}

/** A stretch of a file in memory that moves forward with what is asked for. */
class SegmentWindow {
  readonly #descriptor: number;
  #bytes = Buffer.allocUnsafe(WINDOW_BYTES);
  /** File offset of the window's first byte. */
  #start = 0;
  #filled = 0;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
  }

  /** Null when the file is shorter. A view is valid until the next call. */
  view(offset: number, length: number): Buffer | null {
    if (offset < this.#start || offset + length > this.#start + this.#filled) this.#move(offset, length);
    const at = offset - this.#start;
    return at + length > this.#filled ? null : this.#bytes.subarray(at, at + length);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #move(offset: number, length: number): void {
    const kept = offset >= this.#start ? Math.max(0, this.#start + this.#filled - offset) : 0;
    const rest = this.#bytes.subarray(this.#filled - kept, this.#filled);
    // A block is bounded where its header is read: what is asked for is at most one of them.
    if (length > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(length);
    rest.copy(this.#bytes);
    this.#start = offset;
    this.#filled = kept;
    while (this.#filled < length) {
      const read = readSync(
        this.#descriptor,
        this.#bytes,
        this.#filled,
        this.#bytes.length - this.#filled,
        this.#start + this.#filled,
      );
      if (read === 0) return;
      this.#filled += read;
    }
  }
}
