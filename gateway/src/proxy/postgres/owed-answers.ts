import type { Exchange } from './exchange.ts';

/** Taken answers whose places are kept, before the queue moves up. */
const MAX_EMPTY_PLACES = 64;

/**
 * What the server owes answers for, in order. A queue that is taken from by counting: moving all others up, as an array
 * does, costs more than the rest of what is done with most answers.
 */
export class OwedAnswers {
  #items: (Exchange | undefined)[] = [];
  #at = 0;

  get length(): number {
    return this.#items.length - this.#at;
  }

  /** What the next answer is about. */
  get head(): Exchange | undefined {
    return this.#items[this.#at];
  }

  push(exchange: Exchange): void {
    this.#items.push(exchange);
  }

  /** Takes the head. */
  shift(): Exchange | undefined {
    const head = this.#items[this.#at];
    if (head === undefined) return undefined;
    // Nothing of it is kept: a statement holds its parameters.
    this.#items[this.#at] = undefined;
    this.#at += 1;
    if (this.#at === this.#items.length) {
      this.#items.length = 0;
      this.#at = 0;
    } else if (this.#at > MAX_EMPTY_PLACES && this.#at * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#at);
      this.#at = 0;
    }
    return head;
  }

  /** Takes everything. */
  takeAll(): readonly Exchange[] {
    const all = this.all();
    this.#items = [];
    this.#at = 0;
    return all;
  }

  /** A copy, from the head on. */
  all(): readonly Exchange[] {
    return this.#items.filter((exchange) => exchange !== undefined);
  }

  find(matches: (exchange: Exchange) => boolean): Exchange | undefined {
    return this.#items.find((exchange) => exchange !== undefined && matches(exchange));
  }

  findLast(matches: (exchange: Exchange) => boolean): Exchange | undefined {
    return this.#items.findLast((exchange) => exchange !== undefined && matches(exchange));
  }
}
