import { describe, expect, it } from 'vitest';
import { type BackendMessage, decodeBackend } from './backend.ts';
import { bytesOf, CAPTURED, captured } from './captured-bytes.ts';
import { FrameReader } from './framing.ts';

function decode(letter: string, hex: string): BackendMessage {
  return decodeBackend(letter.charCodeAt(0), bytesOf(hex));
}

function decodeAll(bytes: Buffer): readonly BackendMessage[] {
  const frames = new FrameReader({ maxFrameBytes: 65_536, violation: 'UPSTREAM_PROTOCOL' });
  frames.push(bytes);
  const messages = Array.from(frames, ({ type, body }) => decodeBackend(type, body));
  expect(frames.bufferedBytes).toBe(0);
  return messages;
}

describe('decodeBackend on what PostgreSQL sent', () => {
  it.each(Object.keys(CAPTURED).map((name) => [name as keyof typeof CAPTURED]))('understands all of %s', (name) => {
    expect(decodeAll(captured(name)).at(-1)).toEqual({ kind: 'ReadyForQuery', status: 'I' });
  });

  it('reads a login', () => {
    const messages = decodeAll(captured('login'));
    expect(messages.slice(0, 4).map(({ kind }) => kind)).toEqual([
      'AuthenticationSASL',
      'AuthenticationSASLContinue',
      'AuthenticationSASLFinal',
      'AuthenticationOk',
    ]);
    expect(messages[0]).toEqual({ kind: 'AuthenticationSASL', mechanisms: ['SCRAM-SHA-256'] });
    expect(messages).toContainEqual({ kind: 'ParameterStatus', name: 'client_encoding', value: 'UTF8' });
    expect(messages).toContainEqual({
      kind: 'BackendKeyData',
      processId: 0x443e,
      secretKey: Buffer.from('3647c130', 'hex'),
    });
  });

  it('reads a result', () => {
    const [description, first, ...rest] = decodeAll(captured('simpleQuery'));
    expect(description).toMatchObject({
      kind: 'RowDescription',
      fields: [
        { name: 'id', tableOid: 0x4002, attribute: 1, typeOid: 23, typeSize: 4, typeModifier: -1, format: 0 },
        { name: 'name', attribute: 2, typeOid: 25, typeSize: -1 },
        { name: 'ssn', attribute: 3 },
        { name: 'note', attribute: 4, typeOid: 1043, typeModifier: 44 },
      ],
    });
    expect(first).toEqual({
      kind: 'DataRow',
      cells: [Buffer.from('1'), Buffer.from('Ada'), Buffer.from('078-05-1120'), null],
    });
    expect(rest.at(-2)).toEqual({ kind: 'CommandComplete', tag: 'SELECT 3' });
  });

  it('reads the extended protocol', () => {
    expect(decodeAll(captured('extendedQuery')).map(({ kind }) => kind)).toEqual([
      'ParseComplete',
      'ParameterDescription',
      'RowDescription',
      'BindComplete',
      'RowDescription',
      'DataRow',
      'PortalSuspended',
      'CommandComplete',
      'CloseComplete',
      'ReadyForQuery',
    ]);
  });

  it('reads errors and notices as fields', () => {
    const [error] = decodeAll(captured('error'));
    if (error?.kind !== 'ErrorResponse') throw new Error('no error');
    expect(Object.fromEntries(error.fields)).toMatchObject({
      S: 'ERROR',
      V: 'ERROR',
      C: '22012',
      M: 'division by zero',
    });
    const [notice] = decodeAll(captured('notice'));
    if (notice?.kind !== 'NoticeResponse') throw new Error('no notice');
    expect(Object.fromEntries(notice.fields)).toMatchObject({ S: 'WARNING', M: 'look: 7', H: 'none' });
    expect(decodeAll(captured('notifyAndNoData'))).toContainEqual(
      expect.objectContaining({ kind: 'NotificationResponse', channel: 'ch', payload: 'payload' }),
    );
  });

  it('reads the start of a COPY', () => {
    expect(decodeAll(captured('copyIn'))[0]).toEqual({
      kind: 'CopyInResponse',
      format: 0,
      columnFormats: [0, 0, 0, 0],
    });
    expect(decodeAll(captured('copyBinary'))[0]).toMatchObject({
      kind: 'CopyOutResponse',
      format: 1,
      columnFormats: [1, 1, 1, 1],
    });
  });
});

