import type { MaskKind, Obligation } from '../policy/decision.ts';
import { type CellMask, fixedMask, isLastCount, isMaskText, lastMask, NULL_MASK } from './cell.ts';

/** How the rows of one result are rewritten, made once per Describe. Frozen. */
export type MaskPlan = {
  /** One per output column; null lets the cell through unchanged. */
  readonly masks: readonly (CellMask | null)[];
  /** Position of the last masked column, -1 when the rows pass unchanged. */
  readonly lastMasked: number;
  /** How many columns are masked. */
  readonly maskedColumns: number;
  /** Most bytes that the replaced cells of one row have together, with their length words. */
  readonly maxMaskedBytes: number;
};

const LENGTH_BYTES = 4;

/** An output column as RowDescription and Bind declare it. Text has the same bytes in both formats, so `format` decides nothing yet. */
export type PlannedColumn = { readonly typeOid: number; readonly format: 0 | 1 };

/**
 * The plan of a result from the obligations of a decision. Masks that do not fit the column's type become NULL:
 * a text in an int4 cell would break the client, or be read as a number. So do masks with impossible parameters.
 * Obligations of other kinds are not masking's. Throws RangeError when an obligation names no column of the result:
 * then the decision was made about something else, and nothing may go out.
 */
export function planMasks(columns: readonly PlannedColumn[], obligations: readonly Obligation[]): MaskPlan {
  const masks: (CellMask | null)[] = columns.map(() => null);
  let lastMasked = -1;
  for (const obligation of obligations) {
    if (obligation.kind !== 'mask') continue;
    const column = columns[obligation.output];
    if (column === undefined) throw new RangeError('an obligation names a column that the result does not have');
    const mask = maskFor(obligation.mask, column);
    // Two obligations on one column: NULL, the one that shows least, whatever they are.
    masks[obligation.output] = masks[obligation.output] === null ? mask : NULL_MASK;
    lastMasked = Math.max(lastMasked, obligation.output);
  }
  const maskedColumns = masks.filter((mask) => mask !== null).length;
  const maxMaskedBytes = masks.reduce((sum, mask) => sum + (mask === null ? 0 : LENGTH_BYTES + mask.maxBytes), 0);
  return Object.freeze({ masks: Object.freeze(masks), lastMasked, maskedColumns, maxMaskedBytes });
}

/** The plan that changes nothing, for a result of `columns` columns. */
export function passAll(columns: number): MaskPlan {
  return Object.freeze({
    masks: Object.freeze(new Array<null>(columns).fill(null)),
    lastMasked: -1,
    maskedColumns: 0,
    maxMaskedBytes: 0,
  });
}

/** Built-in types whose value is text, with the same bytes in text and in binary format. OIDs of pg_type.dat, which never change. */
const TEXT_TYPES: ReadonlySet<number> = new Set([
  25, // text
  1042, // bpchar
  1043, // varchar
  19, // name
]);

function maskFor(mask: MaskKind, column: PlannedColumn): CellMask {
  // citext and enums have OIDs of their own in each database: not known to be text, so NULL. (Domains are described as their base type.)
  if (!TEXT_TYPES.has(column.typeOid)) return NULL_MASK;
  switch (mask.kind) {
    case 'null':
      return NULL_MASK;
    case 'fixed':
      return isMaskText(mask.text) ? fixedMask(mask.text) : NULL_MASK;
    case 'last':
      return isLastCount(mask.count) ? lastMask(mask.count) : NULL_MASK;
  }
}
