import { describe, expect, it } from 'vitest';
import { type CellMask, fixedMask, lastMask, MAX_LAST_COUNT, MAX_MASK_TEXT_BYTES, NULL_MASK } from './cell.ts';

/** The masked text of a value that stands between other bytes; null for NULL. */
function masked(mask: CellMask, value: Buffer | string, cut = false): string | null {
  const source = Buffer.concat([Buffer.from('<<'), Buffer.from(value), Buffer.from('>>')]);
  const target = Buffer.alloc(mask.maxBytes + 8, '.');
  const written = mask.write(source, 2, source.length - 2, cut, target, 4);
  expect(written).toBeLessThanOrEqual(mask.maxBytes);
  expect(target.subarray(0, 4).toString()).toBe('....');
  expect(target.subarray(4 + Math.max(written, 0)).toString()).toMatch(/^\.*$/);
  return written === -1 ? null : target.toString('utf8', 4, 4 + written);
}

describe('NULL_MASK', () => {
  it('makes every value NULL', () => {
    expect(masked(NULL_MASK, 'x')).toBeNull();
    expect(masked(NULL_MASK, '')).toBeNull();
  });
});

describe('fixedMask', () => {
  it.each(['', 'a', 'a much longer value'])('shows the same for %j', (value) => {
    expect(masked(fixedMask('[gone]'), value)).toBe('[gone]');
  });

  it('takes texts up to its bound', () => {
    expect(masked(fixedMask('x'.repeat(MAX_MASK_TEXT_BYTES)), '')).toHaveLength(MAX_MASK_TEXT_BYTES);
    expect(() => fixedMask('x'.repeat(MAX_MASK_TEXT_BYTES + 1))).toThrow(RangeError);
    expect(() => fixedMask('a\0')).toThrow(RangeError);
  });
});

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
    expect(masked(lastMask(4), value)).toBe(shown);
  });

  it('never tells the length of what it hides', () => {
    expect(masked(lastMask(4), `${'x'.repeat(5)}1120`)).toBe(masked(lastMask(4), `${'x'.repeat(500)}1120`));
  });

  it('knows that a value went on before what it sees', () => {
    expect(masked(lastMask(4), '1120', true)).toBe('***1120');
    expect(masked(lastMask(4), '20', true)).toBe('***');
  });

  it.each([
    ['a character cut in half', '8080808080'],
    ['continuation bytes only', '61808080808080808080'],
    ['a lead byte at the end', '6161616161c3'],
    ['two bytes where three belong', '6161e28261'],
  ])('hides what is not UTF-8: %s', (_, hex) => {
    expect(masked(lastMask(4), Buffer.from(hex, 'hex'))).toBe('***');
  });

  it('keeps 1 to 64 characters', () => {
    expect(masked(lastMask(MAX_LAST_COUNT), 'x'.repeat(65))).toHaveLength(67);
    for (const count of [0, -1, 1.5, MAX_LAST_COUNT + 1]) expect(() => lastMask(count)).toThrow(RangeError);
  });
});
