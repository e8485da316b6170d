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
    ["select 'it''s 42'", 'select ?'],
    ['select \'ü\', "größe" from t', 'select ?, "größe" from t'],
    ['select "a 1", "b""2" from "T" where x = 3', 'select "a 1", "b""2" from "T" where x = ?'],
    ["select date'2020-01-01', e'plain', b'01', N'x'", 'select date?, e?, b?, N?'],
    ["select 1 -- for 'anna'\nfrom t", 'select ?  \nfrom t'],
    ["/* '42' */ select a /* don't -- 42 */ from t", 'select a   from t'],
    ['select a <--42\n b, 4/2, 4*/**/2', 'select a < \n b, ?/?, ?* ?'],
  ])('%s', (text, blank) => {
    expect(blankLiterals(text)).toBe(blank);
  });

  it.each([
    ["select e'a\\'123'", 'an escape'],
    ['select $$123$$', 'a dollar quote'],
    ['select $1$123$1$', 'what looks like one'],
    ['select a$1 from t', 'a dollar in a name'],
    ['select /* a /* b */ 42 */ 1', 'a comment within a comment'],
    ['select /* 42', 'a comment without an end'],
    ["select '123", 'a string without an end'],
    ['select "123', 'a name without an end'],
    ['select ü from t', 'another alphabet'],
    [`select '${'x'.repeat(70_000)}'`, 'too long'],
  ])('%.40s has none: %s', (text) => {
    expect(blankLiterals(text)).toBeNull();
  });

  it('holds no digit of any literal, whatever stands around it', () => {
    const piece = fc.constantFrom(
      ...['select ', ' ', ',', '(', ')', '=', "'", "''", '+', '-', '.', 'a', 'from t ', '$1', 'e', '::text'],
      ...['--', '\n', '/*', '*/', '/', '*', '$', '$$', '"', '""', '1', '\\', 'ü'],
    );
    const secret = fc.constantFrom('987654', '98765432109', "'987654'", '987654.5', '.987654', '987654e3');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 10 }),
        secret,
        fc.array(piece, { maxLength: 10 }),
        (before, value, after) => {
          // A digit behind a letter, or between double quotes, is a name's.
          fc.pre(!/[A-Za-z_]\w*$/.test(before.join('')) && !before.includes('"') && !before.includes('""'));
          expect(blankLiterals(before.join('') + value + after.join('')) ?? '').not.toContain('987654');
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
