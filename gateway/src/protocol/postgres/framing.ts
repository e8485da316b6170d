import { SluiceError } from '@sluice/contract/errors';
import { Carry } from './carry.ts';
import { readInt32 } from './output-buffer.ts';
import { typeName, type ViolationCode, violation } from './violation.ts';

/** Bytes before a message's body: Byte1 type, Int32 length. */
export const HEADER_BYTES = 5;
/** What a client may send in one message before it has logged in, as the server has it (PG_MAX_AUTH_TOKEN_LENGTH). */
export const MAX_LOGIN_FRAME_BYTES = 65_535;

/** One complete message. `body` is a view over the chunk when the frame came in one piece. */
export type Frame = {
  /** The type byte, e.g. 0x51 for `Q`. */
  readonly type: number;
  /** Without type and length. Valid until the next `next()` or `push()`; copy what is kept. */
  readonly body: Buffer;
  /** Set when the message is longer than the bound: its length. Its body is empty here, and dropped as it comes. */
  readonly droppedBytes?: number;
};

/** What is done with frames over the bound, by their type byte, instead of giving up on the stream. */
export type LongFrames = {
  /** Returned in pieces, each a frame of its own: right for CopyData, whose boundaries mean nothing. */
  readonly inPieces: ReadonlySet<number>;
  /** Returned once with `droppedBytes`. */
  readonly dropped: ReadonlySet<number>;
};

/** Servers accept no message of a client over this length (PQ_LARGE_MESSAGE_LIMIT), so nothing longer is put up with. */
export const MAX_LONG_FRAME_BYTES = 0x3fff_ffff;

export type FrameReaderOptions = {
  /** Longest frame in bytes, header included. */
  readonly maxFrameBytes: number;
  /** Whose fault broken bytes are; default `PROTOCOL_VIOLATION`, the client's. */
  readonly violation?: ViolationCode;
  /** Default: none, every frame over the bound is an error. */
  readonly longFrames?: LongFrames;
};

/**
 * Cuts a byte stream into messages, either direction, after the start-up phase (manual 55.2.1).
 *
 * ```text
 * Byte1  type
 * Int32  length, counts itself and the body, not the type: at least 4
 * Byten  body
 * ```
 * A length that cannot be is refused as soon as the five header bytes are there, before anything is buffered for it.
 * Push a chunk, then call `next` until it returns undefined; only then is the chunk the caller's again. A chunk pushed
 * while frames are unread (a paused reader) is appended, at most `maxFrameBytes` unread bytes in all.
 *
 * Errors: `PROTOCOL_VIOLATION` (or the option's), `LIMIT_FRAME_BYTES`, `LIMIT_REACHED`. After one the reader stays broken.
 */
export class FrameReader {
  readonly #violation: ViolationCode;
  readonly #carry = new Carry();
  readonly #longFrames: LongFrames;
  /** Of a frame over the bound: its type, and how much of its body is still to come. */
  #long: { readonly type: number; rest: number } | null = null;
  #maxFrameBytes: number;
  #chunk: Buffer = EMPTY;
  #at = 0;
  #failure: Error | null = null;
  #type = 0;
  #source: Buffer = EMPTY;
  #start = 0;
  #end = 0;
  #droppedBytes = 0;

  constructor(options: FrameReaderOptions) {
    this.#maxFrameBytes = options.maxFrameBytes;
    this.#violation = options.violation ?? 'PROTOCOL_VIOLATION';
    this.#longFrames = options.longFrames ?? NONE;
  }

  /** Bytes that were pushed and not yet returned in a frame. */
  get bufferedBytes(): number {
    return this.#carry.length + this.#chunk.length - this.#at;
  }

  /** Another bound from the next frame on: small before login, the configured one after. */
  setMaxFrameBytes(maxFrameBytes: number): void {
    this.#maxFrameBytes = maxFrameBytes;
  }

