import { SluiceError } from '@sluice/contract/errors';
import type { MaskPlan } from '../../masking/plan.ts';
import { Carry } from './carry.ts';
import type { CopyRewriter } from './copy-format.ts';
import { frameLengthProblem, HEADER_BYTES } from './framing.ts';
import { type HeldBack, isHeldBack } from './held-back.ts';
import { LargeCopyData, type LargeFrame, LargeMaskedRow, LargePassingRow } from './large-frame.ts';
import { OutputBuffer, readInt32 } from './output-buffer.ts';
import type { OutputRegions } from './output-regions.ts';
import { cellsOf, checkRow, maskRow } from './row.ts';
import { violation } from './violation.ts';

/** DataRow and CopyData frames of up to this size are handled whole; larger ones as their bytes come. */
export const STREAMED_FRAME_BYTES = 256 * 1024;
/** Default of `limits.maxMaskedRowBytes`: the longest masked row, as it goes out, of what has to be put together. */
export const DEFAULT_MAX_MASKED_ROW_BYTES = 64 * 1024 * 1024;
/** Chunks pushed while paused are held up to this many bytes: the owner stops reading, a chunk or two are under way. */
export const MAX_HELD_BYTES = 4 * 1024 * 1024;

const DATA_ROW = 0x44;
const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
/** T, H, c, C, s, E, I, Z: with these a result begins anew or is over. */
const RESULT_ENDS = [0x54, 0x48, COPY_DONE, 0x43, 0x73, 0x45, 0x49, 0x5a];
/** By type byte: 1 for those. Asked for each message. */
const ENDS_RESULT = Uint8Array.from({ length: 256 }, (_, type) => (RESULT_ENDS.includes(type) ? 1 : 0));
const MIN_ROW_LENGTH = 6;
/** Output is handed on at the next row when it has reached this. */
const FLUSH_BYTES = 256 * 1024;
/** Beside one masked row, the output of one chunk may grow to this: a chunk of a socket is a thousandth of it. */
const MAX_CHUNK_OUTPUT_BYTES = 64 * 1024 * 1024;

/** What happens to the rows of one result. `deliver` false drops them (they are still counted and checked). */
export type ResultRule =
  | {
      readonly kind: 'rows';
      readonly plan: MaskPlan;
      readonly deliver: boolean;
      /** Rows that neither go out nor count. */
      readonly heldBack?: HeldBack;
      /** Told of each delivered row of up to {@link STREAMED_FRAME_BYTES}, as the upstream sent it: a complete DataRow at `start`. */
      readonly onShown?: (source: Buffer, start: number) => void;
    }
  | {
      readonly kind: 'copy';
      readonly rewriter: CopyRewriter | null;
      readonly deliver: boolean;
      /** Told of each delivered payload of up to {@link STREAMED_FRAME_BYTES}, as the upstream sent it. */
      readonly onShown?: (payload: Buffer) => void;
    }
  /** Rows of a question of the gateway's own: each goes to `onRow`, none to the client. */
  | { readonly kind: 'collect'; readonly columns: number };

/** The owner of the stream: answers synchronously, in the order of the messages. */
export interface RowStreamOwner {
  /**
   * A complete message that is neither DataRow nor CopyData. Its body is `source[start, end)`, valid during the call.
   * The owner may call `insert` (goes out before this message) and `pause` (stops after it).
   */
  onMessage(type: number, source: Buffer, start: number, end: number): 'forward' | 'withhold';
  /** The first row or CopyData of a result arrived. Null: nothing asked for it, which ends the stream with an error. */
  onResult(kind: 'rows' | 'copy'): ResultRule | null;
  /** Asked before each row until it answers false; asked again from the next result on. */
  wantsRow(): boolean;
  /**
   * A delivered row as it goes out, while `wantsRow`; for COPY one cell with the payload of one CopyData.
   * Null: a row over {@link STREAMED_FRAME_BYTES}, which is not shown. The views are valid during the call.
   */
  onRow(cells: readonly (Buffer | null)[] | null): void;
  /** Bytes for the client, in order. The buffer is the receiver's. Not always at the end of a message: see `midFrame`. */
  write(bytes: Buffer): void;
}

export type RowStreamOptions = {
  /** Longest message other than DataRow and CopyData, bytes, header included. */
  readonly maxFrameBytes: number;
  readonly maxMaskedRowBytes: number;
  readonly owner: RowStreamOwner;
  /** Given when the owner's `write` gives regions back once they are written. */
  readonly regions?: OutputRegions | null;
};

