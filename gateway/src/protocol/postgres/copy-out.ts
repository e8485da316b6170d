import type { OutputBuffer } from './output-buffer.ts';

/** Rewrites the data of one COPY … TO STDOUT. Fed with payloads of CopyData, appends CopyData messages, one per row. */
export interface CopyRewriter {
  /** Rows completed so far, without header lines. */
  readonly rows: number;
  readonly maskedCells: number;
  /** Takes `source[start, end)`, a piece of the data split anywhere. Errors: `UPSTREAM_PROTOCOL`, `LIMIT_FRAME_BYTES`. */
  feed(source: Buffer, start: number, end: number, out: OutputBuffer): void;
  /** To be called at CopyDone: the data must end with a whole row. Errors: `UPSTREAM_PROTOCOL`. */
  finish(): void;
}
