/**
 * How a masked cell is rewritten, as policy names it: `@mask("…")`. What each kind shows is in docs/masks.md.
 */

/** Coarsest first: a value truncated to one unit can be made from one that was truncated to any later one. */
export const TRUNCATE_UNITS = ['year', 'quarter', 'month', 'day', 'hour', 'minute'] as const;
export type TruncateUnit = (typeof TRUNCATE_UNITS)[number];

/** Shapes whose masks keep the form of a value and nothing else of it; `email-domain` also keeps the domain. */
export const MASK_SHAPES = ['email', 'email-domain', 'phone', 'card', 'ssn', 'uuid', 'ip'] as const;
export type MaskShape = (typeof MASK_SHAPES)[number];

/** Chosen by policy per label category. What does not fit a column's type becomes NULL. */
export type MaskKind =
  | { readonly kind: 'null' }
  /** One valid value of the column's type, the same for every cell: for clients that cannot bear NULL. */
  | { readonly kind: 'placeholder' }
  /** A constant: the text itself in text columns, elsewhere the value that it spells. */
  | { readonly kind: 'fixed'; readonly text: string }
  /** Keeps the last `count` characters, for text-like types only. */
  | { readonly kind: 'last'; readonly count: number }
  /** A keyed token: equal values have equal tokens, within one resource and one purpose. */
  | { readonly kind: 'token'; readonly purpose: string }
  /** A keyed value of a common shape, equal for equal values as a token is. */
  | { readonly kind: 'shape'; readonly shape: MaskShape; readonly purpose: string }
  /** A date or time, cut to its unit. `nulls`: NULL stays NULL. */
  | { readonly kind: 'truncate'; readonly unit: TruncateUnit; readonly nulls: boolean }
  /** A number, down to the multiple of `size` next to it towards zero. `size` is a positive decimal. */
  | { readonly kind: 'bucket'; readonly size: string; readonly nulls: boolean };

/** A place of a JSON document, as `masking/json-path.ts` reads it, and its mask. */
export type MaskedPart = { readonly path: string; readonly mask: MaskKind };

/** Whether what it shows depends on the value. Such a mask is for a column's own values, never for an expression. */
export function showsOfValue(mask: MaskKind): boolean {
  return mask.kind !== 'null' && mask.kind !== 'placeholder' && mask.kind !== 'fixed';
}
