import type { CellMask } from '../../masking/cell.ts';
import type { MaskPlan } from '../../masking/plan.ts';
import type { CopyFormat, CopyRewriter } from './copy-format.ts';
import { CopyRow, MaskedCopyCell, optionByte, requireNullString } from './copy-row.ts';
import type { OutputBuffer } from './output-buffer.ts';
import { columnMismatch } from './tuple-rewriter.ts';
import { violation } from './violation.ts';

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
  rows = 0;
  maskedCells = 0;
  readonly #plan: MaskPlan;
  readonly #delimiter: number;
  readonly #nullString: Buffer;
  readonly #row: CopyRow;
  readonly #cell: MaskedCopyCell;
  #inHeader: boolean;
  #column = 0;
  #mask: CellMask | null;
  #escaped = false;
  #started = false;

  constructor(format: CopyFormat & { readonly format: 'text' }, plan: MaskPlan, maxRowBytes: number) {
    this.#delimiter = optionByte(format.delimiter, 'DELIMITER');
    if (this.#delimiter === BACKSLASH) throw new RangeError('the COPY delimiter cannot be a backslash');
    requireNullString(format.nullString, format.delimiter);
    this.#plan = plan;
    this.#nullString = Buffer.from(format.nullString, 'utf8');
    this.#row = new CopyRow(maxRowBytes);
    this.#cell = new MaskedCopyCell(format.nullString);
    this.#inHeader = format.header;
    this.#mask = this.#beginCell(0);
  }

  feed(source: Buffer, start: number, end: number, out: OutputBuffer): void {
    let at = start;
    while (at < end) {
      this.#started = true;
      at = this.#mask === null ? this.#pass(source, at, end) : this.#collect(source, at, end);
      if (at === end) return;
      if (source[at] === NEWLINE) this.#endRow(out);
      else this.#nextColumn();
      at++;
    }
  }

  finish(): void {
    if (this.#started) throw violation('UPSTREAM_PROTOCOL', 'The copy data ends inside a row.');
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
    this.#row.bytes.append(source, start, at);
    return at;
  }

  #collect(source: Buffer, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      const byte = source[at] ?? 0;
      if (this.#escaped) {
        this.#escaped = false;
        this.#cell.value(UNESCAPED[byte] ?? byte);
      } else if (byte === BACKSLASH) {
        this.#escaped = true;
      } else if (byte === this.#delimiter || byte === NEWLINE) {
        return at;
      } else {
        this.#cell.value(byte);
      }
      this.#cell.raw(byte);
    }
    return end;
  }

  #nextColumn(): void {
    this.#endCell();
    this.#column++;
    if (this.#column >= this.#plan.masks.length) throw columnMismatch();
    this.#row.bytes.uint8(this.#delimiter);
    this.#mask = this.#beginCell(this.#column);
  }

  #endRow(out: OutputBuffer): void {
    this.#endCell();
    // A table without columns has empty lines.
    const columns = this.#plan.masks.length === 0 && this.#row.empty ? 0 : this.#column + 1;
    if (columns !== this.#plan.masks.length) throw columnMismatch();
    this.#row.bytes.uint8(NEWLINE);
    this.#row.end(out);
    if (!this.#inHeader) this.rows++;
    this.#inHeader = false;
    this.#started = false;
    this.#column = 0;
    this.#mask = this.#beginCell(0);
  }

  #beginCell(column: number): CellMask | null {
    const mask = this.#inHeader ? null : (this.#plan.masks[column] ?? null);
    if (mask !== null) this.#cell.begin(mask);
    return mask;
  }

  #endCell(): void {
    if (this.#mask === null) return;
    const length = this.#cell.end();
    const { text } = this.#cell;
    if (length === -1) this.#row.bytes.append(this.#nullString, 0, this.#nullString.length);
    for (let i = 0; i < length; i++) this.#appendEscaped(text[i] ?? 0);
    this.maskedCells++;
  }

  #appendEscaped(byte: number): void {
    const letter = ESCAPED.get(byte);
    if (letter !== undefined || byte === BACKSLASH || byte === this.#delimiter) this.#row.bytes.uint8(BACKSLASH);
    this.#row.bytes.uint8(letter ?? byte);
  }
}
