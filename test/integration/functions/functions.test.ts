/** Every class of judgement on functions, through a real gateway. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionHash } from '../../../gateway/src/catalog/function-definition.ts';
import { functionsQuery } from '../../../gateway/src/catalog/introspection.ts';
import { parseFunction } from '../../../gateway/src/catalog/introspection-rows.ts';
import { majorsUnderTest } from '../../harness/postgres-majors.ts';
import type { PostgresServer } from '../../harness/postgres-server.ts';
import { makeHome } from '../../harness/sluice.ts';
import { type FunctionsGateway, outcome, RESOURCE, startFunctionsGateway } from './gateway-on.ts';

/** Declarations with the hashes that `sluice admin functions` prints. */
async function declare(server: PostgresServer): Promise<readonly object[]> {
  const oids = await server.admin("SELECT oid::int4 AS oid FROM pg_proc WHERE pronamespace = 'app'::regnamespace");
  const rows = await server.admin(functionsQuery(oids.map((row) => Number(row['oid']))));
  const facts = rows.map((row) => parseFunction(String(Object.values(row)[0])));
  const known = (name: string) => {
    const found = facts.find((one) => one.name === name);
    return found === undefined
      ? {}
      : { function: found.signature, definition: definitionHash(found), reason: 'read by hand' };
  };
  return [
    { ...known('dynamic'), label: 'public' },
    { ...known('secret_count'), label: 'public' },
    { ...known('secret_key'), label: 'public' },
    { ...known('last_ssn'), reads: ['crm.customers.ssn'], label: 'public', raises: false },
    { ...known('opaque'), label: 'regulated', raises: false },
    { ...known('gone'), reads: ['crm.customers.no_such'] },
    { ...known('other'), definition: `sha256:${'0'.repeat(64)}` },
  ];
}

