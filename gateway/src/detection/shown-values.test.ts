import { describe, expect, it } from 'vitest';
import { MAX_LOOKED_THROUGH, MAX_SHOWN_CHARACTERS, type ShownFrom, ShownValues } from './shown-values.ts';

const KEY = Buffer.alloc(32, 7);
const SSN: ShownFrom = {
  resource: 'crm',
  columns: [{ schema: 'public', table: 'customers', column: 'ssn', label: 'regulated', category: 'pii.ssn' }],
  keys: [],
};
const ANA = ['idp|ana'];

function made(bounds: { maxValues?: number; maxSubjects?: number } = {}): { shown: ShownValues; forgotten: string[] } {
  const forgotten: string[] = [];
  const onForgotten = (subject: string): void => void forgotten.push(subject);
  return { shown: new ShownValues({ key: KEY, onForgotten, ...bounds }), forgotten };
}

function finds(value: string, text: string): boolean {
  const { shown } = made();
  shown.remember(ANA, value, SSN);
  return shown.find(ANA, text) !== null;
}

describe('a value that was shown', () => {
  it.each([
    ['as it is', '123-45-6789', '123-45-6789'],
    ['among blanks', '123-45-6789', '  123-45-6789\n'],
    ['without its separators', '123-45-6789', '123456789'],
    ['with other separators', '123-45-6789', '123 45 6789'],
    ['digit by digit', '123-45-6789', '1 2 3 4 5 6 7 8 9'],
    ['inside a sentence', '123-45-6789', 'called 123-45-6789, will call again in 3 days'],
    ['behind a mark', '123-45-6789', 'ssn:123-45-6789;'],
    ['behind letters', '123-45-6789', 'ssn123-45-6789'],
    ['beside another number', '123-45-6789', 'in 2024 123-45-6789 was'],
    ['in JSON', 'ada@example.com', '{"to":["ada@example.com"]}'],
    ['in another case', 'Ada Lovelace', 'met ADA LOVELACE today'],
    ['with other blanks', 'Ada Lovelace', 'ada\t lovelace'],
    ['in full width', '123-45-6789', '１２３-４５-６７８９'],
    ['of several words at the end', 'Ada King of Lovelace', 'for ada king of lovelace'],
    ['of many words, written as a whole', 'ward 7 of the hospital in Riga', 'Ward 7 of the hospital in Riga'],
    ['as an address in angle brackets', 'ada@example.com', 'Ada <ada@example.com>'],
    ['a number with another scale', '1234567.50', '1234567.5'],
    ['a number in digits', '123-45-6789', '123456789.00'],
    ['a long number as it came', '4000000000000002', 'card 4000-0000-0000-0002'],
  ])('is found %s', (_how, value, text) => {
    expect(finds(value, text)).toBe(true);
  });
  it.each([
    ['another value', '123-45-6789', '123-45-6780'],
    ['a part of it', '123-45-6789', '6789'],
    ['a longer number with it inside', '123-45-6789', '91234567890'],
    ['a short text', 'Ada', 'Ada'],
    ['a small number', '52000', '52000'],
    ['a price', '1999.99', '1999.99'],
    ['nothing', '', ''],
  ])('is not %s', (_what, value, text) => {
    expect(finds(value, text)).toBe(false);
  });

  it('is known to everybody in the chain, and to nobody else', () => {
    const { shown } = made();
    shown.remember(['idp|ana', 'idp|agent'], '123-45-6789', SSN);
    expect(shown.find(['idp|ana'], '123-45-6789')).toEqual({ how: 'shown', from: SSN });
    expect(shown.find(['idp|bob', 'idp|agent'], '123-45-6789')).toEqual({ how: 'shown', from: SSN });
    expect(shown.find(['idp|bob'], '123-45-6789')).toBeNull();
    expect(shown.isEmpty(['idp|bob'])).toBe(true);
    expect(shown.isEmpty(['idp|bob', 'idp|ana'])).toBe(false);
  });
});

describe('bounds', () => {
  const value = (n: number): string => `value ${n} of many`;

  it('the oldest values are forgotten beyond the bound, which is told once', () => {
    const { shown, forgotten } = made({ maxValues: 3 });
    for (const n of [1, 2, 3]) shown.remember(ANA, value(n), SSN);
    expect(forgotten).toEqual([]);
    shown.remember(ANA, value(1), SSN);
    shown.remember(ANA, value(4), SSN);
    shown.remember(ANA, value(5), SSN);
    expect(forgotten).toEqual(ANA);
    expect(shown.count('idp|ana')).toBe(3);
    expect([1, 2, 3, 4, 5].map((n) => shown.find(ANA, value(n)) !== null)).toEqual([true, false, false, true, true]);
  });
  it('what was shown to whoever read the longest ago is forgotten beyond the bound', () => {
    const { shown, forgotten } = made({ maxSubjects: 2 });
    shown.remember(['a'], value(1), SSN);
    shown.remember(['b'], value(1), SSN);
    shown.remember(['a'], value(2), SSN);
    shown.remember(['c'], value(1), SSN);
    expect(forgotten).toEqual(['b']);
    expect(['a', 'b', 'c'].map((subject) => shown.isEmpty([subject]))).toEqual([false, true, false]);
  });
  it('a cell of the longest length is remembered, and none beyond', () => {
    const cell = 'a'.repeat(MAX_SHOWN_CHARACTERS);
    expect(finds(cell, cell)).toBe(true);
    expect(finds(`${cell}a`, `${cell}a`)).toBe(false);
  });
  it('a text that is too long to be looked through counts as holding one', () => {
    const { shown } = made();
    const text = 'x '.repeat(MAX_LOOKED_THROUGH / 2);
    expect(shown.find(ANA, `${text}y`)).toBeNull();
    shown.remember(ANA, '123-45-6789', SSN);
    expect(shown.find(ANA, text)).toBeNull();
    expect(shown.find(ANA, `${text}y`)).toEqual({ how: 'unread', from: SSN });
  });
});
