import { serialize } from 'pg-protocol';
import { HEADER_BYTES } from './framing.ts';
import type { BindMessage, FrontendMessage } from './frontend.ts';
import { MAX_NAME_BYTES } from './name-length.ts';
import { OutputBuffer, writeInt32 } from './output-buffer.ts';

/** A frontend message that the gateway may send upstream. FunctionCall is refused before it gets here. */
export type UpstreamMessage = Exclude<FrontendMessage, { readonly kind: 'FunctionCall' }>;

/**
 * Encodes a message for the upstream from what was decoded: never a relay of the client's bytes.
 * The buffer is the caller's own, and is never written to again.
 * Throws RangeError for what the wire cannot express (NUL in a string, too many items, a name over 63 bytes).
 */
export function encodeFrontend(message: UpstreamMessage): Buffer {
  switch (message.kind) {
    case 'Query':
      return own(serialize.query(text(message.text)));
    case 'Parse':
      requireCount(message.parameterTypes);
      return own(
        serialize.parse({ name: name(message.name), text: text(message.text), types: [...message.parameterTypes] }),
      );
    case 'Bind':
      return encodeBind(message);
    case 'Describe':
      return own(serialize.describe({ type: letter(message.target), name: name(message.name) }));
    case 'Close':
      return own(serialize.close({ type: letter(message.target), name: name(message.name) }));
    case 'Execute':
      return own(serialize.execute({ portal: name(message.portal), rows: message.maxRows }));
    case 'Flush':
      return own(serialize.flush());
    case 'Sync':
      return own(serialize.sync());
    case 'Terminate':
      return own(serialize.end());
    case 'CopyData':
      return own(serialize.copyData(message.data));
    case 'CopyDone':
      return own(serialize.copyDone());
    case 'CopyFail':
      return own(serialize.copyFail(text(message.reason)));
  }
}

/** PasswordMessage: a password in clear, or the md5 answer. */
export function encodePassword(password: string): Buffer {
  return own(serialize.password(text(password)));
}

export function encodeSaslInitialResponse(mechanism: string, response: string): Buffer {
  return own(serialize.sendSASLInitialResponseMessage(text(mechanism), response));
}

export function encodeSaslResponse(response: string): Buffer {
  return own(serialize.sendSCRAMClientFinalMessage(response));
}

/**
 * The same, behind what is in `out` already: the messages that make up most of the traffic are written in place, without
 * a buffer of their own. Nothing stays in `out` of a message that the wire cannot express.
 */
export function appendFrontend(out: OutputBuffer, message: UpstreamMessage): void {
  const start = out.used;
  try {
    append(out, message);
  } catch (error) {
    out.truncate(start);
    throw error;
  }
}

function append(out: OutputBuffer, message: UpstreamMessage): void {
  const start = out.used;
  switch (message.kind) {
    case 'Bind':
      begin(out, 0x42);
      appendBind(out, message);
      break;
    case 'Describe':
    case 'Close':
      begin(out, message.kind === 'Describe' ? 0x44 : 0x43);
      out.uint8(message.target === 'statement' ? 0x53 : 0x50);
      appendName(out, message.name);
      break;
    case 'Execute':
      begin(out, 0x45);
      appendName(out, message.portal);
      out.int32(message.maxRows);
      break;
    case 'Flush':
      begin(out, 0x48);
      break;
    case 'Sync':
      begin(out, 0x53);
      break;
    case 'CopyData':
      begin(out, 0x64);
      out.append(message.data, 0, message.data.length);
      break;
    default: {
      const bytes = encodeFrontend(message);
      out.append(bytes, 0, bytes.length);
      return;
    }
  }
  writeInt32(out.buffer, start + 1, out.used - start - 1);
}

/** `Byte1 type · Int32 length`, the length of which is not known yet. */
function begin(out: OutputBuffer, type: number): void {
  out.reserve(HEADER_BYTES);
  out.buffer[out.used] = type;
  out.used += HEADER_BYTES;
}

/** Our own, since pg-protocol's cannot express any mix of formats. Layout: see `decodeBind`. */
function appendBind(out: OutputBuffer, message: BindMessage): void {
  const { parameters } = message;
  requireCount(message.parameterFormats);
  requireCount(parameters);
  requireCount(message.resultFormats);
  appendName(out, message.portal);
  appendName(out, message.statement);
  appendCodes(out, message.parameterFormats);
  out.int16(parameters.length);
  // Indexed, here and below: this runs with every statement, and an iterator costs more than a short array.
  for (let i = 0; i < parameters.length; i++) {
    const value = parameters[i] ?? null;
    out.int32(value === null ? -1 : value.length);
    if (value !== null) out.append(value, 0, value.length);
  }
  appendCodes(out, message.resultFormats);
}

function appendCodes(out: OutputBuffer, codes: readonly number[]): void {
  out.int16(codes.length);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if ((code << 16) >> 16 !== code) throw new RangeError('a format code does not fit into 16 bits');
    out.int16(code);
  }
}

/** A name and its NUL. */
function appendName(out: OutputBuffer, value: string): void {
  const { length } = value;
  if (length === 0) return out.uint8(0);
  const short = length <= MAX_NAME_BYTES ? length : 0;
  out.reserve(length + 1);
  let { buffer, used } = out;
  for (let i = 0; i < short; i++) {
    const code = value.charCodeAt(i);
    if (code === 0 || code > 0x7f) break;
    buffer[used++] = code;
  }
  if (used - out.used < length) {
    out.reserve(MAX_NAME_BYTES + 1);
    buffer = out.buffer;
    used = out.used + buffer.write(name(value), out.used);
  }
  buffer[used] = 0;
  out.used = used + 1;
}

function encodeBind(message: BindMessage): Buffer {
  const out = new OutputBuffer(MAX_BIND_BYTES, () => new RangeError('a Bind is longer than the server reads'));
  appendFrontend(out, message);
  return out.take() ?? Buffer.alloc(0);
}

/** PQ_LARGE_MESSAGE_LIMIT and the type byte. */
const MAX_BIND_BYTES = 0x4000_0000;

/** pg-protocol's serializers share one writer and hand out shared constants: what leaves here is a copy of its own. */
function own(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes);
}

/** pg-protocol checks nothing: a NUL inside a string would start the next field early. */
function text(value: string): string {
  if (value.includes('\0')) throw new RangeError('a string of the protocol cannot hold NUL');
  return value;
}

function name(value: string): string {
  if (Buffer.byteLength(value) > MAX_NAME_BYTES)
    throw new RangeError('a statement or portal name has more than 63 bytes');
  return text(value);
}

function letter(target: 'statement' | 'portal'): 'S' | 'P' {
  return target === 'statement' ? 'S' : 'P';
}

function requireCount(items: readonly unknown[]): void {
  if (items.length > 0xffff) throw new RangeError('more items than a message can hold');
}
