import type { MaskPlan } from '../../masking/plan.ts';
import type { CopyRewriter } from './copy-format.ts';
import { CopyRow } from './copy-row.ts';
import { maskedRowTooLarge } from './masked-row-limit.ts';
import { copySpan, type OutputBuffer, readInt32, readUint16, writeInt32 } from './output-buffer.ts';
import { TupleRewriter } from './tuple-rewriter.ts';
import { violation } from './violation.ts';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, Int32 flags, Int32 length of the extension. */
const HEADER_BYTES = SIGNATURE.length + 8;
const COPY_DATA = 0x64;
/** `Byte1 'd' · Int32 length` */
const MESSAGE_HEADER_BYTES = 5;
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
  readonly #maxRowBytes: number;
  /** Bytes of the header or of a column count that is incomplete. */
  readonly #pending = Buffer.alloc(HEADER_BYTES);
  #pendingBytes = 0;
  #place: 'header' | 'count' | 'tuple' | 'end' = 'header';
  #tuple: TupleRewriter;

  constructor(plan: MaskPlan, maxRowBytes: number) {
    this.#plan = plan;
    this.#maxRowBytes = maxRowBytes;
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
        case 'count': {
          const next = this.#pendingBytes === 0 && this.#row.empty ? this.#wholeTuple(source, at, end, out) : -1;
          at = next === -1 ? this.#count(source, at, end, out) : next;
          break;
        }
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

  /**
   * A row that came whole, as the server sends them, one in a message: masked from the socket's chunk straight into the
   * output. Returns where the next one begins; -1 when it is none, and nothing has been written then.
   */
  #wholeTuple(source: Buffer, start: number, end: number, out: OutputBuffer): number {
    const { masks, maxMaskedBytes, maskedColumns } = this.#plan;
    if (end - start < 2 || readUint16(source, start) !== masks.length) return -1;
    out.reserve(MESSAGE_HEADER_BYTES + end - start + maxMaskedBytes);
    const target = out.buffer;
    let used = out.used + MESSAGE_HEADER_BYTES;
    let from = start;
    let at = start + 2;
    for (const mask of masks) {
      if (at + 4 > end) return -1;
      const length = readInt32(source, at);
      const cellEnd = at + 4 + (length > 0 ? length : 0);
      if (length < -1 || cellEnd > end) return -1;
      if (mask !== null) {
        used = copySpan(source, from, at, target, used);
        const tail = Math.max(at + 4, cellEnd - mask.tailBytes);
        const written = mask.write(source, tail, cellEnd, tail > at + 4, target, used + 4);
        writeInt32(target, used, written);
        used += 4 + Math.max(written, 0);
        from = cellEnd;
      }
      at = cellEnd;
    }
    used = copySpan(source, from, at, target, used);
    const bytes = used - out.used - MESSAGE_HEADER_BYTES;
    if (bytes > this.#maxRowBytes) throw maskedRowTooLarge(this.#maxRowBytes);
    target[out.used] = COPY_DATA;
    writeInt32(target, out.used + 1, bytes + 4);
    out.used = used;
    this.rows++;
    this.maskedCells += maskedColumns;
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
