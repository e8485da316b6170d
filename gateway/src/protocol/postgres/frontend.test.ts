import { describe, expect, it } from 'vitest';
import { bytesOf } from './captured-bytes.ts';
import { decodeFrontend, decodePassword, decodeSaslInitialResponse } from './frontend.ts';

function decode(letter: string, hex: string): unknown {
  return decodeFrontend(letter.charCodeAt(0), bytesOf(hex));
}

describe('decodeFrontend', () => {
  it.each([
    ['Query', 'Q', '53454c454354203100', { kind: 'Query', text: 'SELECT 1' }],
    ['a byte order mark, kept', 'Q', 'efbbbf3100', { kind: 'Query', text: '\ufeff1' }],
    [
      'Parse',
      'P',
      '733100243100000200000017ffffffff',
      { kind: 'Parse', name: 's1', text: '$1', parameterTypes: [23, 4294967295] },
    ],
    ['Describe statement', 'D', '53733100', { kind: 'Describe', target: 'statement', name: 's1' }],
    ['Describe portal', 'D', '5000', { kind: 'Describe', target: 'portal', name: '' }],
    ['Close', 'C', '507000', { kind: 'Close', target: 'portal', name: 'p' }],
    ['Execute', 'E', '700000000005', { kind: 'Execute', portal: 'p', maxRows: 5 }],
    ['Execute without a limit', 'E', '00ffffffff', { kind: 'Execute', portal: '', maxRows: 0 }],
    ['Flush', 'H', '', { kind: 'Flush' }],
    ['Sync', 'S', '', { kind: 'Sync' }],
    ['Terminate', 'X', '', { kind: 'Terminate' }],
    ['CopyData', 'd', '00ff', { kind: 'CopyData', data: Buffer.from('00ff', 'hex') }],
    ['CopyDone', 'c', '', { kind: 'CopyDone' }],
    ['CopyFail', 'f', '6e6f00', { kind: 'CopyFail', reason: 'no' }],
    [
      'Bind',
      'B',
      '7000 7300 00020000 0001 0002 0000000161 ffffffff 00010001',
      {
        kind: 'Bind',
        portal: 'p',
        statement: 's',
        parameterFormats: [0, 1],
        parameters: [Buffer.from('a'), null],
        resultFormats: [1],
      },
    ],
    [
      'FunctionCall',
      'F',
      '00000539 0000 0001 0000000161 0001',
      { kind: 'FunctionCall', functionOid: 1337, argumentFormats: [], arguments: [Buffer.from('a')], resultFormat: 1 },
    ],
  ])('reads %s', (_, letter, hex, message) => {
    expect(decode(letter, hex)).toEqual(message);
  });

  it.each([
    ['a Query without its NUL', 'Q', '31'],
    ['a Query with a tail', 'Q', '310032'],
    ['more types than bytes', 'P', '0000ffff00000017'],
    ['a Describe of nothing', 'D', '5800'],
    ['an Execute cut short', 'E', '00000000'],
    ['a Sync with a body', 'S', '00'],
    ['more formats than bytes', 'B', '0000 ffff00000000 0001ffffffff 0000'],
    ['a value of length -2', 'B', '0000 0000 0001fffffffe 0000'],
    ['a value past the end', 'B', '0000 0000 00010000000561 0000'],
    ['more values than bytes', 'B', '0000 0000 ffff 0000'],
    ['a password after login', 'p', '6100'],
    ['an unknown type', 'z', ''],
  ])('refuses %s', (_, letter, hex) => {
    expect(() => decode(letter, hex)).toThrow(expect.objectContaining({ code: 'PROTOCOL_VIOLATION' }));
  });

  it.each([
    ['in a Query', 'Q', '80 00'],
    ['an overlong NUL', 'Q', 'c08000'],
    ['a surrogate', 'Q', 'eda08000'],
    ['in a name of Parse', 'P', '8000 00 0000'],
    ['in the text of Parse', 'P', '00 8000 0000'],
    ['in a name of Bind', 'B', '8000 00 0000 0000 0000'],
    ['in a name of Describe', 'D', '53 8000'],
    ['in a name of Execute', 'E', '8000 00000000'],
  ])('refuses text that is not UTF-8 by a code of its own: %s', (_, letter, hex) => {
    expect(() => decode(letter, hex)).toThrow(expect.objectContaining({ code: 'TEXT_NOT_UTF8' }));
  });

  it.each([
    ['63 bytes', 'n'.repeat(63), 'n'.repeat(63)],
    ['64 bytes', 'n'.repeat(64), 'n'.repeat(63)],
    ['characters of two bytes', 'é'.repeat(40), 'é'.repeat(31)],
    ['a character of four bytes over the end', `${'n'.repeat(60)}😀`, 'n'.repeat(60)],
  ])('cuts names where the server does: %s', (_, name, cut) => {
    const hex = Buffer.from(`${name}\0`).toString('hex');
    expect(decode('E', `${hex}00000000`)).toEqual({ kind: 'Execute', portal: cut, maxRows: 0 });
  });

  it('takes format codes and their number as they are: to refuse them is up to the server', () => {
    expect(decode('B', '0000 000300020000ffff 0001ffffffff 00017fff')).toMatchObject({
      parameterFormats: [2, 0, -1],
      parameters: [null],
      resultFormats: [32_767],
    });
  });

  it('keeps the values of a Bind when the chunk is used again', () => {
    const body = bytesOf('0000 0000 0001 0000000161 0000');
    const bind = decodeFrontend(0x42, body);
    body.fill(0);
    expect(bind).toMatchObject({ parameters: [Buffer.from('a')] });
  });

  it('returns messages that nobody can change after the check', () => {
    const parse = decode('P', '733100 243100 0001 00000017');
    expect(Object.isFrozen(parse)).toBe(true);
    expect(parse).toMatchObject({ parameterTypes: expect.toSatisfy(Object.isFrozen) });
  });
});

describe('answers to an authentication request', () => {
  it('are read by the method that asked', () => {
    expect(decodePassword(Buffer.from('s3cret\0'))).toBe('s3cret');
    expect(decodeSaslInitialResponse(bytesOf('53434100 00000002 6e2c'))).toEqual({
      mechanism: 'SCA',
      response: Buffer.from('n,'),
    });
    expect(decodeSaslInitialResponse(bytesOf('53434100 ffffffff')).response).toBeNull();
  });

  it('are refused with a tail, or without an end', () => {
    expect(() => decodePassword(Buffer.from('a\0b'))).toThrow('after its end');
    expect(() => decodePassword(Buffer.from('a'))).toThrow('final NUL');
    expect(() => decodeSaslInitialResponse(bytesOf('53434100 00000009 6e'))).toThrow('too short');
  });
});
