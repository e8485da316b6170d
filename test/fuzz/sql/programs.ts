/** Code that is made or run by a statement: blocks, routines, triggers, rules, generated columns, views. */
import { insert, remove, update } from './data-changes.ts';
import { write } from './expressions.ts';
import type { QueryWriter } from './queries.ts';
import { list, optional, type Sql, sql } from './tree.ts';

/** DO with a few statements of PL/pgSQL. */
export function block(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  const statements = list(
    Array.from({ length: random.between(1, 3) }, () => plpgsql(queries, 2)),
    '',
  );
  const handler = random.chance(0.25)
    ? optional(sql` EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'failed %', SQLSTATE;`)
    : '';
  return [
    sql`DO $$ DECLARE v text; n integer := ${write(queries.writer, 'integer', queries.output([], 1))}; r record; BEGIN${statements}${handler} END $$`,
    sql`SELECT id, label, val FROM reporting.summary ORDER BY id`,
  ];
}

function plpgsql(queries: QueryWriter, depth: number): Sql {
  const { random } = queries;
  const value = (type: string): Sql => write(queries.writer, type, queries.output([], 2));
  const inner = (): Sql => (depth > 1 ? plpgsql(queries, depth - 1) : sql` NULL;`);
  return random.weighted<() => Sql>([
    [2, () => sql` v := ${value('text')};`],
    [2, () => sql` SELECT ${value('text')} INTO v FROM ${queries.from(1, []).from} LIMIT 1;`],
    [3, () => sql` v := (SELECT s.c1 FROM (${queries.query(1, [], ['text']).text}) AS s(c1) LIMIT 1);`],
    [2, () => sql` IF ${value('boolean')} THEN${inner()} ELSE${inner()} END IF;`],
    [2, () => sql` IF v ${random.pick(["> '5'", 'IS NULL', "= ''"])} THEN${inner()} END IF;`],
    [2, () => sql` FOR r IN ${queries.query(1, [], ['text', 'integer']).text} LOOP${inner()} END LOOP;`],
    [1, () => sql` FOR i IN 1..2 LOOP${inner()} END LOOP;`],
    [1, () => sql` WHILE n < 3 LOOP n := n + 1;${inner()} END LOOP;`],
    [2, () => sql` RAISE NOTICE 'seen %', ${random.pick(['v', 'n', "'x'"])};`],
    [
      2,
      () =>
        sql` INSERT INTO reporting.summary (label, val) VALUES ('do', ${random.chance(0.6) ? 'v' : value('text')});`,
    ],
    [2, () => sql` ${random.pick([insert, update, remove])(queries, false)};`],
    [1, () => sql` PERFORM ${value('text')};`],
    [1, () => sql` n := n / (n - ${value('integer')});`],
    [1, () => sql` EXECUTE 'SELECT ' || quote_literal(v) INTO v;`],
    [1, () => sql` GET DIAGNOSTICS n = ROW_COUNT;`],
    [1, () => sql` CASE n WHEN 1 THEN${inner()} ELSE${inner()} END CASE;`],
    [1, () => sql` RETURN;`],
  ])();
}

const LANGUAGES = [
  (body: Sql): Sql => sql`LANGUAGE sql AS $f$ ${body} $f$`,
  (body: Sql): Sql => sql`LANGUAGE sql BEGIN ATOMIC ${body}; END`,
  (body: Sql): Sql => sql`LANGUAGE plpgsql AS $f$ BEGIN RETURN (${body}); END $f$`,
  (body: Sql): Sql => sql`LANGUAGE sql STABLE SECURITY DEFINER AS $f$ ${body} $f$`,
] as const;

