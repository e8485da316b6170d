/** Which literals are fractions: from 0 to 1, as percentile_cont and percentile_disc take them. */
import { constantBytes, nodesAt, numberOr } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { literalInteger } from '../walk/literals.ts';
import type { Walker } from '../walk/walker.ts';

const FLOAT8 = 701;
const NUMERIC = 1700;
/** Casts to float8, of pg_proc.dat: the parser writes them around `0.5` and `1`. */
const FROM_NUMERIC = 1746;
const FROM_INT4 = 316;

/** Reading a literal binds the analysis to it. */
export function isFraction(walker: Walker, node: TreeNode | undefined): boolean {
  if (node === undefined) return false;
  if (node.tag === 'CONST' && numberOr(node, 'consttype', 0) === FLOAT8) {
    const bytes = literalBytes(walker, node);
    const value = bytes?.length === 8 ? Buffer.from(bytes).readDoubleLE() : Number.NaN;
    return value >= 0 && value <= 1;
  }
  const cast = node.tag === 'FUNCEXPR' ? numberOr(node, 'funcid', 0) : 0;
  const [given] = cast === 0 ? [] : nodesAt(node, 'args');
  if (cast === FROM_INT4) return [0, 1].includes(literalInteger(walker, given) ?? -1);
  if (cast !== FROM_NUMERIC || given?.tag !== 'CONST' || numberOr(given, 'consttype', 0) !== NUMERIC) return false;
  return isNumericFraction(literalBytes(walker, given));
}

function literalBytes(walker: Walker, node: TreeNode): Uint8Array | null {
  walker.findings.readConstant = true;
  const bytes = constantBytes(node);
  // Printed as signed characters.
  return bytes === null ? null : Uint8Array.from(bytes, (byte) => byte & 0xff);
}

/**
 * numeric.c, NumericShort: a length word of 4 bytes, then 2 bytes `10sddddd dwwwwwww` (sign, decimals, weight of the
 * first group of four digits, signed), then the groups; none for zero.
 */
const HEADER_BYTES = 6;
const FORMAT_AND_SIGN = 0xe000;
const SHORT_AND_POSITIVE = 0x8000;

function isNumericFraction(bytes: Uint8Array | null): boolean {
  if (bytes === null || bytes.length < HEADER_BYTES) return false;
  const header = (bytes[4] ?? 0) | ((bytes[5] ?? 0) << 8);
  if ((header & FORMAT_AND_SIGN) !== SHORT_AND_POSITIVE) return false;
  if (bytes.length === HEADER_BYTES) return true;
  const weight = ((header & 0x7f) ^ 0x40) - 0x40;
  const first = (bytes[HEADER_BYTES] ?? 0) | ((bytes[HEADER_BYTES + 1] ?? 0) << 8);
  return weight < 0 || (weight === 0 && first === 1 && bytes.length === HEADER_BYTES + 2);
}
