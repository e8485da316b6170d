/**
 * Writes blocks to segment files and knows what is not on the disk yet. Errors pass through: the log decides what they mean.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, fsync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { BlockBuffer } from './block-buffer.ts';
import {
  BLOCK_HEADER_BYTES,
  encodeSegmentHeader,
  HASH_BYTES,
  NO_PREVIOUS_HASH,
  SEGMENT_HEADER_BYTES,
} from './format.ts';
import type { LogPosition } from './recover.ts';
import { segmentPath } from './segment-files.ts';

/** `fdatasync(2)` on a descriptor, as a parameter so that a test can make it fail. */
export type DataSync = (descriptor: number) => Promise<void>;

export type WrittenPlace = {
  readonly segment: number;
  /** Offset of the block in its segment. */
  readonly offset: number;
  readonly bytes: number;
};

export type SegmentWriterOptions = {
  readonly directory: string;
  readonly segmentBytes: number;
  readonly dataSync: DataSync;
  readonly nowUs: () => number;
};

const syncDescriptor = promisify(fsync);

/** A sync failed where a write was asked for; `cause` says why. */
export class SyncFailed extends Error {
  constructor(cause: unknown) {
    super('a segment could not be synced', { cause });
  }
}

export class SegmentWriter {
  readonly logId: string;
  readonly #options: SegmentWriterOptions;
  #descriptor: number;
  #segment: number;
  #offset: number;
  readonly #lastHash: Buffer;
  /** Descriptors of full segments, to be synced once more and closed. */
  #full: number[] = [];
  #directoryDirty: boolean;

  private constructor(options: SegmentWriterOptions, start: LogPosition & { descriptor: number; created: boolean }) {
    this.#options = options;
    this.logId = start.logId;
    this.#descriptor = start.descriptor;
    this.#segment = start.segment;
    this.#offset = start.endOffset;
    this.#lastHash = Buffer.from(start.lastHash, 'hex');
    this.#directoryDirty = start.created;
  }

  /** Continues at `position`, or begins a new log with a random id. Throws what the file system throws. */
  static open(options: SegmentWriterOptions, position: LogPosition | null): SegmentWriter {
    if (position !== null) {
      const descriptor = openSync(segmentPath(options.directory, position.segment), 'r+');
      return new SegmentWriter(options, { ...position, descriptor, created: false });
    }
    const logId = randomBytes(16).toString('hex');
    const created = createSegment(options, { logId, segment: 0, firstSequence: 0, previousHash: NO_PREVIOUS_HASH });
    return new SegmentWriter(options, {
      logId,
      segment: 0,
      nextSequence: 0,
      lastHash: created.headerHash.toString('hex'),
      endOffset: SEGMENT_HEADER_BYTES,
      descriptor: created.descriptor,
      created: true,
    });
  }

  get lastHash(): string {
    return this.#lastHash.toString('hex');
  }

  /** Closes the buffer's block and hands it to the operating system; `firstSequence` is that of its first record. */
  write(buffer: BlockBuffer, firstSequence: number): WrittenPlace {
    const blockBytes = BLOCK_HEADER_BYTES + buffer.bodyBytes + HASH_BYTES;
    const isEmpty = this.#offset === SEGMENT_HEADER_BYTES;
    if (!isEmpty && this.#offset + blockBytes > this.#options.segmentBytes) this.rotate(firstSequence);
    const block = buffer.close(this.#lastHash);
    const place = { segment: this.#segment, offset: this.#offset, bytes: blockBytes };
    writeFully(this.#descriptor, block, this.#offset);
    this.#offset += blockBytes;
    this.#lastHash.set(block.subarray(blockBytes - HASH_BYTES));
    return place;
  }

  /**
   * Begins the next segment. Throws {@link SyncFailed}. The full one is on the disk before there is another: after a power
   * cut, a torn end with a segment behind it could not be told from a log that was cut by hand. Waits for the disk, once
   * in a segment.
   */
  rotate(firstSequence: number): void {
    try {
      fdatasyncSync(this.#descriptor);
    } catch (error) {
      throw new SyncFailed(error);
    }
    const segment = this.#segment + 1;
    const created = createSegment(this.#options, {
      logId: this.logId,
      segment,
      firstSequence,
      previousHash: this.#lastHash,
    });
    this.#full.push(this.#descriptor);
    this.#descriptor = created.descriptor;
    this.#segment = segment;
    this.#offset = SEGMENT_HEADER_BYTES;
    this.#lastHash.set(created.headerHash);
    this.#directoryDirty = true;
  }

  /** Everything written before the call is on the disk when it resolves. Full segments first: the chain has no holes. */
  async sync(): Promise<void> {
    const full = this.#full;
    this.#full = [];
    const current = this.#descriptor;
    const directoryDirty = this.#directoryDirty;
    this.#directoryDirty = false;
    for (const descriptor of full) {
      await this.#options.dataSync(descriptor);
      closeSync(descriptor);
    }
    await this.#options.dataSync(current);
    if (directoryDirty) await syncDirectoryEntry(this.#options.directory);
  }

  /** Removes what a failed write left behind the last whole block. */
  cutPartialBlock(): void {
    ftruncateSync(this.#descriptor, this.#offset);
  }

  close(): void {
    for (const descriptor of [...this.#full, this.#descriptor]) closeSync(descriptor);
    this.#full = [];
  }
}

type NewSegment = {
  readonly logId: string;
  readonly segment: number;
  readonly firstSequence: number;
  readonly previousHash: Buffer;
};

function createSegment(options: SegmentWriterOptions, segment: NewSegment): { descriptor: number; headerHash: Buffer } {
  const header = encodeSegmentHeader({ ...segment, createdAtUs: options.nowUs() });
  const path = segmentPath(options.directory, segment.segment);
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    writeFully(descriptor, header, 0);
  } catch (error) {
    // Half a header would stand in the way of the segment that records the failure.
    closeSync(descriptor);
    rmSync(path, { force: true });
    throw error;
  }
  return { descriptor, headerHash: header.subarray(SEGMENT_HEADER_BYTES - HASH_BYTES) };
}

/** A short write is no error by itself: the next one says why (ENOSPC, EFBIG …). */
function writeFully(descriptor: number, bytes: Buffer, position: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
  }
}

async function syncDirectoryEntry(directory: string): Promise<void> {
  const descriptor = openSync(directory, 'r');
  try {
    await syncDescriptor(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
