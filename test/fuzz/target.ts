import { SluiceError } from '@sluice/contract/errors';

/** One codec or parser under the fuzzer. */
export type Target = {
  readonly name: string;
  /** Where mutation begins. Inputs in corpus/NAME come in addition. */
  readonly seeds: readonly (string | Buffer)[];
  /** Pieces that are put into inputs, beside random bytes. */
  readonly tokens: readonly string[];
  /** Longest input, bytes. */
  readonly maxBytes: number;
  /** Throws when the input shows a bug. */
  readonly check: (input: Buffer) => void | Promise<void>;
};

/** The result, or null when the product refused in its own words; any other error is a bug and comes out. */
export function unlessRefused<Result>(run: () => Result): Result | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof SluiceError) return null;
    throw error;
  }
}

/** Where an input that must not depend on it is cut: at every byte, in halves, or as its own first bytes say. */
export function cuts(input: Buffer): readonly (readonly Buffer[])[] {
  const single = Array.from(input, (_, index) => input.subarray(index, index + 1));
  const middle = Math.floor(input.length / 2);
  const step = 1 + ((input[0] ?? 0) % 7);
  const stepped: Buffer[] = [];
  for (let at = 0; at < input.length; at += step) stepped.push(input.subarray(at, at + step));
  return [single, [input.subarray(0, middle), input.subarray(middle)], stepped];
}

export function assertSame(actual: unknown, expected: unknown, what: string): void {
  const [left, right] = [canonical(actual), canonical(expected)];
  if (left !== right) throw new Error(`${what}: ${left.slice(0, 500)} instead of ${right.slice(0, 500)}`);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, one: unknown) =>
      one instanceof Map ? [...one] : typeof one === 'bigint' ? `${one}n` : one,
    ) ?? 'undefined'
  );
}
