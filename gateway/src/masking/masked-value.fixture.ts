import { expect } from 'vitest';
import type { CellMask } from './cell.ts';

/** The masked bytes of a value that stands between other bytes; null for NULL. */
export function maskedBytes(mask: CellMask, value: Buffer | string, cut = false): Buffer | null {
  const source = Buffer.concat([Buffer.from('<<'), Buffer.from(value), Buffer.from('>>')]);
  const target = Buffer.alloc(mask.maxBytes + 8, '.');
  const written = mask.write(source, 2, source.length - 2, cut, target, 4);
  expect(written).toBeLessThanOrEqual(mask.maxBytes);
  expect(target.subarray(0, 4).toString()).toBe('....');
  expect(target.subarray(4 + Math.max(written, 0)).toString()).toMatch(/^\.*$/);
  return written === -1 ? null : target.subarray(4, 4 + written);
}

/** The same as text. */
export function masked(mask: CellMask, value: Buffer | string, cut = false): string | null {
  return maskedBytes(mask, value, cut)?.toString('utf8') ?? null;
}
