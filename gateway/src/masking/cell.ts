/**
 * How one cell is rewritten. A mask sees the bytes of a text value in UTF-8 (text types have the same bytes in text
 * and binary format) and never lets its length through.
 */
export interface CellMask {
  /** Longest result, bytes: what the caller must have room for. */
  readonly maxBytes: number;
  /** How many of the value's last bytes `write` may look at. 0: the value does not matter. */
  readonly tailBytes: number;
  /**
   * Writes the replacement of `source[start, end)` to `target` from `at`. Returns its length in bytes, or -1 for NULL.
   * `cut` says that the value has more bytes before `start`. A NULL is given as an empty value: whether a classified
   * cell is NULL is itself classified, so both come out alike.
   */
  write(source: Buffer, start: number, end: number, cut: boolean, target: Buffer, at: number): number;
}

/** What stands for the hidden part of a value. Its length is fixed, whatever the value's. */
export const HIDDEN = '***';
/** Longest text of a fixed mask, bytes of UTF-8. */
export const MAX_MASK_TEXT_BYTES = 256;
/** Most characters that a `last` mask may keep. */
export const MAX_LAST_COUNT = 64;

const MAX_CHARACTER_BYTES = 4;

/** Every value becomes NULL. Right for every type. */
export const NULL_MASK: CellMask = Object.freeze({ maxBytes: 0, tailBytes: 0, write: () => -1 });

/** Whether a fixed mask can have this text. */
export function isMaskText(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_MASK_TEXT_BYTES && !text.includes('\0');
}

/** Whether a `last` mask can keep so many characters. */
export function isLastCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= MAX_LAST_COUNT;
}

/** Every value, NULL too, becomes the same text. Throws RangeError beyond {@link MAX_MASK_TEXT_BYTES}. */
export function fixedMask(text: string): CellMask {
  const replacement = Buffer.from(text, 'utf8');
  if (!isMaskText(text)) throw new RangeError('the mask text is too long or holds NUL');
  return Object.freeze({
    maxBytes: replacement.length,
    tailBytes: 0,
    write(_source: Buffer, _start: number, _end: number, _cut: boolean, target: Buffer, at: number): number {
      return writeBytes(replacement, 0, replacement.length, target, at);
    },
  });
}

/**
 * `***` and the last `count` characters; a value of at most `count` characters is hidden whole, and so is one that is
 * not UTF-8 at its end. Throws RangeError when `count` is not 1 to {@link MAX_LAST_COUNT}.
 */
export function lastMask(count: number): CellMask {
  if (!isLastCount(count)) throw new RangeError('`last` keeps 1 to 64 characters');
  const hidden = Buffer.from(HIDDEN, 'latin1');
  const tailBytes = count * MAX_CHARACTER_BYTES;
  return Object.freeze({
    maxBytes: hidden.length + tailBytes,
    tailBytes,
    write(source: Buffer, start: number, end: number, cut: boolean, target: Buffer, at: number): number {
      const written = writeBytes(hidden, 0, hidden.length, target, at);
      const from = startOfLast(source, start, end, count);
      if (from === -1 || (from === start && !cut)) return written;
      return written + writeBytes(source, from, end, target, at + written);
    },
  });
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

/** Short copies are faster byte by byte than through Buffer.copy. */
function writeBytes(source: Buffer, start: number, end: number, target: Buffer, at: number): number {
  for (let i = start; i < end; i++) target[at + i - start] = source[i] ?? 0;
  return end - start;
}
