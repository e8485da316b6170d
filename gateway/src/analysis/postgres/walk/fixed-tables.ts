/**
 * What pg_class and the functions of sizes tell of one table that WHERE fixes: `SELECT reltuples::bigint FROM pg_class WHERE
 * oid = 'orders'::regclass`. It follows from what is in that table, and from nothing else.
 *
 * Only in what the client's own SELECT gives out: that is computed of the rows that are left. The list of a sub-query may
 * become a condition of the query around it, and then be computed of rows that WHERE has yet to drop.
 */
import { columnKey } from '../../flows.ts';
import { FIRST_USER_OID } from '../facts.ts';
import { constantBytes, neededNode, nodesAt, numberAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { conditionsOf } from './fixed-rows.ts';
import { type Relation, type Scope, type Sources, union, type Walker } from './walker.ts';

const RELATION = 0;
/** OIDs of pg_class and its columns (`pg_class.h`): relpages, reltuples, relallvisible, and since 18 relallfrozen. */
const PG_CLASS = 1259;
const OID_COLUMN = 1;
const RELNAME = 2;
const COUNTS: readonly number[] = [10, 11, 12];
const RELALLFROZEN = 13;
const FIRST_WITH_FROZEN = 18;
/** pg_proc.dat, pg_type.dat */
const OID_EQUALS = 184;
const NAME_EQUALS = 62;
const NAME_TYPE = 19;
const OID_TYPES: ReadonlySet<number> = new Set([26, 2205]);
/** Tables and partitioned tables. The rows of a materialised view are chosen by a query; an index has its table's. */
const KINDS: ReadonlySet<string> = new Set(['r', 'p']);

/** The scope in which the list of the outermost SELECT is walked. */
export function withFixedTables(walker: Walker, scope: Scope): Scope {
  if (scope.outer !== null || scope.bound !== null) return scope;
  const fixed = new Map<number, number>();
  for (const [index, entry] of scope.rangeTable.entries()) {
    if (numberAt(entry, 'rtekind') !== RELATION || numberAt(entry, 'relid') !== PG_CLASS) continue;
    const oid = tableOf(walker, scope, index + 1);
    if (oid !== null) fixed.set(index + 1, oid);
  }
  if (fixed.size === 0) return scope;
  const resolved = new Map(scope.resolved);
  for (const [number, oid] of fixed) resolved.set(number, counted(walker, walker.entry(number, scope), oid));
  return { ...scope, resolved, fixedTables: fixed };
}

/** What is in a table's rows, and which rows they are. */
export function contentsOf(walker: Walker, oid: number): Sources {
  const base = walker.base(oid, true);
  return union(base.column(0), base.rows);
}

/** Whether the relation is one of which sizes tell no more than its rows; undefined when that is not known yet. */
export function isTable(walker: Walker, oid: number): boolean | undefined {
  const facts = walker.facts.relation(oid);
  return facts === undefined ? undefined : facts !== null && KINDS.has(facts.kind);
}

/** The table that `pg_class.oid` of this scope stands for; null for anything else. */
export function fixedTable(scope: Scope | null, node: TreeNode | undefined): number | null {
  const column = node?.tag === 'RELABELTYPE' ? neededNode(node, 'arg') : node;
  if (column?.tag !== 'VAR' || numberAt(column, 'varlevelsup') !== 0) return null;
  if (numberAt(column, 'varattno') !== OID_COLUMN) return null;
  return scope?.fixedTables?.get(numberAt(column, 'varno')) ?? null;
}

function counted(walker: Walker, relation: Relation, oid: number): Relation {
  const counts = walker.serverMajor >= FIRST_WITH_FROZEN ? [...COUNTS, RELALLFROZEN] : COUNTS;
  return {
    ...relation,
    column: (attribute) => {
      if (!counts.includes(attribute)) return relation.column(attribute);
      walker.findings.fixed.add(columnKey(PG_CLASS, attribute));
      return contentsOf(walker, oid);
    },
  };
}

/** The table to which WHERE fixes the rows of this entry. */
function tableOf(walker: Walker, scope: Scope, number: number): number | null {
  for (const condition of conditionsOf(scope.query)) {
    if (condition.tag !== 'OPEXPR') continue;
    const [left, right] = nodesAt(condition, 'args');
    for (const [column, value] of [
      [left, right],
      [right, left],
    ]) {
      if (column?.tag !== 'VAR' || value === undefined) continue;
      if (numberAt(column, 'varno') !== number || numberAt(column, 'varlevelsup') !== 0) continue;
      const compared = { by: numberAt(condition, 'opfuncid'), attribute: numberAt(column, 'varattno'), value };
      const oid = comparedOid(walker, compared);
      if (oid !== null && oid >= FIRST_USER_OID && isTable(walker, oid) === true) return oid;
    }
  }
  return null;
}

function comparedOid(
  walker: Walker,
  { by, attribute, value }: { readonly by: number; readonly attribute: number; readonly value: TreeNode },
): number | null {
  const literal = value.tag === 'RELABELTYPE' ? neededNode(value, 'arg') : value;
  if (literal.tag !== 'CONST') return null;
  const type = numberAt(literal, 'consttype');
  const isOid = by === OID_EQUALS && attribute === OID_COLUMN && OID_TYPES.has(type);
  const isName = by === NAME_EQUALS && attribute === RELNAME && type === NAME_TYPE;
  if (!isOid && !isName) return null;
  walker.findings.readConstant = true;
  const bytes = constantBytes(literal);
  if (bytes === null) return null;
  if (isOid) return bytes.slice(0, 4).reduceRight((oid, byte) => oid * 256 + byte, 0);
  const end = bytes.indexOf(0);
  const name = Buffer.from(Uint8Array.from(end === -1 ? bytes : bytes.slice(0, end))).toString('utf8');
  // Null when several relations bear the name.
  return walker.facts.relationNamed(`*."${name.replaceAll('"', '""')}"`) ?? null;
}
