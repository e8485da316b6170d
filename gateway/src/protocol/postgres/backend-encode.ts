import type {
  AuthenticationMessage,
  CopyResponse,
  FieldDescription,
  ReportFields,
  TransactionStatus,
} from './backend.ts';
import { MessageWriter } from './message-writer.ts';

/** What the gateway itself says in an error or notice. Texts are for the person; never a masked value. */
export type Report = {
  readonly severity: 'FATAL' | 'ERROR' | 'WARNING' | 'NOTICE';
  /** Five characters, appendix A of the manual. */
  readonly sqlState: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
};

/** A report as fields: S and V (the same, ours is never translated), C, M, D, H. */
export function reportFields(report: Report): ReportFields {
  const fields = new Map<string, string>([
    ['S', report.severity],
    ['V', report.severity],
    ['C', report.sqlState],
    ['M', report.message],
  ]);
  if (report.detail !== undefined) fields.set('D', report.detail);
  if (report.hint !== undefined) fields.set('H', report.hint);
  return fields;
}

export function encodeErrorResponse(fields: ReportFields): Buffer {
  return encodeReport('E', fields);
}

export function encodeNoticeResponse(fields: ReportFields): Buffer {
  return encodeReport('N', fields);
}

/** NULs are removed: one inside a text would end it and turn the rest into fields of the sender's choice. */
function encodeReport(type: 'E' | 'N', fields: ReportFields): Buffer {
  const writer = new MessageWriter(type, 256);
  for (const [letter, text] of fields) {
    const code = letter.charCodeAt(0);
    if (letter.length !== 1 || code === 0 || code > 0x7f)
      throw new RangeError('a field of a report is named by one letter');
    writer.uint8(code).cstring(text.replaceAll('\0', ''));
  }
  return writer.uint8(0).finish();
}

/** The authentication requests that the gateway makes of its clients. */
export function encodeAuthentication(message: AuthenticationMessage): Buffer {
  const writer = new MessageWriter('R');
  switch (message.kind) {
    case 'AuthenticationOk':
      return writer.int32(0).finish();
    case 'AuthenticationCleartextPassword':
      return writer.int32(3).finish();
    case 'AuthenticationSASL':
      writer.int32(10);
      for (const mechanism of message.mechanisms) writer.cstring(mechanism);
      return writer.uint8(0).finish();
    case 'AuthenticationSASLContinue':
      return writer.int32(11).bytes(message.data).finish();
    case 'AuthenticationSASLFinal':
      return writer.int32(12).bytes(message.data).finish();
    default:
      throw new RangeError(`the gateway does not ask for ${message.kind}`);
  }
}

export function encodeBackendKeyData(processId: number, secretKey: Uint8Array): Buffer {
  return new MessageWriter('K').uint32(processId).bytes(secretKey).finish();
}

export function encodeNotificationResponse(processId: number, channel: string, payload: string): Buffer {
  return new MessageWriter('A').uint32(processId).cstring(channel).cstring(payload).finish();
}

export function encodeParameterStatus(name: string, value: string): Buffer {
  return new MessageWriter('S').cstring(name).cstring(value).finish();
}

export function encodeReadyForQuery(status: TransactionStatus): Buffer {
  return new MessageWriter('Z').uint8(status.charCodeAt(0)).finish();
}

export function encodeCommandComplete(tag: string): Buffer {
  return new MessageWriter('C').cstring(tag).finish();
}

/** `version` is the whole word, e.g. {@link PROTOCOL_3_2} of startup.ts, as servers send it and libpq expects it. */
export function encodeNegotiateProtocolVersion(version: number, unknownOptions: readonly string[]): Buffer {
  const writer = new MessageWriter('v').int32(version).int32(unknownOptions.length);
  for (const option of unknownOptions) writer.cstring(option);
  return writer.finish();
}

export function encodeRowDescription(fields: readonly FieldDescription[]): Buffer {
  const writer = new MessageWriter('T', 2 + fields.length * 32).uint16(fields.length);
  for (const field of fields) {
    writer.cstring(field.name).uint32(field.tableOid).int16(field.attribute).uint32(field.typeOid);
    writer.int16(field.typeSize).int32(field.typeModifier).int16(field.format);
  }
  return writer.finish();
}

export function encodeDataRow(cells: readonly (Uint8Array | null)[]): Buffer {
  const writer = new MessageWriter('D').uint16(cells.length);
  for (const cell of cells) writer.nullableBytes(cell);
  return writer.finish();
}

export function encodeParameterDescription(typeOids: readonly number[]): Buffer {
  const writer = new MessageWriter('t').uint16(typeOids.length);
  for (const oid of typeOids) writer.uint32(oid);
  return writer.finish();
}

export function encodeCopyResponse(message: CopyResponse): Buffer {
  const writer = new MessageWriter(COPY_TYPES[message.kind]).uint8(message.format).uint16(message.columnFormats.length);
  for (const format of message.columnFormats) writer.int16(format);
  return writer.finish();
}

const COPY_TYPES = { CopyInResponse: 'G', CopyOutResponse: 'H', CopyBothResponse: 'W' } as const;

export function encodeCopyData(bytes: Uint8Array): Buffer {
  return new MessageWriter('d', bytes.length).bytes(bytes).finish();
}

/** Messages that are a type and nothing more. */
export function encodeBare(kind: keyof typeof BARE_TYPES): Buffer {
  return new MessageWriter(BARE_TYPES[kind], 0).finish();
}

const BARE_TYPES = {
  BindComplete: '2',
  CloseComplete: '3',
  CopyDone: 'c',
  EmptyQueryResponse: 'I',
  NoData: 'n',
  ParseComplete: '1',
  PortalSuspended: 's',
} as const;
