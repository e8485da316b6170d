import { type CellMask, writeBytes } from './cell.ts';
import { MAX_NUMBER_BYTES, numberType } from './number-value.ts';
import { type Decimal, parseDecimal, rescaled } from './numeric-value.ts';
import type { PlannedColumn } from './planned-column.ts';

/**
 * A number, moved towards zero to a multiple of `size`: so the bucket of zero is twice as wide, and no result leaves
 * the range, precision or scale of its column. Null for columns that are no numbers, or cannot hold such a multiple.
 *
 * NULL comes out as 0, or stays NULL with `nulls`. NaN, infinities and numbers too long to look at come out as 0.
 */
export function bucketMask(size: string, nulls: boolean, column: PlannedColumn): CellMask | null {
  const type = numberType(column);
  const bucket = parseDecimal(size);
  if (type === null || bucket === null || bucket.units <= 0n) return null;
  if (type.scale !== null && !isWithin(bucket, type.scale)) return null;
  return Object.freeze({
    maxBytes: type.maxBytes,
    tailBytes: MAX_NUMBER_BYTES,
    write(source: Buffer, start: number, end: number, cut: boolean, target: Buffer, at: number): number {
      if (nulls && start === end) return -1;
      const value = cut || end - start > MAX_NUMBER_BYTES ? null : type.read(source.subarray(start, end));
      const cell = type.write(value === null ? { units: 0n, scale: bucket.scale } : lowered(value, bucket));
      return writeBytes(cell, 0, cell.length, target, at);
    },
  });
}

/** Whether the digits after the point fit the scale. */
function isWithin(value: Decimal, scale: number): boolean {
  return value.scale <= scale || rescaled(rescaled(value, scale), value.scale).units === value.units;
}

function lowered(value: Decimal, bucket: Decimal): Decimal {
  const scale = Math.max(value.scale, bucket.scale);
  const width = rescaled(bucket, scale).units;
  // The quotient of integers is rounded towards zero.
  const units = (rescaled(value, scale).units / width) * width;
  return rescaled({ units, scale }, bucket.scale);
}
