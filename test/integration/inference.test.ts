/**
 * Inference that policy permits, each kind with its bound, through a gateway and a real server; and that the shipped
 * policies permit none of it.
 */
import { basename, join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDefaultPolicies } from '../../gateway/src/config/shipped-policies.ts';
import { bind, cellsOf, EvilClient, execute, parse, reportOf, sync } from '../harness/evil-client.ts';
import { entriesOf } from '../harness/evil-site.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { runProgram } from '../harness/program.ts';

const SQL = `
CREATE TABLE customers (id int PRIMARY KEY, city text NOT NULL, ssn text NOT NULL, email text, plan int NOT NULL);
CREATE TABLE patients (id int PRIMARY KEY, ssn text NOT NULL, note text);
CREATE SEQUENCE numbers;
CREATE VIEW all_customers AS SELECT id, city AS town, ssn AS code FROM customers;
INSERT INTO customers SELECT i, CASE WHEN i % 3 = 0 THEN 'Bonn' ELSE 'Oslo' END, 's' || i, 'e' || i, i % 4 FROM generate_series(1, 40) i;
INSERT INTO patients SELECT i, 's' || (41 - i * 2), 'n' FROM generate_series(1, 15) i;
`;
const LABELS = `schema,table,column,label,category
public,customers,ssn,regulated,pii.ssn
public,customers,email,confidential,pii.email
public,customers,plan,confidential,pii.plan
public,patients,ssn,regulated,pii.ssn
`;
const POLICIES = `
@id("few-probes")
@probe("3 per 1h")
permit (principal in Sluice::Group::"probers", action == Sluice::Action::"probe", resource in Sluice::Category::"pii.ssn");

@id("read-only-linkers")
permit (principal in Sluice::Group::"linkers", action == Sluice::Action::"join", resource in Sluice::Category::"pii.ssn")
unless { context.mayWrite };
@id("linkers-do-not-write")
forbid (principal in Sluice::Group::"linkers", action == Sluice::Action::"write", resource);
@id("writing-linkers")
permit (principal in Sluice::Group::"writers", action == Sluice::Action::"join", resource in Sluice::Category::"pii.ssn")
unless { context.mayWrite };

@id("counts-of-plans")
@count("5")
@probe("4 per 1h")
permit (principal in Sluice::Group::"counters", action == Sluice::Action::"count", resource in Sluice::Category::"pii.plan");
`;

const person = (username: string, ...groups: string[]) => ({
  username,
  name: username,
  email: `${username}@corp.test`,
  password: 'pw',
  groups,
});
const PEOPLE = [
  person('clerk', 'clerks'),
  ...['paula', 'pedro', 'petra', 'piotr', 'pia', 'pauline', 'perla', 'pino', 'paolo'].map((name) =>
    person(name, 'probers'),
  ),
  person('lina', 'linkers'),
  person('walt', 'writers'),
  ...['cora', 'carl', 'cleo'].map((name) => person(name, 'counters')),
];

let server: PostgresServer;
let gateway: TestGateway;
const open = new Set<pg.Client>();

beforeAll(async () => {
  server = await startPostgres({ settings: { log_min_messages: 'fatal' } });
  await server.admin("CREATE ROLE sluice LOGIN PASSWORD 'upstream'");
  for (const database of ['shop', 'other']) {
    await server.admin(`CREATE DATABASE ${database} OWNER sluice`);
    await server.admin(`SET ROLE sluice; ${SQL}`, database);
  }
  const policies = Object.fromEntries(readDefaultPolicies().map(({ file, text }) => [basename(file), text]));
  gateway = await startGateway({
    resources: ['shop', 'other'].map((name) => ({
      name,
      upstream: { host: server.host, port: server.port, database: name },
      credential: { username: 'sluice', password: 'upstream' },
      labelsCsv: LABELS,
      unclassified: 'public' as const,
    })),
    users: PEOPLE,
    policies: { ...policies, 'inference.cedar': POLICIES },
  });
});
afterAll(async () => {
  try {
    for (const client of open) await client.end();
    await gateway.stop();
  } finally {
    await server.stop();
  }
});

async function uriOf(username: string, resource = 'shop'): Promise<string> {
  const { username: user, secret } = await gateway.mintSession(username, resource);
  return `postgres://${encodeURIComponent(user)}:${secret}@127.0.0.1:${gateway.postgresPort}/${resource}`;
}

async function session(username: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: await uriOf(username) });
  // The gateway of a test ends while sessions are open.
  client.on('error', () => open.delete(client));
  await client.connect();
  open.add(client);
  return client;
}

type Answer = { readonly rows: readonly unknown[][] } | { readonly refused: string; readonly hint: string };

