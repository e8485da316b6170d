import type { CellMask } from '../../masking/cell.ts';
import type { MaskPlan } from '../../masking/plan.ts';
import { maskedRowTooLarge } from './masked-row-limit.ts';
import { copySpan, type OutputBuffer, writeInt32 } from './output-buffer.ts';
import { columnMismatch } from './tuple-rewriter.ts';

const COPY_DATA = 0x64;
const HEADER_BYTES = 5;
const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;

/** Appends the text of a mask as the format has it to `target` from `at`, where there is room; returns where it ends. */
export type MaskAppender = (text: Buffer, length: number, target: Buffer, at: number) => number;

/**
 * Lines of COPY's text format that came whole, as the server sends them, one in a message: masked from the socket's chunk
 * straight into the output. What passes is copied in spans.
 */
export class WholeTextLines {
  maskedCells = 0;
  readonly #delimiter: number;
  readonly #nullString: Buffer;
  readonly #masks: MaskPlan['masks'];
  readonly #maxRowBytes: number;
  readonly #appendMask: MaskAppender;
  /** A mask before it is written as the format has it. */
  readonly #text: Buffer;
  /** By how much masks can lengthen a line, bytes: each of their bytes may need a backslash. */
  readonly #maxGrowth: number;

  constructor(
    format: { readonly delimiter: number; readonly nullString: Buffer },
    { masks }: MaskPlan,
    maxRowBytes: number,
    appendMask: MaskAppender,
  ) {
    this.#delimiter = format.delimiter;
    this.#nullString = format.nullString;
    this.#masks = masks;
    this.#maxRowBytes = maxRowBytes;
    this.#appendMask = appendMask;
    const longest = masks.map((mask) => mask?.maxBytes ?? 0);
    this.#text = Buffer.alloc(Math.max(0, ...longest));
    this.#maxGrowth = masks.reduce(
      (sum, mask, column) => sum + (mask === null ? 0 : Math.max(2 * (longest[column] ?? 0), this.#nullString.length)),
      0,
    );
  }

  /**
   * Appends the line that begins at `start` as a CopyData message. Returns where the next one begins; -1 when the line
   * does not end before `end`, or when a value that is to be masked has escapes: nothing of it has been written then.
   * Errors: `UPSTREAM_PROTOCOL`, `LIMIT_FRAME_BYTES`.
   */
  append(source: Buffer, start: number, end: number, out: OutputBuffer): number {
    const masks = this.#masks;
    const columns = masks.length;
    if (columns === 0) return -1;
    out.reserve(HEADER_BYTES + end - start + this.#maxGrowth);
    const target = out.buffer;
    const delimiter = this.#delimiter;
    let used = out.used + HEADER_BYTES;
    let from = start;
    let cell = start;
    let column = 0;
    let mask = masks[0] ?? null;
    let isEscaped = false;
    let masked = 0;
    for (let at = start; at < end; at++) {
      const byte = source[at];
      if (byte === BACKSLASH) {
        isEscaped = true;
        at++;
        continue;
      }
      if (byte !== delimiter && byte !== NEWLINE) continue;
      if (mask !== null) {
        const isNull = this.#isNull(source, cell, at);
        if (isEscaped && !isNull) return -1;
        used = copySpan(source, from, cell, target, used);
        used = this.#mask(mask, source, isNull ? at : cell, at, target, used);
        from = at;
        masked++;
      }
      column++;
      if (byte === NEWLINE) {
        if (column !== columns) throw columnMismatch();
        used = copySpan(source, from, at + 1, target, used);
        this.#endLine(out, used);
        this.maskedCells += masked;
        return at + 1;
      }
      if (column === columns) throw columnMismatch();
      mask = masks[column] ?? null;
      cell = at + 1;
      isEscaped = false;
    }
    return -1;
  }

  #isNull(source: Buffer, start: number, end: number): boolean {
    const nullString = this.#nullString;
    const { length } = nullString;
    if (end - start !== length) return false;
    for (let i = 0; i < length; i++) if (source[start + i] !== nullString[i]) return false;
    return true;
  }

  #mask(mask: CellMask, source: Buffer, start: number, end: number, target: Buffer, at: number): number {
    const from = Math.max(start, end - mask.tailBytes);
    const length = mask.write(source, from, end, from > start, this.#text, 0);
    return this.#appendMask(this.#text, length, target, at);
  }

  #endLine(out: OutputBuffer, used: number): void {
    const start = out.used;
    if (used - start - HEADER_BYTES > this.#maxRowBytes) throw maskedRowTooLarge(this.#maxRowBytes);
    out.buffer[start] = COPY_DATA;
    writeInt32(out.buffer, start + 1, used - start - 1);
    out.used = used;
  }
}
