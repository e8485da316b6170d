import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { ControlRequestSchema, controlMessages, encodeControlFrame, MAX_CONTROL_FRAME_BYTES } from './control-frame.ts';

const KEY = 'k'.repeat(43);

async function first(...chunks: readonly Buffer[]): Promise<unknown> {
  const stream = new PassThrough();
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  for await (const message of controlMessages(stream, ControlRequestSchema)) return message;
  return null;
}

it('a message arrives whole, whatever the chunks', async () => {
  const bytes = encodeControlFrame({ ask: 'status', key: KEY });
  for (let cut = 0; cut <= bytes.length; cut += 1)
    expect(await first(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual({ ask: 'status', key: KEY });
});

it('the layout is a big-endian length and JSON', () => {
  expect(encodeControlFrame({ ask: 'status', key: KEY }).toString('latin1')).toBe(
    `\0\0\0\x44{"ask":"status","key":"${KEY}"}`,
  );
});

it('a length beyond the bound is refused before anything of it is kept', async () => {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(MAX_CONTROL_FRAME_BYTES + 1);
  await expect(first(header)).rejects.toMatchObject({ code: 'LIMIT_FRAME_BYTES' });
});

it.each([
  ['no JSON', Buffer.from('\0\0\0\x01{')],
  ['an unknown question', Buffer.from(`\0\0\0\x10{"ask":"shell?"}`)],
  ['a page’s request', Buffer.from('\0\0\0\x04GET ')],
])('%s is refused', async (_, bytes) => {
  await expect(first(bytes)).rejects.toMatchObject({ code: 'PROTOCOL_VIOLATION' });
});

it('a peer that leaves in the middle of a message has said nothing', async () => {
  expect(await first(Buffer.from([0, 0, 0, 9, 1]))).toBeNull();
});
