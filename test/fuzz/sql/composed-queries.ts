/** Queries made of queries: set operations, WITH, recursion; and rows of values. */
import type { Random } from '../random.ts';
import type { Column } from './catalog.ts';
import { commas, type Place, type Source, type Writer, write } from './expressions.ts';
import type { From } from './from-clause.ts';
import { list, NOTHING, optional, type Sql, sql } from './tree.ts';

export type Query = { readonly text: Sql; readonly columns: readonly Column[] };

/** What is needed of whoever writes the parts. */
export type QueryParts = {
  readonly random: Random;
  readonly writer: Writer;
  alias(): string;
  output(sources: readonly Source[], depth: number): Place;
  shaping(sources: readonly Source[], depth: number): Place;
  query(depth: number, outer: readonly Source[]): Query;
  select(depth: number, outer: readonly Source[], wanted: readonly string[] | null): Query;
  from(depth: number, outer: readonly Source[]): From;
  type(): string;
  targets(
    wanted: readonly string[] | null,
    make: (type: string) => Sql,
  ): { readonly list: Sql; readonly columns: readonly Column[] };
};

/** UNION and its like, of two or three. */
export function combined(
  queries: QueryParts,
  depth: number,
  outer: readonly Source[],
  wanted: readonly string[] | null,
): Query {
  const types = wanted ?? Array.from({ length: queries.random.between(1, 3) }, () => queries.type());
  const left = queries.select(depth - 1, outer, types);
  const right = queries.select(depth - 1, outer, types);
  const nested = queries.random.chance(0.2) ? queries.select(depth - 1, outer, types).text : null;
  const more = nested === null ? NOTHING : optional(sql` ${operation(queries.random)} (${nested})`);
  const order = queries.random.chance(0.2) ? optional(sql` ORDER BY 1`) : NOTHING;
  return {
    text: sql`(${left.text}) ${operation(queries.random)} (${right.text})${more}${order}`,
    columns: left.columns,
  };
}

function operation(random: Random): string {
  return random.weighted([
    [6, 'UNION ALL'],
    [1, 'UNION'],
    [1, 'EXCEPT'],
    [1, 'EXCEPT ALL'],
    [1, 'INTERSECT'],
    [1, 'INTERSECT ALL'],
  ] as const);
}

export function values(queries: QueryParts, outer: readonly Source[], wanted: readonly string[] | null): Query {
  const types = wanted ?? Array.from({ length: queries.random.between(1, 3) }, () => queries.type());
  const row = (): Sql => sql`(${commas(types.map((type) => write(queries.writer, type, queries.output(outer, 2))))})`;
  const rows = list(Array.from({ length: queries.random.between(1, 3) }, row));
  const columns = types.map((type, index) => ({ name: `column${index + 1}`, type, classified: false }));
  return { text: sql`VALUES ${rows}`, columns };
}

/** WITH RECURSIVE over the numbers up to 4, with one more column, SEARCH and CYCLE. */
export function recursive(
  queries: QueryParts,
  depth: number,
  outer: readonly Source[],
  wanted: readonly string[] | null,
): Query {
  const { random } = queries;
  const alias = queries.alias();
  const own: Source = {
    alias,
    table: null,
    columns: [
      { name: 'n', type: 'integer', classified: false },
      { name: 'x', type: 'text', classified: false },
    ],
  };
  const { from, sources } = queries.from(1, outer);
  const first = write(queries.writer, 'text', queries.output([...sources, ...outer], 2));
  const next = write(queries.writer, 'text', queries.output([own, ...outer], 2));
  const union = random.pick(['UNION ALL', 'UNION ALL', 'UNION']);
  const bound = random.chance(0.3)
    ? sql`${write(queries.writer, 'boolean', queries.shaping([own], 2))} AND n < 4`
    : sql`n < 4`;
  const search = random.chance(0.3)
    ? optional(sql` SEARCH ${random.pick(['DEPTH', 'BREADTH'])} FIRST BY ${random.pick(['n', 'x'])} SET place`)
    : NOTHING;
  const cycle = random.chance(0.3)
    ? optional(
        sql` CYCLE ${random.pick(['n', 'x', 'n, x'])} SET again${random.pick(['', " TO 'y' DEFAULT 'n'"])} USING path`,
      )
    : NOTHING;
  const targets = queries.targets(wanted, (type) =>
    write(queries.writer, type, queries.output([own, ...outer], depth - 1)),
  );
  return {
    text: sql`WITH RECURSIVE ${alias}(n, x) AS ((SELECT 1, ${first} FROM ${from} LIMIT 3) ${union} SELECT n + 1, ${next} FROM ${alias} WHERE ${bound})${search}${cycle} SELECT ${targets.list} FROM ${alias}${random.chance(0.3) ? optional(sql` ORDER BY ${random.pick(['n', 'x', '1'])}`) : ''}`,
    columns: targets.columns,
  };
}

export function withTables(
  queries: QueryParts,
  depth: number,
  outer: readonly Source[],
  wanted: readonly string[] | null,
): Query {
  const alias = queries.alias();
  const first = queries.query(depth - 1, outer);
  const kind = queries.random.pick(['', '', ' MATERIALIZED', ' NOT MATERIALIZED']);
  const source: Source = {
    alias,
    table: null,
    columns: first.columns.map((column) => ({ ...column, classified: queries.random.chance(0.5) })),
  };
  const { from, sources } = queries.from(depth - 1, outer);
  const visible = [source, ...sources, ...outer];
  const targets = queries.targets(wanted, (type) => write(queries.writer, type, queries.output(visible, depth - 1)));
  const where = queries.random.chance(0.4)
    ? optional(sql` WHERE ${write(queries.writer, 'boolean', queries.shaping(visible, 2))}`)
    : NOTHING;
  return {
    text: sql`WITH ${alias} AS${kind} (${first.text}) SELECT ${targets.list} FROM ${alias}${optional(sql`, ${from}`)}${where}`,
    columns: targets.columns,
  };
}
