/** Values of either format as the text that a person would read: of cells that go out and parameters that come in. */
import { decimalText, readNumeric } from '../../masking/numeric-value.ts';
import { uuidText } from '../../masking/token-text.ts';

const BOOL = 16;
const INT8 = 20;
const INT2 = 21;
const INT4 = 23;
const FLOAT4 = 700;
const FLOAT8 = 701;
const NUMERIC = 1700;
const UUID = 2950;
const JSONB = 3802;
/** date, time, timestamp, timestamptz, interval, timetz: there are so few of them that any could be any. */
const MOMENTS: ReadonlySet<number> = new Set([1082, 1083, 1114, 1184, 1186, 1266]);
/** `boolean`, single-precision numbers, moments: too little is said by one. */
const TELLS_LITTLE: ReadonlySet<number> = new Set([BOOL, FLOAT4, ...MOMENTS]);

/** Null when such a value says too little to be remembered, or cannot be read. */
export function cellText(cell: Buffer, typeOid: number, format: 0 | 1): string | null {
  if (TELLS_LITTLE.has(typeOid)) return null;
  if (format === 0) return cell.toString('utf8');
  switch (typeOid) {
    case INT2:
      return cell.length === 2 ? String(cell.readInt16BE()) : null;
    case INT4:
      return cell.length === 4 ? String(cell.readInt32BE()) : null;
    case INT8:
      return cell.length === 8 ? cell.readBigInt64BE().toString() : null;
    case FLOAT8:
      return cell.length === 8 ? String(cell.readDoubleBE()) : null;
    case NUMERIC: {
      const value = readNumeric(cell, 1);
      return value === null ? null : decimalText(value);
    }
    case UUID:
      return cell.length === 16 ? uuidText(cell) : null;
    case JSONB:
      return cell.toString('utf8', 1);
    default:
      // Text of any type; of arrays and rows the texts inside, between length words that end words.
      return cell.toString('utf8');
  }
}
