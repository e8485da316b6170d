/**
 * Definitions that change while a session goes on: by the session itself, also before it commits, by another session
 * through the gateway, and from outside. At no moment can a value be read that the labels of that moment hide.
 */
import pg from 'pg';
import Cursor from 'pg-cursor';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const OWNER = 'changes_owner';
const RESOURCE = 'changes-db';
const DATABASE = 'changes';
const SECRET = '555-12-3456';
const USER = { username: 'ana', name: 'Ana', email: 'ana@example.com', password: 'ana-password', groups: ['analysts'] };

/** Columns that are not named here are regulated: what nobody has looked at is hidden. */
const LABELS = `schema,table,column,label
public,people,id,public
public,people,name,public
public,people,ssn,regulated
public,orders,id,public
public,orders,what,public
public,made,id,public
public,more,what,regulated
public,vault,what,regulated
other,people,id,public
`;

const SCHEMA = `
  CREATE TABLE public.people (id int PRIMARY KEY, name text, ssn text);
  INSERT INTO public.people VALUES (1, 'Ada', '${SECRET}'), (2, 'Ben', '${SECRET}');
  CREATE TABLE public.orders (id int PRIMARY KEY, what text); INSERT INTO public.orders VALUES (1, 'tea'), (2, 'rice');
  CREATE TABLE public.vault (id int PRIMARY KEY, what text); INSERT INTO public.vault VALUES (1, '${SECRET}');
  CREATE VIEW public.shown AS SELECT id, name AS told FROM public.people;
  CREATE FUNCTION public.tell(i int) RETURNS text LANGUAGE sql STABLE AS $$ SELECT name FROM public.people WHERE id = i $$;
  CREATE FUNCTION public.speak(i int) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT name FROM public.people WHERE id = i); END $$;
  CREATE SCHEMA other; CREATE TABLE other.people (id int PRIMARY KEY, name text); INSERT INTO other.people VALUES (1, '${SECRET}');`;

let server: PostgresServer;
let gateway: TestGateway;
let outside: pg.Client;
let client: pg.Client;
let second: pg.Client;

const connect = async (): Promise<pg.Client> => {
  const minted = await gateway.mintSession(USER.username, RESOURCE, 'test');
  const made = new pg.Client({
    ...{ host: '127.0.0.1', port: gateway.postgresPort, user: minted.username, password: minted.secret },
    database: minted.database,
  });
  // That the session ends is one of the answers, which the statement under way tells.
  made.on('error', () => undefined);
  await made.connect();
  return made;
};

