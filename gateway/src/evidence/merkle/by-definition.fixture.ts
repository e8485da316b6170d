/**
 * RFC 6962 §2.1, §2.1.1 and §2.1.2 as they are written there: the oracle for trees, proofs and verifiers.
 */
import { createHash } from 'node:crypto';

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export class TreeByDefinition {
  readonly #entries: readonly Uint8Array[];
  readonly #known = new Map<string, Buffer>();

  constructor(entries: readonly Uint8Array[]) {
    this.#entries = entries;
  }

  /** MTH(D[start:end]) */
  mth(start: number, end: number): Buffer {
    const key = `${start}:${end}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const n = end - start;
    const [entry] = this.#entries.slice(start, start + 1);
    let hash: Buffer;
    if (n === 0 || entry === undefined) hash = sha256();
    else if (n === 1) hash = sha256(Buffer.of(0), entry);
    else {
      const k = start + largestPowerBelow(n);
      hash = sha256(Buffer.of(1), this.mth(start, k), this.mth(k, end));
    }
    this.#known.set(key, hash);
    return hash;
  }

  /** PATH(m, D[start:end]) */
  path(m: number, start: number, end: number): readonly Buffer[] {
    if (end - start === 1) return [];
    const k = largestPowerBelow(end - start);
    if (m < k) return [...this.path(m, start, start + k), this.mth(start + k, end)];
    return [...this.path(m - k, start + k, end), this.mth(start, start + k)];
  }

  /** PROOF(m, D[0:n]) */
  proof(m: number, n: number): readonly Buffer[] {
    return this.#subproof(m, 0, n, true);
  }

  #subproof(m: number, start: number, end: number, isWhole: boolean): readonly Buffer[] {
    const n = end - start;
    if (m === n) return isWhole ? [] : [this.mth(start, end)];
    const k = largestPowerBelow(n);
    if (m <= k) return [...this.#subproof(m, start, start + k, isWhole), this.mth(start + k, end)];
    return [...this.#subproof(m - k, start + k, end, false), this.mth(start, start + k)];
  }
}

function largestPowerBelow(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** Entries that differ from each other. */
export function entriesOf(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, index) => Buffer.from(`entry ${index}`));
}
