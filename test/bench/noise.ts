/** How much the machine itself wavers: the same arithmetic, timed between runs. */
import { type Spread, spreadOf } from './statistics.ts';

const ITERATIONS = 20_000_000;

export class NoiseMeter {
  readonly #milliseconds: number[] = [];

  /** Takes about 20 ms. */
  sample(): void {
    const startedAt = performance.now();
    let value = 1;
    for (let step = 0; step < ITERATIONS; step += 1) value = (Math.imul(value, 1_664_525) + 1_013_904_223) | 0;
    // The value is used, or the loop could be left out.
    if (value === 0) throw new Error('impossible for this generator');
    this.#milliseconds.push(performance.now() - startedAt);
  }

  /** Spread in milliseconds, and the slowest over the median: 1 is a quiet machine. */
  report(): Spread & { readonly slowest: number } {
    const spread = spreadOf(this.#milliseconds);
    return { ...spread, slowest: spread.max / spread.median };
  }
}