/** A function of the session, and a query that calls it. */
export function routine(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  const schema = random.pick(['pg_temp', 'public']);
  const body = random.chance(0.4)
    ? sql`SELECT ${random.pick(['x', "x || 'y'", 'upper(x)', 'left(x, 2)'])}`
    : sql`SELECT s.c1 FROM (${queries.query(1, [], ['text']).text}) AS s(c1) LIMIT 1`;
  const argument = write(queries.writer, 'text', queries.output([], 1));
  const { from, sources } = queries.from(1, []);
  const given = write(queries.writer, 'text', queries.output(sources, 2));
  return [
    sql`CREATE FUNCTION ${schema}.ff(x text) RETURNS text ${random.pick(LANGUAGES)(body)}`,
    sql`SELECT ${schema}.ff(${argument})`,
    sql`SELECT ${schema}.ff(${given}) FROM ${from} LIMIT 3`,
  ];
}

const TRIGGER_BODIES = [
  "INSERT INTO reporting.summary (label, val) VALUES ('t', NEW.a); RETURN NEW;",
  'NEW.b := NEW.a; RETURN NEW;',
  "RAISE NOTICE 'row %', NEW.a; RETURN NEW;",
  "IF NEW.a > '5' THEN RETURN NULL; END IF; RETURN NEW;",
] as const;

/** Tables of which one follows the changes of the other. */
export function cascades(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  const action = (): string => random.pick(['CASCADE', 'SET NULL', 'SET DEFAULT', 'NO ACTION', 'RESTRICT']);
  const value = (): Sql => write(queries.writer, 'text', queries.output([], 2));
  return [
    sql`CREATE TABLE public.fp (a text PRIMARY KEY, b text)`,
    sql`CREATE TABLE public.fq (a text DEFAULT 'x' REFERENCES public.fp ON UPDATE ${action()} ON DELETE ${action()}, c integer)`,
    sql`INSERT INTO public.fp VALUES ('x', 'y'), (${value()}, 'z') ON CONFLICT DO NOTHING`,
    sql`INSERT INTO public.fq SELECT a, 1 FROM public.fp`,
    sql`UPDATE public.fp SET a = ${value()} WHERE a <> 'x'`,
    sql`DELETE FROM public.fp WHERE b = ${value()}`,
    sql`SELECT * FROM public.fq ORDER BY a`,
    sql`DROP TABLE public.fq, public.fp`,
  ];
}

/** A new table whose definition says what else a write does, a write to it, and a look at both. */
export function closure(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  const query = queries.query(2, [], ['text']);
  const table = random.pick(['public.fc', 'reporting.fc']);
  const columns = random.pick([
    'a text, b text',
    'a text, b text GENERATED ALWAYS AS (upper(a)) STORED',
    "a text, b text DEFAULT 'none', CHECK (length(a) < 100)",
    'a text, b integer GENERATED ALWAYS AS IDENTITY',
    'a text UNIQUE, b text',
    ...(queries.catalog.major >= 18 ? ['a text, b text GENERATED ALWAYS AS (left(a, 2)) VIRTUAL'] : []),
  ]);
  const more = random.weighted<readonly Sql[]>([
    [3, []],
    [
      2,
      [
        sql`CREATE FUNCTION public.ft() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN ${random.pick(TRIGGER_BODIES)} END $f$`,
        sql`CREATE TRIGGER ft ${random.pick(['BEFORE', 'AFTER'])} INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION public.ft()`,
      ],
    ],
    [
      1,
      [
        sql`CREATE RULE fr AS ON INSERT TO ${table} DO ALSO INSERT INTO reporting.summary (label, val) VALUES ('r', NEW.a)`,
      ],
    ],
    [1, [sql`ALTER TABLE ${table} ADD COLUMN c text DEFAULT ${write(queries.writer, 'text', queries.output([], 1))}`]],
    [1, [sql`CREATE INDEX ON ${table} (lower(a))`]],
    [1, [sql`COMMENT ON TABLE ${table} IS 'kept'`]],
  ]);
  return [
    sql`CREATE TABLE ${table} (${columns})`,
    ...more,
    sql`INSERT INTO ${table} (a) ${query.text}`,
    sql`UPDATE ${table} SET a = ${write(queries.writer, 'text', queries.output([], 2))} WHERE ${random.pick(['true', "b > 'a'", 'a IS NULL'])}`,
    sql`SELECT * FROM ${table}`,
    sql`SELECT count(*), max(val) FROM reporting.summary`,
    ...(random.chance(0.5) ? [sql`DROP TABLE ${table}`] : []),
  ];
}

