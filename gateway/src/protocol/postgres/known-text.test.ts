import { expect, it } from 'vitest';
import { KnownText, MAX_KEPT_TEXT_BYTES } from './known-text.ts';

const find = (known: KnownText, text: string): string | null => {
  const bytes = Buffer.from(`..${text}..`);
  return known.find(bytes, 2, bytes.length - 2);
};

it('finds the text that was kept last, and no other of its length', () => {
  const known = new KnownText();
  expect(find(known, '')).toBeNull();
  for (const text of ['SELECT 1', 'SELECT é']) known.keep(text, Buffer.from(text));
  expect([find(known, 'SELECT é'), find(known, 'SELECT 1'), find(known, 'SELECT è')]).toEqual(['SELECT é', null, null]);
});

it('keeps no longer text than its bound, and nothing of the chunk that it was read from', () => {
  const known = new KnownText();
  const chunk = Buffer.from('x'.repeat(MAX_KEPT_TEXT_BYTES));
  known.keep(chunk.toString(), chunk);
  expect(find(known, 'x'.repeat(MAX_KEPT_TEXT_BYTES))).not.toBeNull();
  chunk.fill(0x79);
  expect(find(known, 'y'.repeat(MAX_KEPT_TEXT_BYTES))).toBeNull();
  const long = 'z'.repeat(MAX_KEPT_TEXT_BYTES + 1);
  known.keep(long, Buffer.from(long));
  expect(find(known, long)).toBeNull();
});