async function ask(client: pg.Client, text: string, values: readonly unknown[] = [], name?: string): Promise<Answer> {
  try {
    const { rows } = await client.query<unknown[]>({
      text,
      values: [...values],
      rowMode: 'array',
      ...(name === undefined ? {} : { name }),
    });
    return { rows };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '42501') throw error;
    return { refused: error.message, hint: error.hint ?? '' };
  }
}

const psql = async (username: string, sql: string): Promise<{ readonly out: string; readonly err: string }> => {
  const { stdout, stderr } = await runProgram('psql', ['-XAtq', await uriOf(username), '-c', sql]);
  return { out: stdout.trim(), err: stderr.trim() };
};

const PROBE = 'SELECT id FROM customers WHERE ssn = $1';
const found = (id: number): Answer => ({ rows: [[id]] });
const EXHAUSTED =
  /customers\.ssn \(regulated, pii\.ssn\) may be compared with 3 per 1 h values, of which 3 are used; .* at \d{4}-/;

describe('the shipped policies', () => {
  it.each([
    ['a comparison with a value', "SELECT id FROM customers WHERE ssn = 's7'"],
    ['a list of values', "SELECT id FROM customers WHERE ssn IN ('s7', 's8')"],
    ['a join by the same category', 'SELECT c.id FROM customers c JOIN patients p ON c.ssn = p.ssn ORDER BY c.id'],
    ['a count', 'SELECT city, count(*) FROM customers WHERE plan = 1 GROUP BY city'],
  ])('refuse %s', async (_name, sql) => {
    const { out, err } = await psql('clerk', sql);
    expect(out).toBe('');
    expect(err).toMatch(/may not decide which rows.*no-shaping-by-classified/);
  });
});

