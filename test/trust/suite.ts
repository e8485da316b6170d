/**
 * What a suite of `npm run trust` is. A new suite is a file in `suites/` and a line in `suites.ts`.
 */
import type { Random } from '../fuzz/random.ts';

export type TrustContext = {
  /** A directory of its own, empty, removed afterwards. */
  readonly directory: string;
  readonly random: Random;
  /** True once the time is over: a suite then ends with what it has. */
  readonly isOver: () => boolean;
  /** One line for whoever watches. */
  readonly print: (line: string) => void;
};

export type TrustResult = {
  /** Attempts that were made. */
  readonly attempts: number;
  /** Attempts that were not met as claimed, each with what repeats it. Any is a failure. */
  readonly failures: readonly string[];
  /** False when the time was over before everything had its turn. */
  readonly isComplete: boolean;
};

export type TrustSuite = {
  readonly name: string;
  /** What it shows, as a sentence. */
  readonly claim: string;
  readonly run: (context: TrustContext) => Promise<TrustResult>;
};
