import type { TruncateUnit } from '../policy/mask-kind.ts';
import { type CellMask, writeBytes } from './cell.ts';
import type { PlannedColumn } from './planned-column.ts';
import { civilOf, daysOf, type Moment, momentBytes, readMoment, timeTypeOf, writeMoment } from './time-value.ts';

/** Longest text of a date or time, with its zone. */
const MAX_TEXT_BYTES = 64;
/** What stands for NULL, and for what cannot be truncated: 1970-01-01 00:00:00. */
export const PLACEHOLDER_MOMENT: Moment = { days: -10_957, seconds: 0 };

/**
 * A date or time cut to its unit, in UTC where its type has a zone: the zone itself would tell summer from winter.
 * Null for columns of other types.
 *
 * NULL comes out as the placeholder, or stays NULL with `nulls`. Infinity, years beyond 1 to 9999, 24:00:00, and texts
 * that are not ISO (another DateStyle) come out as the placeholder.
 */
export function truncateMask(unit: TruncateUnit, nulls: boolean, column: PlannedColumn): CellMask | null {
  const type = timeTypeOf(column.typeOid);
  if (type === null) return null;
  const { format } = column;
  const maxBytes = momentBytes(type, format);
  const placeholder = writeMoment(PLACEHOLDER_MOMENT, type, format);
  return Object.freeze({
    maxBytes,
    tailBytes: MAX_TEXT_BYTES,
    write(source: Buffer, start: number, end: number, cut: boolean, target: Buffer, at: number): number {
      if (nulls && start === end) return -1;
      const moment = cut || end - start > MAX_TEXT_BYTES ? null : readMoment(source.subarray(start, end), type, format);
      const cell = moment === null ? placeholder : writeMoment(truncated(moment, unit), type, format);
      return writeBytes(cell, 0, cell.length, target, at);
    },
  });
}

function truncated({ days, seconds }: Moment, unit: TruncateUnit): Moment {
  if (unit === 'minute') return { days, seconds: seconds - (seconds % 60) };
  if (unit === 'hour') return { days, seconds: seconds - (seconds % 3_600) };
  if (unit === 'day') return { days, seconds: 0 };
  const { year, month } = civilOf(days);
  switch (unit) {
    case 'month':
      return { days: daysOf(year, month, 1), seconds: 0 };
    case 'quarter':
      return { days: daysOf(year, month - ((month - 1) % 3), 1), seconds: 0 };
    case 'year':
      return { days: daysOf(year, 1, 1), seconds: 0 };
  }
}