describe('a probe budget', () => {
  it('lets so many values be compared, and refuses the next with the time when it refills', async () => {
    expect(await psql('paula', "SELECT id, ssn FROM customers WHERE city = 'Oslo' AND ssn = 's7'")).toMatchObject({
      out: '7|',
    });
    expect((await psql('paula', "SELECT count(*) FROM all_customers WHERE code = 'nobody'")).out).toBe('0');
    expect((await psql('paula', "SELECT id FROM customers WHERE 's8' = ssn LIMIT 1")).out).toBe('8');
    const { out, err } = await psql('paula', "SELECT id FROM customers WHERE ssn = 's9'");
    expect(out).toBe('');
    expect(err).toMatch(EXHAUSTED);
  });

  it('is charged for each execution of a prepared statement, in whatever session of the person', async () => {
    const [one, two] = [await session('pedro'), await session('pedro')];
    expect(await ask(one, PROBE, ['s1'], 'p')).toEqual(found(1));
    expect(await ask(one, PROBE, ['s2'], 'p')).toEqual(found(2));
    expect(await ask(two, PROBE, ['s3'])).toEqual(found(3));
    expect(await ask(two, PROBE, ['s4'])).toMatchObject({ refused: expect.stringMatching(EXHAUSTED) });
    expect(await ask(one, PROBE, ['s4'], 'p')).toMatchObject({ refused: expect.stringMatching(EXHAUSTED) });
  });

  it('is charged for each value of a list; a list that cannot be counted is refused', async () => {
    const client = await session('petra');
    expect(await ask(client, 'SELECT id FROM customers WHERE ssn IN ($1, $2) ORDER BY id', ['s5', 's6'])).toEqual({
      rows: [[5], [6]],
    });
    expect(await ask(client, 'SELECT id FROM customers WHERE ssn IN ($1, $2)', ['s5', 's6'])).toMatchObject({
      refused: expect.stringContaining('of which 2 are used'),
    });
    expect(await ask(client, 'SELECT id FROM customers WHERE ssn = ANY($1)', [['s5']])).toMatchObject({
      refused: expect.stringContaining('may not decide'),
    });
    expect(await ask(client, "SELECT id FROM customers WHERE ssn IN ('a','b','c','d')")).toMatchObject({
      refused: expect.stringContaining('more than the budget ever allows'),
    });
    expect(await ask(client, PROBE, ['s5'])).toEqual(found(5));
    expect(await ask(client, PROBE, ['s5'])).toMatchObject({ refused: expect.stringMatching(EXHAUSTED) });
  });

  it('is charged for each statement of a pipeline and of one query text', async () => {
    const text = ['s1', 's2', 's3', 's4'].map((ssn) => `SELECT id FROM customers WHERE ssn = '${ssn}'`).join('; ');
    const { out, err } = await psql('pino', text);
    // One implicit transaction: the refusal of the last undoes nothing that was shown.
    expect(out.split('\n')).toEqual(['1', '2', '3']);
    expect(err).toMatch(EXHAUSTED);
  });

  it('is charged for each message of a pipeline that was sent at once, and once for a portal read in pieces', async () => {
    const { username, secret, database } = await gateway.mintSession('paolo', 'shop');
    const client = await EvilClient.login(gateway.postgresPort, { user: username, password: secret, database });
    const probe = (ssn: string) => [
      parse('', `SELECT id FROM customers WHERE ssn = '${ssn}'`),
      bind('', ''),
      execute(''),
    ];
    client.send(
      // Two portals at once, one of them read row by row; then more values than are left.
      ...[parse('', "SELECT id FROM customers WHERE ssn = 's1'"), bind('p', ''), execute('p', 1), execute('p', 1)],
      ...['s2', 's3', 's4'].flatMap(probe),
      sync(),
    );
    const answers = await client.until('Z');
    expect(answers.filter(({ type }) => type === 'D').map((row) => cellsOf(row))).toEqual([['1'], ['2'], ['3']]);
    const error = answers.find(({ type }) => type === 'E');
    expect(error === undefined ? null : reportOf(error)['M']).toMatch(EXHAUSTED);

    // A portal that was refused is not one that was paid for, also when a savepoint brings it back.
    await client.query('BEGIN');
    client.send(parse('', "SELECT id FROM customers WHERE ssn = 's9'"), bind('q', ''), sync());
    await client.until('Z');
    await client.query('SAVEPOINT before');
    for (let attempt = 0; attempt < 2; attempt++) {
      client.send(execute('q'), sync());
      const refused = await client.until('Z');
      expect(refused.some(({ type }) => type === 'D')).toBe(false);
      expect(refused.some(({ type }) => type === 'E')).toBe(true);
      await client.query('ROLLBACK TO before');
    }
    await client.close();
  });

  it('gives the last value to exactly one of several sessions that race for it', async () => {
    const sessions = await Promise.all(Array.from({ length: 6 }, () => session('piotr')));
    for (const ssn of ['s1', 's2'])
      expect(await ask(sessions[0] ?? (await session('piotr')), PROBE, [ssn])).toMatchObject({
        rows: [expect.anything()],
      });
    const answers = await Promise.all(sessions.map((client) => ask(client, PROBE, ['s3'])));
    expect(answers.filter((answer) => 'rows' in answer)).toEqual([found(3)]);
    expect(answers.filter((answer) => 'refused' in answer)).toHaveLength(5);
  });

  it('is on the record before the statement runs, with what it was spent on and never the value', async () => {
    const client = await session('pia');
    await ask(client, PROBE, ['s17']);
    const decided = (await entriesOf(join(gateway.directory, 'data'))).findLast(
      (entry) => entry.kind === 'statement.decided' && entry.text === PROBE && entry.probes !== undefined,
    );
    expect(decided).toMatchObject({
      effect: 'allow',
      probes: [
        {
          column: 'public.customers.ssn',
          use: 'probe',
          values: 1,
          budget: 3,
          windowMs: 3_600_000,
          policyId: 'few-probes',
        },
      ],
    });
    expect(JSON.stringify(decided)).not.toContain('s17');
  });

  it('is refused for more comparisons than are told apart', async () => {
    const client = await session('perla');
    const many = Array.from({ length: 101 }, () => "ssn = 's5'").join(' AND ');
    expect(await ask(client, `SELECT id FROM customers WHERE ${many}`)).toMatchObject({
      refused: expect.stringContaining('may not decide'),
    });
  });

  it.each([
    ['another operator', "ssn < 's5'"],
    ['a negation', "NOT ssn = 's5'"],
    ['an alternative', "ssn = 's5' OR id = 5"],
    ['an expression over the column', "upper(ssn) = 'S5'"],
    ['a value that changes from row to row', "ssn = 's' || id"],
    ['a value drawn anew for each row', "ssn = 's' || (random() * 40)::int::text"],
    ['the values of another table', 'ssn IN (SELECT note FROM patients)'],
    ['another column of the same statement', "ssn = 's5' ORDER BY email"],
    ['a collation of which nothing is known', 'ssn = \'s5\' COLLATE "und-x-icu"'],
  ])('does not open %s', async (_name, condition) => {
    const client = await session('perla');
    expect(await ask(client, `SELECT id FROM customers WHERE ${condition}`)).toMatchObject({
      refused: expect.stringMatching(/may not decide|not understood|not been reviewed/),
    });
  });

  it('does not open EXPLAIN, a stored copy, or a cursor read again and again for one price', async () => {
    const client = await session('pauline');
    expect(await ask(client, "EXPLAIN SELECT id FROM customers WHERE ssn = 's5'")).toMatchObject({
      refused: expect.stringContaining('may not decide'),
    });
    await client.query('BEGIN');
    await client.query("DECLARE c CURSOR FOR SELECT id FROM customers WHERE ssn = 's5'");
    expect(await ask(client, 'FETCH 1 FROM c')).toEqual(found(5));
    expect(await ask(client, 'FETCH 1 FROM c')).toEqual({ rows: [] });
    expect(await ask(client, 'FETCH 1 FROM c')).toMatchObject({ refused: expect.stringMatching(EXHAUSTED) });
    await client.query('ROLLBACK');
  });
});

