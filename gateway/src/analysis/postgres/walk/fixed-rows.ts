/**
 * Columns of the server's own views whose rows WHERE fixes: the statistics of one relation, the activity of this very
 * session. Only a column that is read as it is counts (`SELECT query FROM …`): rows that fail WHERE are gone before it
 * is, which cannot be said of expressions over it.
 */
import { FIRST_USER_OID } from '../facts.ts';
import { childNodes, constantBytes, nameAt, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { COUNTERS } from './counters.ts';
import { NO_SOURCES, type Scope, type Sources, type Walker } from './walker.ts';

const RELATION = 0;
const SUBQUERY = 1;
const JOIN = 2;
const FUNCTION = 3;
/** What GROUP BY names, since 18. */
const GROUP = 9;
/** Views in views in views: the server's own are three deep. */
const MAX_STEPS = 32;

/** OIDs of pg_class, pg_statistic, and their columns (`pg_class.h`, `pg_statistic.h`). */
const PG_CLASS = 1259;
const RELNAME = 2;
const PG_STATISTIC = 2619;
const PG_NAMESPACE = 2615;
const NSPNAME = 2;
/** Functions of pg_proc.dat. */
const GET_ACTIVITY = 2022;
const ACTIVITY_PID = 2;
const BACKEND_PID = 2026;
const INT4_EQUALS = 65;
const NAME_EQUALS = 62;
const NAME_TYPE = 19;

/** One query level, and whether it is the query of a view of the server's own. */
type Level = { readonly query: TreeNode; readonly system: boolean };
type Origin = { readonly node: TreeNode; readonly level: Level };

/** What `expr IS NULL` tells: nothing, for a counter that is never NULL but where its row is missing. */
export function isCounterThere(node: TreeNode, scope: Scope): boolean {
  const argument = node.tag === 'NULLTEST' ? nodeAt(node, 'arg') : null;
  if (argument === null || argument.tag !== 'VAR') return false;
  const { node: origin, level } = originOf(argument, { query: scope.query, system: false });
  if (!level.system || origin.tag !== 'FUNCEXPR' || !COUNTERS.has(numberAt(origin, 'funcid'))) return false;
  const [relation, ...more] = nodesAt(origin, 'args');
  if (relation === undefined || more.length > 0) return false;
  const counted = originOf(relation, level);
  return counted.level.query === level.query && entryOf(counted.node, level)?.relid === PG_CLASS;
}

/** Sources of a column of the target list whose rows WHERE fixes; null when it is not such a column. */
export function fixedRowSources(walker: Walker, node: TreeNode | undefined, scope: Scope): Sources | null {
  if (node?.tag !== 'VAR' || scope.bound !== null) return null;
  const top: Level = { query: scope.query, system: false };
  const origin = originOf(node, top);
  if (!origin.level.system) return null;
  if (isOwnActivity(origin, top)) return NO_SOURCES;
  return isStatistic(origin) ? statisticSources(walker, origin, top) : null;
}

/** pg_stat_activity WHERE pid = pg_backend_pid(): what the session itself does. */
function isOwnActivity(origin: Origin, top: Level): boolean {
  const activity = entryOf(origin.node, origin.level);
  if (activity?.functionOid !== GET_ACTIVITY) return false;
  return comparisons(top, INT4_EQUALS).some(([column, value]) => {
    if (value.tag !== 'FUNCEXPR' || numberAt(value, 'funcid') !== BACKEND_PID) return false;
    const compared = originOf(column, top);
    const entry = entryOf(compared.node, compared.level);
    return entry?.entry === activity.entry && numberAt(compared.node, 'varattno') === ACTIVITY_PID;
  });
}

/** Made of pg_statistic alone: a column of it, or the choice among its slots that pg_stats makes. */
function isStatistic({ node, level }: Origin): boolean {
  const variables = variablesIn(node);
  return variables.length > 0 && variables.every((variable) => entryOf(variable, level)?.relid === PG_STATISTIC);
}

/** pg_stats WHERE tablename = 'x': told by all columns of x, if there is only one relation of that name. */
function statisticSources(walker: Walker, origin: Origin, top: Level): Sources | null {
  const table = fixedName(walker, origin, top, PG_CLASS, RELNAME);
  if (table === null) return null;
  const schema = fixedName(walker, origin, top, PG_NAMESPACE, NSPNAME);
  const oid = walker.facts.relationNamed(`${schema === null ? '*' : quoted(schema)}.${quoted(table)}`);
  if (oid === undefined) return NO_SOURCES;
  const relation = oid === null || oid < FIRST_USER_OID ? null : walker.facts.relation(oid);
  if (relation === undefined) return NO_SOURCES;
  if (oid === null || relation === null || !['r', 'p', 'm', 'f'].includes(relation.kind)) return null;
  return walker.base(oid, true).column(0);
}

/** The literal with which WHERE compares this column of the same level as `origin`. */
function fixedName(walker: Walker, origin: Origin, top: Level, relid: number, attribute: number): string | null {
  for (const [column, value] of comparisons(top, NAME_EQUALS)) {
    if (value.tag !== 'CONST' || numberAt(value, 'consttype') !== NAME_TYPE) continue;
    const compared = originOf(column, top);
    if (compared.level.query !== origin.level.query || entryOf(compared.node, compared.level)?.relid !== relid)
      continue;
    if (numberAt(compared.node, 'varattno') !== attribute) continue;
    walker.findings.readConstant = true;
    const bytes = constantBytes(value) ?? [];
    const end = bytes.indexOf(0);
    return Buffer.from(Uint8Array.from(end === -1 ? bytes : bytes.slice(0, end))).toString('utf8');
  }
  return null;
}

/** `column = value` among the conditions of WHERE that must all hold. */
function comparisons({ query }: Level, functionOid: number): readonly (readonly [TreeNode, TreeNode])[] {
  return conditionsOf(query).flatMap((one) => {
    if (one.tag !== 'OPEXPR' || numberAt(one, 'opfuncid') !== functionOid) return [];
    const [left, right] = nodesAt(one, 'args');
    if (left === undefined || right === undefined) return [];
    return left.tag === 'VAR' ? [[left, right] as const] : [[right, left] as const];
  });
}

/** The conditions of WHERE that must all hold. */
export function conditionsOf(query: TreeNode): readonly TreeNode[] {
  const from = nodeAt(query, 'jointree');
  const condition = from === null ? null : nodeAt(from, 'quals');
  if (condition === null) return [];
  const isAnd = condition.tag === 'BOOLEXPR' && nameAt(condition, 'boolop') === 'and';
  return isAnd ? nodesAt(condition, 'args') : [condition];
}

/** Follows a column through joins and sub-queries of this statement to what it is computed from. */
function originOf(node: TreeNode, level: Level): Origin {
  let at: Origin = { node, level };
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const next = stepInto(at);
    if (next === null) return at;
    at = next;
  }
  return at;
}

