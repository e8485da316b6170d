import { describe, expect, it } from 'vitest';
import { budgetInWords, parseProbeBudget, parseSmallestGroup, strictestBudget } from './bound-annotations.ts';

const HOUR_MS = 3_600_000;

describe('@probe', () => {
  it.each([
    ['20 per 1h', 20, HOUR_MS],
    ['1 per 1m', 1, 60_000],
    ['1000 per 31d', 1_000, 31 * 24 * HOUR_MS],
  ])('%s is a budget', (text, count, windowMs) => {
    expect(parseProbeBudget(text)).toEqual({ count, windowMs });
  });

  it.each([
    '',
    '20',
    '20 per h',
    '0 per 1h',
    '1001 per 1h',
    '20 per 0h',
    '20 per 32d',
    '20 per 1s',
    '2.5 per 1h',
    '20 PER 1h',
    ' 20 per 1h',
    '20 per 1h; x',
  ])('"%s" is none', (text) => {
    expect(parseProbeBudget(text)).toBe('invalid');
  });

  it('of several policies counts the one that allows least over time', () => {
    const [hourly, daily] = [parseProbeBudget('5 per 1h'), parseProbeBudget('20 per 1d')];
    if (hourly === 'invalid' || daily === 'invalid') throw new Error('both are budgets');
    expect(strictestBudget([hourly, daily])).toBe(daily);
    expect(strictestBudget([daily, hourly])).toBe(daily);
    expect(strictestBudget([])).toBeNull();
    expect(budgetInWords(daily)).toBe('20 per 1 d');
    expect(budgetInWords({ count: 3, windowMs: 90 * 60_000 })).toBe('3 per 90 m');
  });
});

describe('@count', () => {
  it.each([
    ['5', 5],
    ['1000000', 1_000_000],
  ])('%s is the smallest group that is shown', (text, size) => {
    expect(parseSmallestGroup(text)).toBe(size);
  });

  it.each(['', '4', '0', '-5', '1000001', '5.5', 'five', '05'])('"%s" is none', (text) => {
    expect(parseSmallestGroup(text)).toBe('invalid');
  });
});
