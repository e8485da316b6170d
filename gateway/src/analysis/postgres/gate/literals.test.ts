import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutLiterals } from './literals.ts';

const shapeOf = (text: string): string | null => withoutLiterals(text)?.shape ?? null;

describe('withoutLiterals', () => {
  it('finds the same shape in texts that differ in plain literals only', () => {
    const shape = shapeOf("SELECT a1 FROM t WHERE id = 17 AND name = 'Ann' AND size > 2.5 LIMIT 5");
    expect(shape).toBe('SELECT a1 FROM t WHERE id = \u0001 AND name = \u0003 AND size > \u0002 LIMIT \u0001');
    expect(shapeOf("SELECT a1 FROM t WHERE id = 3 AND name = 'O, no; DROP' AND size > 12.75 LIMIT 700")).toBe(shape);
  });

  it('tells an integer from a decimal, and leaves one whose type depends on its value', () => {
    expect(shapeOf('SELECT 123456789')).toBe('SELECT \u0001');
    expect(shapeOf('SELECT 1.5')).toBe('SELECT \u0002');
    expect(shapeOf('SELECT 1234567890')).toBe('SELECT 1234567890');
  });

  it('says where literals stand and what they say', () => {
    const text = "SELECT -7, 'it is', 2.50";
    expect(withoutLiterals(text)?.literals).toEqual([
      { start: 8, end: 9, value: '7' },
      { start: 11, end: 18, value: 'it is' },
      { start: 20, end: 24, value: '2.50' },
    ]);
  });

  it.each([
    ['a line comment', 'SELECT 1 --x'],
    ['a block comment', 'SELECT /* 1 */ 1'],
    ['a dollar quote', 'SELECT $$1$$'],
    ['a parameter', 'SELECT $1'],
    ['a backslash', "SELECT 'a\\'"],
    ['an escape string', "SELECT E'a'"],
    ['a Unicode string', "SELECT U&'a'"],
    ['a doubled quote', "SELECT 'it''s'"],
    ['a quoted identifier', 'SELECT "1" FROM t'],
    ['a character that is not ASCII', 'SELECT 1 é'],
    ['more than 4,096 characters', `SELECT 1${' '.repeat(4_089)}`],
  ])('finds none in a text with %s', (_name, text) => {
    expect(withoutLiterals(text)).toBeNull();
  });

  it.each(['SELECT t1.c2', 'SELECT 1e5', 'SELECT x1', 'SELECT 0x1F', 'SELECT 1_000', 'SELECT 1.', 'SELECT t.1'])(
    'leaves %s alone, where digits are part of a word',
    (text) => {
      expect(shapeOf(text)).toBe(text);
    },
  );

  it('never lets a quote that is left open swallow syntax', () => {
    expect(withoutLiterals("SELECT 'a; DROP TABLE t")).toBeNull();
    expect(withoutLiterals("SELECT x'a ' , 'b'")).toBeNull();
  });

  it('keeps everything outside literals, and gives it back with them', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999_999_999 }), fc.stringMatching(/^[a-z ;,()]+$/), (number, inside) => {
        const text = `INSERT INTO t VALUES (${number}, '${inside}')`;
        const read = withoutLiterals(text);
        expect(read?.shape).toBe('INSERT INTO t VALUES (\u0001, \u0003)');
        expect(read?.literals.map(({ start, end }) => text.slice(start, end))).toEqual([`${number}`, `'${inside}'`]);
      }),
    );
  });
});
