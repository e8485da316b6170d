import { SluiceError } from '@sluice/contract/errors';
import { BodyReader } from './body-reader.ts';
import { Carry } from './carry.ts';
import { MessageWriter } from './message-writer.ts';
import { violation } from './violation.ts';

/** Longest start-up packet without its length word, as the server has it (MAX_STARTUP_PACKET_LENGTH). */
export const MAX_STARTUP_BYTES = 10_000;
/** Protocol 3.0 keys have 4 bytes, 3.2 keys up to 256. */
export const MIN_CANCEL_KEY_BYTES = 4;
export const MAX_CANCEL_KEY_BYTES = 256;
/** Version word of a StartupMessage: major in the high half, minor in the low. */
export const PROTOCOL_3_0 = 0x0003_0000;
export const PROTOCOL_3_2 = 0x0003_0002;

const CANCEL_REQUEST = 80_877_102;
const SSL_REQUEST = 80_877_103;
const GSSENC_REQUEST = 80_877_104;
const LENGTH_BYTES = 4;
const CODE_BYTES = 4;

export type StartupPacket =
  | { readonly kind: 'SSLRequest' }
  | { readonly kind: 'GSSENCRequest' }
  | { readonly kind: 'CancelRequest'; readonly processId: number; readonly secretKey: Buffer }
  | {
      readonly kind: 'StartupMessage';
      /** Minor version of protocol 3: 0, 2, or one that is to be negotiated down (NegotiateProtocolVersion). */
      readonly minorVersion: number;
      /** Session parameters (`user`, `database`, settings) in the order sent, names unique. `user` may be missing. */
      readonly parameters: ReadonlyMap<string, string>;
      /** `_pq_.` protocol extensions, apart because a server must not take them for settings. */
      readonly protocolOptions: ReadonlyMap<string, string>;
    };

/**
 * Reads the packets of the start-up phase, which have no type byte (manual 55.2.1, 55.7).
 *
 * ```text
 * Int32  length, counts itself
 * Int32  protocol version or request code
 * Byten  parameters, or the cancel key
 * ```
 * Push a chunk, then `next`. Before a switch to TLS the caller must see `bufferedBytes === 0`: bytes that came in the
 * clear together with the SSLRequest would else be taken for bytes of the protected stream.
 *
 * Errors: `PROTOCOL_VIOLATION`, `PROTOCOL_UNSUPPORTED` (a major version other than 3), `LIMIT_REACHED`.
 */
export class StartupReader {
  readonly #carry = new Carry();
  #chunk: Buffer = EMPTY;
  #at = 0;

  get bufferedBytes(): number {
    return this.#carry.length + this.#chunk.length - this.#at;
  }

  push(chunk: Buffer): void {
    const unread = this.#chunk.subarray(this.#at);
    if (unread.length > 0 && unread.length + chunk.length > MAX_UNREAD_BYTES) {
      throw new SluiceError('LIMIT_REACHED', 'Too many bytes arrived during the start-up.');
    }
    this.#chunk = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
    this.#at = 0;
  }

  next(): StartupPacket | undefined {
    this.#carryOn(LENGTH_BYTES);
    if (this.#carry.length < LENGTH_BYTES) return undefined;
    const length = this.#carry.bytes.readInt32BE(0);
    if (length < LENGTH_BYTES + CODE_BYTES || length > LENGTH_BYTES + MAX_STARTUP_BYTES) {
      throw violation('PROTOCOL_VIOLATION', 'The start-up packet has an impossible length.');
    }
    this.#carryOn(length);
    if (this.#carry.length < length) return undefined;
    return decodeStartup(this.#carry.take().subarray(LENGTH_BYTES));
  }

  /** Removes and returns the bytes after the last packet: the first of the next phase. */
  takeRest(): Buffer {
    const rest = Buffer.concat([this.#carry.take(), this.#chunk.subarray(this.#at)]);
    this.#chunk = EMPTY;
    this.#at = 0;
    return rest;
  }

  #carryOn(wanted: number): void {
    this.#at += this.#carry.fill(this.#chunk, this.#at, wanted);
  }
}

/** Bound on bytes pushed while earlier ones are unread: the client pipelines its login at most. */
const MAX_UNREAD_BYTES = 128 * 1024;
const EMPTY: Buffer = Buffer.alloc(0);

/** Decodes a start-up packet, given without its length word. Errors as {@link StartupReader}. */
export function decodeStartup(packet: Buffer): StartupPacket {
  const reader = new BodyReader(packet, 'StartupMessage', 'PROTOCOL_VIOLATION');
  const code = reader.uint32();
  switch (code) {
    case SSL_REQUEST:
      reader.end();
      return Object.freeze({ kind: 'SSLRequest' });
    case GSSENC_REQUEST:
      reader.end();
      return Object.freeze({ kind: 'GSSENCRequest' });
    case CANCEL_REQUEST:
      return decodeCancel(reader);
    default:
      return decodeStartupMessage(reader, code);
  }
}

/** `Int32 process id · Byten key`, the key up to the packet's end. */
function decodeCancel(reader: BodyReader): StartupPacket {
  const processId = reader.uint32();
  if (reader.remaining < MIN_CANCEL_KEY_BYTES || reader.remaining > MAX_CANCEL_KEY_BYTES) {
    throw reader.broken('has a cancel key of impossible length');
  }
  return Object.freeze({ kind: 'CancelRequest', processId, secretKey: Buffer.from(reader.rest()) });
}

/** `(String name · String value)* · Byte1 0`, where the zero byte is the packet's last. */
function decodeStartupMessage(reader: BodyReader, version: number): StartupPacket {
  const major = version >>> 16;
  if (major !== 3) {
    throw new SluiceError(
      'PROTOCOL_UNSUPPORTED',
      `Protocol version ${major}.${version & 0xffff} is not supported; 3.0 to 3.2 are.`,
    );
  }
  const parameters = new Map<string, string>();
  const protocolOptions = new Map<string, string>();
  for (let name = reader.cstring(); name !== ''; name = reader.cstring()) {
    const target = name.startsWith('_pq_.') ? protocolOptions : parameters;
    // The server lets the last one win; a checker that sees the first would be fooled.
    if (target.has(name)) throw reader.broken('gives a parameter twice');
    target.set(name, reader.cstring());
  }
  reader.end();
  return Object.freeze({ kind: 'StartupMessage', minorVersion: version & 0xffff, parameters, protocolOptions });
}

/** A StartupMessage for the upstream, with exactly these parameters. */
export function encodeStartupMessage(version: number, parameters: Iterable<readonly [string, string]>): Buffer {
  const writer = new MessageWriter(null, 256).int32(version);
  for (const [name, value] of parameters) {
    if (name === '') throw new RangeError('a start-up parameter needs a name');
    writer.cstring(name).cstring(value);
  }
  return writer.uint8(0).finish();
}

export function encodeSslRequest(): Buffer {
  return new MessageWriter(null, 8).int32(SSL_REQUEST).finish();
}

export function encodeCancelRequest(processId: number, secretKey: Uint8Array): Buffer {
  return new MessageWriter(null, 16 + secretKey.length)
    .int32(CANCEL_REQUEST)
    .uint32(processId)
    .bytes(secretKey)
    .finish();
}
