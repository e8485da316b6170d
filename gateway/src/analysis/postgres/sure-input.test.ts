import { describe, expect, it } from 'vitest';
import { isSureInput } from './sure-input.ts';

describe('isSureInput', () => {
  it.each([
    ['boolean', 16, ['t', 'false'], ['maybe', 'T', '']],
    ['bigint', 20, ['-1', '123456789012345678'], ['9223372036854775808', '1.5', '']],
    ['smallint', 21, ['9999', '-1'], ['40000', '']],
    ['integer', 23, ['999999999', '-5'], ['2147483648', ' 5x', '']],
    ['text', 25, ['', 'anything'], []],
    ['float8', 701, ['1.5', '-2'], ['1e400', 'x']],
    ['numeric', 1700, ['12.50', '-3'], ['1.', 'x']],
    ['date', 1082, ['2024-02-28'], ['2024-02-30', '2024-13-01', '02/03/2024', 'now', '0000-01-01']],
    ['timestamp', 1114, ['2024-02-28 23:59:59.123456', '2024-02-28T01:02'], ['2024-02-28 25:00:00', '2024-02-28']],
    ['timestamptz', 1184, ['2024-02-28 23:59:59+02', '2024-02-28 23:59Z'], ['2024-02-28 23:59:59+99', 'today']],
    ['uuid', 2950, ['c4ca4238-a0b9-2382-0dcc-509a6f75849b'], ['c4ca4238', '']],
    ['a type that is not listed', 3734, [], ['english']],
  ] as const)('knows what %s surely takes', (_name, typeOid, sure, unsure) => {
    for (const text of sure) expect({ text, isSure: isSureInput(typeOid, text) }).toEqual({ text, isSure: true });
    for (const text of unsure) expect({ text, isSure: isSureInput(typeOid, text) }).toEqual({ text, isSure: false });
  });
});
