import type { MaskPlan } from '../../masking/plan.ts';
import type { CopyFormat, CopyRewriter } from './copy-format.ts';
import { CopyLine } from './copy-line.ts';
import { optionByte, requireNullString } from './copy-row.ts';
import type { OutputBuffer } from './output-buffer.ts';

const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;

/** The letters after a backslash that stand for another byte; every other byte stands for itself. */
const UNESCAPED: Readonly<Record<number, number>> = {
  0x62: 0x08,
  0x66: 0x0c,
  0x6e: 0x0a,
  0x72: 0x0d,
  0x74: 0x09,
  0x76: 0x0b,
};
const ESCAPED: ReadonlyMap<number, number> = new Map(
  Object.entries(UNESCAPED).map(([letter, byte]) => [byte, Number(letter)]),
);

/**
 * COPY's text format (manual, COPY, File Formats): cells between delimiters, rows ended by a newline, backslash before
 * a byte that would end one. Cells that pass are copied as they are, escapes included.
 */
export class TextCopyRewriter implements CopyRewriter {
  readonly #delimiter: number;
  readonly #nullString: Buffer;
  readonly #line: CopyLine;
  #escaped = false;

  constructor(format: CopyFormat & { readonly format: 'text' }, plan: MaskPlan, maxRowBytes: number) {
    this.#delimiter = optionByte(format.delimiter, 'DELIMITER');
    if (this.#delimiter === BACKSLASH) throw new RangeError('the COPY delimiter cannot be a backslash');
    requireNullString(format.nullString, format.delimiter);
    this.#nullString = Buffer.from(format.nullString, 'utf8');
    this.#line = new CopyLine({ ...format, delimiter: this.#delimiter }, plan, maxRowBytes, (text, length, bytes) =>
      this.#writeMask(text, length, bytes),
    );
  }

  get rows(): number {
    return this.#line.rows;
  }

  get maskedCells(): number {
    return this.#line.maskedCells;
  }

  feed(source: Buffer, start: number, end: number, out: OutputBuffer): void {
    const line = this.#line;
    let at = start;
    while (at < end) {
      line.started = true;
      at = line.mask === null ? this.#pass(source, at, end) : this.#collect(source, at, end);
      if (at === end) return;
      line.endCell(source[at] ?? 0, out);
      at++;
    }
  }

  finish(): void {
    this.#line.finish();
  }

  /** Copies up to the next delimiter or newline; returns where that is. */
  #pass(source: Buffer, start: number, end: number): number {
    const delimiter = this.#delimiter;
    let escaped = this.#escaped;
    let at = start;
    for (; at < end; at++) {
      const byte = source[at];
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === delimiter || byte === NEWLINE) break;
    }
    this.#escaped = escaped;
    this.#line.bytes.append(source, start, at);
    return at;
  }

  #collect(source: Buffer, start: number, end: number): number {
    const { cell } = this.#line;
    for (let at = start; at < end; at++) {
      const byte = source[at] ?? 0;
      if (this.#escaped) {
        this.#escaped = false;
        cell.value(UNESCAPED[byte] ?? byte);
      } else if (byte === BACKSLASH) {
        this.#escaped = true;
      } else if (byte === this.#delimiter || byte === NEWLINE) {
        return at;
      } else {
        cell.value(byte);
      }
      cell.raw(byte);
    }
    return end;
  }

  #writeMask(text: Buffer, length: number, bytes: OutputBuffer): void {
    if (length === -1) bytes.append(this.#nullString, 0, this.#nullString.length);
    for (let i = 0; i < length; i++) this.#appendEscaped(text[i] ?? 0, bytes);
  }

  #appendEscaped(byte: number, bytes: OutputBuffer): void {
    const letter = ESCAPED.get(byte);
    if (letter !== undefined || byte === BACKSLASH || byte === this.#delimiter) bytes.uint8(BACKSLASH);
    bytes.uint8(letter ?? byte);
  }
}
