/**
 * The constants of a statement as texts, read from the server's tree: what the server made of literals in whatever
 * spelling. Numbered as the tree prints them (`BroughtValues`).
 *
 * ```text
 * {CONST :consttype 25 … :constlen -1 :constbyval false :constisnull false :location 8 :constvalue 7 [ 28 0 0 0 97 98 99 ]}
 * ```
 * The bytes are a Datum in the server's memory (little endian): 8 bytes of a value that is passed by value, else what it
 * points at, of which a length word of 4 bytes comes first when `constlen` is -1.
 */
import { uuidText } from '../../masking/token-text.ts';

const CONSTANT =
  /\{CONST :consttype (\d+) :consttypmod -?\d+ :constcollid \d+ :constlen (-?\d+) :constbyval (?:true|false) :constisnull (?:true|false) :location -?\d+ :constvalue (?:<>|\d+ \[([-\d ]*)\])\}/g;
const LENGTH_WORD_BYTES = 4;

const BOOL = 16;
const INT8 = 20;
const INT2 = 21;
const INT4 = 23;
const FLOAT8 = 701;
const NUMERIC = 1700;
const UUID = 2950;
const JSONB = 3802;

/** Null for what is NULL, and for types of which nothing is remembered (booleans, enumerations, dates). */
export function constantValues(trees: readonly string[]): readonly (string | null)[] {
  return trees.flatMap((tree) =>
    [...tree.replaceAll('\n', ' ').matchAll(CONSTANT)].map(([, type, length, bytes]) =>
      bytes === undefined ? null : textOf(Number(type), Number(length), bytesOf(bytes)),
    ),
  );
}

/** Printed as signed characters. */
function bytesOf(printed: string): Buffer {
  return Buffer.from(printed.split(' ').flatMap((byte) => (byte === '' ? [] : [Number(byte) & 0xff])));
}

function textOf(type: number, length: number, bytes: Buffer): string | null {
  switch (type) {
    case BOOL:
      return null;
    case INT2:
    case INT4:
    case INT8:
      return bytes.length === 8 ? bytes.readBigInt64LE().toString() : null;
    case FLOAT8:
      return bytes.length === 8 ? String(bytes.readDoubleLE()) : null;
    case NUMERIC:
      return numericText(bytes.subarray(LENGTH_WORD_BYTES));
    case UUID:
      return uuidText(bytes);
    case JSONB:
      return jsonbTexts(bytes.subarray(LENGTH_WORD_BYTES)).join('\n');
    default:
      // Text in any type of text, of users too; of arrays and rows the texts inside, between bytes that end words.
      if (length === -1) return bytes.toString('utf8', LENGTH_WORD_BYTES);
      return length === -2 || length > 8 ? bytes.toString('utf8') : null;
  }
}

/**
 * `numeric` as it is stored: digits of base 10,000 behind a header of one word (`NUMERIC_SHORT`: sign 0x2000, scale
 * 0x1F80, weight 0x0040 for its sign and 0x003F) or of two (sign and scale, then weight).
 */
function numericText(stored: Buffer): string | null {
  if (stored.length < 2) return null;
  const header = stored.readUInt16LE(0);
  const isSpecial = (header & 0xc000) === 0xc000;
  if (isSpecial) return null;
  const isShort = (header & 0x8000) !== 0;
  if (!isShort && stored.length < 4) return null;
  const scale = isShort ? (header & 0x1f80) >> 7 : header & 0x3fff;
  const weight = isShort ? (header & 0x3f) - ((header & 0x40) !== 0 ? 64 : 0) : stored.readInt16LE(2);
  const digits: string[] = [];
  for (let at = isShort ? 2 : 4; at + 2 <= stored.length; at += 2)
    digits.push(String(stored.readInt16LE(at)).padStart(4, '0'));
  const before = Math.max(weight + 1, 0);
  if (before > digits.length + 64) return null;
  const whole = digits
    .slice(0, before)
    .join('')
    .padEnd(before * 4, '0')
    .replace(/^0+/, '');
  const leading = weight < -1 ? '0000'.repeat(Math.min(-weight - 1, 64)) : '';
  const fraction = `${leading}${digits.slice(before).join('')}`.slice(0, scale);
  return `${whole === '' ? '0' : whole}${scale === 0 ? '' : `.${fraction.padEnd(scale, '0')}`}`;
}

const COUNT = 0x0fffffff;
const IS_OFFSET = 0x80000000;
const TYPE = 0x70000000;
const STRING = 0x00000000;
const NUMBER = 0x10000000;
const CONTAINER = 0x50000000;
const IS_OBJECT = 0x20000000;

/** Keys, strings and numbers of a `jsonb` as it is stored: a count word, an entry word each, then their bytes. */
function jsonbTexts(stored: Buffer): string[] {
  if (stored.length < 4) return [];
  const header = stored.readUInt32LE(0);
  const count = (header & COUNT) * ((header & IS_OBJECT) !== 0 ? 2 : 1);
  const start = 4 + 4 * count;
  if (start > stored.length) return [stored.toString('utf8')];
  const texts: string[] = [];
  let end = 0;
  for (let index = 0; index < count; index++) {
    const entry = stored.readUInt32LE(4 + 4 * index);
    const from = end;
    end = (entry & IS_OFFSET) !== 0 ? entry & COUNT : from + (entry & COUNT);
    const kind = entry & TYPE;
    if (kind === STRING) texts.push(stored.toString('utf8', start + from, start + end));
    // Numbers and containers begin at a multiple of 4 bytes.
    else if (kind === NUMBER) {
      const number = stored.subarray(start + from + padding(start + from) + LENGTH_WORD_BYTES, start + end);
      texts.push(numericText(number) ?? '');
    } else if (kind === CONTAINER)
      texts.push(...jsonbTexts(stored.subarray(start + from + padding(start + from), start + end)));
  }
  return texts;
}

function padding(at: number): number {
  return (4 - (at % 4)) % 4;
}
