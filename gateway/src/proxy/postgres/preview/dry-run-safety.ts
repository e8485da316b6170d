import type { QueryConnection } from '../../../upstream/query-connection.ts';

/**
 * When a statement may be run and rolled back before anybody has approved it: when nothing that it sets off would outlive
 * the rollback, or leave the database. Rolled back with it are rows, and nothing else: a sequence keeps its step, a
 * foreign table has another server behind it, a volatile function may do anything. So, all of it:
 *
 * - INSERT, UPDATE, DELETE or MERGE, whose verdict rests on relations in its tree alone: no function, operator, domain or
 *   rule of users (`Understood.restsOn`), and so no trigger and no cascade;
 * - every function that its tree, or a default, check or index of its relations calls is built in and not volatile;
 * - no relation in it, nor a partition or child of one, is foreign or has a trigger of users;
 * - the planner expects at most MAX_DRY_RUN_ROWS rows.
 */

/** INSERT … of more rows than this is estimated only: the rows that are rolled back stay in the table until it is vacuumed. */
export const MAX_DRY_RUN_ROWS = 10_000;

const FUNCTIONS = /:(?:funcid|opfuncid|aggfnoid|winfnoid)\s+(\d+)/g;
const RELATIONS = /:relid\s+(\d+)/g;
/** Steps of a sequence that are no function calls: identity columns. */
const SEQUENCE_STEP = /\{NEXTVALUEEXPR\b/;

export type TreeFacts = {
  readonly functions: readonly number[];
  readonly relations: readonly number[];
  readonly stepsSequence: boolean;
};

/** What a tree calls and touches. Pure. */
export function treeFacts(trees: readonly string[]): TreeFacts {
  const found = (pattern: RegExp): number[] => [
    ...new Set(trees.flatMap((tree) => [...tree.matchAll(pattern)].map(([, oid]) => Number(oid)))),
  ];
  return {
    functions: found(FUNCTIONS).filter((oid) => oid > 0),
    relations: found(RELATIONS).filter((oid) => oid > 0),
    stepsSequence: trees.some((tree) => SEQUENCE_STEP.test(tree)),
  };
}

const FIRST_USER_OID = 16_384;

/** Null when it may be run and rolled back; else why not, in words for the approver. */
export async function whyNotDryRun(connection: QueryConnection, trees: readonly string[]): Promise<string | null> {
  const { functions, relations, stepsSequence } = treeFacts(trees);
  if (stepsSequence) return 'it would step a sequence, which a rollback does not undo';
  const stored = await connection.query(storedExpressions(relations));
  const inside = treeFacts(stored.flatMap(([tree]) => tree ?? []));
  if (inside.stepsSequence) return 'a table of it steps a sequence, which a rollback does not undo';
  const called = [...new Set([...functions, ...inside.functions])];
  if (called.some((oid) => oid >= FIRST_USER_OID)) return 'it calls a function that is not built in';
  if (called.length > 0 && (await connection.query(volatileOf(called))).length > 0)
    return 'it calls a volatile function, which may do what a rollback does not undo';
  const [[kind = null] = []] = await connection.query(actingRelations(relations));
  return kind === null ? null : `a table of it ${kind === 'f' ? 'is foreign' : 'has triggers'}`;
}

function storedExpressions(relations: readonly number[]): string {
  const family = familyOf(relations);
  return (
    `SELECT adbin::text FROM pg_catalog.pg_attrdef WHERE adrelid IN (${family}) AND EXISTS (SELECT FROM pg_catalog.pg_attribute ` +
    "WHERE attrelid = adrelid AND attnum = adnum AND attgenerated <> '') " +
    `UNION ALL SELECT conbin::text FROM pg_catalog.pg_constraint WHERE conrelid IN (${family}) AND conbin IS NOT NULL ` +
    'UNION ALL SELECT pg_catalog.concat(indexprs::text, indpred::text) FROM pg_catalog.pg_index ' +
    `WHERE indrelid IN (${family}) AND (indexprs IS NOT NULL OR indpred IS NOT NULL)`
  );
}

function volatileOf(functions: readonly number[]): string {
  return `SELECT FROM pg_catalog.pg_proc WHERE oid IN (${functions.join()}) AND provolatile = 'v' LIMIT 1`;
}

function actingRelations(relations: readonly number[]): string {
  const family = familyOf(relations);
  return (
    `SELECT relkind FROM pg_catalog.pg_class AS c WHERE oid IN (${family}) AND (relkind = 'f' OR EXISTS ` +
    '(SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal)) ORDER BY relkind LIMIT 1'
  );
}

/** The relations with all their children and partitions. */
function familyOf(relations: readonly number[]): string {
  const roots = relations.length === 0 ? '0' : relations.join();
  return (
    'WITH RECURSIVE family AS (SELECT oid FROM pg_catalog.pg_class ' +
    `WHERE oid IN (${roots}) UNION SELECT inhrelid FROM pg_catalog.pg_inherits JOIN family ON inhparent = family.oid) SELECT oid FROM family`
  );
}
