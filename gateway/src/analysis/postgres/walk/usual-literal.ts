/** Literals of the usual size: what tables hold. See foreign-value.ts. */
import { constantBytes, numberAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';

/** Type OIDs. */
const NUMERIC = 1700;
const DATE = 1082;
const TIMESTAMPS: ReadonlySet<number> = new Set([1114, 1184]);
const JSON_TYPE = 114;
const JSON_ARRAY = 199;

const BACKSLASH = 0x5c;
/** NUMERIC_SIGN_MASK and NUMERIC_SHORT: a number of the short format is below 1e256. */
const NUMERIC_SIGN_MASK = 0xc0;
const NUMERIC_SHORT = 0x80;
/** Days from 2000-01-01 that count as usual: 2,700 years. */
const USUAL_DAYS = 1_000_000n;
const MICROSECONDS_A_DAY = 86_400_000_000n;

/** NULL, or a number, date or document of the usual size. */
export function isUsualLiteral(constant: TreeNode): boolean {
  const bytes = constantBytes(constant);
  if (bytes === null) return true;
  const type = numberAt(constant, 'consttype');
  switch (type) {
    case NUMERIC:
      return ((bytes[5] ?? 0) & NUMERIC_SIGN_MASK) === NUMERIC_SHORT;
    case DATE:
      return within(bytes, 4, USUAL_DAYS);
    case JSON_TYPE:
    case JSON_ARRAY:
      return !bytes.includes(BACKSLASH);
    default:
      return TIMESTAMPS.has(type) && within(bytes, 8, USUAL_DAYS * MICROSECONDS_A_DAY);
  }
}

/** Whether the signed number in the first bytes, little end first, is not farther from zero than this. */
function within(bytes: readonly number[], width: 4 | 8, bound: bigint): boolean {
  let value = 0n;
  for (const [index, byte] of bytes.slice(0, width).entries()) value |= BigInt(byte) << BigInt(8 * index);
  const signed = BigInt.asIntN(8 * width, value);
  return signed >= -bound && signed <= bound;
}
