/**
 * Columns that a statement makes or renames, and that are called like something classified (`names` of the resource).
 * Only where a name matches the server is asked anything. docs/detectors.md.
 */
import { labelRank } from '@sluice/contract/vocabulary';
import { type ColumnKey, columnKey, type Flows, type NamedColumn } from '../../analysis/flows.ts';
import type { RelationFacts } from '../../analysis/postgres/facts.ts';
import { type NewRelation, quoteIdentifier } from '../../analysis/postgres/gate/ast.ts';
import type { DefinitionHandling, MadeColumns } from '../../analysis/postgres/gate/statement.ts';
import { NO_NEEDS } from '../../analysis/postgres/needs.ts';
import type { ColumnName } from '../../catalog/classification.ts';
import type { ProposedLabel } from '../../detection/names.ts';
import type { SessionContext } from './session-context.ts';

export function withNamed(flows: Flows, named: readonly NamedColumn[]): Flows {
  return named.length === 0 ? flows : { ...flows, named };
}

/** Of CREATE TABLE, ALTER TABLE and RENAME. Its relations have been looked at for `flows`. */
export async function namedByDefinition(
  context: SessionContext,
  { made }: DefinitionHandling,
  flows: Flows,
): Promise<readonly NamedColumn[]> {
  switch (made?.how) {
    case undefined:
      return [];
    case 'create':
      return await namedInTable(context, made);
    case 'add': {
      if (!made.columns.some((name) => proposalFor(context, name) !== null)) return [];
      const relation = await relationNamed(context, made.relation);
      return relation === null ? [] : newColumns(context, relation, made.columns, relation);
    }
    case 'rename':
      return await renamed(context, made, flows);
  }
}

/**
 * Of CREATE TABLE AS, SELECT INTO and views. A stored column takes the label itself, unless what is read has it already.
 * A view stores nothing: what it shows under the name takes it.
 */
export async function namedByQuery(
  context: SessionContext,
  { makes, columnNames }: { readonly makes: NewRelation; readonly columnNames: readonly string[] },
  query: Flows,
  statementKind: string,
): Promise<readonly NamedColumn[]> {
  const columns = query.outputs.map(({ name, sources }, index) => ({ name: columnNames[index] ?? name, sources }));
  const found = columns.filter(({ name, sources }) => {
    const proposed = proposalFor(context, name);
    return proposed !== null && !isCovered(context, [...sources], proposed);
  });
  if (found.length === 0) return [];
  const place = await placeOf(context, makes);
  if (place === null) return [];
  if (statementKind === 'ViewStmt')
    return found.flatMap(({ name, sources }) => shown(context, { ...place, column: name }, sources));
  const existing = await relationNamed(context, quoted(place));
  const names = found.map(({ name }) => name);
  return existing === null ? newColumns(context, { schema: place.schema, name: place.table }, names, null) : [];
}

async function namedInTable(
  context: SessionContext,
  { makes, columns, like }: Extract<MadeColumns, { how: 'create' }>,
): Promise<readonly NamedColumn[]> {
  const names = [...columns];
  for (const model of like) names.push(...liveColumns(await relationNamed(context, model)));
  if (!names.some((name) => proposalFor(context, name) !== null)) return [];
  const place = await placeOf(context, makes);
  // Of a relation that is there the server says so, or IF NOT EXISTS makes it nothing.
  if (place === null || (await relationNamed(context, quoted(place))) !== null) return [];
  return newColumns(context, { schema: place.schema, name: place.table }, names, null);
}

async function renamed(
  context: SessionContext,
  { relation: name, from, to }: Extract<MadeColumns, { how: 'rename' }>,
  { writes }: Flows,
): Promise<readonly NamedColumn[]> {
  if (proposalFor(context, to) === null) return [];
  const relation = await relationNamed(context, name);
  const column = relation?.columns.find((each) => !each.dropped && each.name === from);
  if (relation === null || column === undefined || isTemporary(relation.schema)) return [];
  const called = { schema: relation.schema, table: relation.name, column: to };
  // What a view shows is what its definition touches.
  if (relation.kind === 'v') return shown(context, called, new Set(writes.flatMap(({ sources }) => [...sources])));
  return HOLDS_ROWS.has(relation.kind) ? shown(context, called, [columnKey(relation.oid, column.attribute)]) : [];
}

