/**
 * Builds one message: `Byte1 type · Int32 length · body`. The buffer returned by `finish` belongs to the caller.
 * Only for messages that the gateway makes itself; throws RangeError for a value that does not fit its field.
 */
export class MessageWriter {
  #buffer: Buffer;
  #used: number;
  readonly #lengthAt: number;

  /** `type` null: a start-up packet, which has no type byte. */
  constructor(type: string | null, sizeHint = 64) {
    this.#buffer = Buffer.allocUnsafe(5 + sizeHint);
    this.#lengthAt = type === null ? 0 : 1;
    if (type !== null) this.#buffer[0] = type.charCodeAt(0);
    this.#used = this.#lengthAt + 4;
  }

  uint8(value: number): this {
    this.#used = this.#reserve(1).writeUInt8(value, this.#used);
    return this;
  }

  uint16(value: number): this {
    this.#used = this.#reserve(2).writeUInt16BE(value, this.#used);
    return this;
  }

  int16(value: number): this {
    this.#used = this.#reserve(2).writeInt16BE(value, this.#used);
    return this;
  }

  int32(value: number): this {
    this.#used = this.#reserve(4).writeInt32BE(value, this.#used);
    return this;
  }

  uint32(value: number): this {
    this.#used = this.#reserve(4).writeUInt32BE(value, this.#used);
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#reserve(value.length).set(value, this.#used);
    this.#used += value.length;
    return this;
  }

  /** Int32 length and the bytes; null is length -1. */
  nullableBytes(value: Uint8Array | null): this {
    return value === null ? this.int32(-1) : this.int32(value.length).bytes(value);
  }

  /** UTF-8 and a NUL. A NUL inside would end the string early and turn its rest into fields, so it is refused. */
  cstring(value: string): this {
    if (value.includes('\0')) throw new RangeError('a string of the protocol cannot hold NUL');
    const length = Buffer.byteLength(value);
    this.#used += this.#reserve(length + 1).write(value, this.#used, length, 'utf8');
    return this.uint8(0);
  }

  finish(): Buffer {
    this.#buffer.writeInt32BE(this.#used - this.#lengthAt, this.#lengthAt);
    return this.#buffer.subarray(0, this.#used);
  }

  #reserve(bytes: number): Buffer {
    const needed = this.#used + bytes;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, this.#used);
      this.#buffer = larger;
    }
    return this.#buffer;
  }
}
