import type { Exchange } from './exchange.ts';

/** Places at first; a power of two, as every later size. */
const FIRST_PLACES = 16;

/**
 * What the server owes answers for, in order. A ring, which nothing is moved in: an array whose head is taken moves up all
 * others, and costs more than the rest of what is done with most answers. It has as many places as were owed at once.
 */
export class OwedAnswers {
  #places: (Exchange | undefined)[] = emptyPlaces(FIRST_PLACES);
  #at = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What the next answer is about. */
  get head(): Exchange | undefined {
    return this.#places[this.#at];
  }

  push(exchange: Exchange): void {
    if (this.#length === this.#places.length) this.#grow();
    this.#places[(this.#at + this.#length) & (this.#places.length - 1)] = exchange;
    this.#length += 1;
  }

  /** Takes the head. */
  shift(): Exchange | undefined {
    const head = this.#places[this.#at];
    if (head === undefined) return undefined;
    // Nothing of it is kept: a statement holds its parameters.
    this.#places[this.#at] = undefined;
    this.#at = (this.#at + 1) & (this.#places.length - 1);
    this.#length -= 1;
    return head;
  }

  /** Takes everything. */
  takeAll(): readonly Exchange[] {
    const all = this.all();
    this.#places = emptyPlaces(FIRST_PLACES);
    this.#at = 0;
    this.#length = 0;
    return all;
  }

  /** A copy, from the head on. */
  all(): readonly Exchange[] {
    return [...this.#places.slice(this.#at), ...this.#places.slice(0, this.#at)].filter((each) => each !== undefined);
  }

  /** The first that matches, from the head on. */
  find(matches: (exchange: Exchange) => boolean): Exchange | undefined {
    for (let i = 0; i < this.#length; i++) {
      const exchange = this.#place(i);
      if (exchange !== undefined && matches(exchange)) return exchange;
    }
    return undefined;
  }

  findLast(matches: (exchange: Exchange) => boolean): Exchange | undefined {
    for (let i = this.#length - 1; i >= 0; i--) {
      const exchange = this.#place(i);
      if (exchange !== undefined && matches(exchange)) return exchange;
    }
    return undefined;
  }

  #place(index: number): Exchange | undefined {
    return this.#places[(this.#at + index) & (this.#places.length - 1)];
  }

  #grow(): void {
    const all = this.all();
    this.#places = [...all, ...emptyPlaces(all.length)];
    this.#at = 0;
  }
}

function emptyPlaces(count: number): undefined[] {
  return Array.from({ length: count });
}
