/** INSERT, UPDATE, DELETE and MERGE with RETURNING. */
import { type Column, rowOf, type Table } from './catalog.ts';
import { commas, quote, type Source, write } from './expressions.ts';
import type { QueryWriter } from './queries.ts';
import { list, NOTHING, optional, type Sql, sql } from './tree.ts';

const MERGE_RETURNS = 17;
const OLD_AND_NEW = 18;

export function target(queries: QueryWriter): Table {
  return queries.random.pick(queries.catalog.tables.filter((table) => table.kind === 'table'));
}

/** Columns that a statement assigns: mostly unclassified ones, often fed from classified ones. */
function assigned(queries: QueryWriter, table: Table): readonly Column[] {
  const { random } = queries;
  const some = table.columns.filter((column) => random.chance(column.classified ? 0.2 : 0.5));
  return some.length > 0 ? some : [random.pick(table.columns)];
}

/** 18.4 crashes when a sub-query of INSERT … RETURNING names `old`, which is NULL there: INSERT has no row of before. */
function returning(queries: QueryWriter, table: Table, alias: string, rows: readonly string[] = ['old', 'new']): Sql {
  const { random } = queries;
  if (!random.chance(0.5)) return sql``;
  if (table.partly === true && !queries.asksForSecrets) return optional(sql` RETURNING 1`);
  if (queries.asksForSecrets && random.chance(0.3)) return optional(sql` RETURNING ${alias}.*`);
  const own = { alias, columns: table.columns, table: rowOf(table) };
  const both = queries.catalog.major >= OLD_AND_NEW && random.chance(0.5);
  const names = rows.map((name) => ({ ...own, alias: name }));
  const place = queries.output(both ? [own, ...names] : [own], 2);
  return optional(
    sql` RETURNING ${write(queries.writer, random.pick(['text', 'integer', 'boolean', 'jsonb']), place)}`,
  );
}

export function insert(queries: QueryWriter, answers = true): Sql {
  const { random } = queries;
  const table = target(queries);
  const columns = random.chance(0.5)
    ? table.columns.filter((c) => c.name !== 'search' && c.name !== 'ssn_last4')
    : assigned(queries, table);
  const types = columns.map((column) => column.type);
  const alias = queries.alias();
  const row = (): Sql =>
    sql`(${commas(types.map((type) => (random.chance(0.05) ? sql`DEFAULT` : write(queries.writer, type, queries.output([], 2)))))})`;
  const rows = random.chance(0.5)
    ? queries.query(2, [], types).text
    : sql`${random.chance(0.1) ? 'OVERRIDING USER VALUE ' : ''}VALUES ${list(Array.from({ length: random.pick([1, 1, 2]) }, row))}`;
  const names = columns.map((column) => quote(column.name)).join(', ');
  const place = queries.output(
    [
      { alias, columns: table.columns, table: rowOf(table) },
      { alias: 'excluded', columns: table.columns, table: null },
    ],
    2,
  );
  const first = random.pick(assigned(queries, table));
  const key = table.columns[0];
  const conflict = random.weighted([
    [4, sql``],
    [1, optional(sql` ON CONFLICT DO NOTHING`)],
    [
      1,
      optional(
        sql` ON CONFLICT (${quote(first.name)}) WHERE ${write(queries.writer, 'boolean', queries.shaping([{ alias, columns: table.columns, table: null }], 1))} DO NOTHING`,
      ),
    ],
    [
      2,
      optional(
        sql` ON CONFLICT (${quote(key?.name ?? 'id')}) DO UPDATE SET ${quote(first.name)} = ${write(queries.writer, first.type, place)}${random.chance(0.3) ? sql` WHERE ${write(queries.writer, 'boolean', queries.shaping(place.sources, 2))}` : ''}`,
      ),
    ],
  ] as const);
  return sql`INSERT INTO ${table.name} AS ${alias} (${names}) ${rows}${conflict}${answers ? returning(queries, table, alias, ['new']) : ''}`;
}

export function update(queries: QueryWriter, answers = true): Sql {
  const { random } = queries;
  const table = target(queries);
  const alias = queries.alias();
  const own = { alias, columns: table.columns, table: rowOf(table) };
  const other = random.chance(0.4) ? queries.from(2, []) : null;
  const sources = [own, ...(other?.sources ?? [])];
  const columns = assigned(queries, table);
  const pieces = columns.map((column) => assignment(queries, column, sources));
  const set =
    columns.length > 1 && random.chance(0.2)
      ? sql`(${columns.map((column) => quote(column.name)).join(', ')}) = (${
          queries.query(
            2,
            sources,
            columns.map((column) => column.type),
          ).text
        })`
      : list(pieces);
  const where = write(queries.writer, 'boolean', queries.shaping(sources, 2));
  return sql`UPDATE ${table.name} AS ${alias} SET ${set}${other === null ? '' : optional(sql` FROM ${other.from}`)} WHERE ${where}${answers ? returning(queries, table, alias) : ''}`;
}

