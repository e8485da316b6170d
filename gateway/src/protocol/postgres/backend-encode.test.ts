import { describe, expect, it } from 'vitest';
import type { BackendMessage } from './backend.ts';
import { decodeBackend } from './backend.ts';
import {
  encodeAuthentication,
  encodeBackendKeyData,
  encodeBare,
  encodeCommandComplete,
  encodeCopyData,
  encodeCopyResponse,
  encodeDataRow,
  encodeErrorResponse,
  encodeNegotiateProtocolVersion,
  encodeNoticeResponse,
  encodeParameterDescription,
  encodeParameterStatus,
  encodeReadyForQuery,
  encodeRowDescription,
  reportFields,
} from './backend-encode.ts';
import { captured } from './captured-bytes.ts';
import { FrameReader, HEADER_BYTES } from './framing.ts';
import { PROTOCOL_3_2 } from './startup.ts';

describe('messages of the gateway to its clients', () => {
  it.each<readonly [string, Buffer, string]>([
    ['AuthenticationOk', encodeAuthentication({ kind: 'AuthenticationOk' }), '520000000800000000'],
    ['a password request', encodeAuthentication({ kind: 'AuthenticationCleartextPassword' }), '520000000800000003'],
    [
      'the mechanisms',
      encodeAuthentication({ kind: 'AuthenticationSASL', mechanisms: ['A', 'B'] }),
      '520000000d0000000a4100420000',
    ],
    [
      'SASLContinue',
      encodeAuthentication({ kind: 'AuthenticationSASLContinue', data: Buffer.from('r=') }),
      '520000000a0000000b723d',
    ],
    [
      'SASLFinal',
      encodeAuthentication({ kind: 'AuthenticationSASLFinal', data: Buffer.from('v=') }),
      '520000000a0000000c763d',
    ],
    ['BackendKeyData', encodeBackendKeyData(7, Buffer.from('deadbeef', 'hex')), '4b0000000c00000007deadbeef'],
    ['ParameterStatus', encodeParameterStatus('a', 'b'), '530000000861006200'],
    ['ReadyForQuery', encodeReadyForQuery('T'), '5a0000000554'],
    ['CommandComplete', encodeCommandComplete('BEGIN'), '430000000a424547494e00'],
    ['NegotiateProtocolVersion', encodeNegotiateProtocolVersion(PROTOCOL_3_2, ['o']), '760000000e00030002000000016f00'],
    ['DataRow', encodeDataRow([Buffer.from('a'), null]), '440000000f00020000000161ffffffff'],
    ['ParameterDescription', encodeParameterDescription([25]), '740000000a000100000019'],
    [
      'CopyInResponse',
      encodeCopyResponse({ kind: 'CopyInResponse', format: 1, columnFormats: [1] }),
      '47000000090100010001',
    ],
    ['CopyData', encodeCopyData(Buffer.from('a\n')), '6400000006610a'],
    ['ParseComplete', encodeBare('ParseComplete'), '3100000004'],
    ['NoticeResponse', encodeNoticeResponse(new Map([['M', 'm']])), '4e000000084d6d0000'],
  ])('%s has the bytes of the manual', (_, bytes, hex) => {
    expect(bytes.toString('hex')).toBe(hex);
  });

  it('an error carries severity twice, SQLSTATE, message, detail and hint', () => {
    const error = encodeErrorResponse(
      reportFields({ severity: 'ERROR', sqlState: '42501', message: 'no', detail: 'why', hint: 'what' }),
    );
    expect(error.subarray(HEADER_BYTES).toString('latin1')).toBe('SERROR\0VERROR\0C42501\0Mno\0Dwhy\0Hwhat\0\0');
  });

  it('a NUL in an error cannot start another field', () => {
    const error = encodeErrorResponse(new Map([['M', 'a\0Hb']]));
    expect(error.subarray(HEADER_BYTES).toString('latin1')).toBe('MaHb\0\0');
    expect(() => encodeErrorResponse(new Map([['\0', 'a']]))).toThrow(RangeError);
    expect(() => encodeErrorResponse(new Map([['MM', 'a']]))).toThrow(RangeError);
  });

  it('a NUL in a name or tag is refused', () => {
    expect(() => encodeCommandComplete('a\0')).toThrow(RangeError);
    expect(() => encodeParameterStatus('a', '\0')).toThrow(RangeError);
  });
});

describe('what was decoded from PostgreSQL', () => {
  it.each(['login', 'simpleQuery', 'extendedQuery', 'error', 'notice', 'copyCsv', 'copyIn', 'empty'] as const)(
    'is encoded to the same bytes: %s',
    (name) => {
      const frames = new FrameReader({ maxFrameBytes: 65_536 });
      frames.push(captured(name));
      const again = Array.from(frames, ({ type, body }) => encode(decodeBackend(type, body)));
      expect(Buffer.concat(again)).toEqual(captured(name));
    },
  );
});

function encode(message: BackendMessage): Buffer {
  switch (message.kind) {
    case 'AuthenticationOk':
    case 'AuthenticationSASL':
    case 'AuthenticationSASLContinue':
    case 'AuthenticationSASLFinal':
      return encodeAuthentication(message);
    case 'BackendKeyData':
      return encodeBackendKeyData(message.processId, message.secretKey);
    case 'BindComplete':
    case 'CloseComplete':
    case 'CopyDone':
    case 'EmptyQueryResponse':
    case 'NoData':
    case 'ParseComplete':
    case 'PortalSuspended':
      return encodeBare(message.kind);
    case 'CommandComplete':
      return encodeCommandComplete(message.tag);
    case 'CopyInResponse':
    case 'CopyOutResponse':
      return encodeCopyResponse(message);
    case 'CopyData':
      return encodeCopyData(message.data);
    case 'DataRow':
      return encodeDataRow(message.cells);
    case 'ErrorResponse':
      return encodeErrorResponse(message.fields);
    case 'NoticeResponse':
      return encodeNoticeResponse(message.fields);
    case 'ParameterDescription':
      return encodeParameterDescription(message.typeOids);
    case 'ParameterStatus':
      return encodeParameterStatus(message.name, message.value);
    case 'ReadyForQuery':
      return encodeReadyForQuery(message.status);
    case 'RowDescription':
      return encodeRowDescription(message.fields);
    default:
      throw new Error(`the capture holds ${message.kind}`);
  }
}
