/**
 * Numbers of every type as exact decimals, and back.
 */
import {
  type Decimal,
  decimalText,
  numericModifier,
  parseDecimal,
  readNumeric,
  rescaled,
  writeNumeric,
} from './numeric-value.ts';
import type { PlannedColumn } from './planned-column.ts';

const NUMERIC = 1700;
const MONEY = 790;
const FLOAT4 = 700;
const FLOAT8 = 701;

/** Bytes of the integer types by OID. */
const INTEGER_BYTES: ReadonlyMap<number, number> = new Map([
  [21, 2],
  [23, 4],
  [20, 8],
]);

export type NumberType = {
  /** Most decimal digits after the point that a value can have; null where any number can. */
  readonly scale: number | null;
  /** Longest cell, bytes. */
  readonly maxBytes: number;
  /** Null for what is no finite number, or too long to look at. */
  readonly read: (cell: Buffer) => Decimal | null;
  /** The value, which must fit the type. */
  readonly write: (value: Decimal) => Buffer;
};

/** Longest number that is looked at, bytes. */
export const MAX_NUMBER_BYTES = 256;

/** Null for columns that are no numbers. */
export function numberType({ typeOid, format, typeModifier = -1 }: PlannedColumn): NumberType | null {
  const bytes = INTEGER_BYTES.get(typeOid);
  if (bytes !== undefined) return integerType(bytes, format);
  switch (typeOid) {
    case NUMERIC:
      return numericType(format, typeModifier);
    case MONEY:
      return moneyType(format);
    case FLOAT4:
      return floatType(format, 4);
    case FLOAT8:
      return floatType(format, 8);
    default:
      return null;
  }
}

function integerType(bytes: number, format: 0 | 1): NumberType {
  const bits = BigInt(bytes * 8);
  return {
    scale: 0,
    maxBytes: format === 1 ? bytes : 20,
    read: (cell) => {
      if (format === 0) return parseDecimal(cell.toString('latin1'));
      if (cell.length !== bytes) return null;
      return { units: BigInt.asIntN(Number(bits), BigInt(`0x${cell.toString('hex')}`)), scale: 0 };
    },
    write: ({ units }) => {
      if (format === 0) return Buffer.from(units.toString(), 'latin1');
      return Buffer.from(
        BigInt.asUintN(Number(bits), units)
          .toString(16)
          .padStart(bytes * 2, '0'),
        'hex',
      );
    },
  };
}

function numericType(format: 0 | 1, typeModifier: number): NumberType {
  const declared = numericModifier(typeModifier);
  // A negative scale rounds to tens or hundreds: such a column holds whole numbers.
  const scale = declared === null ? null : Math.max(declared.scale, 0);
  return {
    scale,
    maxBytes: MAX_NUMBER_BYTES * 2 + (scale ?? 0),
    read: (cell) => (cell.length > MAX_NUMBER_BYTES ? null : readNumeric(cell, format)),
    write: (value) => writeNumeric(scale === null ? value : rescaled(value, scale), format),
  };
}

/**
 * Hundredths, in binary as in text. The text has the signs of `lc_monetary`: read as `C` and `en_US` write it; other
 * locales have other marks and other fractions, and are not understood.
 */
function moneyType(format: 0 | 1): NumberType {
  const integer = integerType(8, 1);
  return {
    scale: 2,
    maxBytes: 40,
    read: (cell) => {
      if (format === 1) {
        const value = integer.read(cell);
        return value === null ? null : { units: value.units, scale: 2 };
      }
      const text = cell.toString('latin1');
      return /^-?\$\d{1,3}(,\d{3})*\.\d\d$|^-?\$\d+\.\d\d$/.test(text) ? parseDecimal(text.replace(/[$,]/g, '')) : null;
    },
    write: (value) => {
      const cents = rescaled(value, 2);
      if (format === 1) return integer.write(cents);
      const text = decimalText(cents.units < 0n ? { ...cents, units: -cents.units } : cents);
      return Buffer.from(`${cents.units < 0n ? '-' : ''}$${text.replace(/\B(?=(\d{3})+\.)/g, ',')}`, 'latin1');
    },
  };
}

function floatType(format: 0 | 1, bytes: 4 | 8): NumberType {
  return {
    scale: null,
    maxBytes: format === 1 ? bytes : 32,
    read: (cell) => {
      if (format === 1 && cell.length !== bytes) return null;
      const value = format === 0 ? floatOf(cell) : bytes === 4 ? shortFloat(cell.readFloatBE(0)) : cell.readDoubleBE(0);
      return Number.isFinite(value) ? exactOf(value) : null;
    },
    write: (value) => {
      const number = Number(decimalText(value));
      if (format === 0) return Buffer.from(String(bytes === 4 ? shortFloat(number) : number), 'latin1');
      const cell = Buffer.alloc(bytes);
      if (bytes === 4) cell.writeFloatBE(number);
      else cell.writeDoubleBE(number);
      return cell;
    },
  };
}

function floatOf(cell: Buffer): number {
  const text = cell.toString('latin1');
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

/** The shortest decimal that reads back as the same double. */
function exactOf(value: number): Decimal | null {
  const [mantissa = '', exponent = '0'] = value.toString().split('e');
  const decimal = parseDecimal(mantissa);
  const shift = Number(exponent);
  if (decimal === null) return null;
  return shift >= 0 ? rescaledUp(decimal, shift) : { units: decimal.units, scale: decimal.scale - shift };
}

function rescaledUp({ units, scale }: Decimal, shift: number): Decimal {
  const left = scale - shift;
  return left >= 0 ? { units, scale: left } : { units: units * 10n ** BigInt(-left), scale: 0 };
}

/** The shortest decimal that reads back as the same float of four bytes, as the server writes it: 0.7, not 0.699999988. */
function shortFloat(number: number): number {
  const float = Math.fround(number);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === float) return short;
  }
  return Number(float.toPrecision(9));
}
