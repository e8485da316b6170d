/** What the gateway says of its decisions: in errors, in NOTICEs on request, and to `sluice why`, which runs nothing. */
import type { Why, WhyStatement } from '@sluice/contract/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { runProgram } from '../harness/program.ts';

const ODD = 'odd \x1b \u202e name';
const SQL = `
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, ssn text, born date);
CREATE TABLE reports (id int, note text);
CREATE TABLE "${ODD}" (secret text);
CREATE FUNCTION lookup(text) RETURNS text LANGUAGE plpgsql AS 'DECLARE r text; BEGIN EXECUTE $1 INTO r; RETURN r; END';
INSERT INTO customers VALUES (1, 'Ada', '123-45-6789', '1815-12-10');
`;
const LABELS = `schema,table,column,label,category
public,customers,ssn,regulated,pii.ssn
public,customers,born,confidential,pii.birth
public,"${ODD}",secret,regulated,
`;
const CLERK = { username: 'clerk', name: 'Clerk', email: 'clerk@corp.test', password: 'pw', groups: ['clerks'] };

let server: PostgresServer;
let gateway: TestGateway;
beforeAll(async () => {
  server = await startPostgres({ settings: { log_min_messages: 'fatal' } });
  await server.admin("CREATE ROLE sluice LOGIN PASSWORD 'upstream'");
  await server.admin('CREATE DATABASE shop OWNER sluice');
  await server.admin(`SET ROLE sluice; ${SQL}`, 'shop');
  gateway = await startGateway({
    resources: [
      {
        name: 'shop',
        upstream: { host: server.host, port: server.port, database: 'shop' },
        credential: { username: 'sluice', password: 'upstream' },
        labelsCsv: LABELS,
        unclassified: 'public',
      },
    ],
    users: [CLERK],
    limits: { holdSeconds: 0 },
    documents: [
      { kind: 'approvers', for: { label: 'regulated' }, groups: ['data-protection'], count: 1, expires: '15m' },
    ],
  });
});
afterAll(async () => {
  try {
    await gateway.stop();
  } finally {
    await server.stop();
  }
});

async function psql(sql: string, options = ''): Promise<string> {
  const { username, secret } = await gateway.mintSession('clerk', 'shop');
  const uri = `postgres://${encodeURIComponent(username)}:${secret}@127.0.0.1:${gateway.postgresPort}/shop`;
  const env = { PGOPTIONS: options };
  const { stdout, stderr } = await runProgram('psql', ['-XAtq', '-v', 'VERBOSITY=verbose', uri, '-c', sql], { env });
  return `${stdout}${stderr}`;
}

const why = async (text: string): Promise<Why> => (await gateway.apiFor('clerk')).why('shop', text);
const first = async (text: string): Promise<WhyStatement> => {
  const [statement] = (await why(text)).statements ?? [];
  if (statement === undefined) throw new Error('no statement');
  return statement;
};

describe('EXPLAIN', () => {
  it.each([
    ['EXPLAIN SELECT id, name FROM customers WHERE name = $$x$$', /^Seq Scan on customers\n {2}Filter: .*\n$/],
    ['EXPLAIN VERBOSE SELECT *, upper(ssn) FROM customers', /Output: id, name, ssn, born, upper\(ssn\)\n$/],
    ['EXPLAIN (COSTS, FORMAT YAML) SELECT name FROM customers', /Node Type: "Seq Scan"/],
    ['EXPLAIN (BUFFERS) UPDATE customers SET name = $$x$$', /^Update on customers\n/],
    ['/* a ) */ EXPLAIN /* ( */ (SELECT name FROM customers)', /^Seq Scan on customers\n$/],
    ['PREPARE p AS SELECT name FROM customers WHERE name = $1; EXPLAIN EXECUTE p ($$x$$)', /^Seq Scan on customers\n/],
  ])('leaves out costs where only they would tell: %s', async (text, plan) => {
    const answer = await psql(text);
    expect(answer).toMatch(plan);
    expect(answer).not.toMatch(/cost|width|rows|buffers/i);
  });

  it('tells costs of open tables', async () => {
    expect(await psql('EXPLAIN SELECT note FROM reports')).toMatch(/cost=.*rows=.*width=/);
  });

  it.each([
    ['EXPLAIN ANALYZE SELECT name FROM customers', /^Seq Scan on customers\n/m],
    ['EXPLAIN (ANALYZE, WAL, BUFFERS, FORMAT yaml) SELECT name FROM customers', /Node Type: "Seq Scan"/],
    ['PREPARE q AS SELECT name FROM customers; EXPLAIN (ANALYZE, VERBOSE) EXECUTE q', /Output: name$/m],
  ])('measures nothing where only that would tell, and says so: %s', async (text, plan) => {
    const answer = await psql(text);
    expect(answer).toMatch(plan);
    expect(answer).toMatch(/EXPLAIN ANALYZE is answered as EXPLAIN: .*\nDETAIL: {2}customers\.\* .*\nHINT: /);
    expect(answer).not.toMatch(/actual|cost=|buffers|execution/i);
  });

  it('measures open tables', async () => {
    expect(await psql('EXPLAIN ANALYZE SELECT note FROM reports')).toMatch(/^Seq Scan on reports .*actual/);
  });

  it.each([
    ['of what a masked column decides', "EXPLAIN SELECT id FROM customers WHERE ssn = 'x'", /\(in WHERE\)/],
    ['of it and measures', "EXPLAIN ANALYZE SELECT id FROM customers WHERE ssn = 'x'", /\(in WHERE\)/],
    ['that changes data', "EXPLAIN ANALYZE UPDATE customers SET name = 'x'", /costs and counts of EXPLAIN/],
    [
      'that changes data on the way',
      "EXPLAIN ANALYZE WITH u AS (UPDATE customers SET name = 'x' RETURNING id) SELECT * FROM u",
      /costs and counts of EXPLAIN/,
    ],
  ])('is refused where it speaks %s', async (_name, text, words) => {
    expect(await psql(text)).toMatch(words);
  });

  it('does not tell which index is the smaller one when a masked column is in one of them', async () => {
    await server.admin('SET ROLE sluice; CREATE INDEX customers_born ON customers (born)', 'shop');
    const answer = await psql('EXPLAIN (COSTS OFF) SELECT count(*) FROM customers');
    expect(answer).toMatch(/customers\.born .*the choice of an index/);
    expect(await psql('EXPLAIN SELECT count(name) FROM customers')).toMatch(/^Aggregate\n.*Seq Scan on customers\n$/);
    await server.admin('DROP INDEX customers_born', 'shop');
  });
});

