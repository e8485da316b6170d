import { expect, it } from 'vitest';
import { DEFAULT_PENALTIES, Penalties } from './penalties.ts';

it('each refusal waits twice as long as the one before, up to the bound', () => {
  const penalties = new Penalties({ ...DEFAULT_PENALTIES, firstDelayMs: 25, maxDelayMs: 200 }, () => 0);
  expect([1, 2, 3, 4, 5, 6].map(() => penalties.refused('a'))).toEqual([25, 50, 100, 200, 200, 200]);
  expect(penalties.refused('b')).toBe(25);
});

it('refusals are forgotten after a quiet time', () => {
  let now = 0;
  const penalties = new Penalties({ ...DEFAULT_PENALTIES, forgetAfterMs: 1_000 }, () => now);
  penalties.refused('a');
  now = 1_000;
  expect(penalties.refused('a')).toBe(50);
  now = 2_001;
  expect(penalties.refused('a')).toBe(25);
});

it('a source may have just so many undecided streams', () => {
  const penalties = new Penalties({ ...DEFAULT_PENALTIES, maxPendingPerSource: 2 }, () => 0);
  expect([penalties.enter('a'), penalties.enter('a'), penalties.enter('a'), penalties.enter('b')]).toEqual([
    true,
    true,
    false,
    true,
  ]);
  penalties.leave('a');
  expect(penalties.enter('a')).toBe(true);
});

it('remembers no more sources than its bound', () => {
  const penalties = new Penalties({ ...DEFAULT_PENALTIES, maxSources: 2 }, () => 0);
  for (const source of ['a', 'a', 'b', 'c']) penalties.refused(source);
  expect(penalties.refused('a')).toBe(25);
});
