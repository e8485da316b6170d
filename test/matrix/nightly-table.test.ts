import { describe, expect, it } from 'vitest';
import { acceptanceOf, isClean, type Piece, tableOf } from './nightly-table.ts';

const LAST = 'leaks=1 copied=2 overmask=3 refused=4 cases=50';
const cases = { kind: 'cases', leaks: 0, copied: 0, overmask: 0, refused: 0, cases: 50 } as const;
const tests = { kind: 'tests', passed: 8, failed: 0, skipped: 2 } as const;
const piece = (major: number, suite: string, more: Partial<Piece> = {}): Piece => ({
  ...{ major, suite, outcome: tests, ok: true, minutes: 1.25, commit: 'abc' },
  ...more,
});

describe('the last line of the acceptance runner', () => {
  it('is read', () => {
    expect(acceptanceOf(`SAFE\n\n${LAST}\n`)).toEqual({
      ...{ kind: 'cases', leaks: 1, copied: 2 },
      ...{ overmask: 3, refused: 4, cases: 50 },
    });
  });

  it.each(['', 'Error: the databases could not be set up', `${LAST}\nand more`])('is not %j', (output) => {
    expect(acceptanceOf(output)).toBeNull();
  });
});

describe('a suite is clean', () => {
  it.each([
    ['when all tests passed', tests, true],
    ['not when one failed', { ...tests, failed: 1 }, false],
    ['not when none ran', { ...tests, passed: 0 }, false],
    ['when no case was found fault with', cases, true],
    ['not when one leaked', { ...cases, leaks: 1 }, false],
    ['not when one was copied', { ...cases, copied: 1 }, false],
    ['not when a benign one was masked', { ...cases, overmask: 1 }, false],
    ['not when a benign one was refused', { ...cases, refused: 1 }, false],
    ['not when there was no case', { ...cases, cases: 0 }, false],
    ['not when it did not end', null, false],
  ] as const)('%s', (_, outcome, clean) => {
    expect(isClean(outcome)).toBe(clean);
  });
});

it('the table has a line a version and a column a suite', () => {
  const pieces = [
    piece(18, 'acceptance', { outcome: { ...cases, leaks: 1 }, ok: false, commit: 'def' }),
    piece(14, 'integration', { commit: 'def' }),
    piece(14, 'acceptance', { outcome: null, ok: false }),
  ];
  expect(tableOf(pieces, ['integration', 'acceptance'])).toBe(
    [
      'PostgreSQL  integration                              acceptance',
      '14          8 passed, 0 failed, 2 skipped (1.3 min)  FAILED did not end (1.3 min) at abc',
      '18          not run                                  FAILED 1/0/0/0 of 50 (1.3 min)',
      'cases: leaks/copied/overmask/refused of all; commit def',
    ].join('\n'),
  );
});
