import type { CopyFormat } from './copy-format.ts';
import { readInt32 } from './output-buffer.ts';

/** Told of each cell, unescaped, valid during the call; null: longer than the bound. NULL comes as the NULL string, and not in binary. */
export type OnCopyCell = (column: number, cell: Buffer | null) => void;

/** Reads the data of one COPY, in either direction, as the server does. */
export interface CopyCells {
  /** A piece of the data, split anywhere. Total: what is no such data has cells of some kind, too. */
  feed(piece: Buffer): void;
  /** The data is over; the last line may have come without its end. */
  finish(): void;
}

export function readCopyCells(format: CopyFormat, maxCellBytes: number, onCell: OnCopyCell): CopyCells {
  const cell = new Cell(maxCellBytes, onCell);
  switch (format.format) {
    case 'text':
      return new TextCells(format.delimiter.charCodeAt(0), cell);
    case 'csv':
      return new CsvCells(format, cell);
    case 'binary':
      return new BinaryCells(cell);
  }
}

const FIRST_CELL_BYTES = 256;

/** The cell that is being read. */
class Cell {
  column = 0;
  readonly #maxBytes: number;
  readonly #onCell: OnCopyCell;
  #bytes = Buffer.allocUnsafe(FIRST_CELL_BYTES);
  #used = 0;

  constructor(maxBytes: number, onCell: OnCopyCell) {
    this.#maxBytes = maxBytes;
    this.#onCell = onCell;
  }

