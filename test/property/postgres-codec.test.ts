import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBackend } from '../../gateway/src/protocol/postgres/backend.ts';
import { encodeErrorResponse, encodeRowDescription } from '../../gateway/src/protocol/postgres/backend-encode.ts';
import { FrameReader } from '../../gateway/src/protocol/postgres/framing.ts';
import { decodeFrontend } from '../../gateway/src/protocol/postgres/frontend.ts';
import { encodeFrontend, type UpstreamMessage } from '../../gateway/src/protocol/postgres/frontend-encode.ts';
import { startScramServer } from '../../gateway/src/protocol/postgres/scram-server.ts';
import {
  decodeStartup,
  encodeCancelRequest,
  encodeStartupMessage,
  StartupReader,
} from '../../gateway/src/protocol/postgres/startup.ts';
import { bytes, cut, cutPoints, succeedsOrRefuses } from './chunks.ts';

/** Well-formed text without NUL, as strings of the protocol are. */
const text = (maxLength = 20): fc.Arbitrary<string> =>
  fc.string({ unit: 'grapheme', maxLength }).map((value) => value.replaceAll('\0', ''));
const name = fc.string({ unit: 'grapheme-ascii', maxLength: 63 });
const format = fc.constantFrom<0 | 1>(0, 1);
const oid = fc.nat(0xffff_ffff);
const cell = fc.option(bytes());
const frontendMessage: fc.Arbitrary<UpstreamMessage> = fc.oneof(
  fc.record({ kind: fc.constant('Query' as const), text: text(200) }),
  fc.record({
    kind: fc.constant('Parse' as const),
    name,
    text: text(200),
    parameterTypes: fc.array(oid, { maxLength: 5 }),
  }),
  fc
    .record({
      portal: name,
      statement: name,
      parameters: fc.array(cell, { maxLength: 5 }),
      resultFormats: fc.array(format),
    })
    .chain((bind) =>
      fc
        .oneof(
          fc.constant([]),
          fc.tuple(format),
          fc.array(format, { minLength: bind.parameters.length, maxLength: bind.parameters.length }),
        )
        .map((parameterFormats) => ({ kind: 'Bind' as const, ...bind, parameterFormats })),
    ),
  fc.record({
    kind: fc.constantFrom<'Describe' | 'Close'>('Describe', 'Close'),
    target: fc.constantFrom<'statement' | 'portal'>('statement', 'portal'),
    name,
  }),
  fc.record({ kind: fc.constant('Execute' as const), portal: name, maxRows: fc.nat() }),
  fc.record({
    kind: fc.constantFrom<'Flush' | 'Sync' | 'Terminate' | 'CopyDone'>('Flush', 'Sync', 'Terminate', 'CopyDone'),
  }),
  fc.record({ kind: fc.constant('CopyData' as const), data: bytes() }),
  fc.record({ kind: fc.constant('CopyFail' as const), reason: text() }),
);

describe('frames', () => {
  it('are the same however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(frontendMessage, { maxLength: 8 }), cutPoints, (messages, points) => {
        const reader = new FrameReader({ maxFrameBytes: 1 << 20 });
        const read: unknown[] = [];
        for (const chunk of cut(Buffer.concat(messages.map(encodeFrontend)), points)) {
          reader.push(chunk);
          for (const { type, body } of reader) read.push(decodeFrontend(type, Buffer.from(body)));
        }
        expect(read).toEqual(messages);
        expect(reader.bufferedBytes).toBe(0);
      }),
    );
  });

  it('of random bytes end in frames, in waiting, or in one of our errors', () => {
    fc.assert(
      fc.property(fc.array(bytes(64), { maxLength: 6 }), (chunks) => {
        const reader = new FrameReader({ maxFrameBytes: 128 });
        const run = (): void => {
          let frames = 0;
          for (const chunk of chunks) {
            reader.push(chunk);
            for (const { body } of reader) expect(body.length).toBeLessThan(128);
            frames++;
          }
          expect(frames).toBe(chunks.length);
        };
        expect(succeedsOrRefuses(run)).toBe(true);
      }),
    );
  });
});

