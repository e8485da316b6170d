/** Tests that end otherwise through the gateway, and are meant to: data with a reason a line. */
import type { Difference } from './outcomes.ts';

export type Documented = {
  readonly reason: string;
  /** Only in this suite. */
  readonly suite?: string;
  readonly test?: RegExp;
  /** What the test told through the gateway. */
  readonly detail?: RegExp;
};

const DOCUMENTED: readonly Documented[] = [];

/** The first entry that explains a difference; undefined when none does. */
export function documentedBy(suite: string, { test, detail }: Difference): Documented | undefined {
  return DOCUMENTED.find(
    (known) =>
      (known.suite === undefined || known.suite === suite) &&
      (known.test?.test(test) ?? true) &&
      (known.detail?.test(detail) ?? true),
  );
}
