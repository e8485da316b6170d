import { describe, expect, it } from 'vitest';
import {
  encodeCancelRequest,
  encodeSslRequest,
  encodeStartupMessage,
  MAX_STARTUP_BYTES,
  PROTOCOL_3_0,
  PROTOCOL_3_2,
  type StartupPacket,
  StartupReader,
} from './startup.ts';

/** A packet from the text after the length word, its version included, as hex and NUL-separated text. */
function packet(codeHex: string, rest = ''): Buffer {
  const body = Buffer.concat([Buffer.from(codeHex, 'hex'), Buffer.from(rest, 'utf8')]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
}

function read(bytes: Buffer): StartupPacket | undefined {
  const reader = new StartupReader();
  reader.push(bytes);
  return reader.next();
}

const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');

describe('StartupReader', () => {
  it('knows the requests that come before a StartupMessage', () => {
    expect(read(SSL_REQUEST)).toEqual({ kind: 'SSLRequest' });
    expect(read(Buffer.from('0000000804d21630', 'hex'))).toEqual({ kind: 'GSSENCRequest' });
    expect(read(Buffer.from('0000001004d2162e00000007deadbeef', 'hex'))).toEqual({
      kind: 'CancelRequest',
      processId: 7,
      secretKey: Buffer.from('deadbeef', 'hex'),
    });
  });

  it('reads parameters in order and keeps protocol options apart', () => {
    const message = read(packet('00030002', 'user\0ada\0database\0orders\0_pq_.x\0on\0\0'));
    expect(message).toEqual({
      kind: 'StartupMessage',
      minorVersion: 2,
      parameters: new Map([
        ['user', 'ada'],
        ['database', 'orders'],
      ]),
      protocolOptions: new Map([['_pq_.x', 'on']]),
    });
  });

  it.each([
    ['a length below eight', Buffer.from('0000000700030000', 'hex')],
    ['a negative length', Buffer.from('ffffffff00030000', 'hex')],
    ['a length above the bound', Buffer.from('0000271500030000', 'hex')],
    ['no terminator', packet('00030000', 'user\0ada\0')],
    ['bytes after the terminator', packet('00030000', 'user\0ada\0\0x')],
    ['a name without a value', packet('00030000', 'user\0')],
    ['a value without its NUL', packet('00030000', 'user\0ada')],
    ['a parameter twice', packet('00030000', 'user\0ada\0user\0eve\0\0')],
    ['text that is not UTF-8', packet('00030000757365720080000000', '')],
    ['an SSLRequest with a tail', packet('04d2162f', 'x')],
    ['a cancel key of three bytes', packet('04d2162e00000001', 'abc')],
    ['a cancel key of 257 bytes', packet('04d2162e00000001', 'k'.repeat(257))],
  ])('refuses %s', (_, bytes) => {
    expect(() => read(bytes)).toThrow(expect.objectContaining({ code: 'PROTOCOL_VIOLATION' }));
  });

  it('takes cancel keys of 4 and of 256 bytes', () => {
    for (const length of [4, 256]) {
      const key = Buffer.alloc(length, 7);
      expect(read(encodeCancelRequest(9, key))).toEqual({ kind: 'CancelRequest', processId: 9, secretKey: key });
    }
  });

  it('takes a packet of exactly the bound', () => {
    const name = 'x'.repeat(MAX_STARTUP_BYTES - 4 - 1 - 1 - 1);
    expect(read(packet('00030000', `${name}\0\0\0`))?.kind).toBe('StartupMessage');
    expect(() => read(packet('00030000', `${name}y\0\0\0`))).toThrow('impossible length');
  });

  it('names protocol version 2 as unsupported', () => {
    expect(() => read(packet('00020000', '\0'))).toThrow(expect.objectContaining({ code: 'PROTOCOL_UNSUPPORTED' }));
  });

  it('shows bytes that came together with an SSLRequest, so that TLS is not started over them', () => {
    const reader = new StartupReader();
    reader.push(Buffer.concat([SSL_REQUEST, Buffer.from('early')]));
    expect(reader.next()).toEqual({ kind: 'SSLRequest' });
    expect(reader.bufferedBytes).toBe(5);
    expect(reader.takeRest().toString()).toBe('early');
    expect(reader.bufferedBytes).toBe(0);
  });

  it('reads the same packet however it is split', () => {
    const bytes = packet('00030000', 'user\0ada\0\0');
    for (let cut = 1; cut < bytes.length; cut++) {
      const reader = new StartupReader();
      reader.push(bytes.subarray(0, cut));
      expect(reader.next()).toBeUndefined();
      reader.push(bytes.subarray(cut));
      expect(reader.next()).toMatchObject({ parameters: new Map([['user', 'ada']]) });
    }
  });
});

describe('start-up packets for the upstream', () => {
  it('have the bytes of the manual', () => {
    expect(encodeSslRequest()).toEqual(SSL_REQUEST);
    expect(encodeStartupMessage(PROTOCOL_3_0, [['user', 'a']]).toString('hex')).toBe(
      '00000010000300007573657200610000',
    );
    expect(encodeStartupMessage(PROTOCOL_3_2, []).toString('hex')).toBe('000000090003000200');
    expect(encodeCancelRequest(7, Buffer.from('deadbeef', 'hex')).toString('hex')).toBe(
      '0000001004d2162e00000007deadbeef',
    );
  });

  it('cannot smuggle a second parameter in a value', () => {
    expect(() => encodeStartupMessage(PROTOCOL_3_0, [['user', 'a\0role\0postgres']])).toThrow(RangeError);
    expect(() => encodeStartupMessage(PROTOCOL_3_0, [['', 'a']])).toThrow(RangeError);
  });
});