describe('a refusal', () => {
  it.each([
    ['a filter', "SELECT id FROM customers WHERE ssn < '5'", /customers\.ssn \(regulated, pii\.ssn\) .*\(in WHERE\)/],
    [
      'an order',
      'SELECT id FROM customers ORDER BY born',
      /customers\.born \(confidential, pii\.birth\) .*\(in ORDER BY\)/,
    ],
    ['several clauses', 'SELECT DISTINCT ssn FROM customers ORDER BY ssn', /\(in DISTINCT and ORDER BY\)/],
    ['a window', 'SELECT id, rank() OVER (ORDER BY ssn) FROM customers', /\(in a window\)/],
    [
      'a set operation',
      'SELECT ssn FROM customers UNION SELECT note FROM reports',
      /\(in UNION, INTERSECT or EXCEPT\)/,
    ],
    ['a join', 'SELECT 1 FROM customers c JOIN reports r ON c.ssn = r.note', /\(in JOIN\)/],
    ['a cast', 'SELECT ssn::int FROM customers', /can fail: a cast to integer/],
    ['a function', "SELECT to_date(ssn, 'YYYY') FROM customers", /can fail: to_date\(\)/],
    ['arithmetic', 'SELECT born + id FROM customers', /can fail: arithmetic with \+ \(date_pli\)/],
  ])('of %s names the column, its label and category, the use and the policy', async (_name, sql, words) => {
    const said = await psql(sql);
    expect(said).toMatch(/ERROR: +42501: sluice: /);
    expect(said).toMatch(words);
    expect(said).toMatch(/\(policy no-(shaping-by-classified|failing-expressions)\)/);
    expect(said).toMatch(/DETAIL: +REFUSED_BY_POLICY/);
    expect(said).toMatch(/HINT: .*ask data-protection|HINT: .*ask an administrator/);
  });

  it('tells every reason, not only the first', async () => {
    expect(await psql("SELECT ssn::int FROM customers WHERE born > '1900-01-01'")).toMatch(
      /customers\.born .*\(in WHERE\)[^]*DETAIL: +REFUSED_BY_POLICY\. Also: customers\.ssn .*a cast to integer/,
    );
  });

  it.each([
    [
      'a function that is not analysed',
      "SELECT id,\n  lookup('x') FROM customers",
      'function-dynamic-sql',
      'line 2, column 3',
      'LINE 2:',
    ],
    ['a kind of statement', "DO LANGUAGE plperl 'x'", 'do-language', 'line 1, column 1', 'LINE 1:'],
  ])('of %s says where it is', async (_name, sql, _rule, words, caret) => {
    const said = await psql(sql);
    expect(said).toMatch(/policy engine:/);
    expect(said).toContain(words);
    expect(said).toContain(caret);
    expect(said).toMatch(/HINT/);
  });

  it('shows names that would disturb a terminal or a log as escapes, on one line', async () => {
    const said = await psql(`SELECT 1 FROM "${ODD}" WHERE secret = 'x'`);
    expect(said).toContain('odd \\u{1b} \\u{202e} name.secret (regulated)');
    expect(said).not.toContain('\x1b');
  });
});

