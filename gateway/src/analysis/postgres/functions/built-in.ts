/** Looks up the judgement of a built-in function: by OID and version of the server, or by name. */
import { BUILT_IN_LIST } from './built-in-list.ts';

/**
 * - `total`: raises for no value of its arguments that a client could choose (under the condition, if there is one).
 * - `faultable`: pure, or reads definitions and the session, and can raise.
 * - `effect`: leaves a trace outside any table.
 * - `setting`: changes a setting, whose name is checked.
 * - `reads`: answers with what others stored or did; a relation of its own (reading-functions.ts).
 * - `large-object`: reads a large object; `effect` and `reads` at once.
 * - `query-text`: runs a query given as text: its flows are those of the query, when the text is a literal.
 * - `refused`: may not be called.
 */
export type BuiltInClass =
  | 'total'
  | 'faultable'
  | 'effect'
  | 'setting'
  | 'reads'
  | 'large-object'
  | 'query-text'
  | 'refused';

/** What must hold of an argument for the function to be total; see conditions.ts. */
export type ConditionKind =
  | 'small-literal'
  | 'positive-literal'
  | 'plain-pattern'
  | 'literal'
  | 'plain-arrays'
  | 'timestamp-field'
  | 'date-field'
  | 'time-field'
  | 'interval-field'
  | 'timestamp-unit'
  | 'interval-unit'
  | 'json-keys'
  | 'plain-format'
  | 'positive-literals'
  | 'encoding'
  | 'utf8'
  | 'number-format'
  | 'numbers'
  | 'dates'
  | 'divisor'
  | 'small-interval'
  | 'time-zone'
  | 'plain-regex'
  | 'written-cast'
  | 'padding-cast'
  | 'fraction';

/** `argument` counts from 0. */
export type Condition = { readonly is: ConditionKind; readonly argument: number };

export type BuiltIn = {
  readonly oid: number;
  readonly name: string;
  /** `name(argument types)`, as `oidvectortypes` spells it. */
  readonly signature: string;
  readonly result: string;
  /** Major versions that have it just so. */
  readonly firstMajor: number;
  readonly lastMajor: number;
  readonly kind: 'function' | 'aggregate' | 'window';
  readonly volatile: boolean;
  readonly strict: boolean;
  readonly returnsSet: boolean;
  readonly hasSupport: boolean;
  readonly class: BuiltInClass;
  /** Total only if this holds. */
  readonly condition: Condition | null;
  readonly reason: string;
  /** The columns that come from pg_proc, as the list has them. */
  readonly flags: string;
};

const CLASSES: readonly BuiltInClass[] = [
  'total',
  'faultable',
  'effect',
  'setting',
  'reads',
  'large-object',
  'query-text',
  'refused',
];
const CONDITIONS: readonly ConditionKind[] = [
  'small-literal',
  'positive-literal',
  'plain-pattern',
  'literal',
  'plain-arrays',
  'timestamp-field',
  'date-field',
  'time-field',
  'interval-field',
  'timestamp-unit',
  'interval-unit',
  'json-keys',
  'plain-format',
  'positive-literals',
  'encoding',
  'utf8',
  'number-format',
  'numbers',
  'dates',
  'divisor',
  'small-interval',
  'time-zone',
  'plain-regex',
  'written-cast',
  'padding-cast',
  'fraction',
];

/** Every line of the list. */
export const BUILT_INS: readonly BuiltIn[] = BUILT_IN_LIST.trim().split('\n').map(parseLine);

const BY_OID: ReadonlyMap<number, readonly BuiltIn[]> = Map.groupBy(BUILT_INS, ({ oid }) => oid);
const CLASSES_BY_NAME: ReadonlyMap<string, ReadonlySet<BuiltInClass>> = classesByName();

/**
 * The judgement of this OID on a server of this version; undefined: nobody reviewed it, so it must not run. Without a
 * version, the newest, if all that know the OID have the same class.
 */
export function builtInFunction(oid: number, major?: number): BuiltIn | undefined {
  const variants = BY_OID.get(oid) ?? [];
  if (major !== undefined) return variants.find((one) => major >= one.firstMajor && major <= one.lastMajor);
  const newest = variants.at(-1);
  return variants.every((one) => one.class === newest?.class) ? newest : undefined;
}

/** The classes of all built-ins that bear this name in any version; empty for a name that no built-in bears. */
export function builtInClasses(name: string): readonly BuiltInClass[] {
  return [...(CLASSES_BY_NAME.get(name) ?? [])];
}

/** Names of the functions of one class, each once. */
export function builtInFunctionsOf(wanted: BuiltInClass): readonly string[] {
  return [...new Set(BUILT_INS.filter((entry) => entry.class === wanted).map((entry) => entry.name))];
}

function parseLine(line: string): BuiltIn {
  const [oid = '', majors = '', signature = '', result = '', flags = '', judged = '', condition = '', reason = ''] =
    line.split(' | ');
  const [firstMajor = 0, lastMajor = firstMajor] = majors.split('-').map(Number);
  return {
    oid: Number(oid),
    name: signature.slice(0, signature.indexOf('(')),
    signature,
    result,
    firstMajor,
    lastMajor,
    kind: flags[0] === 'a' ? 'aggregate' : flags[0] === 'w' ? 'window' : 'function',
    volatile: flags[1] === 'v',
    strict: flags[2] === 's',
    returnsSet: flags[3] === 'r',
    hasSupport: flags[4] === 'p',
    class: classOf(judged),
    condition: conditionOf(condition),
    reason,
    flags,
  };
}

/** What is misspelt in the list is refused. */
function classOf(text: string): BuiltInClass {
  return CLASSES.find((one) => one === text) ?? 'refused';
}

function conditionOf(text: string): Condition | null {
  if (text === '') return null;
  const [kind = '', argument = ''] = text.split('@');
  const is = CONDITIONS.find((one) => one === kind);
  if (is === undefined) throw new Error(`the list of built-in functions has an unknown condition: ${text}`);
  return { is, argument: Number(argument) };
}

function classesByName(): ReadonlyMap<string, ReadonlySet<BuiltInClass>> {
  const classes = new Map<string, Set<BuiltInClass>>();
  for (const { name, class: one } of BUILT_INS) classes.set(name, (classes.get(name) ?? new Set()).add(one));
  return classes;
}