/** What a statement answers a clerk, by the class of judgement that decides it. */
const OUTCOMES: readonly (readonly [string, string, string])[] = [
  ['total: masked when it is given a classified column', 'SELECT upper(ssn) FROM crm.customers WHERE id = 1', '∅'],
  ['total: clear otherwise', "SELECT upper('a')", 'A'],
  ['total under a condition that holds', 'SELECT lpad(ssn, 3) FROM crm.customers WHERE id = 1', '∅'],
  [
    'total under a condition that does not hold',
    'SELECT lpad(ssn, id) FROM crm.customers WHERE id = 1',
    'refused by no-failing-expressions',
  ],
  ['faultable', 'SELECT ssn::numeric FROM crm.customers', 'refused by no-failing-expressions'],
  ['faultable: clear otherwise', 'SELECT 6 / 3', '2'],
  [
    'faultable: rows of other columns',
    "SELECT (CASE WHEN ssn LIKE '1%' THEN ROW(1) ELSE ROW('a'::text) END) = ROW(2) FROM crm.customers",
    'refused by no-failing-expressions',
  ],
  [
    'faultable: the greatest of such rows',
    "SELECT greatest(CASE WHEN ssn LIKE '1%' THEN ROW(1) ELSE ROW('a'::text) END, ROW(2)) FROM crm.customers",
    'refused by no-failing-expressions',
  ],
  [
    'faultable: a path into a document, with time zones',
    "SELECT jsonb_path_query_tz(to_jsonb(ssn), '$.datetime()') FROM crm.customers",
    'refused by no-shaping-by-classified',
  ],
  ['effect with a constant', "SELECT pg_notify('c', 'x') IS NULL", 'f'],
  [
    'setting that is guarded',
    "SELECT set_config('session_authorization', 'x', false)",
    'refused by engine:setting-guarded',
  ],
  ['reads: counters are labelled', "SELECT pg_stat_get_numscans('crm.customers'::regclass)", '∅'],
  ['large object: made of a constant', "SELECT lo_from_bytea(77100, 'x')", '77100'],
  ['large object: contents count as unclassified', 'SELECT lo_get(77100)', '\\x78'],
  ['refused: files', "SELECT pg_read_file('/etc/hostname')", 'refused by engine:function-refused'],
  ['refused: input functions', "SELECT int4in('1')", 'refused by engine:function-refused'],
  [
    'query text that is a literal',
    "SELECT * FROM ext.crosstab('SELECT status, ''n'', count(*) FROM crm.orders GROUP BY 1 ORDER BY 1') AS t(s text, n bigint)",
    'open|4 shut|8',
  ],
  [
    'query text over a classified column',
    "SELECT * FROM ext.crosstab('SELECT ssn, name, 1 FROM crm.customers') AS t(s text, n int)",
    'refused by no-shaping-by-classified',
  ],
  [
    'query text that is computed',
    'SELECT * FROM ext.crosstab((SELECT what FROM crm.log LIMIT 1)) AS t(s text, n int)',
    'refused by engine:query-text',
  ],
  [
    'query text that changes data',
    "SELECT query_to_xml('DELETE FROM crm.log', true, false, '')",
    'refused by engine:query-text',
  ],
  ['extension: comparisons group', 'SELECT region, count(*) FROM crm.orders GROUP BY region', 'NORTH|12'],
  ['extension: comparisons sort', 'SELECT path FROM crm.orders ORDER BY path LIMIT 1', 'top.x'],
  ['extension: comparisons tell duplicates', 'SELECT count(DISTINCT extra) FROM crm.orders', '1'],
  ['extension: total', "SELECT extra OPERATOR(ext.->) 'a' FROM crm.orders LIMIT 1", '1'],
  ['extension: refused', 'SELECT ext.set_limit(0.2)', 'refused by engine:function-extension'],
  [
    'extension: an internal function under its own name',
    "SELECT '978-0-393-04002-9'::ext.isbn13 OPERATOR(ext.=) '978-0-393-04002-9'::ext.isbn13",
    't',
  ],
  ['SQL body', 'SELECT app.total(1)', '10.00'],
  ['SQL body, BEGIN ATOMIC', 'SELECT app.total_atomic(1)', '10.00'],
  ['SQL body that returns a classified column', 'SELECT app.ssn_of(1)', '∅'],
  ['defaults', 'SELECT app.tax(10)', '2.00'],
  ['named arguments', 'SELECT app.tax(10, rate => 0.5)', '5.00'],
  ['variadic', 'SELECT app.widest(1, 3, 2)', '3'],
  ['polymorphic: not analysed', "SELECT app.same('x'::text)", 'refused by engine:function-body'],
  ['SET clause: not analysed', 'SELECT app.pinned(1)', 'refused by engine:function-settings'],
  ['SECURITY DEFINER: analysed as the owner sees it', 'SELECT app.definer(1)', '∅'],
  ['operator over a function', 'SELECT 1 OPERATOR(app.<+>) 2', '3'],
  ['operator over a function that reads', 'SELECT OPERATOR(app.#?) 1', '∅'],
  ['cast by a function', 'SELECT ROW(3)::app.pair::text IS NOT NULL, (ROW(3)::app.pair)::int', 't|3'],
  ['aggregate of analysed functions', 'SELECT app.joined(status) FROM crm.orders WHERE id < 3', 'shutshut'],
  [
    'aggregate of a function that is not analysed',
    'SELECT app.unknown_all(id) FROM crm.orders',
    'refused by engine:function-body',
  ],
  ['window over a user aggregate', 'SELECT app.joined(status) OVER (ORDER BY id) FROM crm.orders WHERE id = 1', 'shut'],
  ['PL/pgSQL: dynamic SQL', 'SELECT app.undeclared()', 'refused by engine:function-body'],
  ['PL/pgSQL: a loop over rows', 'SELECT app.loop_total()', '780.00'],
  ['PL/pgSQL: types of columns', 'SELECT app.status_of(1)', 'shut'],
  ['PL/pgSQL: row types and exceptions', 'SELECT app.row_of(1), app.row_of(99)', 'shut!|none'],
  ['PL/pgSQL: sets', 'SELECT * FROM app.statuses()', 'open shut end'],
  ['PL/pgSQL: an open key of a labelled document', 'SELECT app.lang_of(1)', 'nl'],
  ['PL/pgSQL: a labelled key decides', 'SELECT app.key_of(1)', 'refused by no-failing-expressions'],
  ['PL/pgSQL: a classified column decides', 'SELECT app.peek(1)', 'refused by no-failing-expressions'],
  ['procedure', 'CALL app.close_order(1)', ''],
  ['procedure that raises', 'CALL app.close_order(99)', 'P0001 no order 99'],
  ['procedure in SQL, named argument', "CALL app.note(w => 'hi')", ''],
  ['procedure with a result', 'CALL app.answer(1, NULL)', 'shut'],
  ['procedure that copies a classified column', 'CALL app.leak(1)', 'held'],
  ['procedure that ends the transaction', 'CALL app.commits()', 'refused by engine:function-body'],
  ['procedure with an expression', 'CALL app.note(lower(current_user))', 'refused by engine:call-arguments'],
  ['procedure of an overloaded name', "CALL app.twice('x')", 'refused by engine:procedure-overloaded'],
  ['block', "DO $$ BEGIN FOR i IN 1..3 LOOP INSERT INTO crm.log VALUES (i, 'do'); END LOOP; END $$", ''],
  [
    'block that reads a classified column',
    'DO $$ DECLARE s text; BEGIN SELECT ssn INTO s FROM crm.customers LIMIT 1; END $$',
    'refused by no-failing-expressions',
  ],
  ['block with dynamic SQL', "DO $$ BEGIN EXECUTE 'SELECT 1'; END $$", 'refused by engine:do-block'],
  ['block with a definition', 'DO $$ BEGIN CREATE TEMP TABLE x (); END $$', ''],
  [
    'block that moves the path',
    "DO $$ BEGIN PERFORM set_config('search_path', 'x', false); END $$",
    'refused by engine:path-moves',
  ],
  [
    'block whose variable is a column elsewhere',
    'DO $$ BEGIN FOR ssn IN 1..1 LOOP NULL; END LOOP; INSERT INTO crm.log SELECT id, ssn FROM crm.customers; END $$',
    'refused by engine:function-argument-name',
  ],
  [
    'block whose row is a table elsewhere',
    'DO $$ DECLARE c record; BEGIN FOR c IN SELECT 1 AS ssn LOOP NULL; END LOOP; INSERT INTO crm.log SELECT 1, c.ssn FROM crm.customers c; END $$',
    'refused by engine:',
  ],
  [
    'block with a variable of a domain that looks',
    'DO $$ DECLARE p app.probing; BEGIN p := 1; END $$',
    'refused by no-failing-expressions',
  ],
  ['function that returns such a domain', 'SELECT app.probe(1)', 'refused by no-failing-expressions'],
  ['procedure that takes such a domain', 'CALL app.take(1)', 'refused by no-failing-expressions'],
  [
    'procedure with a cast to such a domain',
    "CALL app.note('1'::app.probing::text)",
    'refused by engine:call-arguments',
  ],
  ['trigger that copies into NEW', 'INSERT INTO crm.tickets VALUES (1, 1, NULL)', 'refused by no-failing-expressions'],
  ['trigger that copies NEW as a whole', "INSERT INTO crm.notes VALUES (1, 'x')", ''],
  ['declared, reading nothing classified', "SELECT app.dynamic('crm.orders')", '12'],
  ['declared, reading a classified column', 'SELECT app.last_ssn()', '∅'],
  ['declared with a label', 'SELECT app.opaque()', '∅'],
  ['declared to read a column that is not there', 'SELECT app.gone()', 'refused by engine:function-body'],
  ['declared with another definition', 'SELECT app.other()', 'refused by engine:function-body'],
];

