/** What a session keeps between statements: cursors, prepared statements, savepoints, settings. */
import { insert, merge, remove, update } from './data-changes.ts';
import { write } from './expressions.ts';
import type { QueryWriter } from './queries.ts';
import { list, type Sql, sql } from './tree.ts';

const CURSORS = [
  'CURSOR',
  'SCROLL CURSOR',
  'NO SCROLL CURSOR',
  'CURSOR WITH HOLD',
  'INSENSITIVE CURSOR',
  'BINARY CURSOR',
  'BINARY SCROLL CURSOR WITH HOLD',
] as const;

const MOVES = [
  'FETCH 2 FROM',
  'FETCH ALL FROM',
  'MOVE 1 FROM',
  'MOVE ALL FROM',
  'FETCH PRIOR FROM',
  'FETCH ABSOLUTE 3 FROM',
  'FETCH RELATIVE -1 FROM',
  'FETCH BACKWARD 2 FROM',
  'FETCH LAST FROM',
  'FETCH FORWARD 0 FROM',
] as const;

export type CursorSteps = { readonly steps: readonly Sql[]; readonly after: readonly Sql[] };

export function cursor(queries: QueryWriter): CursorSteps {
  const { random } = queries;
  const name = queries.alias();
  const kind = random.pick(CURSORS);
  const move = (): Sql => sql`${random.pick(MOVES)} ${name}`;
  const declare = sql`DECLARE ${name} ${kind} FOR ${queries.query(2).text}`;
  const steps = [declare, ...Array.from({ length: random.between(1, 3) }, move)];
  return { steps, after: kind.includes('HOLD') ? [move(), sql`CLOSE ${name}`] : [] };
}

/** A cursor over one table, and a change of the row on which it stands. */
export function currentRow(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  const name = queries.alias();
  const where = write(queries.writer, 'boolean', {
    ...queries.shaping([{ alias: 'products', columns: [], table: null }], 2),
  });
  const text = write(queries.writer, 'text', queries.output([], 2));
  return [
    sql`DECLARE ${name} CURSOR FOR SELECT id, name FROM sales.products WHERE ${where} ORDER BY ${random.pick(['id', 'name'])} FOR UPDATE`,
    sql`FETCH ${random.pick(['1', '2'])} FROM ${name}`,
    random.chance(0.5)
      ? sql`UPDATE sales.products SET category = ${text} WHERE CURRENT OF ${name} RETURNING id`
      : sql`DELETE FROM sales.products WHERE CURRENT OF ${name}`,
    sql`SELECT id, category FROM sales.products ORDER BY id LIMIT 5`,
  ];
}

export function prepared(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  const name = queries.alias();
  const hasArgument = random.chance(0.5);
  const type = random.pick(['text', 'integer', 'date']);
  const query = queries.query(2);
  const argument = (): Sql =>
    random.chance(0.7) ? queries.writer.constant(type) : write(queries.writer, type, queries.output([], 2));
  const execute = (): Sql => (hasArgument ? sql`EXECUTE ${name}(${argument()})` : sql`EXECUTE ${name}`);
  const inner = hasArgument ? sql`SELECT s.*, $1::text AS given FROM (${query.text}) AS s` : query.text;
  return [
    sql`PREPARE ${name}${hasArgument ? `(${type})` : ''} AS ${inner}`,
    execute(),
    random.weighted([
      [4, execute],
      [1, () => sql`EXPLAIN ${execute()}`],
      [1, () => sql`CREATE TEMP TABLE ${name}_t AS ${execute()}`],
      [1, () => sql`DEALLOCATE ${name}`],
    ])(),
  ];
}

export function savepoints(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  const change = (): Sql => random.pick([insert, update, remove, merge])(queries);
  return [
    sql`SAVEPOINT s`,
    change(),
    random.chance(0.5) ? sql`ROLLBACK TO s` : sql`RELEASE s`,
    queries.query(2).text,
    ...(random.chance(0.3) ? [sql`SAVEPOINT s2`, change(), sql`ROLLBACK TO s2`, queries.query(1).text] : []),
  ];
}

/** Settings that an application changes and that decide how values are written or computed. */
const SETTINGS: readonly (readonly [string, readonly string[]])[] = [
  ['datestyle', ["'German'", "'ISO, DMY'", "'SQL, MDY'"]],
  ['intervalstyle', ['iso_8601', 'sql_standard']],
  ['timezone', ["'Asia/Tokyo'", "'UTC'"]],
  ['extra_float_digits', ['-5', '3']],
  ['bytea_output', ['escape', 'hex']],
  ['xmloption', ['document', 'content']],
  ['xmlbinary', ['hex']],
  ['enable_seqscan', ['off']],
  ['enable_hashjoin', ['off']],
  ['enable_nestloop', ['off']],
  ['plan_cache_mode', ['force_generic_plan', 'force_custom_plan']],
  ['work_mem', ["'64kB'"]],
  ['search_path', ['crm, sales', 'reporting, crm, pg_catalog', "''"]],
  ['application_name', ["'report'"]],
  ['statement_timeout', ["'15s'"]],
  ['lock_timeout', ["'5s'"]],
  ['transform_null_equals', ['on']],
  ['array_nulls', ['off']],
  ['row_security', ['on']],
  ['constraint_exclusion', ['on']],
  ['join_collapse_limit', ['1']],
  ['from_collapse_limit', ['1']],
  ['check_function_bodies', ['off']],
  ['default_text_search_config', ["'simple'"]],
];

export function underSettings(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  const set = (): Sql => {
    const [name, values] = random.pick(SETTINGS);
    return sql`SET LOCAL ${name} = ${random.pick(values)}`;
  };
  const [shown] = random.pick(SETTINGS);
  return [
    ...Array.from({ length: random.between(1, 2) }, set),
    random.weighted<() => Sql>([
      [6, () => queries.query(3).text],
      [2, () => update(queries)],
      [1, () => insert(queries)],
    ])(),
    sql`SHOW ${shown}`,
  ];
}

/** Several statements in one message. */
export function together(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  const one = (): Sql =>
    random.weighted<() => Sql>([
      [5, () => queries.query(2).text],
      [1, () => sql`SAVEPOINT m`],
      [1, () => sql`SELECT 1 / ${write(queries.writer, 'integer', queries.output([], 1))}`],
      [1, () => update(queries)],
      [1, () => sql``],
      [1, () => sql`SELECT FROM`],
    ])();
  return [list(Array.from({ length: random.between(2, 3) }, one), '; ')];
}
