import { describe, expect, it } from 'vitest';
import { FrameReader, HEADER_BYTES, MAX_LONG_FRAME_BYTES } from './framing.ts';

const SYNC = Buffer.from('5300000004', 'hex');
/** `Q`, length 13, "SELECT 1", NUL. */
const QUERY = Buffer.from('510000000d53454c454354203100', 'hex');

function reader(maxFrameBytes = 64): FrameReader {
  return new FrameReader({ maxFrameBytes });
}

describe('FrameReader', () => {
  it('cuts a chunk into frames without copying them', () => {
    const chunk = Buffer.concat([QUERY, SYNC]);
    const frames = reader();
    frames.push(chunk);
    const query = frames.next();
    expect(query?.type).toBe(0x51);
    expect(query?.body.toString('latin1')).toBe('SELECT 1\0');
    expect(query?.body.buffer).toBe(chunk.buffer);
    expect(frames.next()).toEqual({ type: 0x53, body: Buffer.alloc(0) });
    expect(frames.next()).toBeUndefined();
    expect(frames.bufferedBytes).toBe(0);
  });

  it('puts a frame together that arrives byte by byte', () => {
    const frames = reader();
    const bodies: string[] = [];
    for (const byte of Buffer.concat([QUERY, QUERY])) {
      frames.push(Buffer.of(byte));
      for (const frame of frames) bodies.push(frame.body.toString('latin1'));
    }
    expect(bodies).toEqual(['SELECT 1\0', 'SELECT 1\0']);
  });

  it.each([
    ['zero', '5100000000'],
    ['three', '5100000003'],
    ['negative', '51ffffffff'],
    ['wrapping', '5180000000'],
  ])('refuses a length of %s as soon as the header is there', (_, hex) => {
    const frames = reader();
    frames.push(Buffer.from(hex, 'hex'));
    expect(() => frames.next()).toThrow(expect.objectContaining({ code: 'PROTOCOL_VIOLATION' }));
  });

  it('accepts a frame of exactly the bound and refuses one byte more, before its body arrives', () => {
    const frames = reader(10);
    frames.push(Buffer.from('5100000009', 'hex'));
    expect(frames.next()).toBeUndefined();
    frames.push(Buffer.alloc(5));
    expect(frames.next()?.body).toHaveLength(5);
    frames.push(Buffer.from('510000000a', 'hex'));
    expect(() => frames.next()).toThrow(expect.objectContaining({ code: 'LIMIT_FRAME_BYTES' }));
  });

  it('refuses a bad length also when its header is split', () => {
    const frames = reader(10);
    frames.push(Buffer.from('517f', 'hex'));
    expect(frames.next()).toBeUndefined();
    frames.push(Buffer.from('ffffff', 'hex'));
    expect(() => frames.next()).toThrow(expect.objectContaining({ code: 'LIMIT_FRAME_BYTES' }));
  });

  describe('with long frames put up with', () => {
    const COPY = 0x64;
    const QUERY = 0x51;
    const longFrames = { inPieces: new Set([COPY]), dropped: new Set([QUERY]) };
    const header = (type: number, bodyBytes: number): Buffer => {
      const bytes = Buffer.alloc(5, type);
      bytes.writeInt32BE(bodyBytes + 4, 1);
      return bytes;
    };
    const SYNC = header(0x53, 0);
    const stream = Buffer.concat([
      ...[header(COPY, 30), Buffer.alloc(30, 1), SYNC, header(QUERY, 25), Buffer.alloc(25, 2), SYNC],
      ...[header(COPY, 3), Buffer.alloc(3, 3), header(QUERY, 21), Buffer.alloc(21, 4)],
    ]);

    it.each([1, 2, 3, 4, 5, 6, 7, 11, 64, 1_000])('in chunks of %i bytes', (size) => {
      const reader = new FrameReader({ maxFrameBytes: 20, longFrames });
      let copied = 0;
      const others: [string, number][] = [];
      for (let at = 0; at < stream.length; at += size) {
        reader.push(stream.subarray(at, at + size));
        for (const { type, body, droppedBytes } of reader) {
          if (type === COPY) copied += body.length;
          else others.push([String.fromCharCode(type), droppedBytes ?? body.length]);
        }
      }
      expect(copied).toBe(33);
      expect(others).toEqual([
        ['S', 0],
        ['Q', 30],
        ['S', 0],
        ['Q', 26],
      ]);
      expect(reader.bufferedBytes).toBe(0);
    });

    it('refuses other types, and what no server would accept', () => {
      for (const bytes of [header(0x45, 30), header(QUERY, MAX_LONG_FRAME_BYTES + 1)]) {
        const reader = new FrameReader({ maxFrameBytes: 20, longFrames });
        reader.push(bytes);
        expect(() => reader.next()).toThrow(expect.objectContaining({ code: 'LIMIT_FRAME_BYTES' }));
      }
    });
  });

  it('stays broken after an error', () => {
    const frames = reader();
    frames.push(Buffer.from('5100000000', 'hex'));
    expect(() => frames.next()).toThrow('impossible length');
    expect(() => frames.next()).toThrow('impossible length');
    expect(() => frames.push(SYNC)).toThrow('impossible length');
  });

  it('blames the upstream when told so', () => {
    const frames = new FrameReader({ maxFrameBytes: 64, violation: 'UPSTREAM_PROTOCOL' });
    frames.push(Buffer.from('4400000000', 'hex'));
    expect(() => frames.next()).toThrow(expect.objectContaining({ code: 'UPSTREAM_PROTOCOL' }));
  });

  it('bounds what is pushed while frames are unread', () => {
    const frames = reader(20);
    frames.push(Buffer.concat([SYNC, SYNC]));
    frames.push(Buffer.concat([SYNC, SYNC, SYNC]));
    expect(() => frames.push(SYNC)).toThrow(expect.objectContaining({ code: 'LIMIT_REACHED' }));
  });

  it('takes another bound from the next frame on', () => {
    const frames = reader(10);
    frames.setMaxFrameBytes(64);
    frames.push(QUERY);
    expect(frames.next()?.body).toHaveLength(QUERY.length - HEADER_BYTES);
  });

  it('hands over what it has not read', () => {
    const frames = reader();
    frames.push(QUERY.subarray(0, 3));
    frames.next();
    frames.push(Buffer.concat([QUERY.subarray(3), SYNC]));
    frames.next();
    expect(frames.takeRest()).toEqual(SYNC);
    expect(frames.bufferedBytes).toBe(0);
  });

  it('does not allocate what a header merely announces', () => {
    const frames = reader(1 << 30);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 100; i++) {
      const one = reader(1 << 30);
      one.push(Buffer.from('643fffffff00', 'hex'));
      expect(one.next()).toBeUndefined();
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
    expect(frames.bufferedBytes).toBe(0);
  });
});
