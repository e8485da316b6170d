/**
 * Calls when nothing was said for `timeoutMs`. What is said is only noted, with the time: that costs less than to start a
 * timer anew with each chunk. When the timer fires, it starts again for what is left.
 */
export class IdleTimer {
  readonly #timeoutMs: number;
  readonly #onIdle: () => void;
  #heardMs = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(timeoutMs: number, onIdle: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#onIdle = onIdle;
  }

  start(): void {
    this.heard();
    this.#wait(this.#timeoutMs);
  }

  heard(): void {
    this.#heardMs = performance.now();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #wait(waitMs: number): void {
    this.#timer = setTimeout(() => {
      const leftMs = this.#heardMs + this.#timeoutMs - performance.now();
      if (leftMs > 0) this.#wait(leftMs);
      else this.#onIdle();
    }, waitMs);
    this.#timer.unref();
  }
}
