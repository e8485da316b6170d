/** The pieces of which lines of a recording are made (recording.ts). */

export type Columns = readonly { readonly name: string; readonly typeOid: number; readonly masked: boolean }[];

/** What follows a statement's number in the line of its columns, by the array: a prepared statement has the same one at each run. */
const COLUMNS_TEXT = new WeakMap<Columns, Buffer>();

export function columnsText(columns: Columns): Buffer {
  const known = COLUMNS_TEXT.get(columns);
  if (known !== undefined) return known;
  const told = JSON.stringify(columns.map((column) => [column.name, column.typeOid, column.masked]));
  const text = Buffer.from(`,${told}]\n`);
  COLUMNS_TEXT.set(columns, text);
  return text;
}

export const COLUMNS_LINE = Buffer.from('["c",');
export const ROW_LINE = Buffer.from('["r",');
export const END_LINE = Buffer.from('["e",');
export const COMMA = Buffer.from(',');
export const ROW_START = Buffer.from(',[');
export const ROW_END = Buffer.from(']]\n');
export const NULL = Buffer.from('null');
export const ENDED = Buffer.from(',null,false]\n');
