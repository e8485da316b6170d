import type { CellMask } from '../../masking/cell.ts';
import type { MaskPlan } from '../../masking/plan.ts';
import { type OutputBuffer, readInt32, writeInt32 } from './output-buffer.ts';
import { violation } from './violation.ts';

/**
 * Rewrites one row that arrives in pieces: the body of a large DataRow, or a tuple of a binary COPY.
 *
 * ```text
 * Int16  columns
 * then per column:  Int32 length, -1 for NULL · Byten value
 * ```
 * Bytes of a masked cell are dropped as they come, apart from the few last ones that a mask may show.
 * Without an output it only checks the structure. Errors: `UPSTREAM_PROTOCOL`, and what the output throws when full.
 */
export class TupleRewriter {
  readonly #plan: MaskPlan;
  readonly #out: OutputBuffer | null;
  readonly #header = Buffer.alloc(4);
  #headerBytes = 0;
  #columns = -1;
  #column = 0;
  /** Bytes of the current cell still to come; -1 between cells. */
  #cellRest = -1;
  #mask: CellMask | null = null;
  #tail: Tail | null = null;
  maskedCells = 0;

  constructor(plan: MaskPlan, out: OutputBuffer | null) {
    this.#plan = plan;
    this.#out = out;
  }

  get done(): boolean {
    return this.#columns !== -1 && this.#column === this.#columns;
  }

  /** Takes bytes of `source[at, end)` until the row or the bytes end; returns where it stopped. */
  feed(source: Buffer, start: number, end: number): number {
    let at = start;
    if (this.#columns === -1) at = this.#readColumns(source, at, end);
    while (at < end && !this.done) {
      at = this.#cellRest === -1 ? this.#readCellLength(source, at, end) : this.#readCell(source, at, end);
    }
    return at;
  }

  #readColumns(source: Buffer, start: number, end: number): number {
    const at = this.#fillHeader(source, start, end, 2);
    if (this.#headerBytes < 2) return at;
    this.#headerBytes = 0;
    const columns = this.#header.readUInt16BE(0);
    if (columns !== this.#plan.masks.length) throw columnMismatch();
    this.#columns = columns;
    this.#out?.int16(columns);
    return at;
  }

  #readCellLength(source: Buffer, start: number, end: number): number {
    const at = this.#fillHeader(source, start, end, 4);
    if (this.#headerBytes < 4) return at;
    this.#headerBytes = 0;
    const length = readInt32(this.#header, 0);
    if (length < -1) throw violation('UPSTREAM_PROTOCOL', 'A cell has a negative length.');
    this.#mask = this.#plan.masks[this.#column] ?? null;
    this.#tail = this.#mask === null ? null : new Tail(this.#mask.tailBytes);
    if (this.#mask === null) this.#out?.int32(length);
    this.#cellRest = Math.max(length, 0);
    if (this.#cellRest === 0) this.#endCell();
    return at;
  }

  #readCell(source: Buffer, start: number, end: number): number {
    const taken = Math.min(this.#cellRest, end - start);
    if (this.#tail === null) this.#out?.append(source, start, start + taken);
    else this.#tail.add(source, start, start + taken);
    this.#cellRest -= taken;
    if (this.#cellRest === 0) this.#endCell();
    return start + taken;
  }

  #endCell(): void {
    if (this.#mask !== null && this.#tail !== null && this.#out !== null) {
      const out = this.#out;
      out.reserve(4 + this.#mask.maxBytes);
      const written = this.#tail.mask(this.#mask, out.buffer, out.used + 4);
      writeInt32(out.buffer, out.used, written);
      out.used += 4 + Math.max(written, 0);
      this.maskedCells++;
    }
    this.#cellRest = -1;
    this.#column++;
  }

  #fillHeader(source: Buffer, start: number, end: number, wanted: number): number {
    const taken = Math.min(wanted - this.#headerBytes, end - start);
    source.copy(this.#header, this.#headerBytes, start, start + taken);
    this.#headerBytes += taken;
    return start + taken;
  }
}

/** What a tail has room for before it grows. */
const FIRST_TAIL_BYTES = 256;

/** The last bytes of a masked value that arrives in pieces: never more than the mask may look at. */
export class Tail {
  readonly #maxBytes: number;
  /** Grows with the value: a mask that may look at a whole document seldom meets a long one. */
  #kept: Buffer;
  #length = 0;
  #cut = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#kept = Buffer.allocUnsafe(Math.min(maxBytes, FIRST_TAIL_BYTES));
  }

  add(source: Buffer, start: number, end: number): void {
    const from = Math.max(start, end - this.#maxBytes);
    const added = end - from;
    const keep = Math.min(this.#length, this.#maxBytes - added);
    this.#reserve(keep + added);
    if (keep < this.#length || from > start) this.#cut = true;
    this.#kept.copyWithin(0, this.#length - keep, this.#length);
    source.copy(this.#kept, keep, from, end);
    this.#length = keep + added;
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#kept.length) return;
    const larger = Buffer.allocUnsafe(Math.min(this.#maxBytes, Math.max(bytes, this.#kept.length * 2)));
    this.#kept.copy(larger, 0, 0, this.#length);
    this.#kept = larger;
  }

  /** As {@link CellMask.write}, of the value that was added. */
  mask(mask: CellMask, target: Buffer, at: number): number {
    return mask.write(this.#kept, 0, this.#length, this.#cut, target, at);
  }
}

/** The database returned another number of columns than the plan was made for: nothing of the row may go out. */
export function columnMismatch(): Error {
  return violation('UPSTREAM_PROTOCOL', 'A row has another number of columns than its description.');
}
