/**
 * The channels by which data of PostgreSQL leaks past a gateway, a row each, with what the client gets instead.
 *
 * Told of elsewhere: bytes before TLS, lengths that lie, messages before login, CancelRequest (`bad-input-*.test.ts`).
 */
import {
  bind,
  cstring,
  type EvilClient,
  execute,
  int16,
  int32,
  message,
  parse,
  type ServerMessage,
  sync,
} from '../../harness/evil-client.ts';

/**
 * - `masked`: it answers, and the classified cells are NULL.
 * - `refused`: by policy or because it was not understood; nothing ran.
 * - `held`: an approval request was made; nothing ran.
 * - `scrubbed`: the server's error, without its texts.
 * - `passed`: it ran, and what came back is nothing of the kind.
 */
export type Verdict = 'masked' | 'refused' | 'held' | 'scrubbed' | 'passed';

/** Statements in one session, each in a simple query; or a conversation of messages. */
export type Attempt =
  | string
  | readonly string[]
  | { readonly title: string; readonly talk: (client: EvilClient) => Promise<readonly ServerMessage[]> };

export type Channel = {
  readonly channel: string;
  readonly verdict: Verdict;
  /** Whether each attempt answers differently in the two databases when no gateway is between. */
  readonly shows: boolean;
  readonly attempts: readonly Attempt[];
};

function talk(title: string, ...messages: readonly Buffer[]): Attempt {
  return {
    title,
    talk: async (client) => {
      client.send(...messages);
      return await client.until('Z');
    },
  };
}