  push(chunk: Buffer): void {
    if (this.#failure !== null) throw this.#failure;
    const unread = this.#chunk.length - this.#at;
    if (unread === 0) {
      this.#chunk = chunk;
    } else {
      if (this.bufferedBytes + chunk.length > this.#maxFrameBytes + HEADER_BYTES) {
        throw this.#fail(new SluiceError('LIMIT_REACHED', 'Too many bytes arrived while earlier messages wait.'));
      }
      this.#chunk = Buffer.concat([this.#chunk.subarray(this.#at), chunk]);
    }
    this.#at = 0;
  }

  /** The next complete frame, or undefined when more bytes are needed. */
  next(): Frame | undefined {
    if (!this.advance()) return undefined;
    const body = this.#source.subarray(this.#start, this.#end);
    return this.#droppedBytes === 0
      ? { type: this.#type, body }
      : { type: this.#type, body, droppedBytes: this.#droppedBytes };
  }

  /** Goes to the next complete frame, which `type`, `source`, `start`, `end` and `droppedBytes` tell of; false when more bytes are needed. */
  advance(): boolean {
    if (this.#failure !== null) throw this.#failure;
    if (this.#long !== null && this.#nextOfLong(this.#long)) return true;
    if (this.#carry.length > 0 ? this.#nextFromCarry() : this.#nextFromChunk()) return true;
    // An idle connection keeps no chunk.
    this.#source = EMPTY;
    return false;
  }

  /** Type byte of the frame at hand. */
  get type(): number {
    return this.#type;
  }

  /** Its body is `source[start, end)`, valid until the next `advance`, `next` or `push`. */
  get source(): Buffer {
    return this.#source;
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  /** As in {@link Frame}; 0 for a frame that is not dropped. */
  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  #found(type: number, source: Buffer, start: number, end: number, droppedBytes = 0): true {
    this.#type = type;
    this.#source = source;
    this.#start = start;
    this.#end = end;
    this.#droppedBytes = droppedBytes;
    return true;
  }

  *[Symbol.iterator](): Generator<Frame, void, undefined> {
    for (let frame = this.next(); frame !== undefined; frame = this.next()) yield frame;
  }

  /** Removes and returns what is buffered: for handing a stream over to another reader. */
  takeRest(): Buffer {
    const rest = Buffer.concat([this.#carry.take(), this.#chunk.subarray(this.#at)]);
    this.#chunk = EMPTY;
    this.#at = 0;
    return rest;
  }

  /** A piece of a long frame; false when there is none, or nothing of it is wanted. */
  #nextOfLong(long: { readonly type: number; rest: number }): boolean {
    const start = this.#at;
    const end = Math.min(this.#chunk.length, start + long.rest);
    this.#at = end;
    long.rest -= end - start;
    if (long.rest === 0) this.#long = null;
    if (end === start || !this.#longFrames.inPieces.has(long.type)) return false;
    return this.#found(long.type, this.#chunk, start, end);
  }

  /** Begins a frame over the bound whose header is at `at`; false when it is not one that is put up with. */
  #beginLong(header: Buffer, at: number, frameLength: number): boolean {
    const type = header[at] ?? 0;
    const isDropped = this.#longFrames.dropped.has(type);
    if (!isDropped && !this.#longFrames.inPieces.has(type)) return false;
    const bodyBytes = frameLength - 4;
    if (bodyBytes > MAX_LONG_FRAME_BYTES) return false;
    this.#long = { type, rest: bodyBytes };
    return this.#found(type, EMPTY, 0, 0, isDropped ? bodyBytes + HEADER_BYTES : 0);
  }

  #nextFromChunk(): boolean {
    const chunk = this.#chunk;
    const at = this.#at;
    if (chunk.length - at >= HEADER_BYTES) {
      const frameLength = readInt32(chunk, at + 1);
      if (frameLength >= this.#maxFrameBytes && this.#beginLong(chunk, at, frameLength)) {
        this.#at = at + HEADER_BYTES;
        return true;
      }
      const end = at + this.#frameBytes(chunk, at, frameLength);
      if (end <= chunk.length) {
        this.#at = end;
        return this.#found(chunk[at] ?? 0, chunk, at + HEADER_BYTES, end);
      }
    }
    this.#carryOn(HEADER_BYTES);
    return this.#carry.length === HEADER_BYTES && this.#nextFromCarry();
  }

  #nextFromCarry(): boolean {
    this.#carryOn(HEADER_BYTES);
    if (this.#carry.length < HEADER_BYTES) return false;
    const frameLength = readInt32(this.#carry.bytes, 1);
    if (
      this.#carry.length === HEADER_BYTES &&
      frameLength >= this.#maxFrameBytes &&
      this.#beginLong(this.#carry.bytes, 0, frameLength)
    ) {
      this.#carry.take();
      return true;
    }
    const frameBytes = this.#frameBytes(this.#carry.bytes, 0, frameLength);
    this.#carryOn(frameBytes);
    if (this.#carry.length < frameBytes) return false;
    const frame = this.#carry.take();
    return this.#found(frame[0] ?? 0, frame, HEADER_BYTES, frame.length);
  }

  /** Moves bytes from the chunk to the carry, until `wanted` are carried or the chunk is used up. */
  #carryOn(wanted: number): void {
    this.#at += this.#carry.fill(this.#chunk, this.#at, wanted);
    if (this.#at === this.#chunk.length) {
      this.#chunk = EMPTY;
      this.#at = 0;
    }
  }

  /** Bytes of the frame whose header is at `at`, checked. */
  #frameBytes(bytes: Buffer, at: number, frameLength: number): number {
    if (frameLength >= 4 && frameLength < this.#maxFrameBytes) return frameLength + 1;
    throw this.#fail(
      frameLengthProblem(bytes, at, this.#maxFrameBytes, this.#violation) ??
        new Error('a length that is refused has no problem'),
    );
  }

  #fail(error: Error): Error {
    this.#failure = error;
    return error;
  }
}

/** Why the length in the header at `at` is not acceptable, or null. Read as signed: a wrapping length is negative. */
export function frameLengthProblem(
  bytes: Buffer,
  at: number,
  maxBytes: number,
  code: ViolationCode,
): SluiceError | null {
  const length = readInt32(bytes, at + 1);
  if (length >= 4 && length < maxBytes) return null;
  const type = typeName(bytes.readUInt8(at));
  if (length < 4) return violation(code, `A message of type ${type} has an impossible length.`);
  if (length + 1 > maxBytes) {
    return new SluiceError(
      'LIMIT_FRAME_BYTES',
      `A message of type ${type} has ${length + 1} bytes; at most ${maxBytes} are accepted.`,
    );
  }
  return null;
}

const EMPTY: Buffer = Buffer.alloc(0);
const NONE: LongFrames = { inPieces: new Set(), dropped: new Set() };
