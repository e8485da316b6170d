import { createHash, createHmac, createSecretKey } from 'node:crypto';

/** The two mechanisms of PostgreSQL (RFC 5802, RFC 7677). */
export const SCRAM = 'SCRAM-SHA-256';
export const SCRAM_PLUS = 'SCRAM-SHA-256-PLUS';
/** The one channel binding that PostgreSQL knows (RFC 5929 §4). */
export const CHANNEL_BINDING = 'tls-server-end-point';

/** Fewer rounds are too cheap to guess; RFC 7677 §4 asks for at least this. */
export const MIN_SCRAM_ITERATIONS = 4096;
/** More rounds let a peer burn our time: at 0.2 µs a round this is about 0.2 s. */
export const MAX_SCRAM_ITERATIONS = 1_000_000;
/** Longest SCRAM message accepted, characters. PostgreSQL's own have fewer than 200. */
export const MAX_SCRAM_MESSAGE = 4096;
/** Length of a SHA-256 hash: proofs, keys and signatures, bytes. */
export const SCRAM_KEY_BYTES = 32;

/** PBKDF2-HMAC-SHA-256 of a normalised password, 32 bytes. Slow on purpose: done off the main thread, or from a cache. */
export type SaltPassword = (salt: Buffer, iterations: number) => Promise<Buffer>;

/** What a server keeps of a password. */
export type ScramVerifier = { readonly storedKey: Buffer; readonly serverKey: Buffer };

/** StoredKey and ServerKey of a salted password (RFC 5802 §3). */
export function scramVerifier(saltedPassword: Buffer): ScramVerifier {
  return { storedKey: sha256(scramClientKey(saltedPassword)), serverKey: hmac(saltedPassword, 'Server Key') };
}

export function scramClientKey(saltedPassword: Buffer): Buffer {
  return hmac(saltedPassword, 'Client Key');
}

/** As a key object: given bytes, Node finds out by an error with a stack that they are none, which takes three times as long. */
export function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', createSecretKey(key)).update(text, 'utf8').digest();
}

export function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Byte-wise exclusive or of two keys of the same length. */
export function xor(a: Buffer, b: Buffer): Buffer {
  const result = Buffer.alloc(a.length);
  for (let i = 0; i < a.length; i++) result[i] = (a[i] ?? 0) ^ (b[i] ?? 0);
  return result;
}

/**
 * The attributes of a SCRAM message, `a=value,b=value`, in order; null when it is not of that form.
 * Attributes are single letters and do not repeat.
 */
export function parseAttributes(message: string): readonly (readonly [name: string, value: string])[] | null {
  if (message.length > MAX_SCRAM_MESSAGE) return null;
  const attributes: (readonly [string, string])[] = [];
  for (const part of message.split(',')) {
    const name = part.charAt(0);
    if (!/^[A-Za-z]=/.test(part) || attributes.some(([seen]) => seen === name)) return null;
    attributes.push([name, part.slice(2)]);
  }
  return attributes;
}

/** Bytes of standard base64 with its padding; null for anything else, so that one value has one spelling. */
export function strictBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/** Nonces are printable ASCII without the comma (RFC 5802 §7). */
export function isNonce(text: string): boolean {
  return /^[\x21-\x2b\x2d-\x7e]+$/.test(text);
}

/**
 * A password as PostgreSQL hashes it: SASLprep (RFC 4013) where that is possible, else unchanged.
 * Printable ASCII stays as it is. Other text: spaces become U+0020, what is "mapped to nothing" goes, then NFKC; when
 * the result is empty, holds a prohibited character or mixes directions, the password is used raw, as the server does.
 * Unicode 3.2, which SASLprep names, is not reproduced: characters added since are taken as assigned.
 */
export function saslPrep(password: string): string {
  if (/^[\x20-\x7e]*$/.test(password)) return password;
  let mapped = '';
  for (const character of password) {
    if (isIn(SPACES, character)) mapped += ' ';
    else if (!isIn(NOTHING, character)) mapped += character;
  }
  const prepared = mapped.normalize('NFKC');
  const characters = Array.from(prepared);
  const prohibited = characters.some((character) => PROHIBITED_CATEGORY.test(character) || isIn(PROHIBITED, character));
  return prepared === '' || prohibited || mixesDirections(characters) ? password : prepared;
}

function isIn(ranges: readonly Range[], character: string): boolean {
  const codePoint = character.codePointAt(0) ?? 0;
  return ranges.some(([first, last]) => codePoint >= first && codePoint <= last);
}

/** RFC 4013 §2.3: right-to-left text has no left-to-right letters, and begins and ends with right-to-left ones. */
function mixesDirections(characters: readonly string[]): boolean {
  if (!characters.some((character) => RIGHT_TO_LEFT.test(character))) return false;
  const ends = [characters[0] ?? '', characters.at(-1) ?? ''];
  return characters.some((character) => LEFT_TO_RIGHT.test(character)) || !ends.every((end) => RIGHT_TO_LEFT.test(end));
}

/** A range of code points, both ends included. */
type Range = readonly [first: number, last: number];

/** RFC 3454 table C.1.2, spaces that become U+0020. */
const SPACES: readonly Range[] = [
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200b],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
];
/** RFC 3454 table B.1, commonly mapped to nothing. */
const NOTHING: readonly Range[] = [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x1806, 0x1806],
  [0x180b, 0x180d],
  [0x200c, 0x200d],
  [0x2060, 0x2060],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
];
/** RFC 3454 tables C.2 to C.9 beyond what Unicode's categories Cc, Cs, Co and Cn cover. */
const PROHIBITED: readonly Range[] = [
  [0x340, 0x341],
  [0x6dd, 0x6dd],
  [0x70f, 0x70f],
  [0x180e, 0x180e],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2061, 0x2063],
  [0x206a, 0x206f],
  [0x2ff0, 0x2ffb],
  [0xfff9, 0xfffd],
  [0x1d173, 0x1d17a],
  [0xe0001, 0xe0001],
  [0xe0020, 0xe007f],
];
const PROHIBITED_CATEGORY = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}]/u;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;
const LEFT_TO_RIGHT =
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
