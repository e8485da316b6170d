import { afterAll, describe, expect, it } from 'vitest';
import { virtualRelation } from '../../analysis/postgres/functions/reading-functions.ts';
import { MAX_NESTING } from '../../analysis/postgres/gate/nesting.ts';
import type { GateStatement, Handling } from '../../analysis/postgres/gate/statement.ts';
import { GatePool } from './gate-pool.ts';

const pool = new GatePool();
afterAll(() => pool.close());

async function only(text: string, major = 15): Promise<GateStatement> {
  const result = await pool.judge(text, major);
  if (result.kind !== 'statements') throw new Error(result.kind);
  const [statement] = result.statements;
  if (statement === undefined || result.statements.length !== 1) throw new Error('not one statement');
  return statement;
}

/** Statement and what its verdict must hold. */
const LITERALS = { name: 'p', argumentsText: null };

const VERDICTS: readonly (readonly [
  string,
  Partial<Record<string, unknown>> & { readonly handling: Handling['handling'] },
])[] = [
  ['SELECT 1', { handling: 'analyse' }],
  ['TABLE t', { handling: 'analyse' }],
  ['MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE', { handling: 'analyse' }],
  [
    'EXPLAIN (ANALYZE, COSTS off) WITH a AS (SELECT 1) SELECT * FROM a',
    {
      handling: 'explain',
      innerText: 'WITH a AS (SELECT 1) SELECT * FROM a',
      options: { executes: true, costs: false, buffers: null },
    },
  ],
  ['EXPLAIN SELECT 1', { handling: 'explain', options: { executes: false, costs: true, buffers: null } }],
  [
    'EXPLAIN (ANALYZE, COSTS 0, BUFFERS "Off") SELECT 1',
    { handling: 'explain', options: { executes: true, costs: false, buffers: false } },
  ],
  [
    'EXPLAIN (COSTS off, costs 1, BUFFERS) SELECT 1',
    { handling: 'explain', options: { executes: false, costs: true, buffers: true } },
  ],
  [
    'EXPLAIN (COSTS nosuch, BUFFERS off, MEMORY) SELECT 1',
    { handling: 'explain', options: { executes: false, costs: true, buffers: true } },
  ],
  [
    'CREATE TEMP TABLE a (x) AS SELECT 1 WITH NO DATA',
    { handling: 'create-from-query', innerText: 'SELECT 1', target: '"a"', columnNames: ['x'] },
  ],
  [
    'SELECT id, x INTO TEMP b FROM t WHERE y',
    { handling: 'create-from-query', innerText: 'SELECT id, x   FROM t WHERE y', target: '"b"' },
  ],
  [
    'CREATE VIEW "v w"(a) AS VALUES (1) WITH CHECK OPTION',
    { handling: 'create-from-query', innerText: 'VALUES (1)', target: '"v w"' },
  ],
  ['CREATE MATERIALIZED VIEW m AS SELECT 1', { handling: 'create-from-query', innerText: 'SELECT 1' }],
  ['CREATE TABLE a AS EXECUTE p', { handling: 'create-from-prepared', target: '"a"', prepared: LITERALS }],
  [
    'DECLARE "C ""x" CURSOR WITH HOLD FOR SELECT 1',
    { handling: 'declare-cursor', cursor: 'C "x', innerText: 'SELECT 1', hold: true },
  ],
  ['FETCH 3 FROM c', { handling: 'fetch', cursor: 'c', moves: false }],
  ['MOVE 3 FROM c', { handling: 'fetch', moves: true }],
  ['CLOSE ALL', { handling: 'close-cursor', cursor: null }],
  [
    "COPY (SELECT 'é', 1) TO STDOUT (FORMAT csv, DELIMITER ';', HEADER)",
    {
      handling: 'copy-query',
      innerText: "SELECT 'é', 1",
      options: { format: 'csv', delimiter: ';', nullString: '', header: true, quote: '"', escape: '"' },
    },
  ],
  ['COPY a.b (c, "D") TO STDOUT', { handling: 'copy-table-out', relation: '"a"."b"', columns: ['c', 'D'] }],
  [
    'COPY t FROM STDIN WHERE x > 1',
    { handling: 'copy-table-in', columns: null, names: [{ kind: 'operator', name: '>' }] },
  ],
  ['COPY t FROM STDIN WHERE f(x)', { handling: 'refuse', rule: 'copy-where' }],
  ["COPY t TO '/tmp/x'", { handling: 'refuse', rule: 'copy-file' }],
  ["COPY t TO PROGRAM 'cat'", { handling: 'refuse', rule: 'copy-file' }],
  ["COPY t TO STDOUT (ENCODING 'SJIS')", { handling: 'refuse', rule: 'copy-options' }],
  [
    'PREPARE p (int, numeric(4,2)) AS SELECT $1',
    { handling: 'prepare', name: 'p', innerText: 'SELECT $1', parameterTypes: ['int', 'numeric(4,2)'] },
  ],
  ["EXECUTE p (7, 'x', NULL)", { handling: 'execute-prepared', prepared: LITERALS }],
  [
    "EXECUTE p (f(), (1 + 2), ')'::text)",
    { handling: 'execute-prepared', prepared: { name: 'p', argumentsText: "SELECT f(), (1 + 2), ')'::text" } },
  ],
  [
    'EXPLAIN EXECUTE p (7)',
    { handling: 'explain-prepared', prepared: LITERALS, options: { executes: false, costs: true, buffers: null } },
  ],
  [
    'EXPLAIN ANALYZE EXECUTE p (7)',
    { handling: 'explain-prepared', prepared: LITERALS, options: { executes: true, costs: true, buffers: null } },
  ],
  [
    'EXPLAIN CREATE TABLE a AS SELECT 1',
    { handling: 'explain', innerText: 'SELECT 1', options: { executes: false, costs: true, buffers: null } },
  ],
  ['EXPLAIN SELECT 1', { handling: 'explain', plainText: 'EXPLAIN (COSTS OFF, BUFFERS OFF)  SELECT 1' }],
  [
    'EXPLAIN VERBOSE (SELECT 1)',
    { handling: 'explain', plainText: 'EXPLAIN (VERBOSE, COSTS OFF, BUFFERS OFF)  (SELECT 1)' },
  ],
  ['EXPLAIN (SELECT 1)', { handling: 'explain', plainText: 'EXPLAIN (COSTS OFF, BUFFERS OFF)  (SELECT 1)' }],
  [
    '-- a )\nEXPLAIN (FORMAT JSON, COSTS /* ) */) SELECT (1)',
    {
      handling: 'explain',
      plainText: '-- a )\nEXPLAIN (FORMAT JSON, COSTS /* ) */, COSTS OFF, BUFFERS OFF) SELECT (1)',
    },
  ],
  [
    'EXPLAIN (COSTS OFF, MEMORY) EXECUTE p',
    {
      handling: 'explain-prepared',
      plainText: 'EXPLAIN (COSTS OFF, MEMORY, COSTS OFF, BUFFERS OFF, MEMORY OFF) EXECUTE p',
    },
  ],
  ['EXPLAIN (COSTS OFF) SELECT 1', { handling: 'explain', plainText: null }],
  [
    'EXPLAIN ANALYZE SELECT 1',
    { handling: 'explain', plainText: 'EXPLAIN (FORMAT TEXT, COSTS OFF) SELECT 1', options: { generic: false } },
  ],
  [
    'EXPLAIN (ANALYZE, VERBOSE, SETTINGS off, WAL, FORMAT "JSON") WITH a AS (SELECT 1) SELECT * FROM a',
    {
      handling: 'explain',
      plainText: 'EXPLAIN (VERBOSE, FORMAT JSON, COSTS OFF) WITH a AS (SELECT 1) SELECT * FROM a',
    },
  ],
  [
    'EXPLAIN (ANALYZE, FORMAT yaml) EXECUTE p (7)',
    { handling: 'explain-prepared', plainText: 'EXPLAIN (FORMAT YAML, COSTS OFF) EXECUTE p (7)' },
  ],
  ['EXPLAIN (ANALYZE, FORMAT csv) SELECT 1', { handling: 'explain', plainText: null }],
  ['EXPLAIN ANALYZE UPDATE a SET b = 1', { handling: 'explain', plainText: null }],
  ['EXPLAIN ANALYZE CREATE TABLE a AS SELECT 1', { handling: 'refuse', rule: 'explain' }],
  ['DECLARE c BINARY CURSOR FOR SELECT 1', { handling: 'declare-cursor', cursor: 'c', binary: true }],
  ['DEALLOCATE ALL', { handling: 'deallocate', name: null }],
  ['BEGIN ISOLATION LEVEL SERIALIZABLE', { handling: 'transaction', transaction: 'begin' }],
  ['ROLLBACK TO SAVEPOINT a', { handling: 'transaction', transaction: 'rollback-to' }],
  ["PREPARE TRANSACTION 'x'", { handling: 'refuse', rule: 'two-phase' }],
  ["SET search_path = a, 'b'", { handling: 'set', name: 'search_path', value: 'a, b', local: false }],
  ["SET LOCAL statement_timeout = '3s'", { handling: 'set', name: 'statement_timeout', local: true }],
  ["SET NAMES 'UTF8'", { handling: 'set', name: 'client_encoding' }],
  ["SET client_encoding = 'SJIS'", { handling: 'refuse', rule: 'setting-guarded' }],
  ['SET client_min_messages = warning', { handling: 'set-client-min-messages', value: 'warning' }],
  ['SET debug_print_rewritten = off', { handling: 'refuse', rule: 'setting-guarded' }],
  ['SET log_statement = none', { handling: 'refuse', rule: 'setting-guarded' }],
  ['SET standard_conforming_strings = off', { handling: 'refuse', rule: 'setting-guarded' }],
  ['SET deadlock_timeout = 7', { handling: 'refuse', rule: 'setting-unlisted' }],
  ['SET ROLE other', { handling: 'set-role', setting: 'role', role: 'other' }],
  ['SET ROLE NONE', { handling: 'set-role', setting: 'role', role: 'none' }],
  ["SET LOCAL ROLE 'Other'", { handling: 'set-role', setting: 'role', role: 'Other' }],
  ['SET SESSION AUTHORIZATION other', { handling: 'set-role', setting: 'session_authorization', role: 'other' }],
  ["SET TRANSACTION SNAPSHOT 'x'", { handling: 'set', name: 'transaction_snapshot', value: null, local: true }],
  ['RESET ALL', { handling: 'set', name: null }],
  ["SET app.tenant = '42'", { handling: 'set', name: 'app.tenant', value: '42', local: false }],
  ["SET plpgsql.variable_conflict = 'use_column'", { handling: 'refuse', rule: 'setting-unlisted' }],
  ['SHOW search_path', { handling: 'show', name: 'search_path' }],
  ['DISCARD ALL', { handling: 'discard', target: 'all' }],
  ['LISTEN a', { handling: 'session' }],
  ["NOTIFY A, 'x'", { handling: 'notify', channel: 'a', payload: 'x' }],
  ['NOTIFY "A"', { handling: 'notify', channel: 'A', payload: '' }],
  ['DO $$ BEGIN END $$', { handling: 'do', language: 'plpgsql', body: ' BEGIN END ' }],
  ["DO LANGUAGE plperl 'x'", { handling: 'refuse', rule: 'do-language' }],
  ['CALL p()', { handling: 'call', schema: null, name: 'p' }],
  ["CALL s.p($1, 'x'::text, k => 2)", { handling: 'call', schema: 's', name: 'p' }],
  ['CALL p((SELECT ssn FROM c))', { handling: 'refuse', rule: 'call-arguments' }],
  ['ALTER SYSTEM SET work_mem = 1', { handling: 'refuse', rule: 'statement-guarded' }],
  ['ALTER ROLE a SET search_path = b', { handling: 'refuse', rule: 'statement-guarded' }],
  ['CREATE SERVER s FOREIGN DATA WRAPPER w', { handling: 'refuse', rule: 'statement-kind' }],
  ["LOAD 'x'", { handling: 'refuse', rule: 'statement-guarded' }],
  ['CHECKPOINT', { handling: 'definition', statementClass: 'maintenance', touches: [], holds: [] }],
  ["SECURITY LABEL ON TABLE t IS 'x'", { handling: 'definition', holds: ['changes a security label'] }],
  [
    'ALTER TABLE t SET ACCESS METHOD heap',
    { handling: 'definition', touches: [{ relation: '"t"', columns: 'every' }], holds: [] },
  ],
  ['ALTER STATISTICS s SET STATISTICS 50', { handling: 'definition', touches: [], holds: [] }],
  ['ALTER TABLE t OWNER TO CURRENT_USER', { handling: 'definition', touches: [], holds: [] }],
  ['ALTER TABLE t OWNER TO other', { handling: 'definition', lookUps: [{ what: 'owner', role: 'other' }], holds: [] }],
  ['ALTER SCHEMA s OWNER TO other', { handling: 'definition', lookUps: [{ what: 'owner', role: 'other' }] }],
  ['CREATE SCHEMA AUTHORIZATION other', { handling: 'definition', lookUps: [{ what: 'owner', role: 'other' }] }],
  [
    'GRANT SELECT ON ALL TABLES IN SCHEMA a, "B" TO c',
    {
      handling: 'definition',
      lookUps: [
        { what: 'tables-of', schema: 'a' },
        { what: 'tables-of', schema: 'B' },
      ],
    },
  ],
  ['REVOKE SELECT ON ALL TABLES IN SCHEMA a FROM c', { handling: 'definition', touches: [], holds: [] }],
  [
    'GRANT SELECT (a), UPDATE (b) ON t TO c',
    { handling: 'definition', touches: [{ relation: '"t"', columns: ['a', 'b'] }] },
  ],
  ['GRANT SELECT (a), UPDATE ON t TO c', { handling: 'definition', touches: [{ relation: '"t"', columns: 'every' }] }],
  ['GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA a TO c', { handling: 'definition', touches: [], holds: [] }],
  ['GRANT USAGE ON FOREIGN SERVER a TO c', { handling: 'definition', holds: [expect.stringContaining('grants on')] }],
  [
    'ALTER DOMAIN a.b ADD CHECK (VALUE > 0)',
    {
      handling: 'definition',
      names: [{ kind: 'operator', name: '>' }],
      lookUps: [{ what: 'domain', domain: '"a"."b"' }],
    },
  ],
  ['ALTER DOMAIN a SET NOT NULL', { handling: 'definition', lookUps: [{ what: 'domain', domain: '"a"' }] }],
  ['ALTER DOMAIN a DROP CONSTRAINT b', { handling: 'definition', touches: [], holds: [] }],
  ['ALTER DOMAIN a SET DEFAULT f()', { handling: 'definition', holds: [expect.stringContaining('a call of f()')] }],
  ['DROP TRIGGER a ON s.t', { handling: 'definition', touches: [{ relation: '"s"."t"', columns: 'every' }] }],
  ['DROP POLICY a ON s.t', { handling: 'definition', holds: [expect.stringContaining('protects')] }],
  [
    'ALTER TABLE t DISABLE TRIGGER a',
    { handling: 'definition', touches: [{ relation: '"t"', columns: 'every' }], holds: [] },
  ],
  ['ALTER TABLE t ENABLE TRIGGER a', { handling: 'definition', holds: ['ALTER … EnableTrig'] }],
  ['ALTER TABLE t DISABLE ROW LEVEL SECURITY', { handling: 'definition', holds: ['ALTER … DisableRowSecurity'] }],
  [
    'CREATE TYPE r AS RANGE (subtype = int4)',
    { handling: 'definition', names: [{ kind: 'type', name: 'int4' }], holds: [] },
  ],
  [
    'CREATE TYPE r AS RANGE (subtype = int4, subtype_diff = d)',
    { handling: 'definition', holds: [expect.stringContaining('of its own')] },
  ],
  ['CREATE EXTENSION IF NOT EXISTS x', { handling: 'definition', lookUps: [{ what: 'extension', extension: 'x' }] }],
  ['CREATE EXTENSION x', { handling: 'definition', holds: ['creates an extension'] }],
  ['CREATE PUBLICATION p FOR ALL TABLES', { handling: 'refuse', rule: 'statement-kind' }],
  [
    'CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT 0, r int REFERENCES a.b (c))',
    { handling: 'definition', touches: [{ relation: '"a"."b"', columns: ['c'] }], holds: [] },
  ],
  [
    'CREATE TABLE s.t (id int, "B" text, LIKE m)',
    {
      handling: 'definition',
      made: { how: 'create', makes: { schema: 's', relation: 't' }, columns: ['id', 'B'], like: ['"m"'] },
    },
  ],
  [
    'ALTER TABLE t ADD COLUMN a int, DROP COLUMN b, ADD c text',
    { handling: 'definition', made: { how: 'add', relation: '"t"', columns: ['a', 'c'] } },
  ],
  [
    'ALTER TABLE t RENAME a TO b',
    { handling: 'definition', made: { how: 'rename', relation: '"t"', from: 'a', to: 'b' } },
  ],
  [
    'CREATE TABLE t (v text DEFAULT public.f())',
    { handling: 'definition', holds: ['a column constraint holds a call of public.f()'] },
  ],
  [
    'ALTER TABLE t ALTER COLUMN v TYPE varchar(5) USING upper(w)',
    {
      handling: 'definition',
      touches: [
        { relation: '"t"', columns: ['v'] },
        { relation: '"t"', columns: ['w'] },
      ],
      names: [{ kind: 'function', name: 'upper' }],
    },
  ],
  [
    'ALTER TABLE t ATTACH PARTITION u DEFAULT',
    {
      handling: 'definition',
      touches: [
        { relation: '"t"', columns: 'every' },
        { relation: '"u"', columns: 'every' },
      ],
    },
  ],
  [
    'CREATE OR REPLACE FUNCTION pg_temp.f(a int, OUT b text[]) LANGUAGE sql STABLE AS $$SELECT 1$$',
    {
      handling: 'create-routine',
      definition: { holds: [] },
      routine: {
        schema: 'pg_temp',
        name: 'f',
        kind: 'f',
        language: 'sql',
        body: 'SELECT 1',
        parameters: [
          { name: 'a', mode: 'i', type: '"pg_catalog"."int4"' },
          { name: 'b', mode: 'o', type: '"text"[]' },
        ],
        returnType: null,
      },
    },
  ],
  ...[
    'LANGUAGE c AS $$x$$, $$y$$',
    'LANGUAGE internal AS $$x$$',
    'LANGUAGE sql SECURITY DEFINER AS $$SELECT 1$$',
    'LANGUAGE sql SET search_path = a AS $$SELECT 1$$',
    'LANGUAGE sql SUPPORT s AS $$SELECT 1$$',
    'LANGUAGE plpgsql RETURN 1',
    'LANGUAGE sql SECURITY DEFINER RETURN 1',
  ].map(
    (options) =>
      [
        `CREATE FUNCTION f() RETURNS int ${options}`,
        { handling: 'definition', holds: ['creates or replaces a function'] },
      ] as const,
  ),
  [
    'CREATE FUNCTION f() RETURNS int RETURN 1 + /* return 2 */ 2',
    { handling: 'create-routine', routine: { body: 'SELECT  1 + /* return 2 */ 2' } },
  ],
  [
    'CREATE FUNCTION "return"(a int) RETURNS int IMMUTABLE LANGUAGE sql RETURN "return"(a)',
    { handling: 'create-routine', routine: { language: 'sql', body: 'SELECT  "return"(a)' } },
  ],
  [
    "CREATE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN ' end ' END; SELECT 2; END",
    { handling: 'create-routine', routine: { body: " SELECT CASE WHEN true THEN ' end ' END; SELECT 2; " } },
  ],
  [
    'CREATE TRIGGER a AFTER INSERT OR UPDATE OF c ON s.t FOR EACH ROW WHEN (NEW.c > 1) EXECUTE FUNCTION f(1)',
    {
      handling: 'create-trigger',
      definition: { touches: [{ relation: '"s"."t"', columns: 'every' }], holds: [] },
      trigger: { name: 'a', relation: '"s"."t"', function: { schema: null, name: 'f' }, type: 1 | 4 | 16 },
    },
  ],
  [
    'CREATE TRIGGER a BEFORE DELETE ON t EXECUTE PROCEDURE s.f()',
    { handling: 'create-trigger', trigger: { function: { schema: 's', name: 'f' }, type: 2 | 8 } },
  ],
  ...[
    'CREATE OR REPLACE TRIGGER a BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION f()',
    'CREATE CONSTRAINT TRIGGER a AFTER DELETE ON t FOR EACH ROW EXECUTE FUNCTION f()',
    'CREATE TRIGGER a INSTEAD OF DELETE ON t FOR EACH ROW EXECUTE FUNCTION f()',
    'CREATE TRIGGER a AFTER DELETE ON t REFERENCING OLD TABLE AS o FOR EACH STATEMENT EXECUTE FUNCTION f()',
    'CREATE TRIGGER a BEFORE TRUNCATE ON t EXECUTE FUNCTION f()',
  ].map((text) => [text, { handling: 'definition', holds: ['creates a trigger'] }] as const),
  [
    'CREATE FUNCTION f(a int DEFAULT (SELECT 1)) RETURNS int LANGUAGE sql AS $$SELECT 1$$',
    { handling: 'create-routine', definition: { holds: ['a default holds an expression with SubLink'] } },
  ],
  [
    'CREATE TABLE t (a int, EXCLUDE USING gist (int4range(a, a + 1) WITH &&) WHERE (a > 0))',
    { handling: 'definition', touches: [], holds: [] },
  ],
  [
    'ALTER TABLE t ADD EXCLUDE USING gist (a WITH =)',
    { handling: 'definition', touches: [{ relation: '"t"', columns: 'every' }], holds: [] },
  ],
  ...['a WITH OPERATOR(public.=)', 'a public.own_ops WITH =', 'f(a) WITH ='].map(
    (element) =>
      [
        `CREATE TABLE t (a int, EXCLUDE USING gist (${element}))`,
        { handling: 'definition', holds: [expect.stringContaining('exclusion constraint')] },
      ] as const,
  ),
  ["SET vacuum_cost_delay = '2ms'", { handling: 'set', name: 'vacuum_cost_delay', value: '2ms' }],
  ['SET SEED TO 0.5', { handling: 'set', name: 'seed', value: '0.5' }],
  [
    'CREATE INDEX i ON t ((left(ssn, 3)))',
    { handling: 'definition', touches: [{ relation: '"t"', columns: ['ssn'] }] },
  ],
  ['TRUNCATE t', { handling: 'definition', statementClass: 'write' }],
  [
    'VACUUM VERBOSE t',
    { handling: 'definition', statementClass: 'maintenance', touches: [{ relation: '"t"', columns: 'every' }] },
  ],
  ['REFRESH MATERIALIZED VIEW a.m', { handling: 'refresh', probeText: 'SELECT * FROM "a"."m"' }],
];

