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

/**
 * The options of a COPY TO as the statement gave them, defaults filled in. Characters are single bytes, as PostgreSQL
 * demands; the data must be UTF-8 (refuse ENCODING of anything else: some encodings hide these bytes inside characters).
 * FORCE_QUOTE is missing because it does not matter: what is not masked passes as it is, and a mask is always quoted.
 */
export type CopyFormat =
  | { readonly format: 'text'; readonly delimiter: string; readonly nullString: string; readonly header: boolean }
  | {
      readonly format: 'csv';
      readonly delimiter: string;
      readonly nullString: string;
      readonly header: boolean;
      readonly quote: string;
      readonly escape: string;
    }
  | { readonly format: 'binary' };

/** What COPY TO does without options, and with `FORMAT csv`. */
export const TEXT_COPY = {
  format: 'text',
  delimiter: '\t',
  nullString: '\\N',
  header: false,
} as const satisfies CopyFormat;
export const CSV_COPY = {
  format: 'csv',
  delimiter: ',',
  nullString: '',
  header: false,
  quote: '"',
  escape: '"',
} as const satisfies CopyFormat;
