import type { CellMask } from '../../masking/cell.ts';
import type { MaskPlan } from '../../masking/plan.ts';
import { CopyRow, MaskedCopyCell } from './copy-row.ts';
import type { OutputBuffer } from './output-buffer.ts';
import { columnMismatch } from './tuple-rewriter.ts';
import { violation } from './violation.ts';

const NEWLINE = 0x0a;

/** Writes the mask of a cell as its format has it: `length` bytes of `text`, or the NULL string for -1. */
export type MaskWriter = (text: Buffer, length: number, bytes: OutputBuffer) => void;

/** What text and csv have in common: lines of cells between delimiters, a header perhaps, and which cell is masked. */
export class CopyLine {
  rows = 0;
  maskedCells = 0;
  /** Bytes of the line have come. */
  started = false;
  /** Of the cell that is being read; null when it passes. */
  mask: CellMask | null;
  readonly cell: MaskedCopyCell;
  readonly #row: CopyRow;
  readonly #plan: MaskPlan;
  readonly #delimiter: number;
  readonly #writeMask: MaskWriter;
  #inHeader: boolean;
  #column = 0;

  constructor(
    format: { readonly delimiter: number; readonly nullString: string; readonly header: boolean },
    plan: MaskPlan,
    maxRowBytes: number,
    writeMask: MaskWriter,
  ) {
    this.#plan = plan;
    this.#delimiter = format.delimiter;
    this.#writeMask = writeMask;
    this.#row = new CopyRow(maxRowBytes);
    this.cell = new MaskedCopyCell(format.nullString);
    this.#inHeader = format.header;
    this.mask = this.#beginCell(0);
  }

  /** Nothing of a row has come that is not written yet, and the header line, if there is one, is over. */
  get isBetweenRows(): boolean {
    return !this.started && !this.#inHeader;
  }

  /** The line as it goes out. */
  get bytes(): OutputBuffer {
    return this.#row.bytes;
  }

  /** The cell ended with `byte`: a newline ends the line too, and a delimiter begins another cell. */
  endCell(byte: number, out: OutputBuffer): void {
    if (this.mask !== null) {
      const length = this.cell.end();
      this.#writeMask(this.cell.text, length, this.#row.bytes);
      this.maskedCells++;
    }
    if (byte === NEWLINE) this.#endLine(out);
    else this.#nextColumn();
  }

  /** At CopyDone. Errors: `UPSTREAM_PROTOCOL`. */
  finish(): void {
    if (this.started) throw violation('UPSTREAM_PROTOCOL', 'The copy data ends inside a row.');
  }

  #nextColumn(): void {
    this.#column++;
    if (this.#column >= this.#plan.masks.length) throw columnMismatch();
    this.#row.bytes.uint8(this.#delimiter);
    this.mask = this.#beginCell(this.#column);
  }

  #endLine(out: OutputBuffer): void {
    // A table without columns has empty lines.
    const columns = this.#plan.masks.length === 0 && this.#row.empty ? 0 : this.#column + 1;
    if (columns !== this.#plan.masks.length) throw columnMismatch();
    this.#row.bytes.uint8(NEWLINE);
    this.#row.end(out);
    if (!this.#inHeader) this.rows++;
    this.#inHeader = false;
    this.started = false;
    this.#column = 0;
    this.mask = this.#beginCell(0);
  }

  #beginCell(column: number): CellMask | null {
    const mask = this.#inHeader ? null : (this.#plan.masks[column] ?? null);
    if (mask !== null) this.cell.begin(mask);
    return mask;
  }
}
