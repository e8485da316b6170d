import { SluiceError } from '@sluice/contract/errors';

/** Bytes of a character by its first byte, as the server counts them (`pg_utf_mblen`). */
function lengthOf(first: number): number {
  if ((first & 0x80) === 0) return 1;
  if ((first & 0xe0) === 0xc0) return 2;
  if ((first & 0xf0) === 0xe0) return 3;
  return (first & 0xf8) === 0xf0 ? 4 : 1;
}

/** Bounds of the second byte where they are narrower than those of a following byte (Unicode, table 3-7). */
const SECOND_BYTE: Readonly<Record<number, readonly [least: number, most: number]>> = {
  0xe0: [0xa0, 0xbf],
  0xed: [0x80, 0x9f],
  0xf0: [0x90, 0xbf],
  0xf4: [0x80, 0x8f],
};

function isCharacter(bytes: Buffer): boolean {
  const first = bytes[0] ?? 0;
  if (first < 0x80) return bytes.length === 1;
  if (first < 0xc2 || first > 0xf4 || bytes.length !== lengthOf(first)) return false;
  const [least, most] = SECOND_BYTE[first] ?? [0x80, 0xbf];
  const second = bytes[1] ?? 0;
  return second >= least && second <= most && bytes.subarray(2).every((byte) => (byte & 0xc0) === 0x80);
}

/**
 * The error for a text of the client that is not UTF-8, in the server's words: they show the bytes of the first
 * character that is none. Not for passwords.
 */
export function notUtf8(text: Buffer): SluiceError {
  let at = 0;
  let character = text.subarray(0, lengthOf(text[0] ?? 0));
  while (at < text.length && isCharacter(character)) {
    at += character.length;
    character = text.subarray(at, at + lengthOf(text[at] ?? 0));
  }
  const shown = [...character].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`);
  return new SluiceError('TEXT_NOT_UTF8', `invalid byte sequence for encoding "UTF8": ${shown.join(' ')}`);
}
