import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankLiterals } from './blank-literals.ts';

describe('a text without its literals', () => {
  it.each([
    ["select * from t1 where ssn = '123-45-6789'", 'select * from t1 where ssn = ?'],
    ['select a.b2 from a where n = 4111111111111111', 'select a.b2 from a where n = ?'],
    ['select 1e10, .5, 2.5e-3, 0x1F, 1_000, 7.', 'select ?, ?, ?-?, ?, ?, ?'],
    ["update t set a = $1 where b = $12 and c = 'price $1'", 'update t set a = ? where b = ? and c = ?'],
    ["insert into t values (-5,'x','y')", 'insert into t values (-?,?,?)'],
  ])('%s', (text, blank) => {
    expect(blankLiterals(text)).toBe(blank);
  });

  it.each([
    ["select e'a\\'123'", 'an escape'],
    ["select 'it''s'", 'a doubled quote'],
    ['select $$123$$', 'a dollar quote'],
    ['select $1$123$1$', 'what looks like one'],
    ['select 1 -- 123', 'a comment'],
    ['select "a" from t', 'a quoted name'],
    ["select date'2020-01-01'", 'a string behind a word'],
    ["select '123", 'a string without an end'],
    ["select 'ü'", 'another alphabet'],
  ])('%s has none: %s', (text) => {
    expect(blankLiterals(text)).toBeNull();
  });

  it('holds no digit of any literal, whatever stands around it', () => {
    const piece = fc.constantFrom(
      'select ',
      ' ',
      ',',
      '(',
      ')',
      '=',
      "'",
      '+',
      '-',
      '.',
      'a',
      'from t ',
      '$1',
      'e',
      '::text',
    );
    const secret = fc.constantFrom('987654', '98765432109', "'987654'", '987654.5', "'x987654'", '.987654', '987654e3');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        secret,
        fc.array(piece, { maxLength: 8 }),
        (before, value, after) => {
          // A digit behind a letter is a name's.
          fc.pre(!/[\w]$/.test(before.join('')));
          expect(blankLiterals(before.join('') + value + after.join('')) ?? '').not.toContain('987654');
        },
      ),
    );
  });
});
