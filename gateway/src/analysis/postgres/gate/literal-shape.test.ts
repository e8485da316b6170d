import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literalShape } from './literal-shape.ts';

describe('literalShape', () => {
  it('is the same for texts that differ in plain literals only', () => {
    const shape = literalShape("SELECT a1 FROM t WHERE id = 17 AND name = 'Ann' LIMIT 5");
    expect(shape).toBe('SELECT a1 FROM t WHERE id = 0 AND name = \0 LIMIT 0');
    expect(literalShape("SELECT a1 FROM t WHERE id = 3.25 AND name = 'O, no; DROP' LIMIT 700")).toBe(shape);
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
  ])('is none for a text with %s', (_name, text) => {
    expect(literalShape(text)).toBeNull();
  });

  it.each(['SELECT t1.c2', 'SELECT 1e5', 'SELECT x1', 'SELECT 0x1F'])(
    'leaves %s alone, where digits are part of a word',
    (text) => {
      expect(literalShape(text)).toBe(text);
    },
  );

  it('never lets a quote that is left open swallow syntax', () => {
    expect(literalShape("SELECT 'a; DROP TABLE t")).toBeNull();
    expect(literalShape("SELECT x'a ' , 'b'")).toBeNull();
  });

  it('keeps everything outside literals', () => {
    fc.assert(
      fc.property(fc.nat(), fc.stringMatching(/^[a-z ;,()]*$/), (number, inside) => {
        expect(literalShape(`INSERT INTO t VALUES (${number}, '${inside}')`)).toBe(
          inside === '' ? null : 'INSERT INTO t VALUES (0, \0)',
        );
      }),
    );
  });
});
