/** Cases: one to a few statements over one session. */
import type { Column, Table } from './catalog.ts';
import { commas, quote, write } from './expressions.ts';
import type { QueryWriter } from './queries.ts';
import { list, optional, type Sql, sql } from './tree.ts';

export type Step = {
  readonly text: Sql;
  /** By the extended protocol, with these result formats. */
  readonly extended: { readonly format: 0 | 1; readonly maxRows: number } | null;
};
export type Case = {
  readonly steps: readonly Step[];
  /** Ends with COMMIT, so that what it stored is looked at. */
  readonly commits: boolean;
};

export function writeCase(queries: QueryWriter): Case {
  const { random } = queries;
  const make = random.weighted<(queries: QueryWriter) => readonly Sql[]>([
    [20, (q) => [q.query(random.between(1, 4)).text]],
    [3, (q) => [insert(q)]],
    [3, (q) => [update(q)]],
    [2, (q) => [remove(q)]],
    [2, (q) => [merge(q)]],
    [1, (q) => [sql`WITH w AS (${random.pick([insert, update, remove])(q)}) ${q.query(2).text}`]],
    [2, cursor],
    [2, prepared],
    [2, explained],
    [2, copied],
    [2, stored],
    [1, savepoints],
    [1, (q) => [sql`SELECT ${random.pick(COUNTERS)} FROM ${q.from(1, []).from}`]],
  ]);
  const texts = make(queries);
  const writes = texts.some((text) => text.parts.length > 0 && WRITES.test(String(text.parts[0])));
  return {
    commits: writes && random.chance(0.8),
    steps: texts.map((text) => ({
      text,
      extended: random.chance(0.3) ? { format: random.chance(0.5) ? 1 : 0, maxRows: random.pick([0, 0, 2]) } : null,
    })),
  };
}

const WRITES = /^(INSERT|UPDATE|DELETE|MERGE|WITH w|CREATE|COPY|SELECT INTO)/;
const COUNTERS = ['count(*)', 'count(DISTINCT 1)', '1', 'bool_or(true)', 'sum(1) OVER ()'] as const;

function target(queries: QueryWriter): Table {
  return queries.random.pick(queries.catalog.tables.filter((table) => table.kind === 'table'));
}

/** Columns that a statement assigns: mostly unclassified ones, often fed from classified ones. */
function assigned(queries: QueryWriter, table: Table): readonly Column[] {
  const { random } = queries;
  const some = table.columns.filter((column) => random.chance(column.classified ? 0.2 : 0.5));
  return some.length > 0 ? some : [random.pick(table.columns)];
}

function returning(queries: QueryWriter, table: Table, alias: string): Sql {
  const { random } = queries;
  if (!random.chance(0.5)) return sql``;
  if (queries.asksForSecrets && random.chance(0.3)) return optional(sql` RETURNING ${alias}.*`);
  const place = queries.output([{ alias, columns: table.columns, table: table.name }], 2);
  return optional(
    sql` RETURNING ${write(queries.writer, random.pick(['text', 'integer', 'boolean', 'jsonb']), place)}`,
  );
}

function insert(queries: QueryWriter): Sql {
  const { random } = queries;
  const table = target(queries);
  const columns = random.chance(0.5)
    ? table.columns.filter((c) => c.name !== 'search' && c.name !== 'ssn_last4')
    : assigned(queries, table);
  const types = columns.map((column) => column.type);
  const alias = queries.alias();
  const rows = random.chance(0.5)
    ? queries.query(2, [], types).text
    : sql`VALUES (${commas(types.map((type) => write(queries.writer, type, queries.output([], 2))))})`;
  const names = columns.map((column) => quote(column.name)).join(', ');
  const place = queries.output(
    [
      { alias, columns: table.columns, table: table.name },
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
      2,
      optional(
        sql` ON CONFLICT (${quote(key?.name ?? 'id')}) DO UPDATE SET ${quote(first.name)} = ${write(queries.writer, first.type, place)}${random.chance(0.3) ? sql` WHERE ${write(queries.writer, 'boolean', queries.shaping(place.sources, 2))}` : ''}`,
      ),
    ],
  ] as const);
  return sql`INSERT INTO ${table.name} AS ${alias} (${names}) ${rows}${conflict}${returning(queries, table, alias)}`;
}

function update(queries: QueryWriter): Sql {
  const { random } = queries;
  const table = target(queries);
  const alias = queries.alias();
  const own = { alias, columns: table.columns, table: table.name };
  const other = random.chance(0.4) ? queries.from(2, []) : null;
  const sources = [own, ...(other?.sources ?? [])];
  const columns = assigned(queries, table);
  const pieces = columns.map(
    (column) => sql`${quote(column.name)} = ${write(queries.writer, column.type, queries.output(sources, 2))}`,
  );
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
  return sql`UPDATE ${table.name} AS ${alias} SET ${set}${other === null ? '' : optional(sql` FROM ${other.from}`)} WHERE ${where}${returning(queries, table, alias)}`;
}

