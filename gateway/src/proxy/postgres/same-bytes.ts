/** Longer ones are compared by a call, which costs more than to compare some bytes here. */
const SHORT_BYTES = 128;

/** Whether `source[start, end)` is `bytes`; false for no bytes. */
export function isSame(bytes: Buffer, source: Buffer, start: number, end: number): boolean {
  const { length } = bytes;
  if (length === 0 || length !== end - start) return false;
  if (length > SHORT_BYTES) return bytes.compare(source, start, end) === 0;
  for (let i = 0; i < length; i++) if (bytes[i] !== source[start + i]) return false;
  return true;
}
