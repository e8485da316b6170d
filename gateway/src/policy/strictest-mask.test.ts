import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMask } from './mask-annotation.ts';
import { MASK_SHAPES, type MaskKind, TRUNCATE_UNITS } from './mask-kind.ts';
import { strictestMask } from './strictest-mask.ts';

function mask(text: string): MaskKind {
  const parsed = parseMask(text);
  if (parsed === 'invalid') throw new Error(`${text} is not a mask`);
  return parsed;
}

describe('the strictest of masks', () => {
  it('of none is NULL', () => expect(strictestMask([])).toEqual({ kind: 'null' }));

  it.each([
    ['last:4', 'last:1', 'last:1'],
    ['last:4', 'fixed:a', 'fixed:a'],
    ['fixed:a', 'fixed:a', 'fixed:a'],
    ['fixed:a', 'fixed:b', 'null'],
    ['last:4', 'null', 'null'],
    ['placeholder', 'token', 'placeholder'],
    ['placeholder', 'fixed:a', 'fixed:a'],
    ['token', 'last:4', 'placeholder'],
    ['token:a', 'token:b', 'placeholder'],
    ['email', 'email-domain', 'email'],
    ['email:a', 'email-domain:b', 'placeholder'],
    ['phone', 'card', 'placeholder'],
    ['truncate:day', 'truncate:year', 'truncate:year'],
    ['truncate:day,nulls', 'truncate:year', 'truncate:year'],
    ['bucket:10', 'bucket:100', 'bucket:100'],
    ['bucket:10', 'bucket:15', 'bucket:30'],
    ['bucket:0.5', 'bucket:0.75', 'bucket:1.5'],
    ['bucket:999999999999999', 'bucket:999999999999998', 'placeholder'],
    ['bucket:10', 'truncate:day', 'placeholder'],
  ])('%s and %s is %s', (a, b, strictest) => {
    expect(strictestMask([mask(a), mask(b)])).toEqual(mask(strictest));
    expect(strictestMask([mask(b), mask(a)])).toEqual(mask(strictest));
  });

  const purpose = fc.constantFrom('', 'a', 'b');
  const masks: fc.Arbitrary<MaskKind> = fc.oneof(
    fc.constantFrom(mask('null'), mask('placeholder'), mask('fixed:a'), mask('fixed:b')),
    fc.integer({ min: 1, max: 16 }).map((count) => ({ kind: 'last', count }) as const),
    purpose.map((name) => ({ kind: 'token', purpose: name }) as const),
    fc.record({ kind: fc.constant('shape' as const), shape: fc.constantFrom(...MASK_SHAPES), purpose }),
    fc.record({
      kind: fc.constant('truncate' as const),
      unit: fc.constantFrom(...TRUNCATE_UNITS),
      nulls: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('bucket' as const),
      size: fc.constantFrom('0.5', '1', '6', '10', '15', '100', '999999999999989', '999999999999999.999999'),
      nulls: fc.boolean(),
    }),
  );

  it('depends neither on their order nor on how they were put together', () => {
    fc.assert(
      fc.property(masks, masks, masks, (a, b, c) => {
        const all = strictestMask([a, b, c]);
        expect(strictestMask([c, b, a])).toEqual(all);
        expect(strictestMask([b, a, c])).toEqual(all);
        expect(strictestMask([a, strictestMask([b, c])])).toEqual(all);
        expect(strictestMask([strictestMask([a, b]), c])).toEqual(all);
        expect(strictestMask([a, a])).toEqual(a);
      }),
      { numRuns: 3_000 },
    );
  });
});
