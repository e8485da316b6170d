/**
 * How a token is spelled, and how one is found again in what a client writes.
 */
import { type MaskKeys, TOKEN_BYTES } from './mask-keys.ts';

/** What every token begins with. */
export const TOKEN_PREFIX = 'tok_';
/** Base 32 of 16 bytes. */
const TOKEN_DIGITS = 26;
export const TOKEN_CHARACTERS = TOKEN_PREFIX.length + TOKEN_DIGITS;

/** RFC 4648, in lower case: nothing that a case-insensitive collation would confuse. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const VALUES: ReadonlyMap<string, number> = new Map(Array.from(ALPHABET, (letter, value) => [letter, value]));

/** `tok_` and 26 letters and digits. */
export function tokenText(token: Buffer): string {
  let text = TOKEN_PREFIX;
  let bits = 0;
  let held = 0;
  for (const byte of token.subarray(0, TOKEN_BYTES)) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET.charAt((held >> (bits - 5)) & 31);
    held &= (1 << bits) - 1;
  }
  return text + ALPHABET.charAt((held << (5 - bits)) & 31);
}

/** The bytes that 26 letters and digits stand for. */
function tokenBytes(digits: string): Buffer {
  const token = Buffer.alloc(TOKEN_BYTES);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of digits.toLowerCase()) {
    held = (held << 5) | (VALUES.get(letter) ?? 0);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    token[at++] = held >> bits;
    held &= (1 << bits) - 1;
  }
  return token;
}

/** The text form of a UUID's 16 bytes. */
export function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

const SPELLED = new RegExp(`${TOKEN_PREFIX}([a-z2-7]{${TOKEN_DIGITS}})`, 'gi');
/** As PostgreSQL reads it: hyphens anywhere between groups of four digits. */
const UUID = /[0-9a-f]{4}(?:-?[0-9a-f]{4}){7}/gi;
const VERSION_DIGIT = 12;
/** Longest spelling of either: a UUID with a hyphen after every four digits. */
export const MAX_SPELLED_CHARACTERS = 39;

/** Whether a token of this masking key stands anywhere in the text: then somebody writes back what they were shown. */
export function holdsToken(text: string, keys: MaskKeys): boolean {
  for (const [, digits = ''] of text.matchAll(SPELLED)) if (keys.isToken(tokenBytes(digits))) return true;
  for (const [spelled] of text.matchAll(UUID)) {
    const digits = spelled.replaceAll('-', '');
    // Other versions are not ours: most UUIDs cost no hash.
    if (digits.charAt(VERSION_DIGIT) === '8' && keys.isToken(Buffer.from(digits, 'hex'))) return true;
  }
  return false;
}

/** Finds tokens in a text that comes in pieces, split anywhere. */
export class TokenFinder {
  readonly #keys: MaskKeys;
  #rest = '';

  constructor(keys: MaskKeys) {
    this.#keys = keys;
  }

  /** Whether a token ends in this piece. */
  feed(piece: Buffer): boolean {
    // Tokens are ASCII: every byte may stand for a character of its own.
    const text = this.#rest + piece.toString('latin1');
    this.#rest = text.slice(-(MAX_SPELLED_CHARACTERS - 1));
    return holdsToken(text, this.#keys);
  }
}
