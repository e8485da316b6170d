/** Whether the arguments of a call make a function total that is not total for all arguments. */
import { numberOr } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { literalInteger, literalText } from '../walk/literals.ts';
import type { Walker } from '../walk/walker.ts';
import type { Condition, ConditionKind } from './built-in.ts';

const LARGEST_SMALL_LITERAL = 10_000;
const BACKSLASH = 0x5c;

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
    default: {
      const bytes = literalText(walker, argument);
      const name = bytes === null ? null : new TextDecoder().decode(Uint8Array.from(bytes)).toLowerCase();
      return name !== null && NAMES[condition.is]?.has(name) === true;
    }
  }
}

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
