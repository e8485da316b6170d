import type { MaskPlan } from '../../masking/plan.ts';
import type { CopyFormat, CopyRewriter } from './copy-format.ts';
import { CopyLine } from './copy-line.ts';
import { optionByte, requireNullString } from './copy-row.ts';
import { WholeTextLines } from './copy-text-line.ts';
import { copySpan, type OutputBuffer } from './output-buffer.ts';

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
  readonly #whole: WholeTextLines;
  #escaped = false;

  constructor(format: CopyFormat & { readonly format: 'text' }, plan: MaskPlan, maxRowBytes: number) {
    this.#delimiter = optionByte(format.delimiter, 'DELIMITER');
    if (this.#delimiter === BACKSLASH) throw new RangeError('the COPY delimiter cannot be a backslash');
    requireNullString(format.nullString, format.delimiter);
    this.#nullString = Buffer.from(format.nullString, 'utf8');
    this.#line = new CopyLine({ ...format, delimiter: this.#delimiter }, plan, maxRowBytes, (text, length, bytes) => {
      bytes.reserve(this.#maskBytes(text, length));
      bytes.used = this.#appendMask(text, length, bytes.buffer, bytes.used);
    });
    this.#whole = new WholeTextLines(
      { delimiter: this.#delimiter, nullString: this.#nullString },
      plan,
      maxRowBytes,
      (text, length, target, at) => this.#appendMask(text, length, target, at),
    );
  }

  get rows(): number {
    return this.#line.rows;
  }

  get maskedCells(): number {
    return this.#line.maskedCells + this.#whole.maskedCells;
  }

  feed(source: Buffer, start: number, end: number, out: OutputBuffer): void {
    const line = this.#line;
    let at = start;
    while (at < end && line.isBetweenRows) {
      const next = this.#whole.append(source, at, end, out);
      if (next === -1) break;
      line.rows++;
      at = next;
    }
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

  #maskBytes(text: Buffer, length: number): number {
    if (length === -1) return this.#nullString.length;
    let bytes = length;
    for (let i = 0; i < length; i++) if (this.#isEscaped(text[i] ?? 0)) bytes++;
    return bytes;
  }

  #isEscaped(byte: number): boolean {
    return byte === BACKSLASH || byte === this.#delimiter || ESCAPED.has(byte);
  }

  /** There has to be room. */
  #appendMask(text: Buffer, length: number, target: Buffer, start: number): number {
    if (length === -1) return copySpan(this.#nullString, 0, this.#nullString.length, target, start);
    let at = start;
    for (let i = 0; i < length; i++) {
      const byte = text[i] ?? 0;
      if (this.#isEscaped(byte)) target[at++] = BACKSLASH;
      target[at++] = ESCAPED.get(byte) ?? byte;
    }
    return at;
  }
}
