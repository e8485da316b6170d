import { describe, expect, it } from 'vitest';
import { readCopyCells } from './copy-cells.ts';
import { type CopyFormat, CSV_COPY, TEXT_COPY } from './copy-format.ts';

const MAX_CELL_BYTES = 300;

/** `column: value` of each cell, with the data in pieces of `pieceBytes`. */
function cellsOf(format: CopyFormat, data: Buffer, pieceBytes: number): readonly string[] {
  const cells: string[] = [];
  const reader = readCopyCells(format, MAX_CELL_BYTES, (column, cell) =>
    cells.push(`${column}: ${cell === null ? '…' : cell.toString('utf8')}`),
  );
  for (let at = 0; at < data.length; at += pieceBytes) reader.feed(data.subarray(at, at + pieceBytes));
  reader.finish();
  return cells;
}

const BINARY_HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

describe.each([1, 2, 3, 7, 10_000])('in pieces of %i bytes', (pieceBytes) => {
  it.each<[string, CopyFormat, string, readonly string[]]>([
    ['text', TEXT_COPY, '1\tZoë\n2\t\\N\n', ['0: 1', '1: Zoë', '0: 2', '1: N', '0: ']],
    ['text without a last newline', TEXT_COPY, '1\ta', ['0: 1', '1: a']],
    [
      'text with escapes',
      TEXT_COPY,
      'a\\tb\\\tc\\\\\t\\x31\\062\\0633\\x3z\\xg\\\n',
      ['0: a\tb\tc\\', '1: 1233\u0003zxg\n'],
    ],
    ['text with another delimiter', { ...TEXT_COPY, delimiter: '|' }, 'a|b\tc\n', ['0: a', '1: b\tc', '0: ']],
    ['csv', CSV_COPY, '1,"a,\n""b"""\n', ['0: 1', '1: a,\n"b"', '0: ']],
    ['csv with quotes inside a cell', CSV_COPY, 'a"b,c"d,e\n', ['0: ab,cd', '1: e', '0: ']],
    [
      'csv with an escape character of its own',
      { ...CSV_COPY, escape: '\\' },
      '"a\\"b\\\\c\\d",e\n',
      ['0: a"b\\c\\d', '1: e', '0: '],
    ],
    [
      'a cell beyond the bound',
      TEXT_COPY,
      `${'a'.repeat(MAX_CELL_BYTES)}\t${'a'.repeat(MAX_CELL_BYTES + 1)}`,
      [`0: ${'a'.repeat(MAX_CELL_BYTES)}`, '1: …'],
    ],
  ])('%s is read as the server reads it', (_what, format, data, cells) => {
    expect(cellsOf(format, Buffer.from(data), pieceBytes)).toEqual(cells);
  });
  it('binary is read as the server reads it', () => {
    // Two columns: 'ab', NULL; then '', 'c'; then the trailer.
    const rows = Buffer.from('0002 00000002 6162 ffffffff 0002 00000000 00000001 63 ffff'.replaceAll(' ', ''), 'hex');
    expect(cellsOf({ format: 'binary' }, Buffer.concat([BINARY_HEADER, rows]), pieceBytes)).toEqual([
      ...['0: ab', '1: ', '0: ', '1: c'],
    ]);
  });
  it('binary with an extension in its header is read', () => {
    const header = Buffer.from(BINARY_HEADER);
    header.writeInt32BE(3, header.length - 4);
    const rows = Buffer.from('0001 00000001 61 ffff'.replaceAll(' ', ''), 'hex');
    expect(cellsOf({ format: 'binary' }, Buffer.concat([header, Buffer.from('xyz'), rows]), pieceBytes)).toEqual([
      '0: a',
    ]);
  });
});