beforeAll(async () => {
  server = await startPostgres();
  await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${OWNER}'`);
  await server.admin(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
  // Before 15 it belongs to the superuser.
  await server.admin(`ALTER SCHEMA public OWNER TO ${OWNER}`, DATABASE);
  outside = new pg.Client({ connectionString: server.uri(DATABASE, OWNER, OWNER) });
  await outside.connect();
  await outside.query(SCHEMA);
  gateway = await startGateway({
    users: [USER],
    resources: [
      {
        name: RESOURCE,
        upstream: { host: server.host, port: server.port, database: DATABASE },
        credential: { username: OWNER, password: OWNER },
        labelsCsv: LABELS,
        unclassified: 'regulated',
      },
    ],
    limits: { holdSeconds: 1, holdInTransactionSeconds: 1 },
  });
});
afterAll(async () => {
  await outside?.end();
  await gateway?.stop();
  await server?.stop();
});
beforeEach(async () => {
  await outside.query(
    `DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS other CASCADE; CREATE SCHEMA public; ${SCHEMA}`,
  );
  [client, second] = [await connect(), await connect()];
  // Labels are bound to columns when the gateway first sees them.
  for (const table of ['people', 'orders', 'vault']) await second.query(`SELECT id FROM ${table}`);
  return async () => {
    await client.end();
    await second.end();
  };
});

/** What a client learns from a statement: its rows, or its error. */
async function seen(who: pg.Client, query: string | pg.QueryConfig): Promise<string> {
  try {
    return JSON.stringify((await who.query(query)).rows);
  } catch (error) {
    return String(error);
  }
}

const prepared = (text: string): pg.QueryConfig => ({ name: 'held', text });

type Change = {
  readonly what: string;
  readonly query: string;
  /** What the query shows before the change. */
  readonly before: string;
  readonly change: string;
};

const CHANGES: readonly Change[] = [
  {
    what: 'a new column with values',
    query: 'SELECT * FROM people ORDER BY id',
    before: 'Ada',
    change: `ALTER TABLE people ADD COLUMN extra text DEFAULT '${SECRET}'`,
  },
  {
    what: 'two columns that swapped names',
    query: 'SELECT name FROM people ORDER BY id',
    before: 'Ada',
    change:
      'BEGIN; ALTER TABLE people RENAME ssn TO x; ALTER TABLE people RENAME name TO ssn; ALTER TABLE people RENAME x TO name; COMMIT',
  },
  {
    what: 'two tables that swapped names',
    query: 'SELECT what FROM orders ORDER BY id',
    before: 'tea',
    change:
      'BEGIN; ALTER TABLE orders RENAME TO x; ALTER TABLE vault RENAME TO orders; ALTER TABLE x RENAME TO vault; COMMIT',
  },
  {
    what: 'a view with another query',
    query: 'SELECT told FROM shown ORDER BY id',
    before: 'Ada',
    change: 'CREATE OR REPLACE VIEW shown AS SELECT id, ssn AS told FROM people',
  },
  {
    what: 'a view in place of a table',
    query: 'SELECT what FROM orders ORDER BY id',
    before: 'tea',
    change: 'DROP TABLE orders; CREATE VIEW orders AS SELECT id, ssn AS what FROM people',
  },
  {
    what: 'a function with another body',
    query: 'SELECT tell(1)',
    before: 'Ada',
    change:
      'CREATE OR REPLACE FUNCTION tell(i int) RETURNS text LANGUAGE sql STABLE AS $$ SELECT ssn FROM public.people WHERE id = i $$',
  },
  {
    what: 'a program with another body',
    query: 'SELECT speak(1)',
    before: 'Ada',
    change:
      'CREATE OR REPLACE FUNCTION speak(i int) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT ssn FROM public.people WHERE id = i); END $$',
  },
  {
    what: 'a better match for an overloaded function',
    query: 'SELECT tell(id) FROM orders ORDER BY id',
    before: 'Ada',
    change: `ALTER TABLE orders ALTER id TYPE bigint;
      CREATE FUNCTION tell(i bigint) RETURNS text LANGUAGE sql STABLE AS $$ SELECT ssn FROM public.people WHERE id = i $$`,
  },
  {
    what: 'a policy that looks at a hidden column',
    query: 'SELECT id FROM orders ORDER BY id',
    before: '1',
    change: `CREATE POLICY p ON orders USING (EXISTS (SELECT FROM people p WHERE p.id = orders.id AND p.ssn = '${SECRET}'));
      ALTER TABLE orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
  },
];

describe('a change from outside', () => {
  it.each(CHANGES)('$what is seen by the next statement', async ({ query, before, change }) => {
    expect(await seen(client, query)).toContain(before);
    await outside.query(change);
    expect(await seen(client, query)).not.toContain(SECRET);
    expect(await seen(second, query)).not.toContain(SECRET);
  });

  it.each(CHANGES)('$what is seen by a statement that was prepared before', async ({ query, before, change }) => {
    expect(await seen(client, prepared(query))).toContain(before);
    await outside.query(change);
    expect(await seen(client, prepared(query))).not.toContain(SECRET);
    expect(await seen(client, prepared(query))).not.toContain(SECRET);
  });

  it.each(CHANGES)('$what is seen inside a transaction that began before', async ({ query, change }) => {
    await client.query('BEGIN');
    await client.query('SELECT 1');
    await outside.query(change);
    const after = await seen(client, query);
    await client.query('ROLLBACK');
    expect(after).not.toContain(SECRET);
  });

  it.each(CHANGES)('$what does not end the session', async ({ query, before, change }) => {
    // The second time it is sent without being parsed again, so the server tells of the change when it is bound.
    for (const _ of [1, 2]) expect(await seen(client, query)).toContain(before);
    await outside.query(change);
    expect(await seen(client, query)).not.toContain(SECRET);
    expect(await seen(client, 'SELECT 1 AS one')).toBe('[{"one":1}]');
    expect(await seen(client, query)).not.toContain(SECRET);
  });

  it.each(CHANGES)('$what does not end the session that prepared', async ({ query, before, change }) => {
    for (const _ of [1, 2]) expect(await seen(client, prepared(query))).toContain(before);
    await outside.query(change);
    expect(await seen(client, prepared(query))).not.toContain(SECRET);
    expect(await seen(client, 'SELECT 1 AS one')).toBe('[{"one":1}]');
  });

  it.each(CHANGES)('$what does not end a session in a transaction', async ({ query, before, change }) => {
    for (const _ of [1, 2]) expect(await seen(client, query)).toContain(before);
    await client.query('BEGIN');
    await outside.query(change);
    expect(await seen(client, query)).not.toContain(SECRET);
    await client.query('ROLLBACK');
    expect(await seen(client, 'SELECT 1 AS one')).toBe('[{"one":1}]');
  });

  it.each([
    [
      'a view shows something hidden',
      'SELECT told FROM shown ORDER BY id',
      CHANGES[3]?.change ?? '',
      /^\[{"told":null}/,
    ],
    ['a policy looks at something hidden', 'SELECT id FROM orders ORDER BY id', CHANGES.at(-1)?.change ?? '', /policy/],
  ])('%s: the same is told whoever notices first', async (_what, query, change, told) => {
    for (const _ of [1, 2]) await client.query(query);
    await outside.query(change);
    expect(await seen(client, query)).toMatch(told);
    // By now the catalogs have been looked at.
    expect(await seen(client, query)).toMatch(told);
  });

  it('a new column of a view is read by sessions that knew the view without it, and what the view hides stays hidden', async () => {
    for (const _ of [1, 2]) expect(await seen(client, 'SELECT told FROM shown ORDER BY id')).toContain('Ada');
    await outside.query(
      'CREATE OR REPLACE VIEW shown AS SELECT id, name AS told, ssn AS hidden, name AS more FROM people',
    );
    expect(await seen(client, 'SELECT more FROM shown ORDER BY id')).toContain('Ada');
    expect(await seen(client, 'SELECT hidden FROM shown ORDER BY id')).toMatch(/^\[{"hidden":null}/);
    expect(await seen(client, 'SELECT count(more) FROM shown')).toMatch(/^\[{"count"/);
  });

  it('what a policy now decides is refused, not counted', async () => {
    await outside.query(CHANGES.at(-1)?.change ?? '');
    expect(await seen(client, 'SELECT count(*) FROM orders')).toMatch(/sluice/);
  });
});

/** The server announces nothing new at the parent; the poll of the catalogs sees the child. */
const ATTACHED = 'CREATE TABLE more () INHERITS (orders); INSERT INTO more SELECT id + 10, ssn FROM people';

describe('a child with a label of its own, attached from outside', () => {
  it('is hidden at the first reading of its parent by another text', async () => {
    await outside.query(ATTACHED);
    expect(await seen(client, 'SELECT id, what FROM orders ORDER BY id')).not.toContain(SECRET);
  });

  it('is hidden from what was prepared before once the catalogs were polled', async () => {
    const query = prepared('SELECT what FROM orders ORDER BY id');
    expect(await seen(client, query)).toContain('tea');
    await outside.query(ATTACHED);
    await vi.waitFor(async () => expect(await seen(client, query)).not.toContain(SECRET), { timeout: 90_000 });
  });
});

describe('a change by the session itself, before it commits', () => {
  it('hides a column that it has just added', async () => {
    await client.query('BEGIN');
    await client.query(`ALTER TABLE orders ADD COLUMN extra text DEFAULT '${SECRET}'`).catch(() => undefined);
    const shown = await seen(client, 'SELECT * FROM orders ORDER BY id');
    await client.query('ROLLBACK');
    expect(shown).not.toContain(SECRET);
  });

  it('shows again what a rollback brought back', async () => {
    await client.query('BEGIN');
    await client.query('CREATE TABLE made (id int)');
    await client.query('INSERT INTO made VALUES (7)');
    expect(await seen(client, 'SELECT id FROM made')).toBe('[{"id":7}]');
    await client.query('ROLLBACK');
    await outside.query(`CREATE TABLE made (id int, note text); INSERT INTO made VALUES (8, '${SECRET}')`);
    expect(await seen(client, 'SELECT * FROM made')).toBe('[{"id":8,"note":null}]');
  });

  it('keeps a renamed column hidden, and a savepoint taken back leaves nothing open', async () => {
    await client.query('BEGIN');
    await client.query('SAVEPOINT s');
    await client.query('ALTER TABLE orders RENAME what TO other_name').catch(() => undefined);
    await client.query('ROLLBACK TO s');
    expect(await seen(client, 'SELECT what FROM orders ORDER BY id')).toContain('tea');
    await client.query('ROLLBACK');
  });

  it('another search_path means other tables, for prepared statements too', async () => {
    expect(await seen(client, prepared('SELECT name FROM people ORDER BY id'))).toContain('Ada');
    await client.query('SET search_path = other, public');
    expect(await seen(client, prepared('SELECT name FROM people ORDER BY id'))).not.toContain(SECRET);
    expect(await seen(client, 'SELECT name FROM people')).not.toContain(SECRET);
    expect(await seen(client, 'SELECT id FROM people')).toBe('[{"id":1}]');
  });

  it('a temporary table of the name of an open one is another table', async () => {
    expect(await seen(client, prepared('SELECT what FROM orders ORDER BY id'))).toContain('tea');
    await client.query('CREATE TEMPORARY TABLE orders (id int, what text)');
    await client.query(`INSERT INTO orders SELECT id, ssn FROM people`).catch(() => undefined);
    expect(await seen(client, prepared('SELECT what FROM orders ORDER BY id'))).not.toContain(SECRET);
  });
});

describe('a change by another session through the gateway', () => {
  it('hides a column that the other session has added', async () => {
    expect(await seen(second, prepared('SELECT * FROM orders ORDER BY id'))).toContain('tea');
    await client.query(`ALTER TABLE orders ADD COLUMN extra text DEFAULT '${SECRET}'`).catch(() => undefined);
    expect(await seen(second, prepared('SELECT * FROM orders ORDER BY id'))).not.toContain(SECRET);
    expect(await seen(second, 'SELECT * FROM orders ORDER BY id')).not.toContain(SECRET);
  });

  it('tells nothing of a table of which the other session has not committed, and hides it afterwards', async () => {
    await client.query('BEGIN');
    await client.query('CREATE TABLE made (id int, note text)');
    await client.query(`INSERT INTO made VALUES (1, '${SECRET}')`).catch(() => undefined);
    expect(await seen(second, 'SELECT * FROM made')).toMatch(/does not exist/);
    await client.query('COMMIT');
    expect(await seen(second, 'SELECT * FROM made')).not.toContain(SECRET);
  });
});

describe('a cursor that was opened before', () => {
  it.each(CHANGES.filter(({ query }) => /tell|speak/.test(query)))(
    'of SQL: $what does not show what it reads now',
    async ({ query, change }) => {
      const perRow = query.replace(/\((1|id)\).*/, '(o.id::int) FROM orders o, generate_series(1, 3)');
      await client.query('BEGIN');
      await client.query(`DECLARE c NO SCROLL CURSOR FOR ${perRow}`);
      const first = await seen(client, 'FETCH 1 FROM c');
      const outcome = outside.query(change.replace(/ALTER TABLE[^;]*;/, ''));
      await outcome;
      const next = await seen(client, 'FETCH 1 FROM c');
      await client.query('ROLLBACK');
      expect(first).toContain('Ada');
      expect(next).not.toContain(SECRET);
    },
  );

  it('by message, read on in parts', async () => {
    await client.query('BEGIN');
    const cursor = client.query(new Cursor('SELECT speak(o.id) FROM orders o, generate_series(1, 3)'));
    expect(JSON.stringify(await cursor.read(1))).toContain('Ada');
    await outside.query(CHANGES.find(({ what }) => what === 'a program with another body')?.change ?? '');
    const next = await cursor.read(1).then((rows) => JSON.stringify(rows), String);
    await cursor.close().catch(() => undefined);
    await client.query('ROLLBACK');
    expect(next).not.toContain(SECRET);
  });
});
