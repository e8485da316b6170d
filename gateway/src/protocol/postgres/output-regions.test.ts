import { describe, expect, it } from 'vitest';
import { OutputBuffer } from './output-buffer.ts';
import { LEAST_REGION_OUTPUT, MAX_FREE_REGION_BYTES, OutputRegions } from './output-regions.ts';

const KIB = 1024;

function taken(regions: OutputRegions, chunkBytes: number): Buffer {
  const region = regions.take(chunkBytes);
  if (region === null) throw new Error('no region');
  return region;
}

describe('regions for output', () => {
  it.each([LEAST_REGION_OUTPUT, 8 * KIB, 8 * KIB + 1, 100_000, 128 * KIB])(
    'have room for a chunk of %i bytes and the row that began before it, and take at most twice as much',
    (chunkBytes) => {
      const { length } = taken(new OutputRegions(), chunkBytes);
      expect(length).toBeGreaterThanOrEqual(chunkBytes + KIB);
      expect(length).toBeLessThanOrEqual(Math.max(8 * KIB, chunkBytes * 2) + KIB);
    },
  );

  it('are not for short chunks, nor for longer ones than are read at once', () => {
    const regions = new OutputRegions();
    expect([regions.take(LEAST_REGION_OUTPUT - 1), regions.take(128 * KIB + 1)]).toEqual([null, null]);
  });

  it('are lent again once a part of them was given back, and to one only however often it was', () => {
    const regions = new OutputRegions();
    const first = taken(regions, 8 * KIB);
    const written = first.subarray(0, 5_000);
    expect(regions.isLent(written)).toBe(true);
    regions.giveBack(written);
    regions.giveBack(written);
    regions.giveBack(first);
    expect(regions.isLent(written)).toBe(false);
    const again = [taken(regions, 8 * KIB), taken(regions, 8 * KIB)].map(({ buffer }) => buffer);
    expect(again[0]).toBe(first.buffer);
    expect(again[1]).not.toBe(first.buffer);
  });

  it('are never made of what others own', () => {
    const regions = new OutputRegions();
    const others = Buffer.allocUnsafeSlow(9 * KIB);
    regions.giveBack(others);
    expect(taken(regions, 8 * KIB).buffer).not.toBe(others.buffer);
  });

  it('are kept up to a bound, whatever was lent', () => {
    const regions = new OutputRegions();
    const lent = Array.from({ length: 40 }, () => taken(regions, 128 * KIB));
    for (const region of lent) regions.giveBack(region);
    const again = lent.map(() => taken(regions, 128 * KIB));
    const buffers = new Set(lent.map(({ buffer }) => buffer));
    const kept = again.filter(({ buffer }) => buffers.has(buffer));
    const bytes = kept.reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBeLessThanOrEqual(MAX_FREE_REGION_BYTES);
    expect(bytes + 129 * KIB).toBeGreaterThan(MAX_FREE_REGION_BYTES);
  });
});

describe('output in a region', () => {
  function output(regions: OutputRegions): OutputBuffer {
    return new OutputBuffer(1024 * KIB, () => new Error('full'), regions);
  }

  it('is handed over with the region, which is lent until it is given back', () => {
    const regions = new OutputRegions();
    const out = output(regions);
    out.expect(8 * KIB);
    out.append(Buffer.alloc(6_000, 'a'), 0, 6_000);
    const bytes = out.take();
    expect(bytes).toEqual(Buffer.alloc(6_000, 'a'));
    expect(bytes !== null && regions.isLent(bytes)).toBe(true);
  });

  it('leaves it when little came of the chunk, or more than it has room for', () => {
    for (const bytes of [100, 20_000]) {
      const regions = new OutputRegions();
      const region = taken(regions, 8 * KIB);
      regions.giveBack(region);
      const out = output(regions);
      out.expect(8 * KIB);
      for (let left = bytes; left > 0; left -= 100) out.append(Buffer.alloc(100, 'b'), 0, 100);
      const written = out.take();
      expect(written).toEqual(Buffer.alloc(bytes, 'b'));
      expect(taken(regions, 8 * KIB).buffer).toBe(region.buffer);
    }
  });
});
