/** Whether the arguments of a call make a function total that is not total for all arguments. */
import { constantBytes, numberOr } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { literalInteger, literalText } from '../walk/literals.ts';
import type { Walker } from '../walk/walker.ts';
import type { Condition, ConditionKind } from './built-in.ts';
import { isFraction } from './fraction.ts';
import { isFlags, isPlainPattern } from './plain-pattern.ts';
import { isTextLike } from './text-types.ts';

const LARGEST_SMALL_LITERAL = 10_000;
const BACKSLASH = 0x5c;
/** Where regexp_replace(text, text, text, text) has its flags. */
const FLAGS = 3;
/** Where bpchar(bpchar, int4, bool) has its length, to which 4 was added (varchar.c). It fills up to it. */
const TYPE_MODIFIER = 1;
const LENGTH_HEADER = 4;

const DATE_UNITS = ['century', 'day', 'decade', 'millennium', 'month', 'quarter', 'week', 'year'];
const TIME_UNITS = ['hour', 'microseconds', 'milliseconds', 'minute', 'second'];
const DATE_FIELDS = [...DATE_UNITS, 'dow', 'doy', 'epoch', 'isodow', 'isoyear', 'julian'];
/** An interval has no weeks before 17, and no place in a year. */
const INTERVAL_UNITS = [...DATE_UNITS.filter((unit) => unit !== 'week'), ...TIME_UNITS];

/** Names that date_part, extract and date_trunc know for each type. Others raise, for every value but NULL. */
const NAMES: Readonly<Partial<Record<ConditionKind, ReadonlySet<string>>>> = {
  'timestamp-field': new Set([...DATE_FIELDS, ...TIME_UNITS]),
  'date-field': new Set(DATE_FIELDS),
  'time-field': new Set([...TIME_UNITS, 'epoch']),
  'interval-field': new Set([...INTERVAL_UNITS, 'epoch']),
  'timestamp-unit': new Set([...DATE_UNITS, ...TIME_UNITS]),
  'interval-unit': new Set(INTERVAL_UNITS),
};

/** Reading a literal binds the analysis to it. */
export function conditionHolds(walker: Walker, condition: Condition | null, given: readonly TreeNode[]): boolean {
  if (condition === null) return true;
  const argument = given[condition.argument];
  switch (condition.is) {
    case 'small-literal':
    case 'positive-literal': {
      const value = literalInteger(walker, argument);
      const least = condition.is === 'small-literal' ? 0 : 1;
      return value !== null && value >= least && value <= LARGEST_SMALL_LITERAL;
    }
    case 'plain-pattern': {
      // A pattern that ends in an escape raises only when the text matched so far.
      const bytes = literalText(walker, argument);
      return bytes !== null && !bytes.includes(BACKSLASH);
    }
    case 'literal':
      return argument?.tag === 'CONST';
    case 'plain-arrays':
      return given.length > 0 && given.every(isPlainArray);
    case 'positive-literals':
      return given.slice(condition.argument).every((one) => (literalInteger(walker, one) ?? 0) > 0);
    case 'json-keys':
      walker.findings.readConstant = true;
      return given.length % 2 === 0 && given.every((one, index) => index % 2 === 1 || isKey(one));
    case 'plain-format':
      return isPlainFormat(textOf(walker, argument), given.length - 1);
    case 'plain-regex': {
      const flags = given[FLAGS];
      return isPlainPattern(textOf(walker, argument)) && (flags === undefined || isFlags(textOf(walker, flags)));
    }
    case 'number-format':
      return NUMBER_FORMAT.test(textOf(walker, argument) ?? '?');
    case 'encoding':
      return ['hex', 'base64', 'escape'].includes(textOf(walker, argument) ?? '');
    case 'utf8':
      return nameOf(walker, argument)?.toLowerCase() === 'utf8';
    case 'numbers':
    case 'dates':
      // Called by something else than an expression, what goes in is not at hand.
      return given.length > 0;
    case 'divisor':
      return ![null, 0, -1].includes(literalInteger(walker, argument));
    case 'small-interval':
      return isSmallInterval(walker, argument);
    case 'written-cast':
      return isTrue(walker, argument);
    case 'padding-cast': {
      const length = literalInteger(walker, given[TYPE_MODIFIER]);
      return length !== null && length <= LARGEST_SMALL_LITERAL + LENGTH_HEADER && isTrue(walker, argument);
    }
    case 'fraction':
      return isFraction(walker, argument);
    case 'time-zone':
      return TIME_ZONES.has(textOf(walker, argument) ?? '');
    default: {
      const name = textOf(walker, argument)?.toLowerCase();
      return name !== undefined && NAMES[condition.is]?.has(name) === true;
    }
  }
}

/**
 * Formats of numbers that the server takes (formatting.c, NUMDesc_prepare): digits with separators, one decimal point,
 * one sign in front of them or behind, a currency, a literal percent.
 */
const NUMBER_FORMAT =
  /^(FM)?[L$ ]?(S[09,G ]{0,30}([.D][09]{0,30})?|[09,G ]{0,30}([.D][09]{0,30})?(S|MI|PR|PL|SG)?) ?%?$/;

/** Null for anything but a literal. */
function textOf(walker: Walker, argument: TreeNode | undefined): string | null {
  const bytes = literalText(walker, argument);
  return bytes === null ? null : new TextDecoder().decode(Uint8Array.from(bytes));
}

const BOOLEAN = 16;

