import { LRUCache } from 'lru-cache';

export type PenaltyLimits = {
  /** Sources remembered at once; the longest unseen is forgotten first. */
  readonly maxSources: number;
  /** Streams of one source that may wait for their reply at once. */
  readonly maxPendingPerSource: number;
  /** Delay of the first refusal, doubled with each further one. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** Refusals are forgotten after so long without another one. */
  readonly forgetAfterMs: number;
};

export const DEFAULT_PENALTIES: PenaltyLimits = {
  maxSources: 10_000,
  maxPendingPerSource: 128,
  firstDelayMs: 25,
  maxDelayMs: 2_000,
  forgetAfterMs: 60_000,
};

type Source = { pending: number; refusals: number; lastRefusalMs: number };

/**
 * Slows guessing down, per source address. Only refusals wait: behind one address (loopback, a NAT) live many
 * programs, and one that guesses must not lock the others out.
 */
export class Penalties {
  readonly #limits: PenaltyLimits;
  readonly #now: () => number;
  readonly #sources: LRUCache<string, Source>;

  constructor(limits: PenaltyLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.#sources = new LRUCache({ max: limits.maxSources });
  }

  /** Takes one of the source's places for undecided streams; false when all are taken. Pair with {@link leave}. */
  enter(source: string): boolean {
    const entry = this.#entry(source);
    if (entry.pending >= this.#limits.maxPendingPerSource) return false;
    entry.pending += 1;
    return true;
  }

  leave(source: string): void {
    const entry = this.#entry(source);
    entry.pending = Math.max(0, entry.pending - 1);
  }

  /** Counts a refusal and returns how long its reply has to wait, milliseconds. */
  refused(source: string): number {
    const entry = this.#entry(source);
    const now = this.#now();
    if (now - entry.lastRefusalMs > this.#limits.forgetAfterMs) entry.refusals = 0;
    entry.lastRefusalMs = now;
    entry.refusals += 1;
    return Math.min(this.#limits.maxDelayMs, this.#limits.firstDelayMs * 2 ** Math.min(entry.refusals - 1, 30));
  }

  #entry(source: string): Source {
    const known = this.#sources.get(source);
    if (known !== undefined) return known;
    const fresh = { pending: 0, refusals: 0, lastRefusalMs: Number.NEGATIVE_INFINITY };
    this.#sources.set(source, fresh);
    return fresh;
  }
}