function remove(queries: QueryWriter): Sql {
  const table = target(queries);
  const alias = queries.alias();
  const own = { alias, columns: table.columns, table: table.name };
  const other = queries.random.chance(0.3) ? queries.from(2, []) : null;
  const where = write(queries.writer, 'boolean', queries.shaping([own, ...(other?.sources ?? [])], 2));
  return sql`DELETE FROM ${table.name} AS ${alias}${other === null ? '' : optional(sql` USING ${other.from}`)} WHERE ${where}${returning(queries, table, alias)}`;
}

function merge(queries: QueryWriter): Sql {
  const { random } = queries;
  const table = target(queries);
  const alias = queries.alias();
  const other = queries.from(1, []);
  const sources = [{ alias, columns: table.columns, table: table.name }, ...other.sources];
  const on = write(queries.writer, 'boolean', queries.shaping(sources, 2));
  const column = random.pick(assigned(queries, table));
  const value = write(queries.writer, column.type, queries.output(sources, 2));
  const guard = random.chance(0.3)
    ? optional(sql` AND ${write(queries.writer, 'boolean', queries.shaping(sources, 2))}`)
    : '';
  const action = random.pick([sql`UPDATE SET ${quote(column.name)} = ${value}`, sql`DELETE`, sql`DO NOTHING`]);
  const insertion = write(queries.writer, column.type, queries.output(other.sources, 2));
  return sql`MERGE INTO ${table.name} AS ${alias} USING ${other.from} ON ${on} WHEN MATCHED${guard} THEN ${action}${optional(sql` WHEN NOT MATCHED THEN INSERT (${quote(column.name)}) VALUES (${insertion})`)}`;
}

function cursor(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  const name = queries.alias();
  const kinds = ['CURSOR', 'SCROLL CURSOR', 'NO SCROLL CURSOR', 'CURSOR WITH HOLD', 'INSENSITIVE CURSOR'] as const;
  const moves = ['FETCH 2 FROM', 'FETCH ALL FROM', 'MOVE 1 FROM', 'FETCH PRIOR FROM', 'FETCH ABSOLUTE 3 FROM'] as const;
  return [
    sql`DECLARE ${name} ${random.pick(kinds)} FOR ${queries.query(2).text}`,
    ...Array.from({ length: random.between(1, 3) }, () => sql`${random.pick(moves)} ${name}`),
  ];
}

function prepared(queries: QueryWriter): readonly Sql[] {
  const name = queries.alias();
  const query = queries.query(2);
  const execute = sql`EXECUTE ${name}`;
  return [
    sql`PREPARE ${name} AS ${query.text}`,
    execute,
    queries.random.chance(0.3) ? sql`EXPLAIN EXECUTE ${name}` : execute,
  ];
}

const EXPLAINS = [
  'EXPLAIN',
  'EXPLAIN VERBOSE',
  'EXPLAIN (COSTS OFF)',
  'EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF)',
  'EXPLAIN (FORMAT JSON)',
] as const;

function explained(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  return [sql`${random.pick(EXPLAINS)} ${random.pick([() => queries.query(2).text, () => update(queries)])()}`];
}

function copied(queries: QueryWriter): readonly Sql[] {
  const format = queries.random.pick([
    '',
    ' (FORMAT csv)',
    ' (FORMAT csv, HEADER, FORCE_QUOTE *)',
    ' (FORMAT binary)',
    " (DELIMITER '|', NULL 'x')",
  ]);
  if (queries.asksForSecrets && queries.random.chance(0.3))
    return [sql`COPY ${target(queries).name} TO STDOUT${format}`];
  return [sql`COPY (${queries.query(2).text}) TO STDOUT${format}`];
}

function stored(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  const name = random.pick(['public.f1', 'reporting.f2', 'pg_temp.f3']);
  const query = queries.query(2);
  const kind = random.pick(['TABLE', 'TEMP TABLE', 'VIEW', 'MATERIALIZED VIEW', 'UNLOGGED TABLE']);
  const bare = kind.startsWith('TEMP') || name.startsWith('pg_temp') ? name.replace(/^.*\./, '') : name;
  return [
    sql`CREATE ${kind} ${bare} AS ${query.text}`,
    sql`SELECT * FROM ${bare}`,
    sql`INSERT INTO reporting.summary (val) SELECT x::text FROM ${bare} AS x`,
    sql`DROP ${kind.replace(/^(TEMP|UNLOGGED) /, '')} ${bare}`,
  ];
}

function savepoints(queries: QueryWriter): readonly Sql[] {
  return [
    sql`SAVEPOINT s`,
    queries.random.pick([insert, update, remove])(queries),
    queries.random.chance(0.5) ? sql`ROLLBACK TO s` : sql`RELEASE s`,
    queries.query(2).text,
  ];
}
