/**
 * Which of several masks wins: the one that says least.
 *
 * Masks form a lattice, and the answer is their greatest lower bound, so it depends neither on their order nor on how
 * they were put together before:
 *
 * ```text
 * null  <  fixed a, fixed b, …  <  placeholder  <  last, token, shapes, truncate, bucket
 * ```
 * Below one text, another text is only NULL. Masks that show different things of a value meet in the placeholder,
 * unless one can be made from the other: fewer last characters, a coarser unit, a common multiple of buckets, an
 * address without its domain.
 */
import { type MaskKind, TRUNCATE_UNITS } from './mask-kind.ts';

const NULL: MaskKind = { kind: 'null' };
const PLACEHOLDER: MaskKind = { kind: 'placeholder' };

/** A common bucket of more than this many millionths is none: the sizes that a policy can name have no more. */
const MAX_BUCKET_MILLIONTHS = 10n ** 21n;
const MILLIONTHS = 6;

/** Of no masks: NULL. */
export function strictestMask(masks: readonly MaskKind[]): MaskKind {
  const [first, ...others] = masks;
  if (first === undefined) return NULL;
  return others.reduce<MaskKind>(stricter, first);
}

function stricter(a: MaskKind, b: MaskKind): MaskKind {
  const [low, high] = rank(a) <= rank(b) ? [a, b] : [b, a];
  if (rank(low) < rank(high)) return low;
  if (low.kind === 'null' || low.kind === 'placeholder') return low;
  if (low.kind === 'fixed') return high.kind === 'fixed' && low.text === high.text ? low : NULL;
  return meet(low, high);
}

function rank(mask: MaskKind): number {
  if (mask.kind === 'null') return 0;
  if (mask.kind === 'fixed') return 1;
  return mask.kind === 'placeholder' ? 2 : 3;
}

/** Of two masks that both show something of the value. */
function meet(a: MaskKind, b: MaskKind): MaskKind {
  if (a.kind === 'last' && b.kind === 'last') return a.count <= b.count ? a : b;
  if (a.kind === 'token' && b.kind === 'token') return a.purpose === b.purpose ? a : PLACEHOLDER;
  if (a.kind === 'shape' && b.kind === 'shape') {
    if (a.purpose !== b.purpose) return PLACEHOLDER;
    if (a.shape === b.shape) return a;
    return isEmail(a.shape) && isEmail(b.shape) ? { ...a, shape: 'email' } : PLACEHOLDER;
  }
  if (a.kind === 'truncate' && b.kind === 'truncate') {
    const coarser = TRUNCATE_UNITS.indexOf(a.unit) <= TRUNCATE_UNITS.indexOf(b.unit) ? a : b;
    return { kind: 'truncate', unit: coarser.unit, nulls: a.nulls && b.nulls };
  }
  if (a.kind === 'bucket' && b.kind === 'bucket') {
    const size = commonBucket(a.size, b.size);
    return size === null ? PLACEHOLDER : { kind: 'bucket', size, nulls: a.nulls && b.nulls };
  }
  return PLACEHOLDER;
}

function isEmail(shape: string): boolean {
  return shape === 'email' || shape === 'email-domain';
}

/** The least common multiple: what falls into one of its buckets falls into one bucket of each. */
function commonBucket(a: string, b: string): string | null {
  const [x, y] = [millionths(a), millionths(b)];
  const common = (x / greatestDivisor(x, y)) * y;
  if (common > MAX_BUCKET_MILLIONTHS) return null;
  const digits = common.toString().padStart(MILLIONTHS + 1, '0');
  const fraction = digits.slice(-MILLIONTHS).replace(/0+$/, '');
  return `${digits.slice(0, -MILLIONTHS)}${fraction === '' ? '' : `.${fraction}`}`;
}

function millionths(size: string): bigint {
  const [whole = '0', fraction = ''] = size.split('.');
  return BigInt(`${whole}${fraction.padEnd(MILLIONTHS, '0')}`);
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestDivisor(b, a % b);
}
