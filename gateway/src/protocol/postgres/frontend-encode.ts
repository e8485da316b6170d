import { serialize } from 'pg-protocol';
import type { BindMessage, FrontendMessage } from './frontend.ts';
import { MessageWriter } from './message-writer.ts';

/** Names that the gateway gives stay below PostgreSQL's NAMEDATALEN, bytes. */
export const MAX_NAME_BYTES = 63;

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

/** Our own, since pg-protocol's cannot express any mix of formats. Layout: see `decodeBind`. */
function encodeBind(message: BindMessage): Buffer {
  requireCount(message.parameterFormats);
  requireCount(message.parameters);
  requireCount(message.resultFormats);
  const writer = new MessageWriter('B', 256).cstring(name(message.portal)).cstring(name(message.statement));
  writer.uint16(message.parameterFormats.length);
  for (const format of message.parameterFormats) writer.int16(format);
  writer.uint16(message.parameters.length);
  for (const value of message.parameters) writer.nullableBytes(value);
  writer.uint16(message.resultFormats.length);
  for (const format of message.resultFormats) writer.int16(format);
  return writer.finish();
}

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
