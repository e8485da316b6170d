/** What is kept of a result that is under way. */
export type OpenResult = { readonly statementId: number; kept: number; truncated: boolean };

/**
 * Results under way, by statement. The last one that started is kept beside the map: most
 * sessions have one at a time, and a map of one is made anew each time that it is emptied.
 */
export class OpenResults {
  #last: OpenResult | null = null;
  readonly #others = new Map<number, OpenResult>();

  get size(): number {
    return this.#others.size + (this.#last === null ? 0 : 1);
  }

  get(statementId: number): OpenResult | undefined {
    return this.#last?.statementId === statementId ? this.#last : this.#others.get(statementId);
  }

  start(statementId: number): void {
    if (this.#last !== null) this.#others.set(this.#last.statementId, this.#last);
    this.#last = { statementId, kept: 0, truncated: false };
  }

  end(statementId: number): void {
    if (this.#last?.statementId === statementId) this.#last = null;
    else if (this.#others.size > 0) this.#others.delete(statementId);
  }
}
