/** Which parts of our sources ran, from V8's own counters: what tells a fuzzer that an input reached something new. */
import { type Profiler, Session } from 'node:inspector';

export class Coverage implements Disposable {
  readonly #session = new Session();
  readonly #seen = new Set<string>();
  #last: string[] = [];

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Parts that ran since the last call and never before. */
  takeNew(): number {
    let found: readonly Profiler.ScriptCoverage[] = [];
    // Answers at once: the session is of this very thread.
    this.#session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error === null) found = answer.result;
    });
    this.#last = [];
    for (const { url, functions } of found) {
      if (!url.includes('/src/')) continue;
      for (const { ranges } of functions)
        for (const { startOffset, endOffset, count } of ranges)
          if (count > 0) this.#add(`${url}:${startOffset}:${endOffset}`);
    }
    return this.#last.length;
  }

  /** Makes what the last call found new once more. */
  forgetLast(): void {
    for (const part of this.#last) this.#seen.delete(part);
  }

  #add(part: string): void {
    if (this.#seen.has(part)) return;
    this.#seen.add(part);
    this.#last.push(part);
  }

  [Symbol.dispose](): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }
}
