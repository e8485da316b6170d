/** Flows of statements around a query, from the flows of the query. */
import {
  type ColumnKey,
  columnKey,
  type FlowPlaces,
  type Flows,
  placeIn,
  type WriteFlow,
  wholeColumns,
} from '../flows.ts';
import { FIRST_ASSIGNED_OID } from './facts.ts';
import type { NewRelation } from './gate/ast.ts';
import type { ExplainOptions } from './gate/statement.ts';

/** Flows for a statement that does something else with the rows than answering: no use of a column is told apart. */
export function withoutUses(flows: Flows): Flows {
  const { uses: _uses, ...others } = flows;
  return others;
}

/** Flows of rows that can be read in pieces: what is held back of counts could be told from where a piece ends. */
export function withoutCount(flows: Flows): Flows {
  return flows.uses === undefined ? flows : { ...flows, uses: { ...flows.uses, count: null } };
}

/** Flows of a statement whose values come from elsewhere: each of them can reach all that is written. */
export function withAnyValues(flows: Flows): Flows {
  return flows.writes.length === 0
    ? flows
    : { ...flows, writes: flows.writes.map(({ brings: _brings, ...write }) => write) };
}

/** Statistics of other relations' columns, in the bytes of their rows: pg_statistic, pg_statistic_ext_data. */
const STATISTICS: ReadonlySet<number> = new Set([2619, 3429]);

/**
 * EXPLAIN: plans, estimates and counts depend on everything that the query touches, so all of it shapes the answer; but
 * for columns that are only read from one table, where the plan is told alone. So do indexes that it may choose.
 * ANALYZE also does what the query does. Costs and counts of buffers follow from how many pages a relation fills, and so
 * from how long all its columns are. ANALYZE counts pages whatever else is asked for: Heap Fetches of an index-only scan
 * (rows on pages that are not all visible), Heap Blocks of a bitmap scan (`explain.c`).
 */
export function explainFlows(query: Flows, { executes, costs, buffers }: ExplainOptions): Flows {
  const tellsSizes = executes || costs || buffers === true;
  const sized = [...query.relations].filter((oid) => tellsSizes && (oid >= FIRST_ASSIGNED_OID || STATISTICS.has(oid)));
  // Not looked at: a statement that was prepared by a message.
  const indexed =
    query.indexed ?? new Set([...query.relations].filter((oid) => oid >= FIRST_ASSIGNED_OID).map(wholeRow));
  const touched = union([
    indexed,
    query.shaping,
    query.faultable,
    ...(query.carried === undefined ? [] : [query.carried]),
    ...query.outputs
      .filter((_, index) => tellsSizes || query.scanned?.has(index) !== true)
      .map(({ sources }) => sources),
    ...query.writes.map((write) => write.sources),
    // ANALYZE counts bytes of the log and pages that were written (WAL, BUFFERS).
    ...(executes && query.rowLengths !== undefined ? [query.rowLengths] : []),
    new Set(sized.map(wholeRow)),
  ]);
  return {
    ...query,
    statementClass: executes ? query.statementClass : 'read',
    outputs: [{ name: 'QUERY PLAN', sources: new Set() }],
    // A plan tells how wide whole documents are, whatever is taken out of them.
    shaping: wholeColumns(touched),
    ...(query.places === undefined ? {} : { places: withSizes(query.places, sized, indexed) }),
    writes: executes ? query.writes : [],
  };
}

/** CREATE TABLE AS, SELECT INTO, CREATE (MATERIALIZED) VIEW: each output becomes a column that does not exist yet. */
export function creationFlows(
  query: Flows,
  created: { readonly target: string; readonly makes: NewRelation; readonly columnNames: readonly string[] },
): Flows {
  const { schema, relation } = created.makes;
  const columns = query.outputs.map((output, index): WriteFlow => {
    const name = created.columnNames[index] ?? output.name;
    return {
      target: null,
      targetName: `${created.target.replaceAll('"', '')}.${name}`,
      creates: [schema ?? '', relation, name],
      sources: union([output.sources, query.shaping]),
      decides: without(query.shaping, output.sources),
    };
  });
  return { ...query, statementClass: 'ddl', outputs: [], writes: [...query.writes, ...columns] };
}

/**
 * A prepared statement whose parameters are computed from data (`EXECUTE p (f(7))`): where it puts them is not looked at,
 * so what they read counts as read everywhere. `given`: flows of a query of the arguments.
 */
export function givenFlows(flows: Flows, given: Flows): Flows {
  const read = union([given.shaping, ...given.outputs.map((output) => output.sources)]);
  const relations = new Set([...flows.relations, ...given.relations]);
  const carried = union([flows.carried ?? new Set(), given.carried ?? new Set()]);
  if (read.size + given.faultable.size === 0) return { ...flows, relations, carried };
  return {
    ...withoutUses(flows),
    outputs: flows.outputs.map((output) => ({ name: output.name, sources: union([output.sources, read]) })),
    shaping: union([flows.shaping, read]),
    writes: flows.writes.map(({ decides: _decides, ...write }) => ({
      ...write,
      sources: union([write.sources, read]),
    })),
    faultable: union([flows.faultable, given.faultable, read]),
    relations,
    carried,
  };
}

function without(keys: ReadonlySet<ColumnKey>, others: ReadonlySet<ColumnKey>): ReadonlySet<ColumnKey> {
  return new Set([...keys].filter((key) => !others.has(key)));
}

/** COPY table FROM STDIN: the flows of its probe; it answers with a count only. */
export function copyInFlows(probe: Flows): Flows {
  return { ...probe, statementClass: 'write', outputs: [] };
}

/**
 * REFRESH MATERIALIZED VIEW: the query's sources reach the view's own columns again. `probe` are the flows of a SELECT
 * of all columns, whose sources hold the view's column and what its query reads.
 */
export function refreshFlows(probe: Flows): Flows {
  // The walker notes the view before the tables under it.
  const [relation] = probe.relations;
  const writes = probe.outputs.map((output, index): WriteFlow => {
    const own = [...output.sources].find((key) => key.startsWith(`${relation}.`)) ?? null;
    return {
      target: own,
      targetName: output.name === '' ? String(index + 1) : output.name,
      sources: union([output.sources, probe.shaping]),
    };
  });
  const faultable = union([probe.faultable, probe.recomputed ?? new Set()]);
  return { ...probe, statementClass: 'maintenance', outputs: [], shaping: new Set(), faultable, writes };
}

function wholeRow(relation: number): ColumnKey {
  return columnKey(relation, 0);
}

function withSizes(
  { shaping, faultable }: FlowPlaces,
  sized: readonly number[],
  indexed: ReadonlySet<ColumnKey>,
): FlowPlaces {
  const chosen = [...indexed].filter((key) => !shaping.has(key)).map((key) => [key, [INDEX_TOLD]] as const);
  const told = sized.map((oid) => [wholeRow(oid), [SIZES_TOLD]] as const);
  const used = [...shaping].map(([key, words]) => [placeIn(key)?.column ?? key, words] as const);
  return { shaping: new Map([...used, ...chosen, ...told]), faultable };
}

/** Follows "in". */
const INDEX_TOLD = 'the choice of an index, which depends on how large it is';
const SIZES_TOLD = 'the costs and counts of EXPLAIN, which tell how large it is';

function union(sets: readonly ReadonlySet<ColumnKey>[]): ReadonlySet<ColumnKey> {
  const all = new Set<ColumnKey>();
  for (const set of sets) for (const key of set) all.add(key);
  return all;
}
