import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PackedTriples, unpackTriples } from './packed-triples.ts';

type Triple = readonly [number, number, number];

function unpacked(bytes: Uint8Array): readonly Triple[] {
  const triples: Triple[] = [];
  unpackTriples(bytes, (...triple) => triples.push(triple));
  return triples;
}

const NUMBER = fc.oneof(
  fc.nat({ max: 300 }),
  fc.nat(),
  fc.maxSafeNat().map((n) => Math.floor(n / 2)),
);

it('numbers come back as they were packed, up and down, small and up to 2^52', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(NUMBER, NUMBER, NUMBER)), (triples) => {
      const packed = new PackedTriples();
      for (const triple of triples) packed.add(...triple);
      expect(unpacked(packed.bytes)).toEqual(triples);
    }),
  );
});

it('small steps take a byte or two each', () => {
  const packed = new PackedTriples();
  for (let step = 1; step <= 1_000; step += 1) packed.add(step, 0, step * 250);
  expect(packed.bytes.length).toBeLessThan(4_100);
});

it('bytes that end in the middle of a three, or of a number, are refused', () => {
  const packed = new PackedTriples();
  packed.add(1_000, 2, 3_000_000_000);
  for (let end = 1; end < packed.bytes.length; end += 1)
    expect(() => unpacked(packed.bytes.subarray(0, end))).toThrow('cut off');
  expect(() => unpacked(Buffer.alloc(12, 0xff))).toThrow('cut off');
});
