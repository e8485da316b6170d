import type { MaskPlan } from '../../masking/plan.ts';
import { copySpan, type OutputBuffer, readInt32, readUint16, writeInt32 } from './output-buffer.ts';
import { columnMismatch } from './tuple-rewriter.ts';
import { violation } from './violation.ts';

/** `Byte1 'D' · Int32 length · Int16 columns`: what comes before the first cell of a DataRow. */
const ROW_HEADER_BYTES = 7;

/**
 * Checks a complete DataRow in `source[start, end)`: the planned number of columns, cells that fill it exactly.
 *
 * ```text
 * Byte1  'D'
 * Int32  length
 * Int16  columns
 * then per column:  Int32 length, -1 for NULL · Byten value
 * ```
 * Errors: `UPSTREAM_PROTOCOL`.
 */
export function checkRow(source: Buffer, start: number, end: number, columns: number): void {
  if (readUint16(source, start + 5) !== columns) throw columnMismatch();
  let at = start + ROW_HEADER_BYTES;
  for (let column = 0; column < columns; column++) {
    const length = cellLength(source, at, end);
    at += length > 0 ? 4 + length : 4;
  }
  if (at !== end) throw overrun();
}

/**
 * Appends a complete DataRow to `out`, masked, together with `source[pending, start)`, the bytes before it that are
 * still to be copied. Returns where the bytes begin that are still to be copied now. Errors: `UPSTREAM_PROTOCOL`.
 */
export function maskRow(
  source: Buffer,
  start: number,
  end: number,
  plan: MaskPlan,
  out: OutputBuffer,
  pending: number,
): number {
  const { masks } = plan;
  const columns = masks.length;
  if (readUint16(source, start + 5) !== columns) throw columnMismatch();
  // One check of the room for the whole row: what is copied is at most the row and what is pending before it.
  out.reserve(end - pending + plan.maxMaskedBytes);
  const target = out.buffer;
  let used = out.used;
  let from = pending;
  let growth = 0;
  let rowAt = -1;
  let at = start + ROW_HEADER_BYTES;
  for (let column = 0; column < columns; column++) {
    const length = cellLength(source, at, end);
    const bytes = length > 0 ? length : 0;
    const mask = masks[column];
    if (mask !== null && mask !== undefined) {
      if (rowAt === -1) rowAt = used + start - from;
      used = copySpan(source, from, at, target, used);
      const written = mask.write(source, at + 4, at + 4 + bytes, false, target, used + 4);
      writeInt32(target, used, written);
      const writtenBytes = written > 0 ? written : 0;
      used += 4 + writtenBytes;
      growth += writtenBytes - bytes;
      from = at + 4 + bytes;
    }
    at += 4 + bytes;
  }
  if (at !== end) throw overrun();
  if (growth !== 0) writeInt32(target, rowAt + 1, end - start - 1 + growth);
  out.used = used;
  return from;
}

/** Views of the cells of a DataRow that was checked. */
export function cellsOf(source: Buffer, start: number): (Buffer | null)[] {
  const columns = readUint16(source, start + 5);
  const cells: (Buffer | null)[] = [];
  let at = start + ROW_HEADER_BYTES;
  for (let column = 0; column < columns; column++) {
    const length = readInt32(source, at);
    at += 4;
    cells.push(length === -1 ? null : source.subarray(at, at + length));
    if (length > 0) at += length;
  }
  return cells;
}

/** Length of the cell at `at`, checked to end within the row. */
function cellLength(source: Buffer, at: number, end: number): number {
  if (at + 4 > end) throw overrun();
  const length = readInt32(source, at);
  if (length < -1 || at + 4 + length > end) throw overrun();
  return length;
}

function overrun(): Error {
  return violation('UPSTREAM_PROTOCOL', 'The cells of a row do not fill it exactly.');
}
