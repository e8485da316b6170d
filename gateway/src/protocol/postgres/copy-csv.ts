import type { MaskPlan } from '../../masking/plan.ts';
import type { CopyFormat, CopyRewriter } from './copy-format.ts';
import { CopyLine } from './copy-line.ts';
import { optionByte, requireNullString } from './copy-row.ts';
import type { OutputBuffer } from './output-buffer.ts';
import { violation } from './violation.ts';

const NEWLINE = 0x0a;

/** Where in a cell the next byte stands. */
type Place =
  | 'start'
  | 'plain'
  | 'quoted'
  /** After the escape character, when that is not the quote: the next byte is meant literally. */
  | 'escape'
  /** After a quote inside quotes: the cell's end, or the first half of a doubled quote. */
  | 'quote';

/**
 * COPY's csv format as the server writes it: a cell is quoted whole or not at all; inside quotes newlines and
 * delimiters are data. Anything else (a quote inside an unquoted cell, bytes after the closing one) is refused, since
 * a client could read other cells there than we do. A mask goes out quoted, NULL as the NULL string without quotes.
 */
export class CsvCopyRewriter implements CopyRewriter {
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #escape: number;
  readonly #nullString: Buffer;
  readonly #line: CopyLine;
  #place: Place = 'start';

  constructor(format: CopyFormat & { readonly format: 'csv' }, plan: MaskPlan, maxRowBytes: number) {
    this.#delimiter = optionByte(format.delimiter, 'DELIMITER');
    this.#quote = optionByte(format.quote, 'QUOTE');
    this.#escape = optionByte(format.escape, 'ESCAPE');
    if (this.#delimiter === this.#quote) throw new RangeError('the COPY delimiter and quote must differ');
    requireNullString(format.nullString, format.delimiter, format.quote);
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
    let copied = start;
    if (start < end) line.started = true;
    for (let at = start; at < end; at++) {
      const byte = source[at] ?? 0;
      if (!this.#isBoundary(byte)) {
        this.#take(byte);
        if (line.mask === null) at = this.#skip(source, at + 1, end) - 1;
        continue;
      }
      if (line.mask === null) line.bytes.append(source, copied, at);
      line.endCell(byte, out);
      this.#place = 'start';
      copied = at + 1;
      if (copied < end) line.started = true;
    }
    if (line.mask === null) line.bytes.append(source, copied, end);
  }

  finish(): void {
    this.#line.finish();
  }

  /** Inside a cell that passes: where the next byte stands that could mean something. */
  #skip(source: Buffer, start: number, end: number): number {
    if (this.#place !== 'plain' && this.#place !== 'quoted') return start;
    const [delimiter, quote, escape] = [this.#delimiter, this.#quote, this.#escape];
    let at = start;
    for (; at < end; at++) {
      const byte = source[at];
      if (byte === delimiter || byte === NEWLINE || byte === quote || byte === escape) break;
    }
    return at;
  }

  /** Whether this byte ends the cell. */
  #isBoundary(byte: number): boolean {
    return (byte === this.#delimiter || byte === NEWLINE) && this.#place !== 'quoted' && this.#place !== 'escape';
  }

  /** A byte that does not end the cell. */
  #take(byte: number): void {
    switch (this.#place) {
      case 'start':
        if (byte === this.#quote) this.#openQuotes();
        else this.#plainByte(byte);
        return;
      case 'plain':
        if (byte === this.#quote) throw misquoted();
        this.#plainByte(byte);
        return;
      case 'quoted':
        if (byte === this.#quote) this.#place = 'quote';
        else if (byte === this.#escape) this.#place = 'escape';
        else this.#value(byte);
        return;
      case 'escape':
        if (byte !== this.#quote && byte !== this.#escape) throw misquoted();
        this.#place = 'quoted';
        this.#value(byte);
        return;
      case 'quote':
        if (byte !== this.#quote || this.#escape !== this.#quote) throw misquoted();
        this.#place = 'quoted';
        this.#value(byte);
        return;
    }
  }

  #openQuotes(): void {
    this.#place = 'quoted';
    if (this.#line.mask !== null) this.#line.cell.notNull();
  }

  #plainByte(byte: number): void {
    this.#place = 'plain';
    if (this.#line.mask !== null) this.#line.cell.raw(byte);
    this.#value(byte);
  }

  #value(byte: number): void {
    if (this.#line.mask !== null) this.#line.cell.value(byte);
  }

  #writeMask(text: Buffer, length: number, bytes: OutputBuffer): void {
    if (length === -1) {
      bytes.append(this.#nullString, 0, this.#nullString.length);
      return;
    }
    bytes.uint8(this.#quote);
    for (let i = 0; i < length; i++) {
      const byte = text[i] ?? 0;
      if (byte === this.#quote || byte === this.#escape) bytes.uint8(this.#escape);
      bytes.uint8(byte);
    }
    bytes.uint8(this.#quote);
  }
}

function misquoted(): Error {
  return violation('UPSTREAM_PROTOCOL', 'The copy data is not quoted as the database quotes it.');
}