/** Relations with columns of their own: tables, partitioned and foreign ones, materialised views. */
const HOLDS_ROWS: ReadonlySet<string> = new Set(['r', 'p', 'f', 'm']);

/** Columns that are there already take the label; those that have it are left out. */
function shown(context: SessionContext, called: ColumnName, keys: Iterable<ColumnKey>): readonly NamedColumn[] {
  const proposed = proposalFor(context, called.column);
  if (proposed === null) return [];
  return [...keys]
    .filter((key) => !isCovered(context, [key], proposed))
    .sort()
    .map((target) => named(called, proposed, target));
}

/** Columns that do not exist yet, in a relation that does (`existing`) or not. */
function newColumns(
  context: SessionContext,
  { schema, name }: Pick<RelationFacts, 'schema' | 'name'>,
  columns: readonly string[],
  existing: RelationFacts | null,
): readonly NamedColumn[] {
  if (isTemporary(schema) || (existing !== null && !HOLDS_ROWS.has(existing.kind))) return [];
  const present = liveColumns(existing);
  return [...new Set(columns)].flatMap((column) => {
    const proposed = proposalFor(context, column);
    if (proposed === null || present.includes(column)) return [];
    const called = { schema, table: name, column };
    const byRules = context.ports.catalog.classification.labelOfName(called);
    return labelRank(byRules) >= labelRank(proposed.label) ? [] : [named(called, proposed, null)];
  });
}

function named(
  { schema, table, column }: ColumnName,
  { label, category, pattern }: ProposedLabel,
  target: ColumnKey | null,
): NamedColumn {
  return { called: { schema, table, column, label, category }, pattern, target };
}

/** Null for an ordinary name, and for a label that policy is not asked about. */
function proposalFor({ ports }: SessionContext, name: string): ProposedLabel | null {
  const proposed = ports.columnNames.find(name);
  return proposed !== null && labelRank(proposed.label) >= labelRank(ports.catalog.classifiedFrom) ? proposed : null;
}

/** One of them has a label that is as high. What nobody has looked at is nowhere understood. */
function isCovered({ ports }: SessionContext, keys: readonly ColumnKey[], { label }: ProposedLabel): boolean {
  const { classification } = ports.catalog;
  const known = keys.filter((key) => classification.knows(Number.parseInt(key, 10)));
  return known.some((key) => labelRank(classification.describe(key).label) >= labelRank(label));
}

/** Where a new relation will be; null for a temporary one, which nobody else sees, and for none. */
async function placeOf(
  { factSource }: SessionContext,
  { schema, relation }: NewRelation,
): Promise<{ readonly schema: string; readonly table: string } | null> {
  const [[current = null] = []] =
    schema === null ? await factSource.rows('SELECT pg_catalog.current_schema()') : [[schema]];
  return current === null || isTemporary(current) ? null : { schema: current, table: relation };
}

function isTemporary(schema: string): boolean {
  return /^pg_temp(_\d+)?$/.test(schema);
}

function liveColumns(relation: RelationFacts | null): readonly string[] {
  return relation?.columns.filter(({ dropped }) => !dropped).map(({ name }) => name) ?? [];
}

function quoted({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
}

/** As this session sees it now. Throws QuestionFailed when the server does not answer. */
async function relationNamed({ facts, factSource }: SessionContext, name: string): Promise<RelationFacts | null> {
  if (facts.relationNamed(name) === undefined) await facts.fetch({ ...NO_NEEDS, relationNames: [name] }, factSource);
  const oid = facts.relationNamed(name) ?? null;
  if (oid === null) return null;
  if (facts.relation(oid) === undefined) await facts.fetch({ ...NO_NEEDS, relations: [oid] }, factSource);
  return facts.relation(oid) ?? null;
}
