import { BodyReader } from './body-reader.ts';
import { MAX_CANCEL_KEY_BYTES, MIN_CANCEL_KEY_BYTES } from './startup.ts';
import { typeName, violation } from './violation.ts';

/** The messages of the server in the words of the manual (55.7). Frozen; buffers are views over the frame. */
export type BackendMessage =
  | AuthenticationMessage
  | { readonly kind: 'BackendKeyData'; readonly processId: number; readonly secretKey: Buffer }
  | {
      readonly kind:
        | 'BindComplete'
        | 'CloseComplete'
        | 'CopyDone'
        | 'EmptyQueryResponse'
        | 'NoData'
        | 'ParseComplete'
        | 'PortalSuspended';
    }
  | { readonly kind: 'CommandComplete'; readonly tag: string }
  | CopyResponse
  | { readonly kind: 'CopyData'; readonly data: Buffer }
  | { readonly kind: 'DataRow'; readonly cells: readonly (Buffer | null)[] }
  | { readonly kind: 'ErrorResponse' | 'NoticeResponse'; readonly fields: ReportFields }
  | { readonly kind: 'FunctionCallResponse'; readonly value: Buffer | null }
  | { readonly kind: 'NegotiateProtocolVersion'; readonly version: number; readonly unknownOptions: readonly string[] }
  | {
      readonly kind: 'NotificationResponse';
      readonly processId: number;
      readonly channel: string;
      readonly payload: string;
    }
  | { readonly kind: 'ParameterDescription'; readonly typeOids: readonly number[] }
  | { readonly kind: 'ParameterStatus'; readonly name: string; readonly value: string }
  | { readonly kind: 'ReadyForQuery'; readonly status: TransactionStatus }
  | { readonly kind: 'RowDescription'; readonly fields: readonly FieldDescription[] };

export type AuthenticationMessage =
  | { readonly kind: 'AuthenticationOk' | 'AuthenticationKerberosV5' | 'AuthenticationCleartextPassword' }
  | { readonly kind: 'AuthenticationMD5Password'; readonly salt: Buffer }
  | { readonly kind: 'AuthenticationSCMCredential' | 'AuthenticationGSS' | 'AuthenticationSSPI' }
  | { readonly kind: 'AuthenticationGSSContinue'; readonly data: Buffer }
  | { readonly kind: 'AuthenticationSASL'; readonly mechanisms: readonly string[] }
  | { readonly kind: 'AuthenticationSASLContinue' | 'AuthenticationSASLFinal'; readonly data: Buffer };

export type CopyResponse = {
  readonly kind: 'CopyInResponse' | 'CopyOutResponse' | 'CopyBothResponse';
  readonly format: 0 | 1;
  readonly columnFormats: readonly (0 | 1)[];
};

/** Idle, in a transaction, or in a failed one. */
export type TransactionStatus = 'I' | 'T' | 'E';

/** Fields of an error or notice by their letter (55.8), in the order sent; unknown letters included. */
export type ReportFields = ReadonlyMap<string, string>;

export type FieldDescription = {
  readonly name: string;
  /** 0 when the column is no plain column of a table. */
  readonly tableOid: number;
  /** 0 likewise; negative for system columns. */
  readonly attribute: number;
  readonly typeOid: number;
  readonly typeSize: number;
  readonly typeModifier: number;
  /** 0 also when not yet known (after Describe of a statement); otherwise the client's own code, also one that is none. */
  readonly format: number;
};

/**
 * Decodes a message of the server, strictly: every byte accounted for, counts consistent, text valid UTF-8.
 * Unknown types are an error: withhold what is not understood. Errors: `UPSTREAM_PROTOCOL`.
 */
export function decodeBackend(type: number, body: Buffer): BackendMessage {
  const decode = DECODERS[type];
  if (decode === undefined) {
    throw violation('UPSTREAM_PROTOCOL', `The database sent a message of type ${typeName(type)}, which is not known.`);
  }
  const [message, read] = decode;
  const reader = new BodyReader(body, message, 'UPSTREAM_PROTOCOL');
  const decoded = read(reader);
  reader.end();
  return Object.freeze(decoded);
}

