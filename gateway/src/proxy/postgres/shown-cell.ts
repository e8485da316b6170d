import { isUtf8 } from 'node:buffer';

/** A cell as a recording keeps it: text, or `\\x…` for what is not UTF-8; null for NULL. */
export function shownCell(cell: Buffer | null): string | null {
  if (cell === null) return null;
  const text = cell.toString('utf8');
  // The replacement character stands for bytes that are not UTF-8, or for itself.
  return text.includes('\ufffd') && !isUtf8(cell) ? `\\x${cell.toString('hex')}` : text;
}
