/**
 * The `@mask("…")` annotation of a policy: its text → a mask.
 */
import { MASK_SHAPES, type MaskKind, type MaskShape, TRUNCATE_UNITS, type TruncateUnit } from './mask-kind.ts';

/** Longest text of `fixed:`, in characters. */
export const MAX_FIXED_MASK_CHARACTERS = 64;
/** Most characters that `last:` may keep. */
export const MAX_LAST_MASK_CHARACTERS = 16;

/** What can be written, for the one who wrote something else. */
export const MASK_FORMS =
  '"null", "placeholder", "fixed:TEXT", "last:COUNT", "token", "truncate:UNIT", "bucket:SIZE", "email", "email-domain", "phone", "card", "ssn", "uuid" or "ip"';

/** The purpose of keyed masks that name none. */
const NO_PURPOSE = '';

/**
 * | text | |
 * |---|---|
 * | `null` `placeholder` | |
 * | `fixed:TEXT` | 1 to 64 characters without NUL |
 * | `last:COUNT` | 1 to 16 |
 * | `token` `email` `email-domain` `phone` `card` `ssn` `uuid` `ip` | each also with `:PURPOSE`, 1 to 32 of `a-z 0-9 . _ -` |
 * | `truncate:UNIT` | year, quarter, month, day, hour, minute; with `,nulls` NULL stays NULL |
 * | `bucket:SIZE` | a decimal above 0, up to 15 digits before the point and 6 after; with `,nulls` NULL stays NULL |
 */
export function parseMask(text: string): MaskKind | 'invalid' {
  if (text === 'null' || text === 'placeholder') return { kind: text };
  const colon = text.indexOf(':');
  const name = colon === -1 ? text : text.slice(0, colon);
  const argument = colon === -1 ? null : text.slice(colon + 1);
  if (name === 'token' || isShape(name)) return keyed(name, argument);
  if (argument === null) return 'invalid';
  switch (name) {
    case 'fixed':
      return isFixedText(argument) ? { kind: 'fixed', text: argument } : 'invalid';
    case 'last':
      return /^[1-9]\d?$/.test(argument) && Number(argument) <= MAX_LAST_MASK_CHARACTERS
        ? { kind: 'last', count: Number(argument) }
        : 'invalid';
    case 'truncate': {
      const { value, nulls } = withNulls(argument);
      return isUnit(value) ? { kind: 'truncate', unit: value, nulls } : 'invalid';
    }
    case 'bucket': {
      const { value, nulls } = withNulls(argument);
      return isBucketSize(value) ? { kind: 'bucket', size: shortest(value), nulls } : 'invalid';
    }
    default:
      return 'invalid';
  }
}

function keyed(name: 'token' | MaskShape, argument: string | null): MaskKind | 'invalid' {
  if (argument !== null && !/^[a-z0-9][a-z0-9._-]{0,31}$/.test(argument)) return 'invalid';
  const purpose = argument ?? NO_PURPOSE;
  return name === 'token' ? { kind: 'token', purpose } : { kind: 'shape', shape: name, purpose };
}

function isFixedText(text: string): boolean {
  return text.length > 0 && Array.from(text).length <= MAX_FIXED_MASK_CHARACTERS && !text.includes('\0');
}

function withNulls(argument: string): { readonly value: string; readonly nulls: boolean } {
  const nulls = argument.endsWith(',nulls');
  return { value: nulls ? argument.slice(0, -',nulls'.length) : argument, nulls };
}

function isBucketSize(text: string): boolean {
  return /^(0|[1-9]\d{0,14})(\.\d{1,6})?$/.test(text) && /[1-9]/.test(text);
}

/** Equal sizes are spelled alike. */
function shortest(size: string): string {
  return size.includes('.') ? size.replace(/\.?0+$/, '') : size;
}

function isShape(name: string): name is MaskShape {
  return MASK_SHAPES.some((shape) => shape === name);
}

function isUnit(name: string): name is TruncateUnit {
  return TRUNCATE_UNITS.some((unit) => unit === name);
}

/** The annotation that says this mask. */
export function spellMask(mask: MaskKind): string {
  switch (mask.kind) {
    case 'null':
    case 'placeholder':
      return mask.kind;
    case 'fixed':
      return `fixed:${mask.text}`;
    case 'last':
      return `last:${mask.count}`;
    case 'token':
    case 'shape':
      return `${mask.kind === 'token' ? 'token' : mask.shape}${mask.purpose === NO_PURPOSE ? '' : `:${mask.purpose}`}`;
    case 'truncate':
      return `truncate:${mask.unit}${mask.nulls ? ',nulls' : ''}`;
    case 'bucket':
      return `bucket:${mask.size}${mask.nulls ? ',nulls' : ''}`;
  }
}
