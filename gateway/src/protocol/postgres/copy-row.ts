import type { CellMask } from '../../masking/cell.ts';
import { maskedRowTooLarge } from './masked-row-limit.ts';
import { OutputBuffer } from './output-buffer.ts';

const COPY_DATA = 0x64;

/** The row of a COPY that is being put together. `end` makes it a CopyData message, as the server sends one per row. */
export class CopyRow {
  readonly bytes: OutputBuffer;

  constructor(maxRowBytes: number) {
    this.bytes = new OutputBuffer(maxRowBytes, () => maskedRowTooLarge(maxRowBytes));
  }

  get empty(): boolean {
    return this.bytes.used === 0;
  }

  end(out: OutputBuffer): void {
    out.uint8(COPY_DATA);
    out.int32(this.bytes.used + 4);
    out.append(this.bytes.buffer, 0, this.bytes.used);
    this.bytes.truncate(0);
  }
}

/**
 * A cell of a text or csv COPY that is to be masked, byte by byte: its last bytes, unescaped, as far as the mask may
 * look at them, and whether it is the NULL string.
 */
export class MaskedCopyCell {
  /** The mask's text after `end`. */
  text: Buffer = EMPTY;
  readonly #nullString: Buffer;
  #mask: CellMask | null = null;
  #ring: Buffer = EMPTY;
  #length = 0;
  #rawLength = 0;
  #likeNull = true;

  constructor(nullString: string) {
    this.#nullString = Buffer.from(nullString, 'utf8');
  }

  begin(mask: CellMask): void {
    this.#mask = mask;
    if (this.#ring.length < mask.tailBytes) this.#ring = Buffer.allocUnsafe(mask.tailBytes);
    if (this.text.length < mask.maxBytes) this.text = Buffer.allocUnsafe(mask.maxBytes);
    this.#length = 0;
    this.#rawLength = 0;
    this.#likeNull = true;
  }

  /** A byte as it stands in the data. */
  raw(byte: number): void {
    if (this.#nullString[this.#rawLength] !== byte) this.#likeNull = false;
    this.#rawLength++;
  }

  /** The cell is quoted: then it is not NULL, whatever it holds. */
  notNull(): void {
    this.#likeNull = false;
  }

  /** A byte of the value. */
  value(byte: number): void {
    if (this.#ring.length > 0) this.#ring[this.#length % this.#ring.length] = byte;
    this.#length++;
  }

  /** Puts the mask's text into `text`; returns its length in bytes, -1 for NULL. */
  end(): number {
    const mask = this.#mask;
    if (mask === null) return -1;
    const isNull = this.#likeNull && this.#rawLength === this.#nullString.length;
    const length = isNull ? 0 : this.#length;
    const size = Math.min(length, this.#ring.length);
    return mask.write(length > size ? this.#unrolled() : this.#ring, 0, size, length > size, this.text, 0);
  }

  /** The ring's bytes in the order they came, once it has gone round. */
  #unrolled(): Buffer {
    const at = this.#length % this.#ring.length;
    return Buffer.concat([this.#ring.subarray(at), this.#ring.subarray(0, at)]);
  }
}

const EMPTY: Buffer = Buffer.alloc(0);

/** The byte of an option that must be one ASCII character. */
export function optionByte(value: string, option: string): number {
  const byte = value.charCodeAt(0);
  if (value.length !== 1 || byte === 0 || byte > 0x7f || byte === 0x0a || byte === 0x0d) {
    throw new RangeError(`the COPY option ${option} is one character that is not a line end`);
  }
  return byte;
}

/** Checks the NULL string: it must not hold what ends a cell or a line. */
export function requireNullString(nullString: string, ...forbidden: readonly string[]): void {
  if (['\n', '\r', '\0', ...forbidden].some((character) => nullString.includes(character))) {
    throw new RangeError('the NULL string of a COPY cannot hold its delimiter, quote or a line end');
  }
}
