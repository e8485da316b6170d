/** Looks up reviewed built-in functions by OID. */
import { BUILT_IN_GROUPS, type BuiltInGroup, type Condition } from './built-in-list.ts';

export type BuiltIn = {
  readonly oid: number;
  readonly name: string;
  readonly class: BuiltInGroup['class'];
  readonly reason: string;
  /** Total only if this holds. */
  readonly condition: Condition | null;
};

const BY_OID: ReadonlyMap<number, BuiltIn> = new Map(
  BUILT_IN_GROUPS.flatMap((group) => entriesOf(group).map((entry) => [entry.oid, entry])),
);

/** The reviewed function with this OID; undefined means nobody reviewed it, so it must not run. */
export function builtInFunction(oid: number): BuiltIn | undefined {
  return BY_OID.get(oid);
}

function entriesOf(group: BuiltInGroup): readonly BuiltIn[] {
  return group.functions.split(',').map((pair) => {
    const [oid = '', name = ''] = pair.trim().split(' ');
    return { oid: Number(oid), name, class: group.class, reason: group.reason, condition: group.condition ?? null };
  });
}

const CLASSES_BY_NAME: ReadonlyMap<string, ReadonlySet<BuiltIn['class']>> = classesByName();

/** The classes of all reviewed built-ins that bear this name; empty for a name that nobody reviewed. */
export function builtInClasses(name: string): readonly BuiltIn['class'][] {
  return [...(CLASSES_BY_NAME.get(name) ?? [])];
}

function classesByName(): ReadonlyMap<string, ReadonlySet<BuiltIn['class']>> {
  const classes = new Map<string, Set<BuiltIn['class']>>();
  for (const { name, class: one } of BY_OID.values()) classes.set(name, (classes.get(name) ?? new Set()).add(one));
  return classes;
}

/** Names of the functions of one class, each once. */
export function builtInFunctionsOf(wanted: BuiltIn['class']): readonly string[] {
  return [...new Set([...BY_OID.values()].filter((entry) => entry.class === wanted).map((entry) => entry.name))];
}
