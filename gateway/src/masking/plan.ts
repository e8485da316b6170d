import type { Obligation } from '../policy/decision.ts';
import type { MaskKind } from '../policy/mask-kind.ts';
import { bucketMask } from './bucket-mask.ts';
import { type CellMask, constantMask, isMaskText, NULL_MASK } from './cell.ts';
import { jsonMask } from './json-mask.ts';
import { keyedMask } from './keyed-mask.ts';
import { isLastCount, lastMask } from './last-mask.ts';
import type { MaskKeys } from './mask-keys.ts';
import type { PlannedColumn } from './planned-column.ts';
import { textColumn } from './text-column.ts';
import { truncateMask } from './truncate-mask.ts';
import { constantCell, placeholderCell } from './type-constants.ts';

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

/** What keyed masks are made with: the keys, and the resource whose values they are. */
export type MaskScope = { readonly keys: MaskKeys; readonly resource: string };

const LENGTH_BYTES = 4;

/**
 * The plan of a result from the obligations of a decision. Masks that do not fit the column's type become NULL:
 * a text in an int4 cell would break the client, or be read as a number. So do masks with impossible parameters, and
 * keyed ones without keys. Obligations of other kinds are not masking's. Throws RangeError when an obligation names no
 * column of the result: then the decision was made about something else, and nothing may go out.
 */
export function planMasks(
  columns: readonly PlannedColumn[],
  obligations: readonly Obligation[],
  scope: MaskScope | null = null,
): MaskPlan {
  const masks: (CellMask | null)[] = columns.map(() => null);
  let lastMasked = -1;
  for (const obligation of obligations) {
    if (obligation.kind !== 'mask') continue;
    const column = columns[obligation.output];
    if (column === undefined) throw new RangeError('an obligation names a column that the result does not have');
    const mask = maskOf(obligation, column, scope) ?? NULL_MASK;
    // Two obligations on one column: NULL, the one that shows least, whatever they are.
    masks[obligation.output] = masks[obligation.output] === null ? mask : NULL_MASK;
    lastMasked = Math.max(lastMasked, obligation.output);
  }
  const maskedColumns = masks.filter((mask) => mask !== null).length;
  const maxMaskedBytes = masks.reduce((sum, mask) => sum + (mask === null ? 0 : LENGTH_BYTES + mask.maxBytes), 0);
  return Object.freeze({ masks: Object.freeze(masks), lastMasked, maskedColumns, maxMaskedBytes });
}

/** Outputs whose mask does not fit their type, so that they become NULL. */
export function masksThatDoNotFit(
  columns: readonly PlannedColumn[],
  obligations: readonly Obligation[],
  scope: MaskScope,
): readonly { readonly output: number; readonly mask: MaskKind }[] {
  return obligations.flatMap((obligation) => {
    const column = obligation.kind === 'mask' ? columns[obligation.output] : undefined;
    if (obligation.kind !== 'mask' || column === undefined) return [];
    return maskOf(obligation, column, scope) === null ? [{ output: obligation.output, mask: obligation.mask }] : [];
  });
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

/** Places of a JSON column when the decision names some, else the whole cell; null when the mask does not fit. */
function maskOf(
  { mask, parts }: Extract<Obligation, { kind: 'mask' }>,
  column: PlannedColumn,
  scope: MaskScope | null,
): CellMask | null {
  const inText = (kind: MaskKind): CellMask | null => cellMask(kind, TEXT, scope);
  const within = parts === undefined ? null : jsonMask(parts, column, inText);
  return within ?? cellMask(mask, column, scope);
}

/** What the values inside a JSON document are masked as. */
const TEXT: PlannedColumn = { typeOid: 25, format: 0 };

/** The mask as it is in this column; null when it does not fit, so that the cell becomes NULL. */
export function cellMask(mask: MaskKind, column: PlannedColumn, scope: MaskScope | null): CellMask | null {
  switch (mask.kind) {
    case 'null':
      return NULL_MASK;
    case 'placeholder':
      return constant(placeholderCell(column));
    case 'fixed':
      return isMaskText(mask.text) ? constant(constantCell(mask.text, column)) : null;
    case 'last': {
      const text = textColumn(column);
      return text !== null && isLastCount(mask.count) ? lastMask(mask.count, text) : null;
    }
    case 'token':
    case 'shape':
      return scope === null ? null : keyedMask(mask, column, scope.keys, scope.resource);
    case 'truncate':
      return truncateMask(mask.unit, mask.nulls, column);
    case 'bucket':
      return bucketMask(mask.size, mask.nulls, column);
  }
}

function constant(cell: Buffer | null): CellMask | null {
  return cell === null ? null : constantMask(cell);
}
