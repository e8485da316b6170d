/** For any two values: what a mask answers is equal when what its kind says that it shows is equal. */
import { isIPv4 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MaskKind, TRUNCATE_UNITS } from '../policy/mask-kind.ts';
import { type CellMask, NULL_MASK } from './cell.ts';
import { MaskKeys } from './mask-keys.ts';
import { maskedBytes } from './masked-value.fixture.ts';
import { cellMask } from './plan.ts';
import type { PlannedColumn } from './planned-column.ts';
import { domainOf, luhn } from './shapes.ts';
import { readMoment, timeTypeOf, writeMoment } from './time-value.ts';

const SCOPE = { keys: new MaskKeys(Buffer.alloc(32, 7)), resource: 'orders' };

const column = (typeOid: number, format: 0 | 1 = 0, typeModifier = -1): PlannedColumn => ({
  typeOid,
  format,
  typeModifier,
});
const [TEXT, BPCHAR, VARCHAR, NAME] = [25, 1042, 1043, 19] as const;

function maskOf(kind: MaskKind, of: PlannedColumn): CellMask {
  const mask = cellMask(kind, of, SCOPE);
  if (mask === null) throw new Error('the mask does not fit');
  return mask;
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: fc.constantFrom(...Array.from('a@.-é😀 1')), maxLength: 60 }),
  fc.emailAddress(),
  fc.string({ minLength: 1_000, maxLength: 1_100 }),
);
const anyBytes = fc.oneof(
  text.map((value) => Buffer.from(value)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

/** Every built-in type that a table can have, and OIDs of nobody. */
const anyColumn: fc.Arbitrary<PlannedColumn> = fc.record({
  typeOid: fc.oneof(
    fc.constantFrom(16, 17, 18, 19, 20, 21, 23, 25, 26, 114, 142, 650, 700, 701, 790, 829, 869, 1009, 1042, 1043),
    fc.constantFrom(1082, 1083, 1114, 1184, 1186, 1266, 1560, 1562, 1700, 2249, 2950, 3220, 3614, 3802, 3904, 4451),
    fc.integer({ min: 1, max: 100_000 }),
  ),
  format: fc.constantFrom(0, 1),
  typeModifier: fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 300 }), fc.integer({ min: 4, max: 2 ** 26 })),
});
const anyKind: fc.Arbitrary<MaskKind> = fc.constantFrom<MaskKind>(
  { kind: 'null' },
  { kind: 'placeholder' },
  { kind: 'fixed', text: '[hidden] ä😀' },
  { kind: 'fixed', text: '2001-02-03' },
  { kind: 'fixed', text: '-70' },
  { kind: 'last', count: 4 },
  { kind: 'token', purpose: '' },
  ...(['email', 'email-domain', 'phone', 'card', 'ssn', 'uuid', 'ip'] as const).map(
    (shape) => ({ kind: 'shape', shape, purpose: '' }) as const,
  ),
  { kind: 'truncate', unit: 'year', nulls: false },
  { kind: 'truncate', unit: 'minute', nulls: true },
  { kind: 'bucket', size: '1000', nulls: false },
  { kind: 'bucket', size: '0.25', nulls: true },
);

