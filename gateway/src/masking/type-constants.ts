/**
 * One constant of a type, spelled as text, in both formats: what `fixed:TEXT` and `placeholder` put into a cell.
 */
import { INET_OIDS, ipv4, ipv4Cell } from './ip-value.ts';
import { numberType } from './number-value.ts';
import { type Decimal, numericModifier, parseDecimal, rescaled } from './numeric-value.ts';
import type { PlannedColumn } from './planned-column.ts';
import { fitText, textColumn } from './text-column.ts';
import { daysOf, type Moment, timeTypeOf, writeMoment } from './time-value.ts';

/** A cell of the column's type that holds what `literal` spells; null when it spells no value of that type, or a type that is not known. */
export function constantCell(literal: string, column: PlannedColumn): Buffer | null {
  const text = textColumn(column);
  if (text !== null) return Buffer.from(fitText(literal, text), 'utf8');
  const time = timeTypeOf(column.typeOid);
  if (time !== null) {
    const moment = readLiteral(literal);
    return moment === null ? null : writeMoment(moment, time, column.format);
  }
  const number = numberType(column);
  if (number !== null) {
    const value = parseDecimal(literal);
    return value === null || !fitsNumber(value, column, number.scale) ? null : number.write(value);
  }
  if (INET_OIDS.has(column.typeOid)) {
    const address = ipv4(literal);
    return address === null ? null : ipv4Cell(address, column.typeOid, column.format);
  }
  return OTHERS.get(column.typeOid)?.(literal, column) ?? null;
}

/** `2026-07-15`, `2026-07-15 13:45:12`, `13:45:12`, with `+00` or without. */
function readLiteral(literal: string): Moment | null {
  const found = /^(?:(\d{4})-(\d\d)-(\d\d))?(?:(?:^|[ T])(\d\d):(\d\d):(\d\d)(?:\+00)?)?$/.exec(literal);
  if (found === null || literal === '') return null;
  const [year, month, day, hour, minute, second] = found
    .slice(1, 7)
    .map((part, i) => (part === undefined ? (i < 3 ? ([1970, 1, 1][i] ?? 0) : 0) : Number(part)));
  if (year === undefined || month === undefined || day === undefined) return null;
  if (hour === undefined || minute === undefined || second === undefined) return null;
  const isDate = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= 28 + daysBeyond28(year, month);
  if (!isDate || hour > 23 || minute > 59 || second > 59) return null;
  return { days: daysOf(year, month, day), seconds: (hour * 60 + minute) * 60 + second };
}

function daysBeyond28(year: number, month: number): number {
  const [nextYear, nextMonth] = month === 12 ? [year + 1, 1] : [year, month + 1];
  return daysOf(nextYear, nextMonth, 1) - daysOf(year, month, 1) - 28;
}

const INTEGER_LIMITS: ReadonlyMap<number, bigint> = new Map([
  [21, 2n ** 15n],
  [23, 2n ** 31n],
  [20, 2n ** 63n],
]);

function fitsNumber(value: Decimal, { typeOid, typeModifier = -1 }: PlannedColumn, scale: number | null): boolean {
  if (scale !== null && value.scale > scale && rescaled(rescaled(value, scale), value.scale).units !== value.units)
    return false;
  const limit = INTEGER_LIMITS.get(typeOid);
  if (limit !== undefined) {
    const whole = rescaled(value, 0).units;
    return whole >= -limit && whole < limit;
  }
  const declared = typeOid === NUMERIC ? numericModifier(typeModifier) : null;
  if (declared === null) return true;
  const bound = 10n ** BigInt(Math.max(declared.precision - declared.scale, 0));
  const whole = rescaled(value, 0).units;
  return whole > -bound && whole < bound;
}

const NUMERIC = 1700;

type Encoder = (literal: string, column: PlannedColumn) => Buffer | null;

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

const bool: Encoder = (literal, { format }) => {
  if (!/^(true|false|t|f)$/.test(literal)) return null;
  const value = literal.startsWith('t');
  return format === 1 ? Buffer.from([value ? 1 : 0]) : ascii(value ? 't' : 'f');
};

const uuid: Encoder = (literal, { format }) => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(literal)) return null;
  return format === 1 ? Buffer.from(literal.replaceAll('-', ''), 'hex') : ascii(literal.toLowerCase());
};

/** The bytes of the text. */
const bytea: Encoder = (literal, { format }) => {
  const bytes = Buffer.from(literal, 'utf8');
  return format === 1 ? bytes : ascii(`\\x${bytes.toString('hex')}`);
};

/** The text itself when it is JSON, else a string of it. jsonb has a version in front, in binary. */
const json =
  (version: readonly number[]): Encoder =>
  (literal, { format }) => {
    const text = Buffer.from(isJson(literal) ? literal : JSON.stringify(literal), 'utf8');
    return format === 1 ? Buffer.concat([Buffer.from(version), text]) : text;
  };

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Then it is meant as a string.
    return false;
  }
}