const PROGRAM = {
  oid: 1,
  schema: 'public',
  name: 'f',
  signature: 'public.f(text)',
  kind: 'f',
  language: 'plpgsql',
  returnsSet: false,
  returnType: 25,
  securityDefiner: false,
  settings: [],
  argumentTypes: [25],
  argumentDefaults: null,
  argumentNames: ['t'],
  parameters: [{ name: 't', mode: 'i', type: 25 }],
  body: '',
  bodyTree: null,
  extension: null,
  result: 'text',
  volatility: 'v',
  strict: false,
  owner: 'postgres',
  library: null,
  hasSupport: false,
  aggregateParts: [],
} as const;

const RELATION = virtualRelation({ oid: 1, schema: 's', name: 't', columns: [] });
const COLUMN = {
  name: '',
  attribute: 0,
  typeOid: 23,
  dropped: false,
  notNull: false,
  generated: null,
  expression: null,
};

describe('the gate', () => {
  it.each(VERDICTS)('%s', async (text, expected) => {
    expect((await only(text)).verdict).toMatchObject(expected);
  });

  it.each([15, 16, 17, 18])('judges with the grammar of %i', async (major) => {
    expect((await only('EXPLAIN SELECT 1', major)).verdict).toMatchObject({
      handling: 'explain',
      innerText: 'SELECT 1',
    });
  });

  it('splits statements by bytes of UTF-8', async () => {
    const result = await pool.judge("SELECT 'é;' AS a; SELECT $$;$$; -- done\n", 15);
    expect(result).toMatchObject({
      kind: 'statements',
      statements: [
        { text: "SELECT 'é;' AS a", startByte: 0, endByte: 17 },
        { text: ' SELECT $$;$$', startByte: 18 },
      ],
    });
  });

  it('sees no statement in comments and white space', async () => {
    for (const text of ['', ' \n', '-- c', '/* c */;'])
      expect(await pool.judge(text, 15)).toEqual({ kind: 'statements', statements: [] });
  });

  it('leaves a syntax error to the server', async () => {
    expect((await pool.judge('SELEC 1', 15)).kind).toBe('syntax-error');
  });

  it('refuses what is longer or deeper than its bounds, unread', async () => {
    const nested = (depth: number): string => `SELECT ${'('.repeat(depth)}1${')'.repeat(depth)}`;
    expect((await pool.judge(nested(MAX_NESTING), 15)).kind).toBe('statements');
    expect(await pool.judge(nested(MAX_NESTING + 1), 15)).toMatchObject({ kind: 'refused', rule: 'statement-nesting' });
    expect(await pool.judge(`SELECT '${'('.repeat(300)}'`, 15)).toMatchObject({ kind: 'statements' });
    const small = new GatePool({ maxStatementBytes: 20 });
    expect(await small.judge(`SELECT ${'1'.repeat(14)}`, 15)).toMatchObject({
      kind: 'refused',
      rule: 'statement-length',
    });
    small.close();
  });

  it('outlives a statement that wears out the parser', async () => {
    for (let round = 0; round < 12; round++) await pool.judge(`SELECT ${round}${'+1'.repeat(16_000)}`, 15);
    expect((await only('SELECT 41')).verdict).toEqual({ handling: 'analyse' });
  }, 60_000);

  it('prepares a program in PL/pgSQL: expressions become statements, variables parameters', async () => {
    const prepared = await pool.prepareBody(
      {
        ...PROGRAM,
        body: 'DECLARE n int := 1; BEGIN n := n + length(t); IF n > 2 THEN UPDATE a SET b = t WHERE c = n; END IF; RETURN upper(t); END',
      },
      15,
    );
    // FOUND, which every program has, and n.
    expect(prepared?.locals).toBe(2);
    expect(prepared?.statements.map((statement) => statement.text.replaceAll(/\s+/g, ' ').trim())).toEqual(
      expect.arrayContaining([
        'SELECT 1',
        'SELECT $3 + length( $1 )',
        'SELECT $3 > 2',
        'UPDATE a SET b = $1 WHERE c = $3',
        'SELECT upper( $1 )',
      ]),
    );
  });

  it.each([
    ['dynamic SQL', "BEGIN EXECUTE t; RETURN ''; END"],
    [
      'the details of an error',
      'DECLARE d text; BEGIN RETURN t; EXCEPTION WHEN others THEN GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL; RETURN d; END',
    ],
    ['the end of a transaction', 'BEGIN COMMIT; RETURN t; END'],
    ['a dynamic query as its answer', 'BEGIN RETURN QUERY EXECUTE t; END'],
    ['a call of a procedure', 'BEGIN CALL p(t); RETURN t; END'],
    ['a loop over a cursor', 'DECLARE c CURSOR FOR SELECT 1; BEGIN FOR r IN c LOOP NULL; END LOOP; RETURN t; END'],
    [
      'a row that two queries fill',
      'DECLARE r record; BEGIN SELECT 1 AS x INTO r; SELECT 2 AS x INTO r; RETURN r.x; END',
    ],
    ['numbered arguments', 'BEGIN RETURN $1 || t; END'],
    ['a cursor', "DECLARE c refcursor; BEGIN OPEN c FOR SELECT 1; RETURN ''; END"],
    ['an option', '#variable_conflict use_column\nBEGIN RETURN t; END'],
  ])('leaves a program with %s alone', async (_, body) => {
    expect(await pool.prepareBody({ ...PROGRAM, body }, 15)).toBeNull();
  });

  it('a row stands for the query that fills it, other variables for parameters of their types', async () => {
    const prepared = await pool.prepareBody(
      {
        ...PROGRAM,
        body: `DECLARE o record; r a.b%ROWTYPE; c a.b.c%TYPE; n numeric(10,2); BEGIN
          FOR o IN SELECT x FROM z WHERE k = t LOOP n := n + o.x; END LOOP;
          SELECT * INTO r FROM a.b; RETURN r.c; EXCEPTION WHEN others THEN RETURN SQLERRM; END`,
      },
      15,
    );
    expect(prepared?.unresolved).toEqual([
      { parameter: 1, kind: 'type', name: 'boolean' },
      { parameter: 2, kind: 'type', name: 'a.b' },
      { parameter: 3, kind: 'column', name: 'a.b.c' },
      { parameter: 4, kind: 'type', name: 'numeric(10,2)' },
      { parameter: 5, kind: 'type', name: 'text' },
      { parameter: 6, kind: 'type', name: 'text' },
    ]);
    expect(prepared?.statements.map((statement) => statement.text.replaceAll(/\s+/g, ' ').trim())).toEqual(
      expect.arrayContaining([
        'SELECT x FROM z WHERE k = $1',
        'SELECT $5 + (SELECT sluice_row."x" FROM (SELECT x FROM z WHERE k = $1 ) AS sluice_row LIMIT 1)',
        'SELECT ($3) .c',
      ]),
    );
  });

  it.each([
    ['NEW.a := 1; RETURN NEW;', ['a']],
    ['SELECT 1 INTO NEW.b; RETURN NEW;', ['b']],
    ['GET DIAGNOSTICS NEW.a = ROW_COUNT; RETURN NULL;', ['a']],
    ['SELECT * INTO NEW FROM t; RETURN NEW;', 'every'],
    ['NEW := OLD; RETURN NEW;', 'every'],
    ['RETURN (SELECT t FROM t);', 'every'],
    ['RETURN OLD;', []],
  ])('a trigger that does %s assigns %j', async (statements, assigns) => {
    const triggerRelation = {
      ...RELATION,
      columns: ['a', 'b'].map((name, index) => ({ ...COLUMN, name, attribute: index + 1 })),
    };
    const prepared = await pool.prepareBody(
      {
        ...PROGRAM,
        argumentNames: [],
        argumentTypes: [],
        parameters: [],
        returnType: 2279,
        triggerRelation,
        body: `BEGIN ${statements} END`,
      },
      15,
    );
    expect(prepared?.assigns).toEqual(assigns);
  });

  it('prepares the body of an SQL function: argument names become parameters, in strings they stay', async () => {
    const facts = {
      oid: 1,
      schema: 'public',
      name: 'f',
      signature: 'public.f(integer)',
      kind: 'f',
      language: 'sql',
      returnsSet: false,
      returnType: 25,
      securityDefiner: false,
      settings: [],
      argumentTypes: [23],
      argumentDefaults: null,
      argumentNames: ['i'],
      parameters: [{ name: 'i', mode: 'i', type: 23 }],
      body: "SELECT 'i', t.i FROM t WHERE a = i",
      bodyTree: null,
      extension: null,
      result: 'text',
      volatility: 'v',
      strict: false,
      owner: 'postgres',
      library: null,
      hasSupport: false,
      aggregateParts: [],
    } as const;
    expect(await pool.prepareBody(facts, 15)).toEqual({
      statements: [{ text: "SELECT 'i', t.i FROM t WHERE a =  $1 ", parameterTypes: [23], replaced: ['i'] }],
      locals: 0,
      assigns: [],
      unresolved: [],
      byPath: { relations: true, names: MEANT },
    });
    expect(await pool.prepareBody({ ...facts, body: 'SELECT f.i' }, 15)).toBeNull();
    expect(await pool.prepareBody({ ...facts, language: 'c' }, 15)).toBeNull();
  });

  it.each<readonly [string, string, boolean, readonly string[]]>([
    ['sql', 'SELECT count(*) FROM s.t, LATERAL pg_catalog.now() n', false, ['count']],
    ['sql', 'SELECT 1 FROM t', true, []],
    ['sql', 'INSERT INTO t VALUES (1)', true, []],
    ['sql', 'WITH t AS (SELECT 1 AS a) SELECT a FROM t', false, []],
    ['sql', 'WITH t AS (SELECT * FROM t) SELECT * FROM t', true, []],
    ['sql', 'WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a, b', true, []],
    ['sql', 'WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT n FROM t', false, ['+']],
    ['sql', 'SELECT 1 FROM s.t WHERE EXISTS (WITH u AS (SELECT 1) SELECT FROM u)', true, []],
    ['sql', 'WITH t AS (SELECT 1) DELETE FROM t', true, []],
    ['sql', "SELECT f(1), s.g('x'::mood), 1 OPERATOR(s.+) 2, 3 ~~~ 4", false, ['f', 'mood', '~~~']],
    ['plpgsql', 'BEGIN RETURN (SELECT a FROM s.t LIMIT 1); END', false, []],
    ['plpgsql', 'BEGIN RETURN (SELECT a FROM t LIMIT 1); END', true, []],
    ['plpgsql', 'DECLARE x t.a%TYPE; BEGIN RETURN x; END', true, []],
    ['plpgsql', 'DECLARE x "Mood"[]; BEGIN RETURN x; END', false, ['Mood']],
  ])('says what search_path decides in a body in %s: %s', async (language, body, relations, names) => {
    const prepared = await pool.prepareBody({ ...PROGRAM, language, body }, 15);
    expect(prepared?.byPath.relations).toBe(relations);
    const bare = prepared?.byPath.names.slice(MEANT.length).map(({ name }) => name) ?? [];
    expect(bare.filter((name) => !PROGRAM_TYPES.includes(name))).toEqual(names);
  });
});

const MEANT = ['=', '<>', '<', '>', '<=', '>='].map((name) => ({ kind: 'operator', name }));
/** Of FOUND, and of the row in the program that asks for its type. */
const PROGRAM_TYPES: readonly string[] = ['boolean'];
