import type { MaskPlan } from '../../masking/plan.ts';
import type { CopyRewriter } from './copy-format.ts';
import { CopyRow } from './copy-row.ts';
import { type OutputBuffer, readInt32 } from './output-buffer.ts';
import { TupleRewriter } from './tuple-rewriter.ts';
import { violation } from './violation.ts';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, Int32 flags, Int32 length of the extension. */
const HEADER_BYTES = SIGNATURE.length + 8;
/** Columns of the trailer: Int16 -1. */
const TRAILER = 0xffff;

/**
 * COPY's binary format (manual, COPY, File Formats).
 *
 * ```text
 * Byte11 signature · Int32 flags, 0 · Int32 length of an extension, 0
 * then per row:  as the body of a DataRow
 * Int16  -1
 * ```
 * No server sets flags or an extension, and their meaning is not known: they are refused.
 */
export class BinaryCopyRewriter implements CopyRewriter {
  rows = 0;
  maskedCells = 0;
  readonly #plan: MaskPlan;
  readonly #row: CopyRow;
  /** Bytes of the header or of a column count that is incomplete. */
  readonly #pending = Buffer.alloc(HEADER_BYTES);
  #pendingBytes = 0;
  #place: 'header' | 'count' | 'tuple' | 'end' = 'header';
  #tuple: TupleRewriter;

  constructor(plan: MaskPlan, maxRowBytes: number) {
    this.#plan = plan;
    this.#row = new CopyRow(maxRowBytes);
    this.#tuple = new TupleRewriter(plan, this.#row.bytes);
  }

  feed(source: Buffer, start: number, end: number, out: OutputBuffer): void {
    let at = start;
    while (at < end) {
      switch (this.#place) {
        case 'header':
          at = this.#header(source, at, end);
          break;
        case 'count':
          at = this.#count(source, at, end, out);
          break;
        case 'tuple':
          at = this.#tuple.feed(source, at, end);
          this.#endTuple(out);
          break;
        case 'end':
          throw broken('goes on after its trailer');
      }
    }
  }

  finish(): void {
    if (this.#place !== 'end') throw broken('ends before its trailer');
  }

  /** The header goes out with the first row, as the server sends it. */
  #header(source: Buffer, start: number, end: number): number {
    const at = this.#fill(source, start, end, HEADER_BYTES);
    if (this.#pendingBytes < HEADER_BYTES) return at;
    if (!this.#pending.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw broken('has another signature');
    if (readInt32(this.#pending, SIGNATURE.length) !== 0) throw broken('has unknown flags');
    if (readInt32(this.#pending, SIGNATURE.length + 4) !== 0) throw broken('has an unknown extension');
    this.#row.bytes.append(this.#pending, 0, HEADER_BYTES);
    this.#pendingBytes = 0;
    this.#place = 'count';
    return at;
  }

  /** Int16: the columns of a row, or the trailer. */
  #count(source: Buffer, start: number, end: number, out: OutputBuffer): number {
    const at = this.#fill(source, start, end, 2);
    if (this.#pendingBytes < 2) return at;
    this.#pendingBytes = 0;
    if (this.#pending.readUInt16BE(0) === TRAILER) {
      this.#row.bytes.int16(TRAILER);
      this.#row.end(out);
      this.#place = 'end';
      return at;
    }
    this.#tuple.feed(this.#pending, 0, 2);
    this.#place = 'tuple';
    this.#endTuple(out);
    return at;
  }

  #endTuple(out: OutputBuffer): void {
    if (!this.#tuple.done) return;
    this.rows++;
    this.maskedCells += this.#tuple.maskedCells;
    this.#row.end(out);
    this.#tuple = new TupleRewriter(this.#plan, this.#row.bytes);
    this.#place = 'count';
  }

  #fill(source: Buffer, start: number, end: number, wanted: number): number {
    const taken = Math.min(wanted - this.#pendingBytes, end - start);
    source.copy(this.#pending, this.#pendingBytes, start, start + taken);
    this.#pendingBytes += taken;
    return start + taken;
  }
}

function broken(problem: string): Error {
  return violation('UPSTREAM_PROTOCOL', `The binary copy data ${problem}.`);
}
