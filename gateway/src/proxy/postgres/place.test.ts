import { describe, expect, it } from 'vitest';
import { placeAt } from './place.ts';

describe('a place in a text', () => {
  it.each([
    ['at the start', 'SELECT 1', 0, { line: 1, column: 1, character: 1, near: 'SELECT 1' }],
    ['behind line breaks', 'SELECT\n  f(1)', 9, { line: 2, column: 3, character: 10, near: 'f(1)' }],
    ['behind letters of several bytes', "SELECT 'ü€', f(1)", 16, { line: 1, column: 14, character: 14, near: 'f(1)' }],
    [
      'behind a character of two UTF-16 units',
      "SELECT '😀', f(1)",
      15,
      { line: 1, column: 13, character: 13, near: 'f(1)' },
    ],
    ['beyond the end', 'SELECT 1', 99, { line: 1, column: 9, character: 9, near: '' }],
  ])('%s is told in lines, columns and characters', (_name, text, byte, place) => {
    expect(placeAt(text, byte)).toMatchObject(place);
  });

  it('shows 40 characters of the text there, on one line', () => {
    expect(placeAt('a'.repeat(40), 0).near).toBe('a'.repeat(40));
    expect(placeAt('a'.repeat(41), 0).near).toBe(`${'a'.repeat(40)}…`);
    expect(placeAt('a\n\tb', 0).near).toBe('a b');
  });
});
