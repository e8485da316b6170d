/** Outputs shorter than this get a buffer of their own: borrowing one would cost more. Bytes. */
export const LEAST_REGION_OUTPUT = 4 * 1024;
/** Chunks longer than this get a buffer of their own. Bytes; as much as is read at once. */
const MAX_CHUNK_BYTES = 128 * 1024;
const SMALLEST_CHUNK_BITS = 13;
/** Room beside the chunk: for the start of its first row, which came before, and for masks that are longer than values. */
const SLACK_BYTES = 1_024;
/** What is kept of regions that nobody uses, bytes. */
export const MAX_FREE_REGION_BYTES = 4 * 1024 * 1024;

/**
 * Buffers for the output of chunks, used again once they are written. Made anew for each chunk, they would have the
 * garbage collector walk the whole heap every 30 megabytes of rows: half of what reading rows cost.
 *
 * Whoever writes a lent region gives it back when the bytes have left, and not before: they would be overwritten with
 * those of another session. What is not given back is left to the garbage collector.
 */
export class OutputRegions {
  readonly #free: Buffer[][] = [];
  #freeBytes = 0;
  /** A region that is given back twice would be lent to two. */
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /** A region for the output of a chunk of this length; null for chunks that get none. */
  take(chunkBytes: number): Buffer | null {
    if (chunkBytes < LEAST_REGION_OUTPUT || chunkBytes > MAX_CHUNK_BYTES) return null;
    const size = sizeClass(chunkBytes);
    const kept = this.#free[size]?.pop();
    if (kept !== undefined) this.#freeBytes -= kept.length;
    const region = kept ?? Buffer.allocUnsafeSlow((1 << (size + SMALLEST_CHUNK_BITS)) + SLACK_BYTES);
    this.#lent.add(region.buffer);
    return region;
  }

  isLent(bytes: Buffer): boolean {
    return this.#lent.has(bytes.buffer);
  }

  /** `bytes` is a region or a part of one; anything else, and what was given back before, is left alone. */
  giveBack(bytes: Buffer): void {
    const { buffer } = bytes;
    if (!this.#lent.delete(buffer) || this.#freeBytes + buffer.byteLength > MAX_FREE_REGION_BYTES) return;
    const region = Buffer.from(buffer);
    this.#freeBytes += region.length;
    const size = sizeClass(region.length - SLACK_BYTES);
    const kept = this.#free[size];
    if (kept === undefined) this.#free[size] = [region];
    else kept.push(region);
  }
}

/** 0 for up to 8 KiB, then one more for each doubling. */
function sizeClass(bytes: number): number {
  return Math.max(0, 32 - Math.clz32(bytes - 1) - SMALLEST_CHUNK_BITS);
}