type Decoder = readonly [message: string, read: (reader: BodyReader) => BackendMessage];

const DECODERS: Readonly<Record<number, Decoder>> = {
  0x52: ['Authentication', readAuthentication],
  0x4b: ['BackendKeyData', readBackendKeyData],
  0x32: ['BindComplete', () => ({ kind: 'BindComplete' })],
  0x33: ['CloseComplete', () => ({ kind: 'CloseComplete' })],
  0x43: ['CommandComplete', (reader) => ({ kind: 'CommandComplete', tag: reader.cstring() })],
  0x64: ['CopyData', (reader) => ({ kind: 'CopyData', data: reader.rest() })],
  0x63: ['CopyDone', () => ({ kind: 'CopyDone' })],
  0x47: ['CopyInResponse', (reader) => readCopyResponse('CopyInResponse', reader)],
  0x48: ['CopyOutResponse', (reader) => readCopyResponse('CopyOutResponse', reader)],
  0x57: ['CopyBothResponse', (reader) => readCopyResponse('CopyBothResponse', reader)],
  0x44: ['DataRow', readDataRow],
  0x49: ['EmptyQueryResponse', () => ({ kind: 'EmptyQueryResponse' })],
  0x45: ['ErrorResponse', readErrorResponse],
  0x56: ['FunctionCallResponse', (reader) => ({ kind: 'FunctionCallResponse', value: reader.nullableBytes() })],
  0x76: ['NegotiateProtocolVersion', readNegotiateProtocolVersion],
  0x6e: ['NoData', () => ({ kind: 'NoData' })],
  0x4e: ['NoticeResponse', readNoticeResponse],
  0x41: ['NotificationResponse', readNotificationResponse],
  0x74: ['ParameterDescription', readParameterDescription],
  0x53: ['ParameterStatus', readParameterStatus],
  0x31: ['ParseComplete', () => ({ kind: 'ParseComplete' })],
  0x73: ['PortalSuspended', () => ({ kind: 'PortalSuspended' })],
  0x5a: ['ReadyForQuery', readReadyForQuery],
  0x54: ['RowDescription', readRowDescription],
};

/** `Int32 kind`, then what the kind needs: nothing, 4 bytes of salt, bytes, or names ended by an empty one. */
function readAuthentication(reader: BodyReader): BackendMessage {
  const kind = reader.int32();
  switch (kind) {
    case 0:
      return { kind: 'AuthenticationOk' };
    case 2:
      return { kind: 'AuthenticationKerberosV5' };
    case 3:
      return { kind: 'AuthenticationCleartextPassword' };
    case 5:
      return { kind: 'AuthenticationMD5Password', salt: reader.bytes(4) };
    case 6:
      return { kind: 'AuthenticationSCMCredential' };
    case 7:
      return { kind: 'AuthenticationGSS' };
    case 8:
      return { kind: 'AuthenticationGSSContinue', data: reader.rest() };
    case 9:
      return { kind: 'AuthenticationSSPI' };
    case 10:
      return { kind: 'AuthenticationSASL', mechanisms: readMechanisms(reader) };
    case 11:
      return { kind: 'AuthenticationSASLContinue', data: reader.rest() };
    case 12:
      return { kind: 'AuthenticationSASLFinal', data: reader.rest() };
    default:
      throw reader.broken('asks for an unknown method');
  }
}

function readMechanisms(reader: BodyReader): readonly string[] {
  const mechanisms: string[] = [];
  for (let name = reader.cstring(); name !== ''; name = reader.cstring()) mechanisms.push(name);
  return Object.freeze(mechanisms);
}

/** `Int32 process id · Byten key` */
function readBackendKeyData(reader: BodyReader): BackendMessage {
  const processId = reader.uint32();
  if (reader.remaining < MIN_CANCEL_KEY_BYTES || reader.remaining > MAX_CANCEL_KEY_BYTES) {
    throw reader.broken('has a key of impossible length');
  }
  return { kind: 'BackendKeyData', processId, secretKey: reader.rest() };
}

