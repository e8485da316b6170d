import { BodyReader } from './body-reader.ts';
import { typeName, violation } from './violation.ts';

/** The messages of a client after its login, in the words of the manual (55.7). Frozen. */
export type FrontendMessage =
  | { readonly kind: 'Query'; readonly text: string }
  | { readonly kind: 'Parse'; readonly name: string; readonly text: string; readonly parameterTypes: readonly number[] }
  | BindMessage
  | { readonly kind: 'Describe'; readonly target: Target; readonly name: string }
  | { readonly kind: 'Close'; readonly target: Target; readonly name: string }
  | { readonly kind: 'Execute'; readonly portal: string; readonly maxRows: number }
  | { readonly kind: 'Flush' }
  | { readonly kind: 'Sync' }
  | { readonly kind: 'Terminate' }
  | { readonly kind: 'CopyData'; readonly data: Buffer }
  | { readonly kind: 'CopyDone' }
  | { readonly kind: 'CopyFail'; readonly reason: string }
  | FunctionCallMessage;

export type Target = 'statement' | 'portal';

export type BindMessage = {
  readonly kind: 'Bind';
  readonly portal: string;
  readonly statement: string;
  /** None (all text), one (for all) or one per parameter: 0 text, 1 binary. The server refuses other codes and counts. */
  readonly parameterFormats: readonly number[];
  /** Raw values, copied out of the socket's chunk: they can be held for an approval. */
  readonly parameters: readonly (Buffer | null)[];
  /** None (all text), one (for all) or one per result column. The server refuses other codes with the first row. */
  readonly resultFormats: readonly number[];
};

export type FunctionCallMessage = {
  readonly kind: 'FunctionCall';
  readonly functionOid: number;
  readonly argumentFormats: readonly (0 | 1)[];
  readonly arguments: readonly (Buffer | null)[];
  readonly resultFormat: 0 | 1;
};

/**
 * Decodes a client's message. Every byte must be accounted for; strings are NUL-terminated valid UTF-8.
 * `p` (a password or SASL answer) is no message of a logged-in client: see {@link decodePassword} and its siblings.
 * Errors: `PROTOCOL_VIOLATION`.
 */
export function decodeFrontend(type: number, body: Buffer): FrontendMessage {
  switch (type) {
    case 0x51:
      return decodeQuery(body);
    case 0x50:
      return decodeParse(body);
    case 0x42:
      return decodeBind(body);
    case 0x44:
      return decodeNamed('Describe', body);
    case 0x43:
      return decodeNamed('Close', body);
    case 0x45:
      return decodeExecute(body);
    case 0x48:
      return decodeEmpty('Flush', body);
    case 0x53:
      return decodeEmpty('Sync', body);
    case 0x58:
      return decodeEmpty('Terminate', body);
    case 0x64:
      return Object.freeze({ kind: 'CopyData', data: body });
    case 0x63:
      return decodeEmpty('CopyDone', body);
    case 0x66:
      return decodeCopyFail(body);
    case 0x46:
      return decodeFunctionCall(body);
    default:
      throw violation(
        'PROTOCOL_VIOLATION',
        `The client sent a message of type ${typeName(type)}, which is not known here.`,
      );
  }
}

/** `String text` */
function decodeQuery(body: Buffer): FrontendMessage {
  const reader = open(body, 'Query');
  const text = reader.cstring();
  reader.end();
  return Object.freeze({ kind: 'Query', text });
}

/** `String name · String text · Int16 n · n × Int32 type OID` */
function decodeParse(body: Buffer): FrontendMessage {
  const reader = open(body, 'Parse');
  const name = reader.cstring();
  const text = reader.cstring();
  const parameterTypes = reader.times(reader.uint16(), 4, () => reader.uint32());
  reader.end();
  return Object.freeze({ kind: 'Parse', name, text, parameterTypes });
}

