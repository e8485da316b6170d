import type { CellMask } from './cell.ts';

/** The masked bytes of a value that stands between other bytes; null for NULL. Throws when the mask writes beside its place. */
export function maskedBytes(mask: CellMask, value: Buffer | string, cut = false): Buffer | null {
  const source = Buffer.concat([Buffer.from('<<'), Buffer.from(value), Buffer.from('>>')]);
  const target = Buffer.alloc(mask.maxBytes + 8, '.');
  const written = mask.write(source, 2, source.length - 2, cut, target, 4);
  const around = target.toString('latin1', 0, 4) + target.toString('latin1', 4 + Math.max(written, 0));
  if (written > mask.maxBytes || /[^.]/.test(around)) throw new Error('the mask wrote beside its place');
  return written === -1 ? null : target.subarray(4, 4 + written);
}

/** The same as text. */
export function masked(mask: CellMask, value: Buffer | string, cut = false): string | null {
  return maskedBytes(mask, value, cut)?.toString('utf8') ?? null;
}
