import type { ExportedEntry } from './exported-entry.ts';

/** Where entries go. One batch at a time, in order. */
export interface Sink {
  /** Resolves when the other side has the batch. Rejects, and is asked again with the same batch, when it has not. */
  send(batch: readonly ExportedEntry[], signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** How a sink writes an entry as text: one line. */
export type LineFormat = (entry: ExportedEntry) => string;
