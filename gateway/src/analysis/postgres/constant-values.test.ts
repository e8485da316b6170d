import { describe, expect, it } from 'vitest';
import { constantValues } from './constant-values.ts';

/** As the server prints it; bytes of 128 and more as negative numbers. */
function constant(type: number, length: number, bytes: readonly number[] | null): string {
  const value = bytes === null ? '<>' : `${bytes.length} [ ${bytes.map((byte) => (byte << 24) >> 24).join(' ')} ]`;
  return `{CONST :consttype ${type} :consttypmod -1 :constcollid 0 :constlen ${length} :constbyval ${length > 0 && length <= 8} :constisnull ${bytes === null} :location 8 :constvalue ${value}}`;
}

function varlena(bytes: readonly number[]): readonly number[] {
  const word = Buffer.alloc(4);
  word.writeUInt32LE((bytes.length + 4) << 2);
  return [...word, ...bytes];
}

const hex = (text: string): readonly number[] => [...Buffer.from(text.replaceAll(' ', ''), 'hex')];

describe('a constant of a tree', () => {
  it.each([
    ['text', 25, -1, varlena([...Buffer.from('Zoë 123-45-6789')]), 'Zoë 123-45-6789'],
    ['an unknown literal', 705, -2, [...Buffer.from('abc')], 'abc'],
    ['int4', 23, 4, [0x87, 0xd6, 0x12, 0, 0, 0, 0, 0], '1234567'],
    ['a negative int8', 20, 8, Array.from({ length: 8 }, () => 0xff), '-1'],
    ['float8', 701, 8, hex('0000000087d63241'), '1234567'],
    // 1234567.89: short header with scale 2 and weight 1, digits 123, 4567, 8900.
    ['numeric', 1700, -1, varlena(hex('0181 7b00 d711 c422')), '1234567.89'],
    // 0.00005: weight -2, scale 5, digit 5000.
    ['a small numeric', 1700, -1, varlena(hex('fe82 8813')), '0.00005'],
    // 10^8: weight 2, digit 1.
    ['a round numeric', 1700, -1, varlena(hex('0280 0100')), '100000000'],
    ['uuid', 2950, 16, hex('00112233445566778899aabbccddeeff'), '00112233-4455-6677-8899-aabbccddeeff'],
    ['boolean', 16, 1, [1, 0, 0, 0, 0, 0, 0, 0], null],
    ['date', 1082, 4, [1, 0, 0, 0, 0, 0, 0, 0], null],
    ['NULL', 25, -1, null, null],
  ])('of %s is read', (_what, type, length, bytes, text) => {
    expect(constantValues([constant(type, length, bytes)])).toEqual([text]);
  });

  it('of jsonb gives its keys, strings and numbers', () => {
    // {"id": 7, "to": ["ada@example.com"]}: two entries an object, in the order of their lengths.
    const inner = [...hex('01000040 0f000080'), ...Buffer.from('ada@example.com'), 0];
    const number = [...varlena(hex('0080 0700'))];
    const data = [...Buffer.from('idto'), ...number, ...inner];
    const entries = hex('02000080 02000000 08000010 18000050');
    const stored = varlena([...hex('02000020'), ...entries, ...data]);
    expect(constantValues([constant(3802, -1, stored)])).toEqual([['id', 'to', '7', 'ada@example.com'].join('\n')]);
  });
  it('has its number in the order of the trees, where lines are broken too', () => {
    const first = constant(25, -1, varlena([97])).replaceAll(' :', '\n:');
    expect(constantValues([`(${first} ${constant(16, 1, [1])})`, constant(25, -1, varlena([98]))])).toEqual([
      'a',
      null,
      'b',
    ]);
  });
  it('is no name that looks like one', () => {
    expect(constantValues(['{TARGETENTRY :resname \\{CONST\\ :consttype\\ 25}'])).toEqual([]);
  });
});