describe.each(await majorsUnderTest())('functions on PostgreSQL %i', { timeout: 120_000 }, (major) => {
  let functions: FunctionsGateway;
  let client: pg.Client;
  beforeAll(async () => {
    functions = await startFunctionsGateway(major, declare);
    client = await functions.connect();
  }, 120_000);
  afterAll(async () => {
    await functions.stop();
  });

  it.each(OUTCOMES)('%s', async (_name, statement, expected) => {
    const answer = await outcome(client, statement);
    if (expected === 'held') expect(answer).toContain('held for approval');
    else if (expected.endsWith(':')) expect(answer).toContain(expected);
    else expect(answer).toBe(expected);
  });

  it('a declaration ends when the function is replaced', async () => {
    const fresh = await functions.connect();
    expect(await outcome(fresh, 'SELECT app.opaque()')).toBe('∅');
    await functions.server.admin(
      "CREATE OR REPLACE FUNCTION app.opaque() RETURNS text LANGUAGE plpgsql AS $$ DECLARE t text; BEGIN EXECUTE 'SELECT 2' INTO t; RETURN t; END $$",
    );
    expect(await outcome(fresh, 'SELECT app.opaque()')).toBe('refused by engine:function-body');
  });

  it('a declared function that reaches a classified column in secret ends the session, and why is on record', async () => {
    const fresh = await functions.connect();
    await expect(outcome(fresh, 'SELECT app.secret_count()')).resolves.toContain('sluice:');
    await expect(fresh.query('SELECT 1')).rejects.toThrow();
    const api = await functions.gateway.apiFor('root');
    await expect
      .poll(async () => (await api.sessions(50)).map((one) => one.closeReason ?? '').join('\n'))
      .toContain('reaches crm.customers.ssn (regulated)');
  });

  it('a declared function that reaches a labelled key ends the session, though another key of the document is foreseen', async () => {
    const fresh = await functions.connect();
    expect(await outcome(fresh, "SELECT doc->>'lang' FROM crm.profiles WHERE id = 1")).toBe('nl');
    const statement = "SELECT app.secret_key(doc->>'lang') FROM crm.profiles WHERE id = 1";
    await expect(outcome(fresh, statement)).resolves.toContain('sluice:');
    await expect(fresh.query('SELECT 1')).rejects.toThrow();
  });

  it('what analysed functions, procedures, triggers and blocks run is what was foreseen', async () => {
    const fresh = await functions.connect();
    for (const statement of [
      'SELECT app.ssn_of(2), app.loop_total(), app.status_of(2), app.row_of(2), app.lang_of(2)',
      "SELECT app.lang_of(id) FROM crm.profiles WHERE doc->>'lang' = 'nl'",
      'CALL app.close_order(2)',
      "INSERT INTO crm.notes VALUES (2, 'y')",
      'DELETE FROM crm.orders WHERE id = 12',
      "SELECT pg_get_viewdef('information_schema.tables'::regclass) IS NULL",
    ])
      expect(await outcome(fresh, statement)).not.toContain('SESSION_TRIPWIRE');
    expect(await outcome(fresh, 'SELECT 1')).toBe('1');
  });

  it('sluice admin functions lists them with judgement, reason and definition, for administrators only', async () => {
    const api = await functions.gateway.apiFor('root');
    const list = await api.functions(RESOURCE, false);
    const of = (signature: string) => list.find((one) => one.signature === signature);
    expect(of('app.ssn_of(integer)')).toMatchObject({ judged: 'analysed', kind: 'function', language: 'sql' });
    expect(
      of('app.ssn_of(integer)')
        ?.reads.map(({ column }) => column)
        .sort(),
    ).toEqual(['id', 'ssn']);
    expect(of('app.undeclared()')).toMatchObject({ judged: 'refused', definition: expect.stringMatching(/^sha256:/) });
    expect(of('app.dynamic(text)')).toMatchObject({ judged: 'declared' });
    expect(of('app.joined(text)')).toMatchObject({ judged: 'analysed', kind: 'aggregate' });
    expect(of('app.close_order(integer)')).toMatchObject({ kind: 'procedure', writes: ['crm.orders.status'] });
    expect(of('ext.citext_eq(ext.citext, ext.citext)')).toMatchObject({ judged: 'reviewed', raises: false });
    expect(of('ext.set_limit(real)')).toMatchObject({ judged: 'refused' });
    const builtIns = await api.functions(RESOURCE, true);
    expect(builtIns.find((one) => one.signature === 'pg_catalog.lower(text)')).toMatchObject({ judged: 'reviewed' });
    expect(builtIns.length).toBeGreaterThan(3_000);
    await expect((await functions.gateway.apiFor('clerk')).functions(RESOURCE, false)).rejects.toThrow(
      /administrators and auditors/,
    );
  });

  it('the command prints a table, JSON, and the declaration to paste', async () => {
    const tokenFile = join(functions.gateway.directory, 'token');
    writeFileSync(tokenFile, await functions.gateway.tokenOf('root'), { mode: 0o600 });
    const home = await makeHome({
      SLUICE_GATEWAY: functions.gateway.url.href,
      SLUICE_CA: functions.gateway.caFile,
      SLUICE_TOKEN_FILE: tokenFile,
    });
    try {
      const table = await home.sluice(['admin', 'functions', RESOURCE, '--refused']);
      expect(table.stdout).toMatch(/^JUDGED +FUNCTION/);
      expect(table.stdout).toMatch(/^refused +app\.undeclared\(\)/m);
      const json = await home.sluice(['admin', 'functions', RESOURCE, '--json']);
      expect(JSON.parse(json.stdout)).toEqual(
        expect.arrayContaining([expect.objectContaining({ judged: 'analysed' })]),
      );
      const declaration = await home.sluice(['admin', 'functions', RESOURCE, '--declare', 'app.undeclared()']);
      expect(declaration.stdout).toMatch(/function: "app\.undeclared\(\)"\n +definition: sha256:[0-9a-f]{64}\n/);
    } finally {
      await home.remove();
    }
  });
});
