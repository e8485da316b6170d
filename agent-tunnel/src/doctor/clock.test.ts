import { expect, it } from 'vitest';
import { judgeClock } from './clock.ts';

const NOON = Date.parse('2026-11-23T12:00:00Z');
const DATE = 'Mon, 23 Nov 2026 12:00:00 GMT';

it.each([
  ['the same second', 0, 20, 'ok'],
  ['an answer that took half a minute', -10_000, 20_000, 'ok'],
  ['the rounding of Date', 900, 950, 'ok'],
  ['a clock that is half a minute ahead', 31_000, 31_100, 'warn'],
  ['a clock that is half a minute behind', -30_100, -30_000, 'warn'],
  ['a clock that is two minutes ahead', 121_000, 121_100, 'wrong'],
  ['a clock that is two minutes behind', -120_100, -120_000, 'wrong'],
])('%s', (_name, sent, received, state) => {
  expect(judgeClock(DATE, NOON + sent, NOON + received).state).toBe(state);
});

it('an answer without a date is no judgement', () => {
  expect(judgeClock(undefined, NOON, NOON).state).toBe('skipped');
  expect(judgeClock('yesterday', NOON, NOON).state).toBe('skipped');
});