/** `Int8 format of the whole · Int16 n · n × Int16 format` */
function readCopyResponse(kind: CopyResponse['kind'], reader: BodyReader): CopyResponse {
  const format = reader.uint8();
  if (format !== 0 && format !== 1) throw reader.broken('has an unknown format code');
  const columnFormats = reader.formats();
  if (columnFormats.some((code) => code !== format))
    throw reader.broken('has columns of another format than the whole');
  return { kind, format, columnFormats };
}

/** `Int16 n · n × (Int32 length, -1 for NULL · Byten)` */
function readDataRow(reader: BodyReader): BackendMessage {
  return { kind: 'DataRow', cells: reader.times(reader.uint16(), 4, () => reader.nullableBytes()) };
}

/**
 * `(Byte1 letter · String)* · Byte1 0`
 * Text of an error before the login may be in the server's own encoding: it is only shown, so bad bytes are replaced.
 */
function readErrorResponse(reader: BodyReader): BackendMessage {
  return { kind: 'ErrorResponse', fields: readReport(reader, () => reader.cstringBytes().toString('utf8')) };
}

/** As ErrorResponse; strict, since analysed trees arrive in notices. */
function readNoticeResponse(reader: BodyReader): BackendMessage {
  return { kind: 'NoticeResponse', fields: readReport(reader, () => reader.cstring()) };
}

function readReport(reader: BodyReader, readText: () => string): ReportFields {
  const fields = new Map<string, string>();
  for (let letter = reader.uint8(); letter !== 0; letter = reader.uint8()) {
    const key = String.fromCharCode(letter);
    if (fields.has(key)) throw reader.broken('gives a field twice');
    fields.set(key, readText());
  }
  return fields;
}

/** `Int32 version · Int32 n · n × String`. Servers send the whole version word here (0x00030000), not the minor alone. */
function readNegotiateProtocolVersion(reader: BodyReader): BackendMessage {
  const version = reader.int32();
  const unknownOptions = reader.times(reader.uint32(), 1, () => reader.cstring());
  return { kind: 'NegotiateProtocolVersion', version, unknownOptions };
}

/** `Int32 process id · String channel · String payload` */
function readNotificationResponse(reader: BodyReader): BackendMessage {
  return {
    kind: 'NotificationResponse',
    processId: reader.uint32(),
    channel: reader.cstring(),
    payload: reader.cstring(),
  };
}

/** `Int16 n · n × Int32 OID` */
function readParameterDescription(reader: BodyReader): BackendMessage {
  return { kind: 'ParameterDescription', typeOids: reader.times(reader.uint16(), 4, () => reader.uint32()) };
}

/** `String name · String value` */
function readParameterStatus(reader: BodyReader): BackendMessage {
  return { kind: 'ParameterStatus', name: reader.cstring(), value: reader.cstring() };
}

/** `Byte1 'I', 'T' or 'E'` */
function readReadyForQuery(reader: BodyReader): BackendMessage {
  const status = String.fromCharCode(reader.uint8());
  if (status !== 'I' && status !== 'T' && status !== 'E') throw reader.broken('has an unknown transaction status');
  return { kind: 'ReadyForQuery', status };
}

/** `Int16 n · n × (String name · Int32 table · Int16 attribute · Int32 type · Int16 size · Int32 modifier · Int16 format)` */
function readRowDescription(reader: BodyReader): BackendMessage {
  return { kind: 'RowDescription', fields: reader.times(reader.uint16(), 19, () => readField(reader)) };
}

function readField(reader: BodyReader): FieldDescription {
  return Object.freeze({
    name: reader.cstring(),
    tableOid: reader.uint32(),
    attribute: reader.int16(),
    typeOid: reader.uint32(),
    typeSize: reader.int16(),
    typeModifier: reader.int32(),
    format: reader.int16(),
  });
}