describe('NOTICEs', () => {
  const MASKED =
    /NOTICE: +00000: sluice: mask: customers\.ssn \(regulated, pii\.ssn\) is masked.*\(policy mask-classified\)/;

  it('say nothing unless they are asked for', async () => {
    expect(await psql('SELECT ssn FROM customers')).toBe('\n');
  });

  it.each([
    ['by SET', 'SET sluice.explain = on; SELECT ssn FROM customers', ''],
    ['at start-up', 'SELECT ssn FROM customers', '-c sluice.explain=on'],
  ])('explain masks when asked for %s', async (_name, sql, options) => {
    expect(await psql(sql, options)).toMatch(MASKED);
  });

  it('explain holds and refusals, and stop when they are no longer wanted', async () => {
    expect(await psql('INSERT INTO reports SELECT id, ssn FROM customers', '-c sluice.explain=on')).toMatch(
      /sluice: hold: customers\.ssn \(regulated, pii\.ssn\) → reports\.note .*copy-needs-approval/,
    );
    expect(await psql('SELECT 1 FROM customers ORDER BY ssn', '-c sluice.explain=on')).toMatch(
      /sluice: refuse: customers\.ssn/,
    );
    expect(await psql('SET sluice.explain = off; SELECT ssn FROM customers', '-c sluice.explain=on')).toBe('\n');
    expect(await psql('SET client_min_messages = warning; SELECT ssn FROM customers', '-c sluice.explain=on')).toBe(
      '\n',
    );
  });

  it('say nothing of statements that touch nothing classified', async () => {
    expect(await psql('SELECT name FROM customers', '-c sluice.explain=on')).toBe('Ada\n');
  });
});

describe('sluice why', () => {
  it('tells masks with the source of the label, and what is permitted', async () => {
    const statement = await first('SELECT name, ssn FROM customers WHERE id = $1');
    expect(statement).toMatchObject({
      effect: 'mask',
      kind: 'SelectStmt',
      parameters: ['integer'],
      reasons: [{ effect: 'mask', policyId: 'mask-classified', columns: [{ column: 'ssn' }] }],
      permitted: [{ policyId: 'run-statements', message: 'SELECT may run on shop' }],
    });
    expect(statement.columns).toContainEqual({
      schema: 'public',
      table: 'customers',
      column: 'ssn',
      label: 'regulated',
      category: 'pii.ssn',
      origins: ['shop.csv:2'],
    });
    expect(statement.columns.find(({ column }) => column === 'name')?.origins).toEqual([
      'no label: counts as public (`unclassified` of the resource)',
    ]);
  });

  it('tells each of several statements, on which line it begins, and the strongest effect of all', async () => {
    const answer = await why(
      "SELECT 1;\n\nSELECT ssn FROM customers;\nUPDATE reports SET note = 'x';\nSELECT id FROM customers WHERE ssn = 'x'",
    );
    expect(answer.effect).toBe('refuse');
    expect(answer.statements?.map(({ line, effect, kind }) => [line, effect, kind])).toEqual([
      [1, 'allow', 'SelectStmt'],
      [3, 'mask', 'SelectStmt'],
      [4, 'allow', 'UpdateStmt'],
      [5, 'refuse', 'SelectStmt'],
    ]);
    expect(answer.statements?.[3]?.flows).toContainEqual(expect.objectContaining({ kind: 'shaping', use: 'WHERE' }));
  });

  it('runs nothing', async () => {
    await why(
      "INSERT INTO reports VALUES (1, 'x'); DELETE FROM customers; CREATE TABLE made(i int); SELECT setval('x', 1)",
    );
    expect(
      await server.admin(
        'SELECT (SELECT count(*)::int FROM reports) r, (SELECT count(*)::int FROM customers) c',
        'shop',
      ),
    ).toEqual([{ r: 0, c: 1 }]);
    expect(await server.admin("SELECT to_regclass('made') IS NULL AS none", 'shop')).toEqual([{ none: true }]);
  });

  it('tells of a statement among others that the database does not accept, and goes on', async () => {
    const answer = await why('SELECT nothing FROM nowhere; SELECT ssn FROM customers');
    expect(answer.statements?.map(({ effect, reasons }) => [effect, reasons[0]?.message])).toEqual([
      ['refuse', 'the database does not accept the statement: relation "nowhere" does not exist'],
      ['mask', expect.stringContaining('is masked')],
    ]);
    await expect(why('SELECT nothing FROM nowhere')).rejects.toThrow(/relation "nowhere" does not exist/);
  });

  it('tells where a construct is that is not understood', async () => {
    const [reason] = (await first("SELECT id,\n  lookup('x') FROM customers")).reasons;
    expect(reason).toMatchObject({
      effect: 'refuse',
      place: { line: 2, column: 3, near: "lookup('x') FROM customers" },
    });
    expect(reason?.policyId).toMatch(/^engine:/);
    expect(reason?.remedy).not.toBe('');
  });

  it('tells who has to approve what is held', async () => {
    const { effect, reasons, flows } = await first('INSERT INTO reports SELECT id, ssn FROM customers');
    expect([effect, reasons[0]?.remedy]).toEqual(['hold', 'Wait for the approval of data-protection.']);
    expect(flows).toContainEqual(expect.objectContaining({ kind: 'write', target: 'public.reports.note' }));
  });
});
