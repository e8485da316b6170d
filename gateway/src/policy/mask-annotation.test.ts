import { expect, it } from 'vitest';
import { MAX_FIXED_MASK_CHARACTERS, parseMask, strictestMask } from './mask-annotation.ts';

it.each([
  ['null', { kind: 'null' }],
  ['fixed:***', { kind: 'fixed', text: '***' }],
  ['fixed:a:b', { kind: 'fixed', text: 'a:b' }],
  ['last:4', { kind: 'last', count: 4 }],
  ['last:16', { kind: 'last', count: 16 }],
] as const)('%s is a mask', (text, mask) => expect(parseMask(text)).toEqual(mask));

it.each([
  '',
  'none',
  'fixed:',
  'last:',
  'last:0',
  'last:17',
  'last:-1',
  'last:4x',
  `fixed:${'x'.repeat(MAX_FIXED_MASK_CHARACTERS + 1)}`,
])('"%s" is not a mask', (text) => expect(parseMask(text)).toBe('invalid'));

it('the strictest of masks does not depend on their order', () => {
  const [none, a, b, one, four] = [
    { kind: 'null' },
    { kind: 'fixed', text: 'a' },
    { kind: 'fixed', text: 'b' },
    { kind: 'last', count: 1 },
    { kind: 'last', count: 4 },
  ] as const;
  expect(strictestMask([])).toEqual(none);
  for (const [masks, strictest] of [
    [[four, one], one],
    [[four, a], a],
    [[a, a], a],
    [[a, b], none],
    [[four, none], none],
  ] as const) {
    expect(strictestMask(masks)).toEqual(strictest);
    expect(strictestMask(masks.toReversed())).toEqual(strictest);
  }
});
