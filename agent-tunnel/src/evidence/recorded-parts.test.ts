import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RecordedParts } from './recorded-parts.ts';

const WHOLE = Buffer.from('one\ntwo\nthree\n');
const upTo = (bytes: number) => ({
  bytes,
  sha256: createHash('sha256').update(WHOLE.subarray(0, bytes)).digest('hex'),
});

/** What is said of the recording in pieces of so many bytes. */
function read(expected: readonly unknown[], recording: Buffer, pieceBytes: number): RecordedParts {
  const parts = new RecordedParts();
  for (const recorded of expected) parts.expect(recorded);
  for (let at = 0; at < recording.length; at += pieceBytes) parts.take(recording.subarray(at, at + pieceBytes));
  return parts;
}

describe('a recording', () => {
  it.each([1, 4, 5, 100])('is what its entries name, in pieces of %d bytes', (pieceBytes) => {
    const parts = read([upTo(4), undefined, upTo(4), upTo(8), upTo(14)], WHOLE, pieceBytes);
    expect([parts.isCut, parts.bytes, parts.finish().toString('hex')]).toEqual([false, 14, upTo(14).sha256]);
  });

  it.each([1, 4, 5, 100])('that was changed is found, in pieces of %d bytes', (pieceBytes) => {
    const forged = Buffer.from(WHOLE.toString().replace('two', 'two'.toUpperCase()));
    expect(() => read([upTo(4), upTo(8)], forged, pieceBytes)).toThrow('the first 8 bytes');
    // Before the change, nothing is wrong.
    expect(read([upTo(4)], forged, pieceBytes).isCut).toBe(false);
  });

  it('that ends before an entry’s is cut', () => {
    expect(read([upTo(4), upTo(8)], WHOLE.subarray(0, 7), 3).isCut).toBe(true);
  });

  it.each([
    ['no length', { sha256: '' }],
    ['no hash', { bytes: 1 }],
    ['nothing', null],
    ['no bytes', upTo(0)],
  ])('cannot be what an entry with %s says', (_, recorded) => {
    expect(() => read([recorded], WHOLE, 1)).toThrow('what cannot be');
  });

  it('does not become shorter', () => {
    expect(() => read([upTo(8), upTo(4)], WHOLE, 1)).toThrow('what cannot be');
  });
});