  add(byte: number): void {
    if (this.#used < this.#maxBytes) {
      if (this.#used === this.#bytes.length) this.#grow();
      this.#bytes[this.#used] = byte;
    }
    this.#used += 1;
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(Math.min(this.#bytes.length * 2, this.#maxBytes));
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }

  end(): void {
    this.#onCell(this.column, this.#used > this.#maxBytes ? null : this.#bytes.subarray(0, this.#used));
    this.#used = 0;
    this.column += 1;
  }

  endRow(): void {
    this.end();
    this.column = 0;
  }
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BACKSLASH = 0x5c;

/** What stands for a control character behind a backslash. */
const CONTROLS: ReadonlyMap<number, number> = new Map(
  [...'bfnrtv'].map((letter, index) => [letter.charCodeAt(0), [8, 12, 10, 13, 9, 11][index] ?? 0]),
);

/** Text format: `CopyReadAttributesText`. Octal and hexadecimal numbers of a byte have up to three and two digits. */
class TextCells implements CopyCells {
  readonly #delimiter: number;
  readonly #cell: Cell;
  /** Behind a backslash, or inside a number that one began. */
  #escape: null | 'begun' | { readonly base: 8 | 16; readonly most: number; digits: string } = null;

  constructor(delimiter: number, cell: Cell) {
    this.#delimiter = delimiter;
    this.#cell = cell;
  }

  feed(piece: Buffer): void {
    for (const byte of piece) this.#take(byte);
  }

  finish(): void {
    if (this.#escape !== null && this.#escape !== 'begun') this.#endNumber(this.#escape);
    this.#cell.endRow();
  }

  #take(byte: number): void {
    if (this.#escape !== null) {
      if (this.#escape === 'begun') return this.#escaped(byte);
      if (this.#escape.digits.length < this.#escape.most && isDigit(byte, this.#escape.base)) {
        this.#escape.digits += String.fromCharCode(byte);
        return;
      }
      this.#endNumber(this.#escape);
    }
    if (byte === BACKSLASH) this.#escape = 'begun';
    else if (byte === this.#delimiter) this.#cell.end();
    else if (byte === NEWLINE || byte === RETURN) this.#cell.endRow();
    else this.#cell.add(byte);
  }

  #escaped(byte: number): void {
    this.#escape = null;
    if (isDigit(byte, 8)) this.#escape = { base: 8, most: 3, digits: String.fromCharCode(byte) };
    else if (byte === 0x78) this.#escape = { base: 16, most: 2, digits: '' };
    else this.#cell.add(CONTROLS.get(byte) ?? byte);
  }

  #endNumber({ base, digits }: { readonly base: 8 | 16; readonly digits: string }): void {
    this.#escape = null;
    // `\x` without digits is an x.
    this.#cell.add(digits === '' ? 0x78 : Number.parseInt(digits, base) & 0xff);
  }
}

function isDigit(byte: number, base: 8 | 16): boolean {
  if (base === 8) return byte >= 0x30 && byte <= 0x37;
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

/** csv: `CopyReadAttributesCSV`. A quote opens or closes anywhere in a cell; only inside quotes are newlines data. */
class CsvCells implements CopyCells {
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #escape: number;
  readonly #cell: Cell;
  #isQuoted = false;
  /** Behind an escape character inside quotes, which may be the quote itself. */
  #isEscaped = false;

  constructor(format: CopyFormat & { readonly format: 'csv' }, cell: Cell) {
    this.#delimiter = format.delimiter.charCodeAt(0);
    this.#quote = format.quote.charCodeAt(0);
    this.#escape = format.escape.charCodeAt(0);
    this.#cell = cell;
  }

  feed(piece: Buffer): void {
    for (const byte of piece) this.#take(byte);
  }

  finish(): void {
    this.#cell.endRow();
  }

  #take(byte: number): void {
    if (this.#isEscaped) {
      this.#isEscaped = false;
      if (byte === this.#quote || byte === this.#escape) return this.#cell.add(byte);
      // It escaped nothing: it was the closing quote, or stands for itself.
      if (this.#escape === this.#quote) this.#isQuoted = false;
      else this.#cell.add(this.#escape);
    }
    if (this.#isQuoted) {
      if (byte === this.#escape) this.#isEscaped = true;
      else if (byte === this.#quote) this.#isQuoted = false;
      else this.#cell.add(byte);
    } else if (byte === this.#quote) this.#isQuoted = true;
    else if (byte === this.#delimiter) this.#cell.end();
    else if (byte === NEWLINE || byte === RETURN) this.#cell.endRow();
    else this.#cell.add(byte);
  }
}

/** `PGCOPY\n\377\r\n\0`, Int32 flags, Int32 length of what follows of the header. */
const BINARY_HEADER_BYTES = 19;
const TRAILER = 0xffff;

/**
 * Binary format.
 *
 * ```text
 * Byte11 signature · Int32 flags · Int32 length of an extension · the extension
 * then per row:  Int16 columns, per column:  Int32 length, -1 for NULL · Byten value
 * Int16  -1
 * ```
 */
class BinaryCells implements CopyCells {
  readonly #cell: Cell;
  readonly #number = Buffer.alloc(BINARY_HEADER_BYTES);
  #numberBytes = 0;
  #place: 'header' | 'count' | 'length' | 'value' = 'header';
  /** Bytes of an extension or of a value that are still to come. */
  #left = 0;
  #columns = 0;

  constructor(cell: Cell) {
    this.#cell = cell;
  }

  feed(piece: Buffer): void {
    for (const byte of piece) this.#take(byte);
  }

  finish(): void {
    this.#left = 0;
  }

  #take(byte: number): void {
    if (this.#left > 0) {
      this.#left -= 1;
      if (this.#place === 'value') this.#cell.add(byte);
      if (this.#left === 0 && this.#place === 'value') this.#endCell();
      return;
    }
    this.#number[this.#numberBytes] = byte;
    this.#numberBytes += 1;
    if (this.#numberBytes === numberBytes(this.#place)) this.#readNumber();
  }

  #readNumber(): void {
    const bytes = this.#numberBytes;
    this.#numberBytes = 0;
    switch (this.#place) {
      case 'header':
        this.#left = Math.max(readInt32(this.#number, bytes - 4), 0);
        this.#place = 'count';
        return;
      case 'count':
        this.#columns = this.#number.readUInt16BE(0);
        if (this.#columns !== TRAILER && this.#columns > 0) this.#place = 'length';
        return;
      case 'length':
      case 'value':
        this.#left = Math.max(readInt32(this.#number, 0), 0);
        this.#place = 'value';
        if (this.#left === 0) this.#endCell();
    }
  }

  #endCell(): void {
    this.#cell.end();
    this.#place = 'length';
    if (this.#cell.column < this.#columns) return;
    this.#cell.column = 0;
    this.#place = 'count';
  }
}

function numberBytes(place: 'header' | 'count' | 'length' | 'value'): number {
  if (place === 'header') return BINARY_HEADER_BYTES;
  return place === 'count' ? 2 : 4;
}
