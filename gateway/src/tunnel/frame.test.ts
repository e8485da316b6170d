import { Readable } from 'node:stream';
import { MAX_TUNNEL_FRAME_BYTES } from '@sluice/contract/tunnel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrameLength, decodeOpenFrame, encodeOpenReply } from './frame.ts';
import { readOpenFrame } from './read-open-frame.ts';

const FRAME = { version: 1, resource: 'orders-db', sessionId: 's1', token: 'abc' };
const never = new AbortController().signal;

function framed(json: string): Buffer {
  const body = Buffer.from(json);
  const header = Buffer.from([0, 0, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([header, body]);
}

describe('the open frame', () => {
  it('is read whole from any chunking, and what follows it stays in the stream', async () => {
    const tail = Buffer.from('\0\0\0\x08\x04\xd2\x16\x2f', 'latin1');
    const bytes = Buffer.concat([framed(JSON.stringify(FRAME)), tail]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }), async (sizes) => {
        const stream = Readable.from(chunksOf(bytes, sizes), { objectMode: false });
        expect(await readOpenFrame(stream, never)).toEqual(FRAME);
        const rest: Buffer[] = [];
        for await (const chunk of stream) rest.push(chunk as Buffer);
        expect(Buffer.concat(rest)).toEqual(tail);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['one byte over the bound', [0, 0, 0x80, 1], 'LIMIT_FRAME_BYTES'],
    ['4 GiB', [0xff, 0xff, 0xff, 0xff], 'LIMIT_FRAME_BYTES'],
    ['an HTTP request', [...Buffer.from('GET ')], 'LIMIT_FRAME_BYTES'],
    ['nothing', [0, 0, 0, 0], 'PROTOCOL_VIOLATION'],
  ])('a header that announces %s is refused', (_name, bytes, code) => {
    expect(() => decodeFrameLength(Buffer.from(bytes))).toThrow(expect.objectContaining({ code }));
  });

  it('a header at the bound is taken', () => {
    expect(decodeFrameLength(Buffer.from([0, 0, 0x80, 0]))).toBe(MAX_TUNNEL_FRAME_BYTES);
  });

  it.each([
    ['no JSON', 'secret-token'],
    ['broken UTF-8', '{"token":"secret-token\xff"}'],
    ['an unknown key', JSON.stringify({ ...FRAME, token: 'secret-token', admin: true })],
    ['another version', JSON.stringify({ ...FRAME, token: 'secret-token', version: 2 })],
    ['an empty resource', JSON.stringify({ ...FRAME, token: 'secret-token', resource: '' })],
    ['an array', '["secret-token"]'],
  ])('%s is refused, and the message does not repeat the token', (_name, json) => {
    const decode = () => decodeOpenFrame(Buffer.from(json, 'latin1'));
    expect(decode).toThrow(expect.objectContaining({ code: 'PROTOCOL_VIOLATION' }));
    expect(decode).not.toThrow(/secret-token/);
  });

  it('a stream that ends inside the frame is a protocol violation', async () => {
    const stream = Readable.from([framed(JSON.stringify(FRAME)).subarray(0, 20)], { objectMode: false });
    await expect(readOpenFrame(stream, never)).rejects.toMatchObject({ code: 'PROTOCOL_VIOLATION' });
  });

  it('a wait that is aborted ends with the reason', async () => {
    const stop = new AbortController();
    const reading = readOpenFrame(new Readable({ read() {} }), stop.signal);
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});

it('a reply is its length and its JSON', () => {
  expect(encodeOpenReply({ ok: true })).toEqual(Buffer.from('\0\0\0\x0b{"ok":true}', 'latin1'));
});

it('a reply with an endless message still fits a frame', () => {
  const reply = encodeOpenReply({ ok: false, code: 'INTERNAL', message: 'é'.repeat(100_000), remedy: '' });
  expect(reply.readUInt32BE(0)).toBeLessThanOrEqual(MAX_TUNNEL_FRAME_BYTES);
});

function* chunksOf(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
