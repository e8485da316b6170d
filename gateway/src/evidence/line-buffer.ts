import { countDigits, writeDigits } from './digits.ts';

/** Growth begins here, bytes: a few lines of a short result. */
const FIRST_BYTES = 512;
/** Growth begins with what was taken last, up to this many bytes. */
const MAX_FIRST_BYTES = 16 * 1024;
/** A call for more costs more than this many bytes written one by one. */
const SHORT_BYTES = 32;

/** Lines that wait to be written, as the bytes that they will be: nothing is made for each but its bytes. */
export class LineBuffer {
  #buffer = EMPTY;
  #used = 0;
  #firstBytes = FIRST_BYTES;

  get length(): number {
    return this.#used;
  }

  /** In UTF-8. */
  text(text: string): void {
    this.#reserve(text.length * 3);
    this.#used += this.#buffer.write(text, this.#used);
  }

  bytes(bytes: Buffer): void {
    const { length } = bytes;
    this.#reserve(length);
    const buffer = this.#buffer;
    const start = this.#used;
    if (length > SHORT_BYTES) bytes.copy(buffer, start);
    else for (let i = 0; i < length; i++) buffer[start + i] = bytes[i] ?? 0;
    this.#used = start + length;
  }

  /** A whole number from 0. */
  number(value: number): void {
    const digits = countDigits(value);
    this.#reserve(digits);
    this.#used += digits;
    writeDigits(value, this.#buffer, this.#used);
  }

  /** A string of JSON from its text, of which `isPlain` says yes. */
  plainString(text: Buffer): void {
    this.bytes(QUOTE);
    this.bytes(text);
    this.bytes(QUOTE);
  }

  /** All of it, now the caller's. */
  take(): Buffer {
    const bytes = this.#buffer.subarray(0, this.#used);
    this.#firstBytes = Math.max(FIRST_BYTES, Math.min(MAX_FIRST_BYTES, this.#used));
    this.#buffer = EMPTY;
    this.#used = 0;
    return bytes;
  }

  #reserve(bytes: number): void {
    const needed = this.#used + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#firstBytes, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#used);
    this.#buffer = larger;
  }
}

/** Texts as strings of JSON, in UTF-8. The last one is kept: most are the one before once more. */
export class RepeatedText {
  #text = '';
  #json = Buffer.from('""');

  json(text: string): Buffer {
    if (text !== this.#text) {
      this.#json = Buffer.from(JSON.stringify(text));
      this.#text = text;
    }
    return this.#json;
  }
}

/** Printable ASCII without quotes and backslashes: the same in JSON as it is. */
export function isPlain(text: Buffer): boolean {
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const byte = text[i] ?? 0;
    if (byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c) return false;
  }
  return true;
}

const EMPTY: Buffer = Buffer.alloc(0);
const QUOTE = Buffer.from('"');
