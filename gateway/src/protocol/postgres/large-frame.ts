import type { MaskPlan } from '../../masking/plan.ts';
import type { CopyRewriter } from './copy-format.ts';
import { maskedRowTooLarge } from './masked-row-limit.ts';
import { OutputBuffer } from './output-buffer.ts';
import { TupleRewriter } from './tuple-rewriter.ts';
import { violation } from './violation.ts';

/** A DataRow or CopyData that is too large to be buffered whole and is worked through as its bytes come. */
export interface LargeFrame {
  /** True between the first and the last byte of a message on its way out: nothing can be put in between. */
  readonly midFrame: boolean;
  readonly done: boolean;
  readonly maskedCells: number;
  /** Takes bytes from `chunk[start..]`; returns where it stopped. */
  feed(chunk: Buffer, start: number, out: OutputBuffer): number;
}

/** A row that passes unchanged, or is dropped (`deliver` false): checked and streamed, never held. */
export class LargePassingRow implements LargeFrame {
  readonly maskedCells = 0;
  readonly #row: TupleRewriter;
  readonly #deliver: boolean;
  #rest: number;

  constructor(bodyBytes: number, plan: MaskPlan, deliver: boolean, out: OutputBuffer) {
    this.#row = new TupleRewriter(plan, null);
    this.#rest = bodyBytes;
    this.#deliver = deliver;
    if (deliver) appendHeader(out, 0x44, bodyBytes);
  }

  get midFrame(): boolean {
    return this.#deliver && this.#rest > 0;
  }

  get done(): boolean {
    return this.#rest === 0;
  }

  feed(chunk: Buffer, start: number, out: OutputBuffer): number {
    const end = Math.min(chunk.length, start + this.#rest);
    feedRow(this.#row, chunk, start, end);
    this.#rest -= end - start;
    if (this.#rest === 0) requireWhole(this.#row);
    if (this.#deliver) out.append(chunk, start, end);
    return end;
  }
}

/**
 * A row with masked cells. Its new length stands before its cells, so the masked row is put together first: without
 * the bytes of the masked cells, and at most `maxMaskedRowBytes`, beyond which it fails with `LIMIT_FRAME_BYTES`.
 */
export class LargeMaskedRow implements LargeFrame {
  readonly midFrame = false;
  readonly #masked: OutputBuffer;
  readonly #row: TupleRewriter;
  #rest: number;

  constructor(bodyBytes: number, plan: MaskPlan, maxMaskedRowBytes: number) {
    this.#masked = new OutputBuffer(maxMaskedRowBytes, () => maskedRowTooLarge(maxMaskedRowBytes));
    this.#row = new TupleRewriter(plan, this.#masked);
    this.#rest = bodyBytes;
  }

  get done(): boolean {
    return this.#rest === 0;
  }

  get maskedCells(): number {
    return this.#row.maskedCells;
  }

  feed(chunk: Buffer, start: number, out: OutputBuffer): number {
    const end = Math.min(chunk.length, start + this.#rest);
    feedRow(this.#row, chunk, start, end);
    this.#rest -= end - start;
    if (this.#rest === 0) {
      requireWhole(this.#row);
      appendHeader(out, 0x44, this.#masked.used);
      out.append(this.#masked.buffer, 0, this.#masked.used);
    }
    return end;
  }
}

/** CopyData: streamed through, dropped, or given to the rewriter, which makes frames of its own. */
export class LargeCopyData implements LargeFrame {
  readonly #rewriter: CopyRewriter | null;
  readonly #deliver: boolean;
  #rest: number;

  constructor(bodyBytes: number, rewriter: CopyRewriter | null, deliver: boolean, out: OutputBuffer) {
    this.#rewriter = rewriter;
    this.#deliver = deliver;
    this.#rest = bodyBytes;
    if (deliver && rewriter === null) appendHeader(out, 0x64, bodyBytes);
  }

  /** The stream counts the cells of a rewriter, which outlives the frame. */
  readonly maskedCells = 0;

  get midFrame(): boolean {
    return this.#deliver && this.#rewriter === null && this.#rest > 0;
  }

  get done(): boolean {
    return this.#rest === 0;
  }

  feed(chunk: Buffer, start: number, out: OutputBuffer): number {
    const end = Math.min(chunk.length, start + this.#rest);
    this.#rest -= end - start;
    if (this.#rewriter !== null) {
      const before = out.used;
      this.#rewriter.feed(chunk, start, end, out);
      if (!this.#deliver) out.truncate(before);
    } else if (this.#deliver) {
      out.append(chunk, start, end);
    }
    return end;
  }
}

/** The row must want every byte of its frame … */
function feedRow(row: TupleRewriter, chunk: Buffer, start: number, end: number): void {
  if (row.feed(chunk, start, end) !== end) throw notFilled();
}

/** … and no more than that. */
function requireWhole(row: TupleRewriter): void {
  if (!row.done) throw notFilled();
}

function notFilled(): Error {
  return violation('UPSTREAM_PROTOCOL', 'The cells of a row do not fill it exactly.');
}

function appendHeader(out: OutputBuffer, type: number, bodyBytes: number): void {
  out.uint8(type);
  out.int32(bodyBytes + 4);
}