/** The parser tells the function so where the cast is written out, and not where a value is fitted into its column. */
function isTrue(walker: Walker, argument: TreeNode | undefined): boolean {
  if (argument?.tag !== 'CONST' || numberOr(argument, 'consttype', 0) !== BOOLEAN) return false;
  walker.findings.readConstant = true;
  return constantBytes(argument)?.[0] === 1;
}

const NAME = 19;

/** A literal of the type name: 64 bytes, filled with zeros. */
function nameOf(walker: Walker, argument: TreeNode | undefined): string | null {
  if (argument?.tag !== 'CONST' || numberOr(argument, 'consttype', 0) !== NAME) return null;
  walker.findings.readConstant = true;
  const bytes = constantBytes(argument) ?? [];
  return new TextDecoder().decode(Uint8Array.from(bytes.filter((byte) => byte !== 0)));
}

/** A text literal that is not NULL. */
function isKey(argument: TreeNode): boolean {
  return argument.tag === 'CONST' && isTextLike(numberOr(argument, 'consttype', 0)) && constantBytes(argument) !== null;
}

/** `%s` and `%L` in order, with a width of up to four digits, and `%%`. `%I` raises for NULL. */
function isPlainFormat(format: string | null, values: number): boolean {
  if (format === null) return false;
  const places = format.replaceAll('%%', '').match(/%(-?\d{1,4})?[sL]/g)?.length ?? 0;
  const others = format.replaceAll('%%', '').replaceAll(/%(-?\d{1,4})?[sL]/g, '');
  return places <= values && !others.includes('%');
}

const DAYS = 1_000_000n;
const MICROSECONDS_A_DAY = 86_400_000_000n;
const MONTHS = 12_000n;

/** timestamp.h, Interval: 8 bytes of microseconds, 4 of days, 4 of months, each signed with the little end first. */
function isSmallInterval(walker: Walker, argument: TreeNode | undefined): boolean {
  if (argument?.tag !== 'CONST') return false;
  walker.findings.readConstant = true;
  const bytes = constantBytes(argument);
  if (bytes === null || bytes.length < 16) return false;
  return (
    within(signed(bytes.slice(0, 8)), DAYS * MICROSECONDS_A_DAY) &&
    within(signed(bytes.slice(8, 12)), DAYS) &&
    within(signed(bytes.slice(12, 16)), MONTHS)
  );
}

function signed(bytes: readonly number[]): bigint {
  const value = bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return BigInt.asIntN(8 * bytes.length, value);
}

function within(value: bigint, bound: bigint): boolean {
  return value >= -bound && value <= bound;
}

/** Of many; every server has them. */
const TIME_ZONES: ReadonlySet<string> = new Set([
  'UTC',
  'GMT',
  'Etc/UTC',
  'Africa/Johannesburg',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
  'America/New_York',
  'America/Sao_Paulo',
  'America/Toronto',
  'Asia/Dubai',
  'Asia/Hong_Kong',
  'Asia/Kolkata',
  'Asia/Shanghai',
  'Asia/Singapore',
  'Asia/Tokyo',
  'Australia/Sydney',
  'Europe/Amsterdam',
  'Europe/Berlin',
  'Europe/Brussels',
  'Europe/London',
  'Europe/Madrid',
  'Europe/Paris',
  'Europe/Rome',
  'Europe/Stockholm',
  'Europe/Vienna',
  'Europe/Warsaw',
  'Europe/Zurich',
]);

const RECORD = 2249;
const RECORD_ARRAY = 2287;

/** Whether values of the type can have columns of other types than their neighbours: comparing two of them can raise. */
export function isRecord(typeOid: number): boolean {
  return typeOid === RECORD || typeOid === RECORD_ARRAY;
}

/** Operators of pg_operator.dat that compare records, and those that compare arrays of anything. */
const RECORD_OPERATORS: ReadonlySet<number> = new Set([
  2988, 2989, 2990, 2991, 2992, 2993, 3188, 3189, 3190, 3191, 3192, 3193,
]);
const ARRAY_OPERATORS: ReadonlySet<number> = new Set([1070, 1071, 1072, 1073, 1074, 1075]);

/** Whether comparing these values with the operator can raise, by what the values are. */
export function comparisonRaises(operatorOid: number, compared: readonly TreeNode[]): boolean {
  if (RECORD_OPERATORS.has(operatorOid)) return true;
  return ARRAY_OPERATORS.has(operatorOid) && !compared.every(isPlainArray);
}

/**
 * Arrays whose elements can always be compared: bool, bytea, char, name, int2, int4, text, bpchar, varchar, int8, floats,
 * oid, cidr, macaddr, inet, timestamps, date, time, interval, numeric, timetz, bits, uuid, jsonb.
 */
const PLAIN_ARRAYS: ReadonlySet<number> = new Set([
  651, 1000, 1001, 1002, 1003, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022, 1028, 1040, 1041, 1115, 1182, 1183, 1185,
  1187, 1231, 1270, 1561, 1563, 2951, 3807,
]);

/** Where nodes say what type they have (primnodes.h). The type of others counts as unknown. */
const TYPE_FIELDS: readonly string[] = [
  'vartype',
  'consttype',
  'paramtype',
  'array_typeid',
  'resulttype',
  'funcresulttype',
  'opresulttype',
  'casetype',
  'coalescetype',
  'minmaxtype',
  'aggtype',
  'wintype',
  'refrestype',
];

function isPlainArray(node: TreeNode): boolean {
  const field = TYPE_FIELDS.find((name) => node.fields.has(name));
  return field !== undefined && PLAIN_ARRAYS.has(numberOr(node, field, 0));
}