function stepInto({ node, level }: Origin): Origin | null {
  const entry = rangeEntry(node, level);
  if (entry === undefined) return null;
  const attribute = numberAt(node, 'varattno');
  if (attribute <= 0) return null;
  const kind = numberAt(entry, 'rtekind');
  if (kind === JOIN) {
    const alias = nodesAt(entry, 'joinaliasvars')[attribute - 1];
    return alias === undefined ? null : { node: alias, level };
  }
  if (kind === GROUP) {
    const grouped = nodesAt(entry, 'groupexprs')[attribute - 1];
    return grouped === undefined ? null : { node: grouped, level };
  }
  const query = kind === SUBQUERY ? nodeAt(entry, 'subquery') : null;
  if (query === null || nodeAt(query, 'setOperations') !== null) return null;
  const target = nodesAt(query, 'targetList').find((one) => numberAt(one, 'resno') === attribute);
  const expression = target === undefined ? null : nodeAt(target, 'expr');
  return expression === null ? null : { node: expression, level: { query, system: isSystemView(entry, query) } };
}

/** 16 and later keep the view's OID beside its query; before, the query begins with an entry for it (`old`). */
function isSystemView(entry: TreeNode, query: TreeNode): boolean {
  const [old] = nodesAt(query, 'rtable');
  const oids = [numberOr(entry, 'relid', 0)];
  if (old !== undefined && numberAt(old, 'rtekind') === RELATION && nameAt(old, 'relkind') === 'v')
    oids.push(numberOr(old, 'relid', 0));
  return oids.some((oid) => oid > 0 && oid < FIRST_USER_OID);
}

function rangeEntry(node: TreeNode, { query }: Level): TreeNode | undefined {
  if (node.tag !== 'VAR' || numberAt(node, 'varlevelsup') !== 0) return undefined;
  return nodesAt(query, 'rtable')[numberAt(node, 'varno') - 1];
}

/** The relation or function that a column belongs to. */
function entryOf(
  node: TreeNode,
  level: Level,
): { readonly entry: TreeNode; readonly relid: number | null; readonly functionOid: number | null } | null {
  const entry = rangeEntry(node, level);
  if (entry === undefined) return null;
  const kind = numberAt(entry, 'rtekind');
  const [first] = kind === FUNCTION ? nodesAt(entry, 'functions') : [];
  const call = first === undefined ? null : nodeAt(first, 'funcexpr');
  return {
    entry,
    relid: kind === RELATION ? numberAt(entry, 'relid') : null,
    functionOid: call?.tag === 'FUNCEXPR' ? numberAt(call, 'funcid') : null,
  };
}

function variablesIn(node: TreeNode): readonly TreeNode[] {
  if (node.tag === 'VAR') return [node];
  return [...node.fields.values()].flatMap((value) => [...childNodes(value)].flatMap(variablesIn));
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
