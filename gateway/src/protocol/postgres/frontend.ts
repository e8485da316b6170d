import { BodyReader } from './body-reader.ts';
import { KnownNames } from './known-names.ts';
import { KnownText } from './known-text.ts';
import { notUtf8 } from './not-utf8.ts';
import { copySpan, readInt32 } from './output-buffer.ts';
import { typeName, violation } from './violation.ts';

/**
 * The messages of a client after its login, in the words of the manual (55.7). Frozen, but for Bind, Describe, Close and
 * Execute: they come with every run of a statement, and freezing them costs as much as reading them.
 */
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
 * Errors: `PROTOCOL_VIOLATION`; `TEXT_NOT_UTF8`, behind which the next message can be read.
 */
export function decodeFrontend(type: number, body: Buffer): FrontendMessage {
  return new FrontendDecoder().decode(type, body, 0, body.length);
}

/** The same for the messages of one connection, in place of their chunk: names that it has read before are not made again. */
export class FrontendDecoder {
  readonly #names = new KnownNames();
  readonly #text = new KnownText();

  readonly #reader = new BodyReader(EMPTY, '', 'PROTOCOL_VIOLATION', 0, 0, notUtf8);

  /** `source[start, end)` is the body. */
  decode(type: number, source: Buffer, start: number, end: number): FrontendMessage {
    const reader = this.#reader;
    switch (type) {
      case 0x51:
        return decodeQuery(reader.read('Query', source, start, end));
      case 0x50:
        return decodeParse(reader.read('Parse', source, start, end), this.#names, this.#text);
      case 0x42:
        return decodeBind(reader.read('Bind', source, start, end), source, this.#names);
      case 0x44:
        return decodeNamed('Describe', reader.read('Describe', source, start, end), this.#names);
      case 0x43:
        return decodeNamed('Close', reader.read('Close', source, start, end), this.#names);
      case 0x45:
        return decodeExecute(reader.read('Execute', source, start, end), this.#names);
      case 0x48:
        return decodeEmpty(FLUSH, reader.read('Flush', source, start, end));
      case 0x53:
        return decodeEmpty(SYNC, reader.read('Sync', source, start, end));
      case 0x58:
        return decodeEmpty(TERMINATE, reader.read('Terminate', source, start, end));
      case 0x64:
        return Object.freeze({ kind: 'CopyData', data: source.subarray(start, end) });
      case 0x63:
        return decodeEmpty(COPY_DONE, reader.read('CopyDone', source, start, end));
      case 0x66:
        return decodeCopyFail(reader.read('CopyFail', source, start, end));
      case 0x46:
        return decodeFunctionCall(
          new BodyReader(Buffer.from(source.subarray(start, end)), 'FunctionCall', 'PROTOCOL_VIOLATION'),
        );
      default:
        throw violation(
          'PROTOCOL_VIOLATION',
          `The client sent a message of type ${typeName(type)}, which is not known here.`,
        );
    }
  }
}

const EMPTY: Buffer = Buffer.alloc(0);
const FLUSH: FrontendMessage = Object.freeze({ kind: 'Flush' });
const SYNC: FrontendMessage = Object.freeze({ kind: 'Sync' });
const TERMINATE: FrontendMessage = Object.freeze({ kind: 'Terminate' });
const COPY_DONE: FrontendMessage = Object.freeze({ kind: 'CopyDone' });

/** `String text` */
function decodeQuery(reader: BodyReader): FrontendMessage {
  const text = reader.cstring();
  reader.end();
  return Object.freeze({ kind: 'Query', text });
}

/** `String name · String text · Int16 n · n × Int32 type OID` */
function decodeParse(reader: BodyReader, names: KnownNames, known: KnownText): FrontendMessage {
  const name = reader.name(names);
  const text = reader.text(known);
  const types = reader.uint16();
  const parameterTypes = types === 0 ? NO_CODES : reader.times(types, 4, () => reader.uint32());
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
function decodeBind(reader: BodyReader, source: Buffer, names: KnownNames): BindMessage {
  const portal = reader.name(names);
  const statement = reader.name(names);
  const parameterFormats = codes(reader);
  const count = reader.uint16();
  if (count * 4 > reader.remaining) throw reader.broken('announces more items than it holds');
  const valuesAt = reader.at;
  reader.skipNullableBytes(count);
  const parameters = count === 0 ? NO_VALUES : valuesOf(source, valuesAt, reader.at, count);
  const resultFormats = codes(reader);
  reader.end();
  return { kind: 'Bind', portal, statement, parameterFormats, parameters, resultFormats };
}

/** Values that were checked, in `source[start, end)`. One copy: they outlive the socket's chunk. */
function valuesOf(source: Buffer, start: number, end: number, count: number): readonly (Buffer | null)[] {
  const own = Buffer.allocUnsafe(end - start);
  copySpan(source, start, end, own, 0);
  const values: (Buffer | null)[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    const length = readInt32(own, at);
    at += 4;
    values.push(length === -1 ? null : own.subarray(at, at + length));
    if (length > 0) at += length;
  }
  return values;
}

/** Int16 count and that many format codes, whatever they are. The common ones are the same array each time. */
function codes(reader: BodyReader): readonly number[] {
  const count = reader.uint16();
  if (count === 0) return NO_CODES;
  if (count > 1) return reader.times(count, 2, () => reader.int16());
  const code = reader.int16();
  return code === 0 ? ALL_TEXT : code === 1 ? ALL_BINARY : Object.freeze([code]);
}

const NO_VALUES: readonly (Buffer | null)[] = Object.freeze([]);
const NO_CODES: readonly number[] = Object.freeze([]);
const ALL_TEXT: readonly number[] = Object.freeze([0]);
const ALL_BINARY: readonly number[] = Object.freeze([1]);

/** `Byte1 'S' or 'P' · String name` */
function decodeNamed(kind: 'Describe' | 'Close', reader: BodyReader, names: KnownNames): FrontendMessage {
  const letter = reader.uint8();
  if (letter !== 0x53 && letter !== 0x50) throw reader.broken('names neither a statement nor a portal');
  const name = reader.name(names);
  reader.end();
  return { kind, target: letter === 0x53 ? 'statement' : 'portal', name };
}

/** `String portal · Int32 maximum of rows`; the server takes zero and below for no limit, and so do we. */
function decodeExecute(reader: BodyReader, names: KnownNames): FrontendMessage {
  const portal = reader.name(names);
  const maxRows = Math.max(0, reader.int32());
  reader.end();
  return { kind: 'Execute', portal, maxRows };
}

function decodeEmpty(message: FrontendMessage, reader: BodyReader): FrontendMessage {
  reader.end();
  return message;
}

/** `String reason` */
function decodeCopyFail(reader: BodyReader): FrontendMessage {
  const reason = reader.cstring();
  reader.end();
  return Object.freeze({ kind: 'CopyFail', reason });
}

/** `Int32 function OID · formats · Int16 n · n × (Int32 length · Byten) · Int16 result format` */
function decodeFunctionCall(reader: BodyReader): FunctionCallMessage {
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
