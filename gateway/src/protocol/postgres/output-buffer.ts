import { LEAST_REGION_OUTPUT, type OutputRegions } from './output-regions.ts';

/** Spans shorter than this are copied byte by byte: the call of Buffer.copy costs more. */
const SHORT_SPAN_BYTES = 32;
/** Room for a run of a prepared statement; the next ones double it. */
const FIRST_BYTES = 128;
/** Longest output that the next buffer is made as long as. */
const MAX_FIRST_BYTES = 1_024;

/**
 * Bytes on their way out. One buffer per chunk; `take` hands it over and the next write starts another one.
 * `buffer` and `used` are open to the row code, which writes cells in place after `reserve`.
 */
export class OutputBuffer {
  buffer: Buffer = EMPTY;
  used = 0;
  /** As many bytes as the last output had, unless it was long: of the same statement the next one has as many. */
  #first = FIRST_BYTES;
  readonly #maxBytes: number;
  readonly #overflow: () => Error;
  readonly #regions: OutputRegions | null;

  /** Growing past `maxBytes` throws what `overflow` makes. With `regions`, outputs of chunks may lie in them. */
  constructor(maxBytes: number, overflow: () => Error, regions: OutputRegions | null = null) {
    this.#maxBytes = maxBytes;
    this.#overflow = overflow;
    this.#regions = regions;
  }

  /** Makes room for `bytes` after `used`. */
  reserve(bytes: number): void {
    const needed = this.used + bytes;
    if (needed > this.buffer.length) this.#grow(needed);
  }

  #grow(needed: number): void {
    if (needed > this.#maxBytes) throw this.#overflow();
    const { length } = this.buffer;
    const wanted = length === 0 ? this.#first : length * 2;
    const larger = Buffer.allocUnsafe(Math.max(needed, Math.min(wanted, this.#maxBytes)));
    this.buffer.copy(larger, 0, 0, this.used);
    this.#regions?.giveBack(this.buffer);
    this.buffer = larger;
  }

  /** The same where the output will most likely have exactly `bytes`: then no view of a larger buffer has to be made. */
  expect(bytes: number): void {
    if (this.used > 0 || this.buffer.length > 0 || bytes > this.#maxBytes) this.reserve(bytes);
    else this.buffer = this.#regions?.take(bytes) ?? Buffer.allocUnsafe(bytes);
  }

  append(source: Buffer, start: number, end: number): void {
    const length = end - start;
    if (length <= 0) return;
    this.reserve(length);
    this.used = copySpan(source, start, end, this.buffer, this.used);
  }

  uint8(value: number): void {
    this.reserve(1);
    this.buffer[this.used++] = value;
  }

  int16(value: number): void {
    this.reserve(2);
    const { buffer, used } = this;
    buffer[used] = value >> 8;
    buffer[used + 1] = value;
    this.used = used + 2;
  }

  int32(value: number): void {
    this.reserve(4);
    writeInt32(this.buffer, this.used, value);
    this.used += 4;
  }

  /** Forgets what was written after `used` was this. */
  truncate(used: number): void {
    this.used = used;
  }

  /** The bytes written since the last `take`, now the caller's; null when there are none. */
  take(): Buffer | null {
    const { buffer, used } = this;
    if (used === 0) return null;
    this.#first = used <= MAX_FIRST_BYTES ? used : FIRST_BYTES;
    this.buffer = EMPTY;
    this.used = 0;
    return used === buffer.length ? buffer : this.#part(buffer, used);
  }

  /** A region is handed over for an output that is worth it. */
  #part(buffer: Buffer, used: number): Buffer {
    const regions = this.#regions;
    if (used >= LEAST_REGION_OUTPUT || regions === null || !regions.isLent(buffer)) return buffer.subarray(0, used);
    const bytes = Buffer.from(buffer.subarray(0, used));
    regions.giveBack(buffer);
    return bytes;
  }
}

const EMPTY: Buffer = Buffer.alloc(0);

/** Copies `source[start, end)` to `target` from `at`, where there is room; returns where it ends there. */
export function copySpan(source: Buffer, start: number, end: number, target: Buffer, at: number): number {
  const length = end - start;
  if (length >= SHORT_SPAN_BYTES) source.copy(target, at, start, end);
  else for (let i = 0; i < length; i++) target[at + i] = source[start + i] ?? 0;
  return at + length;
}

/** Big-endian Int32; the caller has checked that four bytes are there. Faster than readInt32BE in the row loop. */
export function readInt32(source: Buffer, at: number): number {
  return (
    ((source[at] ?? 0) << 24) | ((source[at + 1] ?? 0) << 16) | ((source[at + 2] ?? 0) << 8) | (source[at + 3] ?? 0)
  );
}

/** Big-endian Int16, unsigned; the caller has checked that two bytes are there. */
export function readUint16(source: Buffer, at: number): number {
  return ((source[at] ?? 0) << 8) | (source[at + 1] ?? 0);
}

export function writeInt32(target: Buffer, at: number, value: number): void {
  target[at] = value >> 24;
  target[at + 1] = value >> 16;
  target[at + 2] = value >> 8;
  target[at + 3] = value;
}
