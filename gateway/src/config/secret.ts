/** The only text that a secret shows. */
const HIDDEN = '[secret]';

/**
 * A value that must not be printed. Templates, JSON, `util.inspect`, loggers and concatenation all show `[secret]`;
 * only `reveal()` gives the value, so that a search for that word finds every place where a secret is used.
 */
export class Secret<T = string> {
  // A `#` field is invisible to inspection, spreading and serialisers; a `private` one would not be.
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN;
  }
}