const MADE = ['TABLE', 'TEMP TABLE', 'VIEW', 'MATERIALIZED VIEW', 'UNLOGGED TABLE', 'TEMP VIEW', 'RECURSIVE'] as const;

/** A relation made from a query, read, copied from, and dropped. */
export function stored(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  const name = random.pick(['public.f1', 'reporting.f2', 'pg_temp.f3']);
  const query = queries.query(2);
  const kind = random.pick(MADE);
  const bare = kind.startsWith('TEMP') || name.startsWith('pg_temp') ? name.replace(/^.*\./, '') : name;
  const options =
    kind === 'VIEW'
      ? random.pick([
          '',
          ' WITH (security_barrier)',
          ...(queries.catalog.major >= 15 ? [' WITH (security_invoker)'] : []),
        ])
      : kind === 'MATERIALIZED VIEW' && random.chance(0.2)
        ? ' USING heap'
        : '';
  const make =
    kind === 'RECURSIVE'
      ? sql`CREATE RECURSIVE VIEW ${bare} (c1) AS ${queries.query(1, [], ['text']).text}`
      : random.chance(0.1) && kind === 'TABLE'
        ? sql`SELECT * INTO ${bare} FROM (${query.text}) AS s`
        : sql`CREATE ${kind} ${bare}${options} AS ${query.text}${kind === 'MATERIALIZED VIEW' ? random.pick(['', ' WITH NO DATA']) : ''}`;
  const dropped = kind === 'RECURSIVE' ? 'VIEW' : kind.replace(/^(TEMP|UNLOGGED) /, '');
  return [
    make,
    ...(kind === 'MATERIALIZED VIEW' ? [sql`REFRESH MATERIALIZED VIEW ${bare}`] : []),
    sql`SELECT * FROM ${bare}`,
    sql`INSERT INTO reporting.summary (val) SELECT x::text FROM ${bare} AS x`,
    random.pick([sql`TABLE ${bare}`, sql`SELECT count(*) FROM ${bare}`, sql`SELECT x FROM ${bare} AS x LIMIT 2`]),
    sql`DROP ${dropped} ${bare}`,
  ];
}

/** A change through a view that the server rewrites. */
export function throughView(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  const view = random.pick([
    'crm.v_customer_basic',
    'crm.v_alias',
    'sales.v_open_orders',
    'crm.v_customer_pii',
    'reporting.v_barrier',
  ]);
  const columns = queries.catalog.tables.find((table) => table.name === view)?.columns ?? [];
  const own = { alias: 'w', columns, table: view };
  const changed = random.pick(columns.length === 0 ? [{ name: 'id', type: 'integer', classified: false }] : columns);
  const value = write(queries.writer, changed.type, queries.output([own], 2));
  const where = write(queries.writer, 'boolean', queries.shaping([own], 2));
  return [
    random.weighted([
      [3, sql`UPDATE ${view} AS w SET "${changed.name}" = ${value} WHERE ${where}${optional(sql` RETURNING w.*`)}`],
      [1, sql`DELETE FROM ${view} AS w WHERE ${where}`],
      [1, sql`INSERT INTO ${view} AS w ("${changed.name}") VALUES (${value})`],
    ]),
  ];
}

const CALLS = [
  'CALL crm.copy_ssn(',
  'CALL sales.close_order(',
  'SELECT crm.ssn_of(',
  'SELECT * FROM crm.out_pii(',
  'SELECT crm.pl_ssn(',
  'SELECT * FROM sales.orders_of(',
  'SELECT crm.is_rich(',
  'SELECT sales.order_total(',
  'SELECT crm.ssn_atomic(',
] as const;

/** A routine that the database has. */
export function called(queries: QueryWriter): readonly Sql[] {
  const argument = write(queries.writer, 'integer', queries.output([], queries.random.between(1, 2)));
  return [sql`${queries.random.pick(CALLS)}${argument})`];
}