/**
 * ```text
 * String portal · String statement
 * Int16 n · n × Int16 parameter format
 * Int16 n · n × (Int32 length, -1 for NULL · Byten value)
 * Int16 n · n × Int16 result format
 * ```
 */
function decodeBind(body: Buffer): BindMessage {
  // One copy: the values outlive the socket's chunk.
  const reader = open(Buffer.from(body), 'Bind');
  const portal = reader.cstring();
  const statement = reader.cstring();
  const parameterFormats = codes(reader);
  const parameters = reader.times(reader.uint16(), 4, () => reader.nullableBytes());
  const resultFormats = codes(reader);
  reader.end();
  return Object.freeze({ kind: 'Bind', portal, statement, parameterFormats, parameters, resultFormats });
}

/** Int16 count and that many format codes, whatever they are. */
function codes(reader: BodyReader): readonly number[] {
  return reader.times(reader.uint16(), 2, () => reader.int16());
}

/** `Byte1 'S' or 'P' · String name` */
function decodeNamed(kind: 'Describe' | 'Close', body: Buffer): FrontendMessage {
  const reader = open(body, kind);
  const letter = reader.uint8();
  if (letter !== 0x53 && letter !== 0x50) throw reader.broken('names neither a statement nor a portal');
  const name = reader.cstring();
  reader.end();
  return Object.freeze({ kind, target: letter === 0x53 ? 'statement' : 'portal', name });
}

/** `String portal · Int32 maximum of rows`; the server takes zero and below for no limit, and so do we. */
function decodeExecute(body: Buffer): FrontendMessage {
  const reader = open(body, 'Execute');
  const portal = reader.cstring();
  const maxRows = Math.max(0, reader.int32());
  reader.end();
  return Object.freeze({ kind: 'Execute', portal, maxRows });
}

function decodeEmpty(kind: 'Flush' | 'Sync' | 'Terminate' | 'CopyDone', body: Buffer): FrontendMessage {
  open(body, kind).end();
  return Object.freeze({ kind });
}

/** `String reason` */
function decodeCopyFail(body: Buffer): FrontendMessage {
  const reader = open(body, 'CopyFail');
  const reason = reader.cstring();
  reader.end();
  return Object.freeze({ kind: 'CopyFail', reason });
}

/** `Int32 function OID · formats · Int16 n · n × (Int32 length · Byten) · Int16 result format` */
function decodeFunctionCall(body: Buffer): FunctionCallMessage {
  const reader = open(Buffer.from(body), 'FunctionCall');
  const functionOid = reader.uint32();
  const argumentFormats = reader.formats();
  const values = reader.times(reader.uint16(), 4, () => reader.nullableBytes());
  requireFormats(reader, argumentFormats, values.length);
  const resultFormat = reader.format();
  reader.end();
  return Object.freeze({ kind: 'FunctionCall', functionOid, argumentFormats, arguments: values, resultFormat });
}

/** The body of a `p` message as PasswordMessage: `String password`. */
export function decodePassword(body: Buffer): string {
  const reader = open(body, 'PasswordMessage');
  const password = reader.cstring();
  reader.end();
  return password;
}

/** The body of a `p` message as SASLInitialResponse: `String mechanism · Int32 length or -1 · Byten`. */
export function decodeSaslInitialResponse(body: Buffer): {
  readonly mechanism: string;
  readonly response: Buffer | null;
} {
  const reader = open(body, 'SASLInitialResponse');
  const mechanism = reader.cstring();
  const response = reader.nullableBytes();
  reader.end();
  return Object.freeze({ mechanism, response });
}

/** The body of a `p` message as SASLResponse: all of it is the mechanism's. */
export function decodeSaslResponse(body: Buffer): Buffer {
  return body;
}

function open(body: Buffer, message: string): BodyReader {
  return new BodyReader(body, message, 'PROTOCOL_VIOLATION');
}

function requireFormats(reader: BodyReader, formats: readonly (0 | 1)[], values: number): void {
  if (formats.length > 1 && formats.length !== values)
    throw reader.broken('has another number of formats than of values');
}
