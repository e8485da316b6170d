import { describe, expect, it } from 'vitest';
import { isHeldBack } from './held-back.ts';

/** DataRow: `D`, length, number of cells; each a length (-1 for NULL) and bytes. */
function row(...cells: readonly (string | Buffer | null)[]): Buffer {
  const body = cells.map((cell) => {
    if (cell === null) return Buffer.from([0xff, 0xff, 0xff, 0xff]);
    const bytes = Buffer.from(cell);
    return Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  });
  const rest = Buffer.concat([Buffer.from([0, cells.length]), ...body]);
  return Buffer.concat([Buffer.from([0x44, 0, 0, 0, 4 + rest.length]), rest]);
}

const int8 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};

describe('a row of a counted group', () => {
  it.each([
    ['of the bound goes out', row('Oslo', '20'), 0, false],
    ['below the bound does not', row('Oslo', '19'), 0, true],
    ['behind NULLs is read at its place', row(null, '20'), 0, false],
    ['without a count does not go out', row('Oslo', null), 0, true],
    ['of which the count is no number does not go out', row('Oslo', 'x'), 0, true],
    ['of too few cells does not go out', row('Oslo'), 0, true],
    ['in binary of the bound goes out', row('Oslo', int8(20n)), 1, false],
    ['in binary below the bound does not', row('Oslo', int8(19n)), 1, true],
    ['in binary of billions goes out', row('Oslo', int8(5_000_000_000n)), 1, false],
    ['in binary of another length does not go out', row('Oslo', Buffer.from([0, 0, 0, 99])), 1, true],
  ] as const)('%s', (_name, bytes, format, held) => {
    const shifted = Buffer.concat([Buffer.from('before'), bytes]);
    expect(isHeldBack(shifted, 6, { output: 1, below: 20, format })).toBe(held);
  });
});