describe('a join within a category', () => {
  const JOIN = 'SELECT c.id, p.id, c.ssn FROM customers c JOIN patients p ON c.ssn = p.ssn';

  it('is permitted to those who may not write, masked, once ORDER BY settles the order', async () => {
    expect((await psql('lina', `${JOIN} ORDER BY c.id, p.id LIMIT 2`)).out.split('\n')).toEqual(['11|15|', '13|14|']);
    expect((await psql('lina', 'SELECT count(*) FROM customers c, patients p WHERE c.ssn = p.ssn')).out).toBe('15');
    expect(
      (
        await psql(
          'lina',
          'SELECT c.city, count(*) FROM customers c LEFT JOIN patients p USING (ssn) GROUP BY 1 ORDER BY 1',
        )
      ).out,
    ).toBe('Bonn|13\nOslo|27');
  });

  it.each([
    ['without an order', JOIN, /order in which the rows come.*engine:join-order/],
    ['with an order that leaves ties', `${JOIN} ORDER BY c.id`, /engine:join-order/],
    ['by another category', 'SELECT count(*) FROM customers c JOIN patients p ON c.email = p.ssn', /may not decide/],
    [
      'with a column without category',
      'SELECT count(*) FROM customers c JOIN patients p ON c.ssn = p.note',
      /may not decide/,
    ],
    ['by an inequality', 'SELECT count(*) FROM customers c JOIN patients p ON c.ssn < p.ssn', /may not decide/],
    [
      'of which rows are numbered',
      'SELECT c.id, row_number() OVER () FROM customers c JOIN patients p ON c.ssn = p.ssn ORDER BY 1, 2',
      /may not decide/,
    ],
    [
      'collected in order',
      'SELECT array_agg(c.id) FROM customers c JOIN patients p ON c.ssn = p.ssn',
      /may not decide/,
    ],
    [
      'of which the rows draw numbers',
      "SELECT c.id, nextval('numbers') FROM customers c JOIN patients p ON c.ssn = p.ssn ORDER BY 1, 2",
      /may not decide/,
    ],
    [
      'summed with rounding',
      'SELECT sum(c.id::float8) FROM customers c JOIN patients p ON c.ssn = p.ssn',
      /may not decide/,
    ],
    ['inside another query', `SELECT count(*) FROM (${JOIN}) s`, /may not decide/],
  ])('is refused %s', async (_name, sql, words) => {
    const { out, err } = await psql('lina', sql);
    expect(out).toBe('');
    expect(err).toMatch(words);
  });

  it('is refused to those who may write guesses beside the values', async () => {
    expect((await psql('walt', `${JOIN} ORDER BY c.id, p.id`)).err).toMatch(/may not decide/);
  });
});

