import { readInt32 } from './output-buffer.ts';

/** Rows whose cell `output`, a count (int8), is below `below` do not go out. */
export type HeldBack = { readonly output: number; readonly below: number; readonly format: 0 | 1 };

const TWO_POW_32 = 0x1_0000_0000;
const CELL_COUNT_AT = 5;
const FIRST_CELL_AT = 7;

/**
 * Whether a row is to be held back. A count that cannot be read is: NULL, or not a number.
 *
 * DataRow: `D`, int32 length, int16 cells; each cell an int32 length (-1 for NULL) and its bytes. The frame was checked.
 */
export function isHeldBack(source: Buffer, start: number, { output, below, format }: HeldBack): boolean {
  const cells = source.readUInt16BE(start + CELL_COUNT_AT);
  if (output >= cells) return true;
  let at = start + FIRST_CELL_AT;
  for (let cell = 0; cell < output; cell++) at += 4 + Math.max(0, readInt32(source, at));
  const length = readInt32(source, at);
  if (length < 0) return true;
  const count =
    format === 1 ? binaryCount(source, at + 4, length) : Number(source.toString('latin1', at + 4, at + 4 + length));
  return !(count >= below);
}

function binaryCount(source: Buffer, at: number, length: number): number {
  return length === 8 ? readInt32(source, at) * TWO_POW_32 + source.readUInt32BE(at + 4) : Number.NaN;
}
