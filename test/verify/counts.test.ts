import { expect, test } from 'vitest';
import { add, countsOf, describe } from './counts.ts';

const json = (passed: number, failed: number, skipped = 0) =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, numTodoTests: 0 });

test.each([
  ['all passed', json(5, 0, 1), true, { passed: 5, failed: 0, skipped: 1 }],
  ['some failed', json(5, 2), false, { passed: 5, failed: 2, skipped: 0 }],
  ['a file did not load', json(5, 0), false, { passed: 5, failed: 1, skipped: 0 }],
  ['no test ran', json(0, 0), true, { passed: 0, failed: 1, skipped: 0 }],
  ['no result was written', null, false, { passed: 0, failed: 1, skipped: 0 }],
  ['no result was written, and nobody noticed', null, true, { passed: 0, failed: 1, skipped: 0 }],
])('%s', (_, text, isOk, counts) => {
  expect(countsOf(text, isOk)).toEqual(counts);
});

test('counts add up, and skipped tests are told', () => {
  const sum = add({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 });
  expect(describe(sum)).toBe('11 passed, 22 failed, 33 skipped');
  expect(describe({ passed: 1, failed: 0, skipped: 0 })).toBe('1 passed, 0 failed');
});