/**
 * The way back: the upstream's bytes in, the client's bytes out, through one connection's life.
 *
 * Rows are scanned and masked in place of the chunk, without an object per row; every other message is the owner's to
 * decide. A result needs a rule before its first row, and rules end with their result: what nobody asked for, or what
 * does not fit the rule, ends the stream.
 *
 * Errors: `UPSTREAM_PROTOCOL`, `LIMIT_FRAME_BYTES`, `LIMIT_REACHED`, and what the owner throws. After one the stream stays
 * broken and output that was not yet written is dropped. Then, unless `midFrame`, an ErrorResponse may still be sent.
 */
export class RowStream {
  readonly #owner: RowStreamOwner;
  readonly #maxFrameBytes: number;
  readonly #maxMaskedRowBytes: number;
  readonly #out: OutputBuffer;
  readonly #carry = new Carry();
  #rule: ResultRule | null = null;
  #capturing = false;
  #large: LargeFrame | null = null;
  #held: Buffer = EMPTY;
  #paused = false;
  #working = false;
  #midFrame = false;
  #failure: unknown = null;
  #rows = 0;
  #maskedCells = 0;

  constructor(options: RowStreamOptions) {
    this.#owner = options.owner;
    this.#maxFrameBytes = options.maxFrameBytes;
    this.#maxMaskedRowBytes = options.maxMaskedRowBytes;
    const maxOutput = options.maxMaskedRowBytes + MAX_CHUNK_OUTPUT_BYTES;
    this.#out = new OutputBuffer(
      maxOutput,
      () => new SluiceError('LIMIT_REACHED', 'The output of one chunk is too large.'),
      options.regions ?? null,
    );
  }

  /** True when the bytes written so far end inside a message: then nothing of ours may follow, only the end. */
  get midFrame(): boolean {
    return this.#midFrame;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Bytes taken from the upstream and not yet worked through. */
  get bufferedBytes(): number {
    return this.#carry.length + this.#held.length;
  }

  /** Rows and masked cells since the last call: ask at CommandComplete. Rows of COPY without a rewriter are CopyData messages. */
  takeCounts(): { readonly rows: number; readonly maskedCells: number } {
    const counts = { rows: this.#rows, maskedCells: this.#maskedCells };
    this.#rows = 0;
    this.#maskedCells = 0;
    return counts;
  }

  /** Takes a chunk of the upstream; it is the caller's again on return. */
  push(chunk: Buffer): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#working) throw new Error('a chunk cannot be pushed from within a callback');
    if (this.#paused) this.#hold(chunk, 0);
    else this.#work(chunk);
  }

  /** Stops before the next message. Chunks pushed meanwhile are held. */
  pause(): void {
    this.#paused = true;
  }

  /** Goes on with what is held. */
  resume(): void {
    if (this.#failure !== null) throw this.#failure;
    this.#paused = false;
    if (!this.#working) this.#work(EMPTY);
  }

  /**
   * Puts a message of ours in at this place: before the message being decided, else after all that went out. Throws when
   * `midFrame`. `isFollowed`: a chunk is pushed next, with whose output it goes.
   */
  insert(bytes: Buffer, isFollowed = false): void {
    if (this.#midFrame) throw new Error('a message cannot be put inside another one');
    this.#out.append(bytes, 0, bytes.length);
    if (!this.#working && !isFollowed) this.#flush();
  }

  /** Hands on what was decided so far, and would be dropped when the stream ends with the message being decided. */
  handOn(): void {
    this.#flush();
  }

  #work(chunk: Buffer): void {
    this.#working = true;
    try {
      this.#consumeOrHold(chunk);
      this.#flush();
      // A callback may have paused and resumed.
      while (!this.#paused && this.#held.length > 0) {
        const held = this.#held;
        this.#held = EMPTY;
        this.#consumeOrHold(held);
        this.#flush();
      }
    } catch (error) {
      this.#failure = error;
      this.#out.truncate(0);
      throw error;
    } finally {
      this.#working = false;
    }
  }

  #consumeOrHold(chunk: Buffer): void {
    // One allocation a chunk: masks mostly shrink rows.
    this.#out.expect(chunk.length);
    let at = 0;
    while (at < chunk.length && !this.#paused) {
      if (this.#large !== null) at = this.#feedLarge(this.#large, chunk, at);
      else if (this.#carry.length > 0) at = this.#feedCarry(chunk, at);
      else at = this.#scan(chunk, at);
    }
    if (at < chunk.length) this.#hold(chunk, at);
  }

  /** Works through the complete frames from `start` on; returns where it stopped. Always gets on, unless paused. */
  #scan(source: Buffer, start: number): number {
    const out = this.#out;
    const length = source.length;
    let pending = start;
    let at = start;
    while (at + HEADER_BYTES <= length) {
      const type = source[at] ?? 0;
      const frameBytes = 1 + readInt32(source, at + 1);
      const end = at + frameBytes;
      if (type === DATA_ROW) {
        if (frameBytes > STREAMED_FRAME_BYTES || frameBytes <= MIN_ROW_LENGTH || end > length) break;
        pending = this.#row(source, at, end, pending);
        if (out.used >= FLUSH_BYTES) this.#flush();
      } else if (type === COPY_DATA) {
        if (frameBytes > STREAMED_FRAME_BYTES || frameBytes < HEADER_BYTES || end > length) break;
        pending = this.#copyData(source, at, end, pending);
        if (out.used >= FLUSH_BYTES) this.#flush();
      } else {
        this.#checkControl(source, at);
        if (end > length) break;
        out.append(source, pending, at);
        pending = this.#control(type, source, at + HEADER_BYTES, end) === 'forward' ? at : end;
        if (this.#paused) {
          out.append(source, pending, end);
          return end;
        }
      }
      at = end;
    }
    out.append(source, pending, at);
    return at < length ? this.#feedCarry(source, at) : at;
  }

  #row(source: Buffer, start: number, end: number, pending: number): number {
    const rule = this.#rule ?? this.#openResult('rows');
    if (rule.kind === 'collect') {
      checkRow(source, start, end, rule.columns);
      this.#owner.onRow(cellsOf(source, start));
      this.#out.append(source, pending, start);
      return end;
    }
    if (rule.kind !== 'rows') throw unexpected('a row');
    const { plan, heldBack } = rule;
    if (heldBack !== undefined) {
      checkRow(source, start, end, plan.masks.length);
      if (isHeldBack(source, start, heldBack)) {
        this.#out.append(source, pending, start);
        return end;
      }
    }
    this.#rows++;
    if (!rule.deliver) {
      checkRow(source, start, end, plan.masks.length);
      this.#out.append(source, pending, start);
      return end;
    }
    if (rule.onShown !== undefined) {
      checkRow(source, start, end, plan.masks.length);
      rule.onShown(source, start);
    }
    if (this.#capturing) return this.#capturedRow(source, start, end, pending, plan);
    if (plan.lastMasked === -1) {
      checkRow(source, start, end, plan.masks.length);
      return pending;
    }
    this.#maskedCells += plan.maskedColumns;
    return maskRow(source, start, end, plan, this.#out, pending);
  }

  /** The slower way of a row that is recorded: copied whole, so that its cells can be shown as they go out. */
  #capturedRow(source: Buffer, start: number, end: number, pending: number, plan: MaskPlan): number {
    this.#capturing = this.#owner.wantsRow();
    const out = this.#out;
    out.append(source, pending, start);
    const rowAt = out.used;
    let from = start;
    if (plan.lastMasked === -1) checkRow(source, start, end, plan.masks.length);
    else from = maskRow(source, start, end, plan, out, start);
    this.#maskedCells += plan.maskedColumns;
    out.append(source, from, end);
    if (this.#capturing) this.#owner.onRow(cellsOf(out.buffer, rowAt));
    return end;
  }

  #copyData(source: Buffer, start: number, end: number, pending: number): number {
    const rule = this.#rule ?? this.#openResult('copy');
    if (rule.kind !== 'copy') throw unexpected('copy data');
    const { rewriter, deliver } = rule;
    if (deliver) rule.onShown?.(source.subarray(start + HEADER_BYTES, end));
    if (rewriter === null) {
      this.#rows++;
      if (deliver) this.#captureFrames(source, start, end);
      if (deliver) return pending;
      this.#out.append(source, pending, start);
      return end;
    }
    const out = this.#out;
    out.append(source, pending, start);
    const before = out.used;
    const { rows, maskedCells } = rewriter;
    rewriter.feed(source, start + HEADER_BYTES, end, out);
    this.#rows += rewriter.rows - rows;
    this.#maskedCells += rewriter.maskedCells - maskedCells;
    if (!deliver) out.truncate(before);
    else if (this.#capturing) this.#captureFrames(out.buffer, before, out.used);
    return end;
  }

  /** Shows the CopyData messages in `source[start, end)` to the recording. */
  #captureFrames(source: Buffer, start: number, end: number): void {
    for (let at = start; at < end && this.#capturing; ) {
      this.#capturing = this.#owner.wantsRow();
      const next = at + 1 + readInt32(source, at + 1);
      if (this.#capturing) this.#owner.onRow([source.subarray(at + HEADER_BYTES, next)]);
      at = next;
    }
  }

  #countCopy(rewriter: CopyRewriter, feed: () => void): void {
    const rows = rewriter.rows;
    const cells = rewriter.maskedCells;
    feed();
    this.#rows += rewriter.rows - rows;
    this.#maskedCells += rewriter.maskedCells - cells;
  }

  #control(type: number, source: Buffer, start: number, end: number): 'forward' | 'withhold' {
    if (ENDS_RESULT[type] === 1) {
      if (type === COPY_DONE && this.#rule?.kind === 'copy') this.#rule.rewriter?.finish();
      this.#rule = null;
    }
    return this.#owner.onMessage(type, source, start, end);
  }

  #openResult(kind: 'rows' | 'copy'): ResultRule {
    const rule = this.#owner.onResult(kind);
    if (rule === null || (rule.kind !== kind && !(rule.kind === 'collect' && kind === 'rows')))
      throw unexpected(kind === 'rows' ? 'a row' : 'copy data');
    this.#rule = rule;
    this.#capturing = rule.kind !== 'collect' && rule.deliver;
    return rule;
  }

  /** Collects a frame that did not end in its chunk; handles it when it is whole, or as it comes when it is large. */
  #feedCarry(chunk: Buffer, start: number): number {
    let at = start + this.#carry.fill(chunk, start, HEADER_BYTES);
    if (this.#carry.length < HEADER_BYTES) return at;
    const header = this.#carry.bytes;
    const frameBytes = 1 + readInt32(header, 1);
    const type = header[0] ?? 0;
    if (type === DATA_ROW || type === COPY_DATA) {
      const least = type === DATA_ROW ? MIN_ROW_LENGTH + 1 : HEADER_BYTES;
      if (frameBytes < least) throw violation('UPSTREAM_PROTOCOL', 'A row has an impossible length.');
      if (frameBytes > STREAMED_FRAME_BYTES) {
        this.#carry.take();
        this.#large = this.#openLarge(type, frameBytes - HEADER_BYTES);
        this.#midFrame = this.#large.midFrame;
        return at;
      }
    } else {
      this.#checkControl(header, 0);
    }
    at += this.#carry.fill(chunk, at, frameBytes);
    if (this.#carry.length === frameBytes) this.#scan(this.#carry.take(), 0);
    return at;
  }

  #openLarge(type: number, bodyBytes: number): LargeFrame {
    const kind = type === DATA_ROW ? 'rows' : 'copy';
    const rule = this.#rule ?? this.#openResult(kind);
    if (rule.kind === 'collect') throw violation('UPSTREAM_PROTOCOL', 'A row of the catalog is too large.');
    if (rule.kind !== kind) throw unexpected(kind === 'rows' ? 'a row' : 'copy data');
    if (rule.kind === 'copy') {
      if (rule.rewriter === null) this.#rows++;
      return new LargeCopyData(bodyBytes, rule.rewriter, rule.deliver, this.#out);
    }
    if (rule.heldBack !== undefined) throw new SluiceError('LIMIT_REACHED', 'A row of a counted group is too large.');
    this.#rows++;
    if (rule.plan.lastMasked === -1 || !rule.deliver)
      return new LargePassingRow(bodyBytes, rule.plan, rule.deliver, this.#out);
    return new LargeMaskedRow(bodyBytes, rule.plan, this.#maxMaskedRowBytes);
  }

  #feedLarge(large: LargeFrame, chunk: Buffer, start: number): number {
    let at = start;
    const feed = (): void => {
      at = large.feed(chunk, start, this.#out);
    };
    if (this.#rule?.kind === 'copy' && this.#rule.rewriter !== null) this.#countCopy(this.#rule.rewriter, feed);
    else feed();
    this.#midFrame = large.midFrame;
    if (large.done) {
      this.#large = null;
      this.#maskedCells += large.maskedCells;
      if (this.#capturing) this.#capturing = this.#owner.wantsRow();
      if (this.#capturing) this.#owner.onRow(null);
    }
    return at;
  }

  #checkControl(source: Buffer, at: number): void {
    const length = readInt32(source, at + 1);
    if (length >= 4 && length < this.#maxFrameBytes) return;
    const problem = frameLengthProblem(source, at, this.#maxFrameBytes, 'UPSTREAM_PROTOCOL');
    if (problem !== null) throw problem;
  }

  #hold(chunk: Buffer, from: number): void {
    if (this.#held.length + chunk.length - from > MAX_HELD_BYTES) {
      this.#failure = new SluiceError(
        'LIMIT_REACHED',
        'The database sent too much while its answer was being decided.',
      );
      throw this.#failure;
    }
    this.#held = Buffer.concat([this.#held, chunk.subarray(from)]);
  }

  #flush(): void {
    const bytes = this.#out.take();
    if (bytes !== null) this.#owner.write(bytes);
  }
}

function unexpected(what: string): Error {
  return violation('UPSTREAM_PROTOCOL', `The database sent ${what} that nothing asked for.`);
}

const EMPTY: Buffer = Buffer.alloc(0);
