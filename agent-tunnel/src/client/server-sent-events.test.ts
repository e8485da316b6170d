import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MAX_EVENT_LENGTH, parseEvents, type ServerSentEvent } from './server-sent-events.ts';

async function* chunked(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function collect(bytes: Buffer, sizes: readonly number[] = [1_000]): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of parseEvents(chunked(bytes, sizes))) events.push(event);
  return events;
}

const STREAM = Buffer.from(
  ': listening\n\nevent: request\ndata: {"name":"Zoë"}\n\ndata:one\r\ndata: two\r\n\r\nid: 7\nevent: a\rdata: b\r\rdata: unfinished',
);
const EVENTS = [
  { event: 'request', data: '{"name":"Zoë"}' },
  { event: 'message', data: 'one\ntwo' },
  { event: 'a', data: 'b' },
];

it('events come out the same for any chunking, comments and an unfinished end do not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 }), async (sizes) => {
      expect(await collect(STREAM, sizes)).toEqual(EVENTS);
    }),
  );
});

it.each([
  ['one endless line', Buffer.alloc(MAX_EVENT_LENGTH + 10, 'x')],
  ['endless data lines', Buffer.from(`data: ${'x'.repeat(1_000)}\n`.repeat(MAX_EVENT_LENGTH / 1_000 + 10))],
])('%s ends the stream instead of filling memory', async (_name, bytes) => {
  await expect(collect(bytes, [65_536])).rejects.toMatchObject({ code: 'LIMIT_FRAME_BYTES' });
});
