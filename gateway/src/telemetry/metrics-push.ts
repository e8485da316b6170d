import type { Registry } from 'prom-client';
import { type PostSettings, post } from '../export/post.ts';
import { otlpMetrics } from './otlp-metrics.ts';

export type MetricsPushOptions = PostSettings & {
  readonly registry: Registry;
  readonly version: string;
  readonly everyMs: number;
  readonly now: () => number;
  /** Told when the receiver stops or begins to take them; empty when it does. */
  readonly onState: (message: string) => void;
};

/** Sends the metrics every so often, one after the other. What was not taken is not sent again: the next figures include it. */
export class MetricsPush {
  readonly #options: MetricsPushOptions;
  readonly #startedAtMs: number;
  readonly #ended = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | null = null;
  #message = '';

  constructor(options: MetricsPushOptions) {
    this.#options = options;
    this.#startedAtMs = options.now();
    this.#timer = setInterval(() => void this.push(), options.everyMs).unref();
  }

  /** Never rejects. While one is on its way, that one. */
  push(): Promise<void> {
    this.#running ??= this.#push().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#ended.abort();
    await this.#running;
  }

  async #push(): Promise<void> {
    const { registry, version, now, url, onState } = this.#options;
    let message = '';
    try {
      const metrics = await otlpMetrics(registry, version, { startedAtMs: this.#startedAtMs, nowMs: now() });
      const target = { ...this.#options, url: `${url.replace(/\/+$/, '')}/v1/metrics` };
      const { status } = await post(
        target,
        Buffer.from(JSON.stringify(metrics), 'utf8'),
        'application/json',
        this.#ended.signal,
      );
      if (status !== 200) message = `the receiver answered ${status}`;
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      message = error instanceof Error ? error.message : String(error);
    }
    if (message !== this.#message) onState(message);
    this.#message = message;
  }
}