describe('a count', () => {
  const BY_CITY = 'SELECT city, count(*) FROM customers WHERE plan = 1 GROUP BY city';

  it('shows groups that are large enough, and nothing tells of the others', async () => {
    const client = await session('cora');
    const { rows, rowCount, command } = await client.query<unknown[]>({ text: BY_CITY, values: [], rowMode: 'array' });
    // Of the ten with plan 1, three live in Bonn.
    expect([rows, rowCount, command]).toEqual([[['Oslo', '7']], 1, 'SELECT']);
    const binary = { text: BY_CITY, binary: true };
    expect((await client.query(binary)).rowCount).toBe(1);
    expect(await ask(client, 'SELECT count(*) FROM customers WHERE plan = 2 AND id = 2')).toEqual({ rows: [] });
    expect(await ask(client, 'SELECT count(*) FROM customers WHERE plan = 77')).toEqual({ rows: [] });
    expect(await ask(client, BY_CITY)).toMatchObject({ refused: expect.stringContaining('of which 4 are used') });
  });

  it.each([
    ['chosen by a condition that can pick rows', 'SELECT count(*) FROM customers WHERE plan = 1 AND id <> 1'],
    ['multiplied by a join', 'SELECT count(*) FROM customers, generate_series(1, 20) WHERE plan = 1'],
    ['of a view', 'SELECT count(*) FROM (SELECT plan FROM customers, generate_series(1, 20)) s WHERE plan = 1'],
    ['grouped by an expression', 'SELECT id < 2, count(*) FROM customers WHERE plan = 1 GROUP BY 1'],
    ['grouped by the column itself', 'SELECT plan, count(*) FROM customers GROUP BY plan'],
    ['beside another aggregate', 'SELECT count(*), max(id) FROM customers WHERE plan = 1'],
    ['with HAVING', 'SELECT city, count(*) FROM customers WHERE plan = 1 GROUP BY city HAVING count(*) < 5'],
    ['with a limit', `${BY_CITY} LIMIT 1`],
    ['in the order of the counts', `${BY_CITY} ORDER BY count(*)`],
    ['of a sample', 'SELECT count(*) FROM customers TABLESAMPLE system (50) REPEATABLE (1) WHERE plan = 1'],
    ['through a cursor', `DECLARE c CURSOR FOR ${BY_CITY}`],
    ['copied', `COPY (${BY_CITY}) TO STDOUT`],
    ['stored', `CREATE TEMP TABLE x AS ${BY_CITY}`],
    ['inside another query', `SELECT * FROM (${BY_CITY}) s`],
  ])('is refused %s', async (_name, sql) => {
    const client = await session('carl');
    await client.query('BEGIN');
    expect(await ask(client, sql)).toMatchObject({ refused: expect.stringMatching(/may not decide/) });
    await client.query('ROLLBACK');
  });

  it('is refused to be read in pieces, which would end where a group is held back', async () => {
    const client = await session('cleo');
    const answer = new Promise<string>((resolve) => {
      const query = new pg.Query({ text: BY_CITY, rows: 1 } as pg.QueryConfig);
      query.on('error', (error) => resolve(error.message));
      query.on('end', () => resolve('answered'));
      client.query(query);
    });
    expect(await answer).toMatch(/read in one piece/);
  });
});

describe('two databases that agree on what is asked', () => {
  // Other values everywhere, one to one, but for the value that is asked about and the rows that have it.
  const OTHER = `
    UPDATE customers SET ssn = 'z' || ssn, plan = (plan + 5) * 7 WHERE ssn <> 's7' AND plan <> 1;
    UPDATE customers SET ssn = 'z' || ssn WHERE ssn <> 's7' AND plan = 1;
    UPDATE patients SET ssn = 'z' || ssn WHERE ssn <> 's7';
    UPDATE customers SET email = 'other';`;

  it.each([
    ['lina', 'SELECT c.id, p.id, c.ssn FROM customers c JOIN patients p ON c.ssn = p.ssn ORDER BY c.id, p.id'],
    ['lina', 'SELECT c.city, count(*) FROM customers c LEFT JOIN patients p USING (ssn) GROUP BY 1 ORDER BY 1'],
    ['perla', "SELECT id, ssn, email FROM customers WHERE ssn = 's7' AND city = 'Oslo' ORDER BY id"],
    ['perla', "SELECT count(*), min(city) FROM customers WHERE ssn IN ('s7')"],
    ['carl', 'SELECT city, count(*) FROM customers WHERE plan = 1 GROUP BY city'],
    ['carl', "SELECT count(*) FROM customers WHERE plan = 1 AND city = 'Bonn'"],
  ])('answer %s alike: %s', async (username, sql) => {
    const [one, other] = [await answerFrom(username, 'shop', sql), await answerFrom(username, 'other', sql)];
    expect(other).toBe(one);
    expect(one).not.toContain('ERROR');
  });

  beforeAll(async () => {
    await server.admin(OTHER, 'other');
  });

  async function answerFrom(username: string, resource: string, sql: string): Promise<string> {
    const { stdout, stderr } = await runProgram('psql', ['-XA', await uriOf(username, resource), '-c', sql]);
    return `${stdout}${stderr}`;
  }
});

describe('a restart', () => {
  it('refills no budget', async () => {
    const before = await session('pia');
    for (const ssn of ['s1', 's2'])
      expect(await ask(before, PROBE, [ssn])).toMatchObject({ rows: [expect.anything()] });
    expect(await ask(before, PROBE, ['s3'])).toMatchObject({ refused: expect.stringMatching(EXHAUSTED) });
    await gateway.end('SIGKILL');
    await gateway.restart();
    expect(await ask(await session('pia'), PROBE, ['s3'])).toMatchObject({ refused: expect.stringMatching(EXHAUSTED) });
  });
});
