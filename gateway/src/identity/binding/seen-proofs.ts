import { createHash } from 'node:crypto';
import { SluiceError } from '@sluice/contract/errors';
import { PROOF_SKEW_SECONDS, refused } from './proof.ts';

/** Proofs remembered at once. */
export const MAX_PROOFS = 131_072;
/** Proofs of one key, so that one client cannot take the room of all. */
export const MAX_PROOFS_PER_KEY = 16_384;
/** A proof that is accepted now may be as far ahead as the skew, and is good until as far behind. */
export const PROOF_MEMORY_MS = 2 * PROOF_SKEW_SECONDS * 1_000 + 1_000;
/** At most this often is what is over taken out of the store. */
const SWEEP_INTERVAL_MS = 5_000;

/** As `Store` offers it: shared by every process that opens the same one. */
export interface ProofMemory {
  /** False when it was taken before, by whichever process. */
  takeOnce(key: string, untilMs: number): boolean;
  forgetTaken(untilMs: number): void;
  countTaken(): number;
}

type Taken = { readonly thumbprint: string | null; readonly count: number; readonly untilMs: number };

/**
 * Each proof counts once. What is told apart is in the store, so a restart forgets none and several processes share it;
 * how much there is of it each process bounds for itself. Full means refused, never forgotten early.
 */
export class SeenProofs {
  readonly #memory: ProofMemory;
  readonly #now: () => number;
  readonly #limits: { readonly total: number; readonly perKey: number };
  /** The oldest first: all are remembered equally long. */
  #taken: Taken[] = [];
  #first = 0;
  #total: number;
  readonly #byKey = new Map<string, number>();
  #sweptAtMs: number;

  /** `now` in epoch milliseconds. */
  constructor(memory: ProofMemory, now: () => number, limits = { total: MAX_PROOFS, perKey: MAX_PROOFS_PER_KEY }) {
    this.#memory = memory;
    this.#now = now;
    this.#limits = limits;
    this.#sweptAtMs = now();
    memory.forgetTaken(this.#sweptAtMs);
    // Of an earlier process, or of another one.
    this.#total = memory.countTaken();
    if (this.#total > 0)
      this.#taken.push({ thumbprint: null, count: this.#total, untilMs: this.#sweptAtMs + PROOF_MEMORY_MS });
  }

  get size(): number {
    return this.#total;
  }

  /** Throws `AUTH_PROOF_INVALID` when it was taken before, `LIMIT_REACHED` when no more can be remembered. */
  take(thumbprint: string, jti: string): void {
    const nowMs = this.#now();
    this.#forget(nowMs);
    const ofKey = this.#byKey.get(thumbprint) ?? 0;
    if (this.#total >= this.#limits.total || ofKey >= this.#limits.perKey)
      throw new SluiceError('LIMIT_REACHED', 'More proofs came within two minutes than can be told apart.', {
        remedy: 'Send fewer requests, or keep connections open; try again in two minutes.',
      });
    const key = createHash('sha256').update(`${thumbprint} ${jti}`).digest('base64url');
    const untilMs = nowMs + PROOF_MEMORY_MS;
    if (!this.#memory.takeOnce(key, untilMs)) throw refused('it was used before');
    this.#taken.push({ thumbprint, count: 1, untilMs });
    this.#total += 1;
    this.#byKey.set(thumbprint, ofKey + 1);
  }

  #forget(nowMs: number): void {
    for (let oldest = this.#taken[this.#first]; oldest !== undefined && oldest.untilMs <= nowMs; ) {
      this.#total -= oldest.count;
      if (oldest.thumbprint !== null) this.#leaveKey(oldest.thumbprint);
      this.#first += 1;
      oldest = this.#taken[this.#first];
    }
    if (this.#first * 2 > this.#taken.length) {
      this.#taken = this.#taken.slice(this.#first);
      this.#first = 0;
    }
    if (nowMs - this.#sweptAtMs < SWEEP_INTERVAL_MS) return;
    this.#sweptAtMs = nowMs;
    this.#memory.forgetTaken(nowMs);
  }

  #leaveKey(thumbprint: string): void {
    const left = (this.#byKey.get(thumbprint) ?? 1) - 1;
    if (left === 0) this.#byKey.delete(thumbprint);
    else this.#byKey.set(thumbprint, left);
  }
}
