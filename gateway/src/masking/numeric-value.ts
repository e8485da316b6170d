/**
 * Exact decimals, and PostgreSQL's `numeric` in text and binary format.
 *
 * ```text
 * Int16  digits that follow, each of base 10,000
 * Int16  weight of the first one: its exponent to base 10,000
 * Int16  sign: 0x0000 +, 0x4000 -, 0xC000 NaN, 0xD000 Infinity, 0xF000 -Infinity
 * Int16  decimal digits after the point that are shown
 * then per digit:  Int16 0 to 9999
 * ```
 */

/** `units` / 10^`scale`. */
export type Decimal = { readonly units: bigint; readonly scale: number };

const BASE_DIGITS = 4;
const HEADER_BYTES = 8;
const NEGATIVE = 0x4000;

/** A plain decimal, without exponent. Null for another text. */
export function parseDecimal(text: string): Decimal | null {
  const found = /^(-?)(\d{1,400})(?:\.(\d{1,400}))?$/.exec(text);
  if (found === null) return null;
  const [, sign = '', whole = '', fraction = ''] = found;
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

export function decimalText({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`;
}

/** The same value with another scale; digits that do not fit are dropped. */
export function rescaled({ units, scale }: Decimal, to: number): Decimal {
  if (to >= scale) return { units: units * 10n ** BigInt(to - scale), scale: to };
  return { units: units / 10n ** BigInt(scale - to), scale: to };
}

/** Largest exponent to base 10,000 that is looked at, either way: a short cell can name a number of 130,000 digits. */
const MAX_WEIGHT = 60;

/** Null for NaN and infinities, for numbers beyond 10^±240, and for what is not such a value. */
export function readNumeric(cell: Buffer, format: 0 | 1): Decimal | null {
  if (format === 0) return parseDecimal(cell.toString('latin1'));
  if (cell.length < HEADER_BYTES) return null;
  const count = cell.readInt16BE(0);
  const sign = cell.readUInt16BE(4);
  if ((sign !== 0 && sign !== NEGATIVE) || count < 0 || cell.length !== HEADER_BYTES + 2 * count) return null;
  const weight = cell.readInt16BE(2);
  if (count > 0 && Math.abs(weight) > MAX_WEIGHT) return null;
  let units = 0n;
  for (let i = 0; i < count; i++) units = units * 10_000n + BigInt(cell.readInt16BE(HEADER_BYTES + 2 * i));
  const exponent = count === 0 ? 0 : (weight - count + 1) * BASE_DIGITS;
  const value: Decimal =
    exponent >= 0 ? { units: units * 10n ** BigInt(exponent), scale: 0 } : { units, scale: -exponent };
  return sign === NEGATIVE ? { ...value, units: -value.units } : value;
}

export function writeNumeric(value: Decimal, format: 0 | 1): Buffer {
  if (format === 0) return Buffer.from(decimalText(value), 'latin1');
  const fractionGroups = Math.ceil(value.scale / BASE_DIGITS);
  const { units } = rescaled(value, fractionGroups * BASE_DIGITS);
  const digits = (units < 0n ? -units : units).toString();
  const padded = digits.padStart(Math.ceil(digits.length / BASE_DIGITS) * BASE_DIGITS, '0');
  let groups: readonly string[] = padded.match(/\d{4}/g) ?? [];
  let weight = groups.length - fractionGroups - 1;
  while (groups.length > 0 && groups[0] === '0000') {
    groups = groups.slice(1);
    weight--;
  }
  while (groups.at(-1) === '0000') groups = groups.slice(0, -1);
  const cell = Buffer.alloc(HEADER_BYTES + 2 * groups.length);
  cell.writeInt16BE(groups.length, 0);
  cell.writeInt16BE(groups.length === 0 ? 0 : weight, 2);
  cell.writeUInt16BE(units < 0n ? NEGATIVE : 0, 4);
  cell.writeInt16BE(value.scale, 6);
  for (const [i, group] of groups.entries()) cell.writeInt16BE(Number(group), HEADER_BYTES + 2 * i);
  return cell;
}

/** Precision and scale of `numeric(p, s)`; null for a plain numeric. The scale may be negative from 15 on. */
export function numericModifier(typeModifier: number): { readonly precision: number; readonly scale: number } | null {
  if (typeModifier < 4) return null;
  const packed = typeModifier - 4;
  return { precision: (packed >> 16) & 0xffff, scale: ((packed & 0x7ff) ^ 1_024) - 1_024 };
}