export const CHANNELS: readonly Channel[] = [
  {
    channel: 'expressions, casts, slices, CASE, COALESCE',
    verdict: 'masked',
    shows: true,
    attempts: [
      'SELECT id, upper(ssn), substr(ssn, 1, 3), ssn || name, length(ssn) FROM customers ORDER BY id',
      "SELECT id, CASE WHEN ssn < '7' THEN 'low' ELSE 'high' END FROM customers ORDER BY id",
      'SELECT id, coalesce(NULL, ssn, name), nullif(ssn, name), greatest(ssn, name) FROM customers ORDER BY id',
      "SELECT id, ssn IS NULL, ssn = '700007919', ssn IN ('a', 'b'), ssn LIKE '7%' FROM customers ORDER BY id",
      'SELECT id, (string_to_array(ssn, NULL))[2:4], born::text FROM customers ORDER BY id',
      'SELECT (SELECT ssn FROM customers WHERE id = 1)',
      'SELECT ARRAY(SELECT ssn FROM customers ORDER BY id)',
    ],
  },
  {
    channel: 'aggregates, FILTER, WITHIN GROUP, windows',
    verdict: 'masked',
    shows: true,
    attempts: [
      "SELECT string_agg(ssn, ',' ORDER BY id), max(ssn), min(born), array_agg(ssn ORDER BY id) FROM customers",
      "SELECT count(*), count(*) FILTER (WHERE ssn < '7') FROM customers",
      'SELECT mode() WITHIN GROUP (ORDER BY ssn) FROM customers',
      'SELECT id, lag(ssn) OVER (ORDER BY id), first_value(ssn) OVER (ORDER BY id DESC) FROM customers ORDER BY id',
    ],
  },
  {
    channel: 'whole rows',
    verdict: 'masked',
    shows: true,
    attempts: [
      'SELECT c FROM customers c ORDER BY id',
      'SELECT c::text FROM customers c ORDER BY id',
      'SELECT row_to_json(c) FROM customers c ORDER BY id',
      "SELECT to_jsonb(c) ->> 'ssn' FROM customers c ORDER BY id",
      'SELECT json_agg(c ORDER BY id) FROM customers c',
      'SELECT row(c.*) FROM customers c ORDER BY id',
    ],
  },
  {
    channel: 'alias, CTE, recursive, LATERAL, UNION, USING, t(a, b)',
    verdict: 'masked',
    shows: true,
    attempts: [
      'SELECT ssn AS name, name AS ssn FROM customers ORDER BY id',
      'SELECT x.b FROM (SELECT id, ssn FROM customers) AS x(a, b) ORDER BY a',
      'WITH t(a, b) AS (SELECT id, ssn FROM customers) SELECT b FROM t ORDER BY a',
      'WITH RECURSIVE r AS (SELECT id, ssn AS x, name AS y, 1 AS n FROM customers UNION ALL SELECT id, y, x, n + 1 FROM r WHERE n < 3) SELECT x, y FROM r ORDER BY id, n',
      'SELECT l.v FROM customers c, LATERAL (SELECT c.ssn || c.name AS v) l ORDER BY c.id',
      'SELECT name FROM customers UNION ALL SELECT ssn FROM customers',
      'SELECT a.ssn FROM customers a JOIN customers b USING (id) ORDER BY id',
    ],
  },
  {
    channel: 'views, nested, security barriers, materialised views',
    verdict: 'masked',
    shows: true,
    attempts: [
      'SELECT * FROM v_plain ORDER BY id',
      'SELECT code2 FROM v_nested ORDER BY id',
      'SELECT code FROM v_barrier ORDER BY id',
      'SELECT code FROM mv ORDER BY id',
    ],
  },
  {
    channel:
      'set-returning functions over classified text; WHERE, ORDER, GROUP, DISTINCT, HAVING, EXISTS, COUNT, LIMIT, TABLESAMPLE',
    verdict: 'refused',
    shows: true,
    attempts: [
      "SELECT id FROM customers, regexp_split_to_table(repeat('7', 3 * (ssn > '8')::int), '') ORDER BY id",
      "SELECT id, unnest(string_to_array(ssn, '7')) FROM customers",
      "SELECT id FROM customers WHERE ssn < '7'",
      'SELECT id FROM customers ORDER BY ssn',
      'SELECT count(*) FROM customers GROUP BY left(ssn, 1)',
      'SELECT DISTINCT left(ssn, 1) FROM customers',
      "SELECT 1 FROM customers HAVING max(ssn) > '79'",
      "SELECT id FROM orders o WHERE EXISTS (SELECT FROM customers c WHERE c.id = o.customer_id AND ssn < '7')",
      "SELECT count(*) FROM customers WHERE ssn < '7'",
      'SELECT id FROM customers ORDER BY id LIMIT (SELECT left(ssn, 1)::int FROM customers WHERE id = 12)',
      "SELECT id FROM orders TABLESAMPLE bernoulli ((SELECT 100 * (ssn > '7')::int FROM customers WHERE id = 12))",
      'SELECT id, rank() OVER (ORDER BY ssn) FROM customers',
      'SELECT id, count(*) OVER (PARTITION BY left(ssn, 1)) FROM customers ORDER BY id',
      'SELECT (f_rows()).b',
      'SELECT a.id FROM customers a JOIN customers b ON a.ssn < b.ssn',
      'SELECT ssn FROM customers UNION SELECT left(ssn, 2) FROM customers',
    ],
  },
  {
    channel: 'functions, operators, casts and aggregates of users: analysed',
    verdict: 'masked',
    shows: true,
    attempts: ['SELECT f_sql(1), f_atomic(2)', 'SELECT b FROM f_rows() ORDER BY a'],
  },
  {
    channel: 'functions, casts, aggregates, domains, procedures and DO that are not understood',
    verdict: 'refused',
    shows: false,
    attempts: [
      'SELECT f_dynamic(1)',
      'SELECT f_static(1)',
      'SELECT f_raises(1)',
      'SELECT 1 <#!> 1',
      'SELECT ROW(1)::boxed::text',
      'SELECT gather(id) FROM customers',
      'SELECT 1::checked, 2::checked, 3::checked, 4::checked, 5::checked, 6::checked',
      "DO $$ BEGIN EXECUTE 'CREATE TEMP TABLE stolen AS SELECT ssn FROM customers'; END $$",
    ],
  },
  {
    channel: 'query_to_xml and its family, ts_stat, dblink, files, large objects',
    verdict: 'refused',
    shows: false,
    attempts: [
      "SELECT query_to_xml('SELECT ssn FROM customers', true, false, '')",
      "SELECT table_to_xml('customers', true, false, '')",
      "SELECT cursor_to_xml('c', 1, true, false, '')",
      "SELECT word FROM ts_stat('SELECT to_tsvector(ssn) FROM customers')",
      "SELECT pg_read_file('PG_VERSION')",
      "SELECT pg_ls_dir('.')",
      "SELECT lo_import('/etc/hostname')",
      "SELECT database_to_xml(true, false, '')",
    ],
  },
  {
    channel: 'pg_stats, pg_statistic, pg_stats_ext',
    verdict: 'masked',
    shows: true,
    attempts: [
      "SELECT attname, most_common_vals, histogram_bounds FROM pg_stats WHERE tablename = 'customers' AND attname = 'ssn'",
      "SELECT n_distinct, correlation FROM pg_stats WHERE tablename = 'customers' AND attname = 'born'",
    ],
  },
  {
    channel: 'EXPLAIN: counts, folded results, estimates',
    verdict: 'refused',
    shows: true,
    attempts: [
      "EXPLAIN ANALYZE SELECT id FROM customers WHERE ssn < '7'",
      "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT id FROM customers WHERE born < '1980-01-01'",
      "EXPLAIN SELECT id FROM customers WHERE ssn < '7'",
      'EXPLAIN (VERBOSE, COSTS OFF) SELECT f_frozen(1)',
    ],
  },
  {
    channel: 'errors: casts, dates, json, xml, regclass',
    verdict: 'refused',
    shows: true,
    attempts: [
      'SELECT ssn::int FROM customers',
      'SELECT ssn::date FROM customers',
      'SELECT doc::json FROM customers',
      'SELECT doc::xml FROM customers',
      'SELECT ssn::regclass FROM customers',
      'SELECT 1 / (left(max(ssn), 1)::int - 7) FROM customers',
      'SELECT to_date(ssn, name) FROM customers',
      'SELECT chr(ascii(max(ssn)) - 55) FROM customers',
    ],
  },
  {
    channel: 'errors of the server: failing rows',
    verdict: 'scrubbed',
    shows: true,
    attempts: ['UPDATE customers SET name = NULL WHERE id = 1'],
  },
  {
    channel: 'errors of the server: constraint details',
    verdict: 'scrubbed',
    shows: false,
    attempts: [
      "INSERT INTO customers (id, name) SELECT 1, 'again'",
      'UPDATE customers SET id = 2 WHERE id = 1',
      "INSERT INTO parts (k, note, secret) VALUES (5000, 'n', 'mine')",
    ],
  },
  {
    channel: 'NOTICE and RAISE',
    verdict: 'refused',
    shows: true,
    attempts: [
      "DO $$ BEGIN RAISE NOTICE '%', (SELECT ssn FROM customers WHERE id = 1); END $$",
      'DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = (SELECT ssn FROM customers WHERE id = 1); END $$',
    ],
  },
  {
    channel: 'settings, sequences, locks, notifications and large objects as a store',
    verdict: 'held',
    shows: false,
    attempts: [
      "SELECT pg_notify('c', ssn) FROM customers WHERE id = 1",
      "SELECT set_config('my.store', ssn, false) FROM customers WHERE id = 1",
      "SELECT set_config('application_name', ssn, false) FROM customers WHERE id = 1",
      "SELECT setval('reporting.numbers', length(ssn)) FROM customers WHERE id = 1",
      'SELECT pg_advisory_lock(length(ssn)) FROM customers WHERE id = 1',
      "SELECT lo_from_bytea(0, convert_to(ssn, 'UTF8')) FROM customers WHERE id = 1",
    ],
  },
  {
    channel: 'COPY to the client',
    verdict: 'masked',
    shows: true,
    attempts: [
      'COPY customers TO STDOUT',
      'COPY (SELECT ssn, name FROM customers ORDER BY id) TO STDOUT',
      'COPY customers (id, ssn) TO STDOUT WITH (FORMAT csv, HEADER)',
      'COPY (SELECT id, ssn, born FROM customers ORDER BY id) TO STDOUT WITH (FORMAT binary)',
    ],
  },
  {
    channel: 'COPY to programs and files, replication, slots, publications',
    verdict: 'refused',
    shows: false,
    attempts: [
      "COPY customers TO PROGRAM 'cat'",
      "COPY customers TO '/tmp/never-written'",
      "COPY reporting.daily (note) FROM '/etc/hostname'",
      "SELECT pg_create_logical_replication_slot('s', 'test_decoding')",
      "SELECT data FROM pg_logical_slot_peek_changes('s', NULL, NULL)",
      "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p",
    ],
  },
  {
    channel: 'cursors, FETCH, WITH HOLD, PREPARE and EXECUTE, reused names, row limits, pipelines',
    verdict: 'masked',
    shows: true,
    attempts: [
      ['BEGIN', 'DECLARE c CURSOR FOR SELECT ssn FROM customers ORDER BY id', 'FETCH ALL FROM c', 'COMMIT'],
      [
        'DECLARE h CURSOR WITH HOLD FOR SELECT ssn FROM customers ORDER BY id',
        'FETCH 3 FROM h',
        'FETCH BACKWARD 2 FROM h',
      ],
      ['PREPARE p AS SELECT ssn FROM customers WHERE id = $1', 'EXECUTE p(1)'],
      [
        'PREPARE p AS SELECT name FROM customers WHERE id = $1',
        'DEALLOCATE p',
        'PREPARE p AS SELECT ssn FROM customers WHERE id = $1',
        'EXECUTE p(1)',
      ],
      talk(
        'a name that is taken anew in one pipeline',
        ...[
          parse('s', 'SELECT name FROM customers WHERE id = 1'),
          bind('a', 's'),
          message('C', Buffer.from('S'), cstring('s')),
        ],
        ...[parse('s', 'SELECT ssn FROM customers WHERE id = 1'), bind('b', 's'), execute('a'), execute('b'), sync()],
      ),
      talk(
        'a portal with a row limit, continued',
        ...[
          parse('', 'SELECT ssn FROM customers ORDER BY id'),
          bind('p', ''),
          execute('p', 2),
          execute('p', 2),
          sync(),
        ],
      ),
      talk(
        'binary results',
        parse('', 'SELECT ssn, born FROM customers ORDER BY id'),
        message('B', cstring(''), cstring(''), int16(0), int16(0), int16(1), int16(1)),
        ...[execute(''), sync()],
      ),
    ],
  },
  {
    channel: 'INSERT, UPDATE, ON CONFLICT, MERGE, CREATE TABLE AS, SELECT INTO, views, WITH: copies',
    verdict: 'held',
    shows: false,
    attempts: [
      'INSERT INTO reporting.daily (note) SELECT ssn FROM customers',
      "INSERT INTO reporting.daily (note) SELECT 'x' || left(ssn, 1) FROM customers",
      'UPDATE customers SET city = ssn',
      'UPDATE customers SET (city, name) = (SELECT ssn, name FROM customers c WHERE c.id = customers.id)',
      'UPDATE reporting.daily d SET note = c.ssn FROM customers c WHERE c.id = d.id',
      'INSERT INTO reporting.keyed (k, note) SELECT id, name FROM customers ON CONFLICT (k) DO UPDATE SET note = (SELECT max(ssn) FROM customers)',
      'MERGE INTO reporting.keyed k USING customers c ON k.k = c.id WHEN MATCHED THEN UPDATE SET note = c.ssn WHEN NOT MATCHED THEN INSERT VALUES (c.id, c.ssn)',
      'CREATE TABLE reporting.stolen AS SELECT id, ssn AS x FROM customers',
      'SELECT id, ssn AS x INTO reporting.stolen FROM customers',
      'CREATE VIEW reporting.shown AS SELECT ssn AS x FROM customers',
      'CREATE MATERIALIZED VIEW reporting.kept AS SELECT ssn AS x FROM customers',
      'WITH w AS (INSERT INTO reporting.daily (note) SELECT ssn FROM customers RETURNING 1) SELECT count(*) FROM w',
      'INSERT INTO reporting.daily (note) SELECT ssn FROM customers RETURNING note',
      'CALL p_copies()',
    ],
  },
  {
    channel: 'how many rows are written is decided by a classified column',
    verdict: 'refused',
    shows: false,
    attempts: [
      "INSERT INTO reporting.daily (note) SELECT name FROM customers WHERE ssn < '7'",
      "DELETE FROM orders USING customers c WHERE c.id = customer_id AND c.ssn < '7'",
      "UPDATE orders SET note = 'x' FROM customers c WHERE c.id = customer_id AND c.ssn < '7'",
    ],
  },
  {
    channel: 'RETURNING of a row with classified columns',
    verdict: 'masked',
    shows: false,
    attempts: [
      "UPDATE customers SET city = 'here' WHERE id = 1 RETURNING *",
      "INSERT INTO customers (id, name) VALUES (3, 'n') ON CONFLICT (id) DO UPDATE SET name = 'n' RETURNING ssn, id",
      'DELETE FROM parts WHERE k = 1 RETURNING secret',
    ],
  },
  {
    channel: 'rules, triggers, cascades: copies that the statement does not show',
    verdict: 'held',
    shows: false,
    attempts: ["INSERT INTO watched VALUES (1, 'n')", 'INSERT INTO ruled VALUES (1)'],
  },
  {
    channel: 'partitions and children',
    verdict: 'masked',
    shows: true,
    attempts: [
      'SELECT secret FROM parts ORDER BY k',
      'SELECT secret FROM parts_high ORDER BY k',
      'SELECT tableoid::regclass, secret FROM parent ORDER BY id',
      'SELECT secret FROM ONLY parent',
      'SELECT b FROM generated',
      'SELECT code FROM uses',
    ],
  },
  {
    channel: 'a temporary table as a step of laundering',
    verdict: 'held',
    shows: false,
    attempts: [
      ['CREATE TEMP TABLE t AS SELECT id, ssn AS harmless FROM customers', 'SELECT harmless FROM t ORDER BY id'],
    ],
  },
  {
    channel: 'definitions that would move values or make code run on them',
    verdict: 'held',
    shows: false,
    attempts: [
      'ALTER TABLE customers RENAME COLUMN ssn TO x',
      "ALTER TABLE customers ADD COLUMN x text GENERATED ALWAYS AS (ssn || 'x') STORED",
      'ALTER TABLE customers ALTER COLUMN ssn TYPE int USING ssn::int',
      'CREATE INDEX ON customers (left(ssn, 1))',
      'CREATE STATISTICS st ON left(ssn, 1), name FROM customers',
      'ALTER TABLE parts ATTACH PARTITION parent DEFAULT',
      'ALTER VIEW v_plain RENAME COLUMN code TO harmless',
      'CREATE RULE r AS ON INSERT TO watched_log DO ALSO INSERT INTO reporting.daily (note) SELECT ssn FROM customers',
      'CREATE TRIGGER g AFTER INSERT ON customers FOR EACH ROW EXECUTE FUNCTION log_ssn()',
      "CREATE POLICY p ON customers USING (ssn < '7')",
      'CREATE FUNCTION leaks() RETURNS text LANGUAGE sql AS $$ SELECT ssn FROM customers LIMIT 1 $$',
    ],
  },
  {
    channel: 'FunctionCall',
    verdict: 'refused',
    shows: false,
    attempts: [
      talk(
        'pg_read_file by its number',
        message('F', int32(2624), int16(0), int16(1), int32(10), Buffer.from('PG_VERSION'), int16(0)),
      ),
    ],
  },
  {
    channel: 'several statements in one query',
    verdict: 'refused',
    shows: false,
    attempts: [
      "SELECT 1; SELECT id FROM customers WHERE ssn < '7'",
      "SELECT 1; SELECT pg_read_file('PG_VERSION')",
      'SELECT 1; SET client_min_messages = error; SET debug_print_rewritten = off; SELECT ssn FROM customers',
    ],
  },
  {
    channel: 'settings that would silence or change what the server says',
    verdict: 'refused',
    shows: false,
    attempts: [
      'SET debug_print_rewritten = off',
      "SELECT set_config('debug_print_rewritten', 'off', false)",
      'SET standard_conforming_strings = off',
      'SET client_encoding = LATIN1',
      'SET ROLE postgres',
      'SET SESSION AUTHORIZATION postgres',
      "ALTER ROLE app SET debug_print_rewritten = 'off'",
    ],
  },
];
