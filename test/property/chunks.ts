import { SluiceError } from '@sluice/contract/errors';
import fc from 'fast-check';

/** Any bytes. */
export const bytes = (maxLength = 40): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

/** Where a stream is cut into chunks; see {@link cut}. */
export const cutPoints = fc.array(fc.nat(10_000), { maxLength: 20 });

/** The pieces of `whole` between the cut points, empty ones included. */
export function cut(whole: Buffer, points: readonly number[]): readonly Buffer[] {
  const ends = points.map((point) => point % (whole.length + 1)).sort((a, b) => a - b);
  return [...ends, whole.length].map((end, i) => whole.subarray(ends[i - 1] ?? 0, end));
}

/** True when this succeeds, or fails with an error of the product's own; any other error comes out. */
export function succeedsOrRefuses(run: () => void): boolean {
  try {
    run();
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
  }
  return true;
}
