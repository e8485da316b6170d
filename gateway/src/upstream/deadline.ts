/**
 * A signal that aborts after a time, or with another one, unless it is cleared before. `AbortSignal.timeout` cannot be
 * cleared: long after a connection was made it would still make an error, with a stack, for nobody.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #outer: AbortSignal | null;

  constructor(milliseconds: number, outer: AbortSignal | null = null) {
    this.#outer = outer;
    this.#timer = setTimeout(this.#abort, milliseconds).unref();
    if (outer?.aborted === true) this.#abort();
    else outer?.addEventListener('abort', this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** It aborts no more. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#abort);
  }

  readonly #abort = (): void => {
    this.clear();
    this.#controller.abort();
  };
}