describe('decodeBackend on bytes by hand', () => {
  it.each<readonly [string, string, string, unknown]>([
    ['AuthenticationOk', 'R', '00000000', { kind: 'AuthenticationOk' }],
    ['KerberosV5', 'R', '00000002', { kind: 'AuthenticationKerberosV5' }],
    ['cleartext', 'R', '00000003', { kind: 'AuthenticationCleartextPassword' }],
    ['md5', 'R', '0000000501020304', { kind: 'AuthenticationMD5Password', salt: Buffer.of(1, 2, 3, 4) }],
    ['SCM', 'R', '00000006', { kind: 'AuthenticationSCMCredential' }],
    ['GSS', 'R', '00000007', { kind: 'AuthenticationGSS' }],
    ['GSSContinue', 'R', '00000008ff', { kind: 'AuthenticationGSSContinue', data: Buffer.of(255) }],
    ['SSPI', 'R', '00000009', { kind: 'AuthenticationSSPI' }],
    [
      'a long key',
      'K',
      `00000001${'aa'.repeat(256)}`,
      { kind: 'BackendKeyData', processId: 1, secretKey: Buffer.alloc(256, 0xaa) },
    ],
    ['CopyBothResponse', 'W', '000000', { kind: 'CopyBothResponse', format: 0, columnFormats: [] }],
    ['CopyDone', 'c', '', { kind: 'CopyDone' }],
    ['EmptyQueryResponse', 'I', '', { kind: 'EmptyQueryResponse' }],
    ['FunctionCallResponse', 'V', '0000000161', { kind: 'FunctionCallResponse', value: Buffer.from('a') }],
    ['a NULL of a function', 'V', 'ffffffff', { kind: 'FunctionCallResponse', value: null }],
    [
      'NegotiateProtocolVersion',
      'v',
      '00030000 00000001 5f70715f2e7800',
      { kind: 'NegotiateProtocolVersion', version: 0x30000, unknownOptions: ['_pq_.x'] },
    ],
    ['NoData', 'n', '', { kind: 'NoData' }],
    ['a row without columns', 'D', '0000', { kind: 'DataRow', cells: [] }],
    ['an error without fields', 'E', '00', { kind: 'ErrorResponse', fields: new Map() }],
    ['an error in another encoding', 'E', '4de400 00', { kind: 'ErrorResponse', fields: new Map([['M', '\ufffd']]) }],
  ])('reads %s', (_, letter, hex, message) => {
    expect(decode(letter, hex)).toEqual(message);
  });

  it.each([
    ['an ErrorResponse without its final NUL', 'E', '534552524f5200'],
    ['an ErrorResponse that ends inside a field', 'E', '53455252'],
    ['an ErrorResponse with a tail', 'E', '0000'],
    ['an empty ErrorResponse body', 'E', ''],
    ['a field given twice', 'N', '53410053420000'],
    ['a notice that is not UTF-8', 'N', '4de40000'],
    ['an unknown way of authentication', 'R', '0000000d'],
    ['a salt of three bytes', 'R', '00000005010203'],
    ['mechanisms without their end', 'R', '0000000a534300'],
    ['a key of three bytes', 'K', '00000001aabbcc'],
    ['a key of 257 bytes', 'K', `00000001${'aa'.repeat(257)}`],
    ['an unknown transaction status', 'Z', '51'],
    ['a RowDescription that announces more than it holds', 'T', 'ffff00'],
    ['a cell past the end of its row', 'D', '00010000000561'],
    ['a cell of length -2', 'D', '0001fffffffe'],
    ['a row with a tail', 'D', '0001ffffffff00'],
    ['more unknown options than bytes', 'v', '0003000080000000'],
    ['a COPY of mixed formats', 'H', '00 0001 0001'],
    ['a message of an unknown type', 'y', ''],
  ])('refuses %s', (_, letter, hex) => {
    expect(() => decode(letter, hex)).toThrow(expect.objectContaining({ code: 'UPSTREAM_PROTOCOL' }));
  });

  it('takes the format code of a column as the client gave it', () => {
    expect(decode('T', '0001 6100 00000000 0000 00000019 ffff ffffffff 0002')).toMatchObject({
      fields: [{ name: 'a', format: 2 }],
    });
  });
});
