import { describe, expect, it } from 'vitest';
import { fixedMask, MAX_MASK_TEXT_BYTES, NULL_MASK } from './cell.ts';
import { masked } from './masked-value.fixture.ts';

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