describe('any mask on any column', () => {
  it('answers for any bytes, in its room, and the same when only the end of the value is at hand', () => {
    fc.assert(
      fc.property(anyKind, anyColumn, anyBytes, (kind, of, value) => {
        const mask = cellMask(kind, of, SCOPE) ?? NULL_MASK;
        const whole = maskedBytes(mask, value);
        expect(maskedBytes(mask, value)).toEqual(whole);
        const from = Math.max(0, value.length - mask.tailBytes);
        expect(maskedBytes(mask, value.subarray(from), from > 0)).toEqual(whole);
      }),
      { numRuns: 5_000 },
    );
  });

  it('shows nothing of the value when its kind is constant', () => {
    const constant = anyKind.filter(({ kind }) => kind === 'null' || kind === 'placeholder' || kind === 'fixed');
    fc.assert(
      fc.property(constant, anyColumn, anyBytes, anyBytes, (kind, of, a, b) => {
        const mask = cellMask(kind, of, SCOPE) ?? NULL_MASK;
        expect(mask.tailBytes).toBe(0);
        expect(maskedBytes(mask, a)).toEqual(maskedBytes(mask, b));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a text mask', () => {
  it('that keeps the end shows the end and nothing before it', () => {
    const endsAlike = fc.tuple(text, text, fc.string({ unit: 'grapheme-ascii', minLength: 4, maxLength: 4 }));
    fc.assert(
      fc.property(endsAlike, ([a, b, end]) => {
        const mask = maskOf({ kind: 'last', count: 4 }, column(TEXT));
        expect(maskedBytes(mask, `${a}x${end}`)).toEqual(maskedBytes(mask, `${b}yy${end}`));
      }),
    );
  });

  it.each<readonly [string, MaskKind, number]>([
    ['token', { kind: 'token', purpose: '' }, 30],
    ['uuid', { kind: 'shape', shape: 'uuid', purpose: '' }, 36],
    ['phone', { kind: 'shape', shape: 'phone', purpose: '' }, 15],
    ['card', { kind: 'shape', shape: 'card', purpose: '' }, 16],
    ['ssn', { kind: 'shape', shape: 'ssn', purpose: '' }, 11],
    ['ip', { kind: 'shape', shape: 'ip', purpose: '' }, 15],
    ['email', { kind: 'shape', shape: 'email', purpose: '' }, 45],
  ])('%s has one length, is equal for equal values and for no others', (_, kind, length) => {
    const mask = maskOf(kind, column(TEXT));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [shownA, shownB] = [maskedBytes(mask, a), maskedBytes(mask, b)];
        expect(shownA).toHaveLength(length);
        expect(shownA?.equals(shownB ?? Buffer.alloc(0))).toBe(a.slice(-1_024) === b.slice(-1_024));
      }),
    );
  });

  it('that keeps the domain shows the domain and equality', () => {
    const mask = maskOf({ kind: 'shape', shape: 'email-domain', purpose: '' }, column(TEXT));
    fc.assert(
      fc.property(text, (value) => {
        const bytes = Buffer.from(value);
        const shown = maskedBytes(mask, bytes)?.toString() ?? '';
        expect(shown.slice(31)).toBe(domainOf(bytes, 0, bytes.length) ?? 'masked.invalid');
      }),
    );
  });

  it('is valid for its shape', () => {
    const shown = (shape: 'phone' | 'card' | 'ssn' | 'uuid' | 'ip', value: string): string =>
      maskedBytes(maskOf({ kind: 'shape', shape, purpose: '' }, column(TEXT)), value)?.toString() ?? '';
    fc.assert(
      fc.property(text, (value) => {
        const card = shown('card', value);
        expect(luhn(card.slice(0, 15))).toBe(card.slice(15));
        expect(shown('phone', value)).toMatch(/^\+999\d{11}$/);
        expect(shown('ssn', value)).toMatch(/^9\d\d-(0[1-9]|[1-4]\d)-(?!0000)\d{4}$/);
        expect(shown('uuid', value)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(isIPv4(shown('ip', value))).toBe(true);
      }),
    );
  });

  it('is never longer than its column, and counts characters as the server does', () => {
    const wide = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(anyKind, wide, fc.constantFrom(VARCHAR, BPCHAR, NAME), text, (kind, width, typeOid, value) => {
        const mask = cellMask(kind, column(typeOid, 0, width + 4), SCOPE) ?? NULL_MASK;
        const shown = maskedBytes(mask, value)?.toString();
        if (shown === undefined) return;
        if (typeOid === NAME) expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(63);
        else expect(Array.from(shown).length).toBeLessThanOrEqual(width);
        if (typeOid === BPCHAR) expect(Array.from(shown)).toHaveLength(width);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a number mask', () => {
  it('is a multiple of its size between zero and the value, in both formats', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.constantFrom(1n, 7n, 1000n),
        (value, size) => {
          const kind: MaskKind = { kind: 'bucket', size: size.toString(), nulls: false };
          const expected = (value / size) * size;
          expect(maskedBytes(maskOf(kind, column(20)), value.toString())?.toString()).toBe(expected.toString());
          const cell = Buffer.alloc(8);
          cell.writeBigInt64BE(value);
          expect(maskedBytes(maskOf(kind, column(20, 1)), cell)?.readBigInt64BE()).toBe(expected);
        },
      ),
    );
  });
});

describe('a time mask', () => {
  const day = fc.integer({ min: -730_119, max: 2_921_939 });
  const second = fc.integer({ min: 0, max: 86_399 });
  const cellOf = (days: number, seconds: number, typeOid: number, format: 0 | 1): Buffer =>
    writeMoment({ days, seconds }, timeTypeOf(typeOid) ?? 'date', format);
  const TYPES = [1082, 1083, 1114, 1184, 1266] as const;

  it('shows its unit and nothing finer, alike in text and binary', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TRUNCATE_UNITS),
        fc.constantFrom(...TYPES),
        fc.tuple(day, second),
        fc.tuple(day, second),
        (unit, typeOid, [dayA, secondA], [dayB, secondB]) => {
          const shown = (days: number, seconds: number, format: 0 | 1): Buffer | null =>
            maskedBytes(
              maskOf({ kind: 'truncate', unit, nulls: false }, column(typeOid, format)),
              cellOf(days, seconds, typeOid, format),
            );
          const type = timeTypeOf(typeOid) ?? 'date';
          const [a, b] = [shown(dayA, secondA, 0), shown(dayB, secondB, 0)];
          const inText = readMoment(a ?? Buffer.alloc(0), type, 0);
          expect(readMoment(shown(dayA, secondA, 1) ?? Buffer.alloc(0), type, 1)).toEqual(inText);
          const partOf = (days: number, seconds: number): string => {
            const text = cellOf(days, seconds, 1114, 0).toString();
            const [date, time] = [typeOid === 1083 || typeOid === 1266 ? '' : text, typeOid === 1082 ? '' : text];
            const quarter = Math.ceil(Number(date.slice(5, 7)) / 3);
            const parts = { year: date.slice(0, 4), quarter: date.slice(0, 4) + quarter, month: date.slice(0, 7) };
            const finer = { day: date.slice(0, 10), hour: date.slice(0, 10) + time.slice(11, 13) };
            return { ...parts, ...finer, minute: date.slice(0, 10) + time.slice(11, 16) }[unit];
          };
          expect(a?.equals(b ?? Buffer.alloc(0))).toBe(partOf(dayA, secondA) === partOf(dayB, secondB));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
