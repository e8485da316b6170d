import { describe, expect, it } from 'vitest';
import { type CellMask, NULL_MASK } from './cell.ts';
import { lastMask, MAX_LAST_COUNT } from './last-mask.ts';
import { masked } from './masked-value.fixture.ts';
import { textColumn } from './text-column.ts';

const last = (count: number): CellMask => lastMask(count) ?? NULL_MASK;

describe('lastMask', () => {
  it.each([
    ['078-05-1120', '***1120'],
    ['12345', '***2345'],
    ['1234', '***'],
    ['1', '***'],
    ['', '***'],
    ['Zoë Müller', '***ller'],
    ['ääääää', '***ääää'],
    ['ääää', '***'],
    ['a😀😀😀😀', '***😀😀😀😀'],
    ['😀😀😀😀', '***'],
  ])('keeps the last four characters of %s when there are more', (value, shown) => {
    expect(masked(last(4), value)).toBe(shown);
  });

  it('never tells the length of what it hides', () => {
    expect(masked(last(4), `${'x'.repeat(5)}1120`)).toBe(masked(last(4), `${'x'.repeat(500)}1120`));
  });

  it('knows that a value went on before what it sees', () => {
    expect(masked(last(4), '1120', true)).toBe('***1120');
    expect(masked(last(4), '20', true)).toBe('***');
  });

  it.each([
    ['a character cut in half', '8080808080'],
    ['continuation bytes only', '61808080808080808080'],
    ['a lead byte at the end', '6161616161c3'],
    ['two bytes where three belong', '6161e28261'],
  ])('hides what is not UTF-8: %s', (_, hex) => {
    expect(masked(last(4), Buffer.from(hex, 'hex'))).toBe('***');
  });

  it('keeps 1 to 64 characters', () => {
    expect(masked(last(MAX_LAST_COUNT), 'x'.repeat(65))).toHaveLength(67);
    for (const count of [0, -1, 1.5, MAX_LAST_COUNT + 1]) expect(() => lastMask(count)).toThrow(RangeError);
  });

  it.each([
    ['varchar(8)', 1043, 8, '078-05-1120', '***1120'],
    ['varchar(6)', 1043, 6, '051120', '**1120'],
    ['varchar(5)', 1043, 5, '51120', '*1120'],
    ['varchar(4)', 1043, 4, '1120', null],
    ['varchar(1)', 1043, 1, '1', null],
    ['char(9)', 1042, 9, '1234567  ', '***4567  '],
    ['char(9)', 1042, 9, '         ', '***      '],
    ['char(9)', 1042, 9, 'Zoë Mü   ', '***ë Mü  '],
    ['char(9)', 1042, 9, '', '***      '],
  ])('is as wide as %s allows', (_, typeOid, width, value, shown) => {
    const column = textColumn({ typeOid, format: 0, typeModifier: width + 4 });
    const mask = column === null ? null : lastMask(4, column);
    expect(mask === null ? null : masked(mask, value)).toBe(shown);
  });
});
