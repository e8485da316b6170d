import { describe, expect, it } from 'vitest';
import { isFlags, isPlainPattern } from './plain-pattern.ts';

describe('a plain pattern', () => {
  it.each([
    'abc',
    '^\\d{3}-\\d{2}-\\d{4}$',
    '[^0-9]',
    '@(.+)$',
    '(?:ab|cd)+x?',
    '[a-z0-9_.]+@example\\.com',
    '^(.).*@',
    '\\s+',
    'a{2,5}?',
    '[A-Z][a-z]*-',
  ])('%s is taken', (pattern) => {
    expect(isPlainPattern(pattern)).toBe(true);
  });

  it.each([
    ['', 'an empty branch'],
    ['(', 'a group without an end'],
    [')', 'an end without a group'],
    ['a**', 'repetition of a repetition'],
    ['*a', 'repetition of nothing'],
    ['^*', 'repetition of an anchor'],
    ['a|', 'an empty alternative'],
    ['()', 'an empty group'],
    ['[z-a]', 'a range backwards'],
    ['[[:foo:]]', 'a class by name'],
    ['[]', 'an empty class'],
    ['(a)\\1', 'a back reference'],
    ['a(?=b)', 'look-ahead'],
    ['(?i)a', 'an option inside'],
    ['***=a', 'a director'],
    ['a{300}', 'many repetitions'],
    ['a{5,2}', 'bounds backwards'],
    ['((a{50}){50})', 'repetitions that multiply'],
    ['((((a))))', 'deep groups'],
    ['a\\', 'an escape of nothing'],
    ['\\m', 'an escape that is not plain'],
    ['a'.repeat(201), 'a long pattern'],
    ['\u00e9', 'letters beyond ASCII'],
  ])('%s is not: %s', (pattern) => {
    expect(isPlainPattern(pattern)).toBe(false);
  });

  it('NULL is none', () => {
    expect(isPlainPattern(null)).toBe(false);
    expect(isFlags(null)).toBe(false);
  });

  it('has the flags g and i only', () => {
    expect(['', 'g', 'i', 'gi'].every(isFlags)).toBe(true);
    expect(['n', 'x', 'ggg', 'gx'].some(isFlags)).toBe(false);
  });
});
