import { type CellMask, writeBytes } from './cell.ts';
import { type TextColumn, UNBOUNDED_TEXT } from './text-column.ts';

/** What stands for the hidden part of a value. Its length is fixed, whatever the value's. */
export const HIDDEN = '***';
/** Most characters that a `last` mask may keep. */
export const MAX_LAST_COUNT = 64;

const MAX_CHARACTER_BYTES = 4;
const SPACE = 0x20;
/** Most blanks behind a padded value (`char(n)`) that are looked past. Behind more of them the value is hidden whole. */
const MAX_PADDING_BYTES = 1_024;

/** Whether a `last` mask can keep so many characters. */
export function isLastCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= MAX_LAST_COUNT;
}

/**
 * `***` and the last `count` characters; a value of at most `count` characters is hidden whole, and so is one that is
 * not UTF-8 at its end. In a column of few characters there are fewer stars, and null is the answer where there would
 * be none. Throws RangeError when `count` is not 1 to {@link MAX_LAST_COUNT}.
 */
export function lastMask(count: number, column: TextColumn = UNBOUNDED_TEXT): CellMask | null {
  if (!isLastCount(count)) throw new RangeError('`last` keeps 1 to 64 characters');
  const stars = Math.min(HIDDEN.length, column.maxCharacters - count);
  if (stars < 1) return null;
  const hidden = Buffer.from(HIDDEN.slice(0, stars), 'latin1');
  const shownBytes = count * MAX_CHARACTER_BYTES;
  const { padTo, ignoresBlanks } = column;
  return Object.freeze({
    maxBytes: hidden.length + shownBytes + padTo,
    tailBytes: shownBytes + (ignoresBlanks ? MAX_PADDING_BYTES : 0),
    write(source: Buffer, start: number, end: number, cut: boolean, target: Buffer, at: number): number {
      let written = writeBytes(hidden, 0, hidden.length, target, at);
      const last = ignoresBlanks ? endOfText(source, start, end) : end;
      const from = startOfLast(source, start, last, count);
      const isShown = from !== -1 && (from > start || cut);
      if (isShown) written += writeBytes(source, from, last, target, at + written);
      const characters = hidden.length + (isShown ? count : 0);
      for (let pad = characters; pad < padTo; pad++) target[at + written++] = SPACE;
      return written;
    },
  });
}

/** Where the blanks begin that pad the value. */
export function endOfText(source: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start && source[at - 1] === SPACE) at--;
  return at;
}

/** Where the last `count` characters begin, or -1 when there are fewer, or when these bytes are not UTF-8. */
function startOfLast(source: Buffer, start: number, end: number, count: number): number {
  let at = end;
  for (let character = 0; character < count; character++) {
    const characterEnd = at;
    do {
      at--;
      if (at < start || characterEnd - at > MAX_CHARACTER_BYTES) return -1;
    } while (((source[at] ?? 0) & 0xc0) === 0x80);
    if (characterBytes(source[at] ?? 0) !== characterEnd - at) return -1;
  }
  return at;
}

/** Bytes of the UTF-8 character that starts with this byte; 0 when none does. */
function characterBytes(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}
