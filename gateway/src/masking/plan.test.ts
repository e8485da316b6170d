import { describe, expect, it } from 'vitest';
import type { Obligation } from '../policy/decision.ts';
import type { MaskKind } from '../policy/mask-kind.ts';
import { NULL_MASK } from './cell.ts';
import { passAll, planMasks } from './plan.ts';

const TEXT = { typeOid: 25, format: 0 } as const;

function mask(output: number, kind: MaskKind): Obligation {
  return { kind: 'mask', output, mask: kind };
}

describe('planMasks', () => {
  it('masks the named columns and lets the others through', () => {
    const plan = planMasks([TEXT, TEXT, TEXT], [mask(1, { kind: 'fixed', text: 'x' }), mask(0, { kind: 'null' })]);
    expect(plan.masks.map((cell) => cell?.maxBytes ?? null)).toEqual([0, 1, null]);
    expect(plan).toMatchObject({ lastMasked: 1, maskedColumns: 2 });
    expect(Object.isFrozen(plan) && Object.isFrozen(plan.masks)).toBe(true);
  });

  it.each([
    ['text', 25, true],
    ['varchar', 1043, true],
    ['bpchar', 1042, true],
    ['name', 19, true],
    ['int4', 23, false],
    ['date', 1082, false],
    ['json', 114, false],
    ['text[]', 1009, false],
    ['"char"', 18, false],
    ['bytea', 17, false],
    ['a type of an extension', 16_400, false],
  ])('shows the end of a %s only when that is a text type', (_, typeOid, isText) => {
    for (const format of [0, 1] as const) {
      const [cell] = planMasks([{ typeOid, format }], [mask(0, { kind: 'last', count: 4 })]).masks;
      expect(cell === NULL_MASK).toBe(!isText);
    }
  });

  it.each<readonly [string, MaskKind]>([
    ['a text that is too long', { kind: 'fixed', text: 'x'.repeat(257) }],
    ['a text with NUL', { kind: 'fixed', text: '\0' }],
    ['a count of zero', { kind: 'last', count: 0 }],
    ['a count without bound', { kind: 'last', count: 1_000_000 }],
  ])('falls back to NULL for %s', (_, kind) => {
    expect(planMasks([TEXT], [mask(0, kind)]).masks[0]).toBe(NULL_MASK);
  });

  it('takes NULL when two obligations name one column', () => {
    const plan = planMasks([TEXT], [mask(0, { kind: 'last', count: 4 }), mask(0, { kind: 'last', count: 2 })]);
    expect(plan).toMatchObject({ masks: [NULL_MASK], maskedColumns: 1 });
  });

  it.each([1, -1, 0.5])('refuses an obligation on column %d of one', (output) => {
    expect(() => planMasks([TEXT], [mask(output, { kind: 'null' })])).toThrow(RangeError);
  });

  it('leaves other obligations to others', () => {
    expect(planMasks([TEXT], [{ kind: 'require-approval', label: 'regulated' }])).toEqual(passAll(1));
  });
});