const xml: Encoder = (literal) =>
  Buffer.from(literal.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'), 'utf8');

const oid: Encoder = (literal, { format }) => {
  const value = /^\d{1,10}$/.test(literal) ? Number(literal) : -1;
  if (value < 0 || value > 0xffff_ffff) return null;
  const cell = Buffer.alloc(4);
  cell.writeUInt32BE(value);
  return format === 1 ? cell : ascii(String(value));
};

/** `bit(n)`: filled up with zeros, cut where it is longer. */
const bits =
  (isFixed: boolean): Encoder =>
  (literal, { format, typeModifier = -1 }) => {
    if (!/^[01]*$/.test(literal) || (isFixed && (typeModifier < 1 || typeModifier > MAX_BITS))) return null;
    const width = typeModifier > 0 ? typeModifier : literal.length;
    const digits = isFixed ? literal.slice(0, width).padEnd(width, '0') : literal.slice(0, width);
    if (format === 0) return ascii(digits);
    const cell = Buffer.alloc(4 + Math.ceil(digits.length / 8));
    cell.writeInt32BE(digits.length);
    for (const [i, digit] of Array.from(digits).entries())
      if (digit === '1') cell[4 + (i >> 3)] = (cell[4 + (i >> 3)] ?? 0) | (0x80 >> (i & 7));
    return cell;
  };

/** A wider `bit(n)` becomes NULL. */
const MAX_BITS = 4_096;

/** One spelling, whatever the mask's text: for types of which only the empty value is worth having. */
const only =
  (spelling: string, binary: readonly number[]): Encoder =>
  (literal, { format }) =>
    literal !== spelling ? null : format === 1 ? Buffer.from(binary) : ascii(spelling);

/** A range without elements: its flags say so. */
const EMPTY_RANGE = only('empty', [1]);
const EMPTY_MULTIRANGE = only('{}', [0, 0, 0, 0]);
const zeros = (count: number): readonly number[] => Array.from({ length: count }, () => 0);

/** An array of no elements: Int32 dimensions, Int32 whether there are NULLs, Int32 type of the elements. */
const array =
  (elementOid: number): Encoder =>
  (literal, { format }) => {
    if (literal !== '{}') return null;
    if (format === 0) return ascii('{}');
    const cell = Buffer.alloc(12);
    cell.writeInt32BE(elementOid, 8);
    return cell;
  };

/** OIDs of pg_type.dat, which never change. */
const ARRAYS: readonly (readonly [array: number, element: number])[] = [
  ...([
    [1000, 16],
    [1001, 17],
    [1002, 18],
    [1003, 19],
    [1005, 21],
    [1007, 23],
    [1009, 25],
    [1014, 1042],
  ] as const),
  ...([
    [1015, 1043],
    [1016, 20],
    [1021, 700],
    [1022, 701],
    [1028, 26],
    [1041, 869],
    [651, 650],
    [1040, 829],
  ] as const),
  ...([
    [775, 774],
    [1182, 1082],
    [1183, 1083],
    [1115, 1114],
    [1185, 1184],
    [1270, 1266],
    [1187, 1186],
  ] as const),
  ...([
    [1231, 1700],
    [791, 790],
    [2951, 2950],
    [199, 114],
    [3807, 3802],
    [143, 142],
    [1561, 1560],
  ] as const),
  ...([
    [1563, 1562],
    [3905, 3904],
    [3907, 3906],
    [3909, 3908],
    [3911, 3910],
    [3913, 3912],
    [3927, 3926],
  ] as const),
];

const OTHERS: ReadonlyMap<number, Encoder> = new Map<number, Encoder>([
  [16, bool],
  [17, bytea],
  [18, (literal) => (/^[!-~]/.test(literal) ? ascii(literal.charAt(0)) : null)],
  [26, oid],
  [114, json([])],
  [3802, json([1])],
  [142, xml],
  [774, only('00:00:00:00:00:00:00:00', zeros(8))],
  [829, only('00:00:00:00:00:00', zeros(6))],
  [1186, only('00:00:00', zeros(16))],
  [1560, bits(true)],
  [1562, bits(false)],
  [2950, uuid],
  [3220, only('0/0', zeros(8))],
  [3614, only('', zeros(4))],
  ...[3904, 3906, 3908, 3910, 3912, 3926].map((range) => [range, EMPTY_RANGE] as const),
  ...[4451, 4532, 4533, 4534, 4535, 4536].map((multirange) => [multirange, EMPTY_MULTIRANGE] as const),
  ...ARRAYS.map(([arrayOid, element]) => [arrayOid, array(element)] as const),
]);

/** What stands for a masked value of a type that is neither text nor a number nor a moment. */
const PLACEHOLDERS: ReadonlyMap<number, string> = new Map<number, string>([
  [16, 'false'],
  [17, ''],
  [18, '*'],
  [26, '0'],
  [114, '{}'],
  [3802, '{}'],
  [142, '***'],
  [774, '00:00:00:00:00:00:00:00'],
  [829, '00:00:00:00:00:00'],
  [1186, '00:00:00'],
  [1560, ''],
  [1562, ''],
  [2950, '00000000-0000-0000-0000-000000000000'],
  [3220, '0/0'],
  [3614, ''],
  ...[3904, 3906, 3908, 3910, 3912, 3926].map((range) => [range, 'empty'] as const),
  ...[4451, 4532, 4533, 4534, 4535, 4536].map((multirange) => [multirange, '{}'] as const),
  ...ARRAYS.map(([arrayOid]) => [arrayOid, '{}'] as const),
]);

/** A valid value of the column's type; null where none is known: enums, composites, types of extensions. */
export function placeholderCell(column: PlannedColumn): Buffer | null {
  if (textColumn(column) !== null) return constantCell('***', column);
  if (timeTypeOf(column.typeOid) !== null) return constantCell('1970-01-01 00:00:00', column);
  if (numberType(column) !== null) return constantCell('0', column);
  if (INET_OIDS.has(column.typeOid)) return constantCell('0.0.0.0', column);
  const literal = PLACEHOLDERS.get(column.typeOid);
  return literal === undefined ? null : constantCell(literal, column);
}
