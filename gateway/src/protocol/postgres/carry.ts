/** First allocation of a carried frame, bytes. */
const FIRST_CARRY_BYTES = 1024;

/**
 * The beginning of a frame that did not end in its chunk. Grows by doubling with the bytes that really arrived,
 * never by what the header announces: a peer that announces much and sends little costs little.
 */
export class Carry {
  #bytes: Buffer | null = null;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The carried bytes; valid until the next `fill` or `take`. */
  get bytes(): Buffer {
    return this.#bytes ?? EMPTY;
  }

  /** Copies from `chunk[start..]` until `wanted` bytes are carried or the chunk ends; returns how many it took. */
  fill(chunk: Buffer, start: number, wanted: number): number {
    const taken = Math.min(wanted - this.#length, chunk.length - start);
    if (taken <= 0) return 0;
    const needed = this.#length + taken;
    const capacity = this.#bytes?.length ?? 0;
    if (this.#bytes === null || needed > capacity) {
      const size = Math.max(needed, FIRST_CARRY_BYTES, Math.min(capacity * 2, wanted));
      const larger = Buffer.allocUnsafe(size);
      this.#bytes?.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    chunk.copy(this.#bytes, this.#length, start, start + taken);
    this.#length = needed;
    return taken;
  }

  /** Hands the carried bytes over and is empty again. */
  take(): Buffer {
    const bytes = this.bytes.subarray(0, this.#length);
    this.#bytes = null;
    this.#length = 0;
    return bytes;
  }
}

const EMPTY: Buffer = Buffer.alloc(0);