/** `column = value`, or a part of the column: an element, a slice, a field. */
function assignment(queries: QueryWriter, column: Column, sources: readonly Source[]): Sql {
  const value = (type: string): Sql => write(queries.writer, type, queries.output(sources, 2));
  const name = quote(column.name);
  if (queries.random.chance(0.3)) {
    if (column.type.endsWith('[]')) {
      const element = column.type.slice(0, -2);
      return queries.random.chance(0.5)
        ? sql`${name}[${value('integer')}] = ${value(element)}`
        : sql`${name}[1:2] = ${value(column.type)}`;
    }
    if (column.type === 'crm.address') return sql`${name}.city = ${value('text')}`;
    if (column.type === 'jsonb') return sql`${name}['a'] = ${value('jsonb')}`;
    return sql`${name} = DEFAULT`;
  }
  return sql`${name} = ${value(column.type)}`;
}

export function remove(queries: QueryWriter, answers = true): Sql {
  const table = target(queries);
  const alias = queries.alias();
  const own = { alias, columns: table.columns, table: rowOf(table) };
  const other = queries.random.chance(0.3) ? queries.from(2, []) : null;
  const where = write(queries.writer, 'boolean', queries.shaping([own, ...(other?.sources ?? [])], 2));
  return sql`DELETE FROM ${table.name} AS ${alias}${other === null ? '' : optional(sql` USING ${other.from}`)} WHERE ${where}${answers ? returning(queries, table, alias) : ''}`;
}

export function merge(queries: QueryWriter): Sql {
  const { random } = queries;
  const table = target(queries);
  const alias = queries.alias();
  const other = queries.from(1, []);
  const own = { alias, columns: table.columns, table: rowOf(table) };
  const sources = [own, ...other.sources];
  const on = mergeCondition(queries, own.columns, alias, sources);
  const guard = (): Sql =>
    random.chance(0.3) ? optional(sql` AND ${write(queries.writer, 'boolean', queries.shaping(sources, 2))}`) : NOTHING;
  const action = (): Sql => {
    const column = random.pick(assigned(queries, table));
    const value = write(queries.writer, column.type, queries.output(sources, 2));
    return random.pick([sql`UPDATE SET ${quote(column.name)} = ${value}`, sql`DELETE`, sql`DO NOTHING`]);
  };
  const guarded = random.chance(0.3)
    ? optional(sql` WHEN MATCHED AND ${write(queries.writer, 'boolean', queries.shaping(sources, 2))} THEN ${action()}`)
    : NOTHING;
  const matched = sql`${guarded} WHEN MATCHED${guard()} THEN ${action()}`;
  const inserted = random.pick(assigned(queries, table));
  const value = write(queries.writer, inserted.type, queries.output(other.sources, 2));
  const insertion = optional(sql` WHEN NOT MATCHED THEN INSERT (${quote(inserted.name)}) VALUES (${value})`);
  const isNewer = queries.catalog.major >= MERGE_RETURNS;
  const bySource =
    isNewer && random.chance(0.2)
      ? optional(sql` WHEN NOT MATCHED BY SOURCE THEN ${random.pick(['DELETE', 'DO NOTHING'])}`)
      : NOTHING;
  const answer = isNewer
    ? random.chance(0.2)
      ? optional(sql` RETURNING merge_action()`)
      : returning(queries, table, alias, ['new'])
    : NOTHING;
  return sql`MERGE INTO ${table.name} AS ${alias} USING ${other.from} ON ${on}${matched}${insertion}${bySource}${answer}`;
}

/** Mostly a key, so that rows match one to one. */
function mergeCondition(queries: QueryWriter, own: readonly Column[], alias: string, sources: readonly Source[]): Sql {
  const { random } = queries;
  const [, other] = sources;
  const key = own[0];
  const partner = other?.columns.find((column) => column.type === key?.type && !column.classified);
  if (key !== undefined && other !== undefined && partner !== undefined && !key.classified && random.chance(0.7))
    return sql`${alias}.${quote(key.name)} = ${other.alias}.${quote(partner.name)}`;
  return write(queries.writer, 'boolean', queries.shaping(sources, 2));
}
