import { isUtf8 } from 'node:buffer';
import type { KnownNames } from './known-names.ts';
import type { KnownText } from './known-text.ts';
import { clipName } from './name-length.ts';
import { readInt32, readUint16 } from './output-buffer.ts';
import { type ViolationCode, violation } from './violation.ts';

/** The end of a string is looked for here first: calling `indexOf` costs more than this many bytes. */
const SHORT_STRING_BYTES = 64;

/**
 * Reads the fields of one message body in order, strictly: nothing is read past the end, and `end()` requires that
 * nothing is left over. Throws SluiceError with the code that the owner gave (whose fault it is).
 * Integers are big-endian, as everywhere in the protocol.
 */
export class BodyReader {
  #source: Buffer;
  #end: number;
  #message: string;
  readonly #code: ViolationCode;
  readonly #badText: ((text: Buffer) => Error) | null;
  #at: number;

  /**
   * The body is `source[start, end)`; `message` is the manual's name of the message, for errors. `badText` makes the
   * error for a string that is not UTF-8.
   */
  constructor(
    source: Buffer,
    message: string,
    code: ViolationCode,
    start = 0,
    end = source.length,
    badText: ((text: Buffer) => Error) | null = null,
  ) {
    this.#badText = badText;
    this.#source = source;
    this.#at = start;
    this.#end = end;
    this.#message = message;
    this.#code = code;
  }

  /** Goes on with another body: one reader serves all messages of a connection. */
  read(message: string, source: Buffer, start: number, end: number): this {
    this.#source = source;
    this.#at = start;
    this.#end = end;
    this.#message = message;
    return this;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  /** Where the next field begins in the source. */
  get at(): number {
    return this.#at;
  }

  uint8(): number {
    return this.#source[this.#advance(1)] ?? 0;
  }

  uint16(): number {
    return readUint16(this.#source, this.#advance(2));
  }

  int16(): number {
    return (readUint16(this.#source, this.#advance(2)) << 16) >> 16;
  }

  int32(): number {
    return readInt32(this.#source, this.#advance(4));
  }

  /** OIDs are unsigned. */
  uint32(): number {
    return readInt32(this.#source, this.#advance(4)) >>> 0;
  }

  /** A view over the next `length` bytes. */
  bytes(length: number): Buffer {
    const start = this.#advance(length);
    return this.#source.subarray(start, start + length);
  }

  /** A view over everything that is left. */
  rest(): Buffer {
    return this.bytes(this.remaining);
  }

  /** Int32 length and that many bytes; length -1 is NULL. */
  nullableBytes(): Buffer | null {
    const length = this.int32();
    if (length === -1) return null;
    if (length < -1) throw this.broken('has a negative length');
    return this.bytes(length);
  }

  /** A NUL-terminated string of valid UTF-8. */
  cstring(): string {
    const bytes = this.cstringBytes();
    if (!isUtf8(bytes)) throw this.#notUtf8(bytes);
    return bytes.toString('utf8');
  }

  /** The bytes of a NUL-terminated string, without its NUL. */
  cstringBytes(): Buffer {
    const start = this.#at;
    const end = this.#skipString();
    return this.#source.subarray(start, end);
  }

  /** As {@link cstring}, of a name as the server knows it: the ones read before are not made again. */
  name(known: KnownNames): string {
    const start = this.#at;
    const end = this.#skipString();
    const name = known.find(this.#source, start, end);
    if (name !== null) return name;
    const bytes = this.#source.subarray(start, end);
    if (!isUtf8(bytes)) throw this.#notUtf8(bytes);
    return known.keep(clipName(bytes).toString('utf8'));
  }

  /** As {@link cstring}, of a statement's text: the last one is not made again. */
  text(known: KnownText): string {
    const start = this.#at;
    const end = this.#skipString();
    const text = known.find(this.#source, start, end);
    if (text !== null) return text;
    const bytes = this.#source.subarray(start, end);
    if (!isUtf8(bytes)) throw this.#notUtf8(bytes);
    return known.keep(bytes.toString('utf8'), bytes);
  }

  /** Goes past a string; returns where its NUL is. */
  #skipString(): number {
    const source = this.#source;
    const limit = this.#end;
    const near = Math.min(limit, this.#at + SHORT_STRING_BYTES);
    let end = this.#at;
    while (end < near && source[end] !== 0) end++;
    if (end === near && near < limit) {
      const found = source.indexOf(0, near);
      end = found === -1 ? limit : Math.min(found, limit);
    }
    if (end === limit) throw this.broken('holds a string without its final NUL');
    this.#at = end + 1;
    return end;
  }

  /** A format code: 0 text, 1 binary. */
  format(): 0 | 1 {
    const code = this.int16();
    if (code !== 0 && code !== 1) throw this.broken('has an unknown format code');
    return code;
  }

  /** Int16 count and that many format codes. */
  formats(): readonly (0 | 1)[] {
    return this.times(this.uint16(), 2, () => this.format());
  }

  /** Goes past `count` items, each as `nullableBytes` would read it. */
  skipNullableBytes(count: number): void {
    for (let i = 0; i < count; i++) {
      const length = this.int32();
      if (length < -1) throw this.broken('has a negative length');
      if (length > 0) this.#advance(length);
    }
  }

  /** Reads `count` items of at least `minBytes` each; refuses a count that cannot fit before reading any. */
  times<T>(count: number, minBytes: number, read: () => T): readonly T[] {
    if (count * minBytes > this.remaining) throw this.broken('announces more items than it holds');
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read());
    return Object.freeze(items);
  }

  /** Nothing may be left over. Lets go of the source: a reader that waits for more keeps no chunk. */
  end(): void {
    if (this.#at !== this.#end) throw this.broken('has bytes after its end');
    this.#source = NOTHING;
  }

  /** The error for a body that is not as the manual says. */
  broken(problem: string): Error {
    return violation(this.#code, `The message ${this.#message} ${problem}.`);
  }

  #notUtf8(text: Buffer): Error {
    this.#source = NOTHING;
    return this.#badText?.(text) ?? this.broken('holds text that is not UTF-8');
  }

  #advance(length: number): number {
    const start = this.#at;
    if (length > this.#end - start) throw this.broken('is too short');
    this.#at = start + length;
    return start;
  }
}

const NOTHING: Buffer = Buffer.alloc(0);
