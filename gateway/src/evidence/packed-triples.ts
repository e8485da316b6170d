/**
 * Threes of whole numbers, packed as what changes from one to the next: most changes are small.
 *
 * ```text
 * each number: the difference from the same one of the three before (of zeros, for the first), folded so that the sign is the
 * lowest bit (n ≥ 0: 2n, n < 0: -2n - 1), in groups of 7 bits, lowest first, each in a byte whose highest bit says that one follows
 * ```
 */
import { FormatError } from './format.ts';

const FIRST_BYTES = 64;
/** Of one number: differences of numbers below 2^53. */
const MAX_NUMBER_BYTES = 8;
const MAX_INT32 = 0x7fff_ffff;

export class PackedTriples {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #used = 0;
  #first = 0;
  #second = 0;
  #third = 0;

  /** A view, valid until the next `add`. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#used);
  }

  /** Each number is of 0 … 2^52. */
  add(first: number, second: number, third: number): void {
    this.#reserve(3 * MAX_NUMBER_BYTES);
    this.#write(first - this.#first);
    this.#write(second - this.#second);
    this.#write(third - this.#third);
    this.#first = first;
    this.#second = second;
    this.#third = third;
  }

  #write(difference: number): void {
    const bytes = this.#bytes;
    let at = this.#used;
    let rest = difference >= 0 ? difference * 2 : -difference * 2 - 1;
    for (; rest > MAX_INT32; at += 1) {
      bytes[at] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    // Nearly all of them are small, and shifts are cheaper.
    for (; rest >= 0x80; at += 1) {
      bytes[at] = (rest & 0x7f) | 0x80;
      rest >>= 7;
    }
    bytes[at] = rest;
    this.#used = at + 1;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * this.#bytes.length + bytes);
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }
}

/** Calls back for each three. Throws FormatError when the bytes end in the middle of one. */
export function unpackTriples(bytes: Uint8Array, visit: (first: number, second: number, third: number) => void): void {
  let at = 0;
  const next = (): number => {
    let folded = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = bytes[at];
      if (byte === undefined || scale > Number.MAX_SAFE_INTEGER) throw new FormatError('packed places are cut off');
      at += 1;
      folded += (byte & 0x7f) * scale;
      if (byte < 0x80) return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
    }
  };
  let [first, second, third] = [0, 0, 0];
  while (at < bytes.length) {
    first += next();
    second += next();
    third += next();
    visit(first, second, third);
  }
}
