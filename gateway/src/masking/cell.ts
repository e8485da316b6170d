/**
 * How one cell is rewritten. A mask sees the bytes of a value as they go over the wire, in the format for which it was
 * made, and never lets its length through.
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

/** Longest text of a fixed mask, bytes of UTF-8. */
export const MAX_MASK_TEXT_BYTES = 256;

/** Every value becomes NULL. Right for every type. */
export const NULL_MASK: CellMask = Object.freeze({ maxBytes: 0, tailBytes: 0, write: () => -1 });

/** Whether a fixed mask can have this text. */
export function isMaskText(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_MASK_TEXT_BYTES && !text.includes('\0');
}

/** Every value, NULL too, becomes the same text. Throws RangeError beyond {@link MAX_MASK_TEXT_BYTES}. */
export function fixedMask(text: string): CellMask {
  if (!isMaskText(text)) throw new RangeError('the mask text is too long or holds NUL');
  return constantMask(Buffer.from(text, 'utf8'));
}

/** Every value, NULL too, becomes these bytes. */
export function constantMask(replacement: Buffer): CellMask {
  return Object.freeze({
    maxBytes: replacement.length,
    tailBytes: 0,
    write(_source: Buffer, _start: number, _end: number, _cut: boolean, target: Buffer, at: number): number {
      return writeBytes(replacement, 0, replacement.length, target, at);
    },
  });
}

/** Short copies are faster byte by byte than through Buffer.copy. */
export function writeBytes(source: Buffer, start: number, end: number, target: Buffer, at: number): number {
  for (let i = start; i < end; i++) target[at + i - start] = source[i] ?? 0;
  return end - start;
}
