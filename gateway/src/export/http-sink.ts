import type { ExportedEntry } from './exported-entry.ts';
import { type PostSettings, post } from './post.ts';
import type { LineFormat, Sink } from './sink.ts';

/** Batches of lines (application/x-ndjson) to an HTTP endpoint; any 2xx takes the batch. */
export class HttpSink implements Sink {
  readonly #settings: PostSettings;
  readonly #format: LineFormat;

  constructor(settings: PostSettings, format: LineFormat) {
    this.#settings = settings;
    this.#format = format;
  }

  async send(batch: readonly ExportedEntry[], signal: AbortSignal): Promise<void> {
    const lines = Buffer.from(batch.map((entry) => `${this.#format(entry)}\n`).join(''), 'utf8');
    const { status } = await post(this.#settings, lines, 'application/x-ndjson', signal);
    if (status < 200 || status > 299) throw new Error(`the receiver answered ${status}`);
  }

  async close(): Promise<void> {
    // Each request is its own connection.
  }
}
