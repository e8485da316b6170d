import type { ExportedEntry } from './exported-entry.ts';
import { otlpLogs } from './otlp-logs.ts';
import { type PostSettings, post } from './post.ts';
import type { Sink } from './sink.ts';

/** OTLP over HTTP: batches of log records to `URL/v1/logs`. */
export class OtlpSink implements Sink {
  readonly #settings: PostSettings;
  readonly #version: string;

  constructor(settings: PostSettings, version: string) {
    this.#settings = { ...settings, url: `${settings.url.replace(/\/+$/, '')}/v1/logs` };
    this.#version = version;
  }

  async send(batch: readonly ExportedEntry[], signal: AbortSignal): Promise<void> {
    const body = Buffer.from(JSON.stringify(otlpLogs(batch, this.#version)), 'utf8');
    const answer = await post(this.#settings, body, 'application/json', signal);
    if (answer.status !== 200) throw new Error(`the receiver answered ${answer.status}`);
    const rejected = rejectedRecords(answer.body);
    // Such a batch must not be sent again; the receiver is told of in the gateway's own log until it takes one whole.
    if (rejected > 0) throw new PartlyRejected(rejected);
  }

  async close(): Promise<void> {
    // Each request is its own connection.
  }
}

/** The receiver took the batch, but for some records that it will not take at another try either. */
export class PartlyRejected extends Error {
  constructor(records: number) {
    super(`the receiver rejected ${records} records, which are not sent again`);
  }
}

/** `partialSuccess.rejectedLogRecords` of the answer; a number or, as 64-bit integers are written, a string. */
function rejectedRecords(body: string): number {
  if (body.trim() === '') return 0;
  const answer: unknown = JSON.parse(body);
  const partial =
    typeof answer === 'object' && answer !== null && 'partialSuccess' in answer ? answer.partialSuccess : null;
  if (typeof partial !== 'object' || partial === null || !('rejectedLogRecords' in partial)) return 0;
  const rejected = Number(partial.rejectedLogRecords);
  return Number.isFinite(rejected) ? rejected : 0;
}
