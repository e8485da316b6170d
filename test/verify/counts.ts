/** How many tests passed, failed, and were skipped. */
export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

export const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };
export const ONE_PASSED: Counts = { ...NOTHING, passed: 1 };
export const ONE_FAILED: Counts = { ...NOTHING, failed: 1 };

export function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

export function describe({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * Counts of one run of vitest: `json` is the text of its JSON reporter, null when it wrote none; `isOk` whether it exited
 * with 0. A file that does not load, an error outside of a test, a run without a test: none of them fails a test, so
 * they count as one failure.
 */
export function countsOf(json: string | null, isOk: boolean): Counts {
  const counts = json === null ? ONE_FAILED : parse(json);
  if (counts.failed > 0) return counts;
  const isRun = counts.passed + counts.skipped > 0;
  return isOk && isRun ? counts : { ...counts, failed: 1 };
}

function parse(json: string): Counts {
  const result = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const number = (name: string) => Number(result[name]);
  return {
    passed: number('numPassedTests'),
    failed: number('numFailedTests'),
    skipped: number('numPendingTests') + number('numTodoTests'),
  };
}