describe('start-up packets', () => {
  const parameters = fc.uniqueArray(
    fc.tuple(
      text().filter((key) => key !== ''),
      text(),
    ),
    { selector: ([key]) => key, maxLength: 6 },
  );

  it('are the same however the stream is cut', () => {
    fc.assert(
      fc.property(parameters, bytes(), cutPoints, (entries, rest, points) => {
        const reader = new StartupReader();
        const packets: unknown[] = [];
        for (const chunk of cut(Buffer.concat([encodeStartupMessage(0x0003_0000, entries), rest]), points)) {
          reader.push(chunk);
          if (packets.length === 0) packets.push(...[reader.next()].filter((packet) => packet !== undefined));
        }
        const isOption = ([key]: readonly [string, string]): boolean => key.startsWith('_pq_.');
        expect(packets).toEqual([
          {
            kind: 'StartupMessage',
            minorVersion: 0,
            parameters: new Map(entries.filter((entry) => !isOption(entry))),
            protocolOptions: new Map(entries.filter(isOption)),
          },
        ]);
        expect(reader.takeRest()).toEqual(rest);
      }),
    );
  });

  it('carry any cancel key of 4 to 256 bytes', () => {
    fc.assert(
      fc.property(oid, fc.uint8Array({ minLength: 4, maxLength: 256 }), (processId, key) => {
        const packet = decodeStartup(encodeCancelRequest(processId, key).subarray(4));
        expect(packet).toEqual({ kind: 'CancelRequest', processId, secretKey: Buffer.from(key) });
      }),
    );
  });
});

describe('random bytes', () => {
  it('as a message of the client or of the server are decoded or refused', () => {
    fc.assert(
      fc.property(fc.nat(255), bytes(80), (type, body) => {
        expect(succeedsOrRefuses(() => decodeFrontend(type, body))).toBe(true);
        expect(succeedsOrRefuses(() => decodeBackend(type, body))).toBe(true);
        expect(succeedsOrRefuses(() => decodeStartup(body))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('after a valid beginning are refused too', () => {
    const mutated = fc
      .tuple(frontendMessage.map(encodeFrontend), fc.nat(10_000), fc.nat(255))
      .map(([message, at, value]) => {
        const bent = Buffer.from(message);
        bent[5 + (at % Math.max(1, bent.length - 5))] = value;
        return bent;
      });
    fc.assert(
      fc.property(mutated, (message) => {
        expect(succeedsOrRefuses(() => decodeFrontend(message.readUInt8(0), message.subarray(5)))).toBe(true);
        expect(succeedsOrRefuses(() => decodeBackend(message.readUInt8(0), message.subarray(5)))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('as a SCRAM message are a value, never an exception', () => {
    const options = {
      mechanism: 'SCRAM-SHA-256',
      serverNonce: 's',
      salt: Buffer.alloc(4),
      iterations: 4096,
      serverEndPoint: null,
    };
    fc.assert(
      fc.property(fc.string(), (clientFirst) => {
        expect(typeof startScramServer({ ...options, clientFirst }).ok).toBe('boolean');
      }),
    );
  });
});

describe('messages of the server', () => {
  it('mean the same after encoding', () => {
    const letters = fc.uniqueArray(fc.constantFrom(...Array.from('SVCMDHPpqWstcdnFLR')), { maxLength: 18 });
    const fields = fc
      .tuple(letters, fc.array(text(), { minLength: 18, maxLength: 18 }))
      .map(([keys, values]) => new Map(keys.map((key, i) => [key, values[i] ?? ''] as const)));
    const columns = fc.array(
      fc.record({
        name: text(),
        tableOid: oid,
        attribute: fc.integer({ min: -32_768, max: 32_767 }),
        typeOid: oid,
        typeSize: fc.integer({ min: -32_768, max: 32_767 }),
        typeModifier: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        format,
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(fields, columns, (report, described) => {
        expect(decodeBackend(0x45, encodeErrorResponse(report).subarray(5))).toEqual({
          kind: 'ErrorResponse',
          fields: report,
        });
        const description = decodeBackend(0x54, encodeRowDescription(described).subarray(5));
        expect(description).toEqual({ kind: 'RowDescription', fields: described });
      }),
    );
  });
});
