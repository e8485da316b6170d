/** A database that prints no trees: statements are stored for a moment instead, and reads are served with the same masks. */
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasPgBouncer, startPgBouncer } from '../bench/pgbouncer.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const OWNER = 'stored_owner';
const PASSWORD = 'stored-password';
const RESOURCE = 'stored-db';
const DATABASE = 'stored';
const SSN = '123-45-6789';
const USER = { username: 'ana', name: 'Ana', email: 'ana@example.com', password: 'ana-password', groups: ['analysts'] };
const LABELS = `schema,table,column,label,category
public,people,ssn,regulated,pii.ssn
public,guarded,ssn,regulated,pii.ssn
early,notes,note,regulated,pii.note
`;

const SCHEMA = `
  CREATE TABLE public.people (id int PRIMARY KEY, name text, ssn text, born date);
  INSERT INTO public.people VALUES (1, 'Ada', '${SSN}', '2001-02-03');
  CREATE VIEW public.staff AS SELECT id, upper(name) AS name, ssn AS number FROM public.people;
  CREATE MATERIALIZED VIEW public.kept AS SELECT ssn AS number FROM public.people;
  CREATE TABLE public.notes (id int PRIMARY KEY, note text);
  INSERT INTO public.notes VALUES (1, 'one'), (2, 'two');
  CREATE VIEW public.over_staff AS SELECT s.*, (SELECT count(*) FROM public.notes) AS notes FROM public.staff s;
  CREATE TABLE public.guarded (id int, ssn text);
  ALTER TABLE public.guarded ENABLE ROW LEVEL SECURITY;
  CREATE FUNCTION public.told() RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT ssn FROM public.people; END;`;

let server: PostgresServer;
let gateway: TestGateway;
let outside: pg.Client;
let client: pg.Client;

const connected = async (through: TestGateway, options: Partial<pg.ClientConfig> = {}) => {
  const minted = await through.mintSession(USER.username, RESOURCE, 'test');
  const made = new pg.Client({
    host: '127.0.0.1',
    port: through.postgresPort,
    user: minted.username,
    password: minted.secret,
    database: minted.database,
    ...options,
  });
  await made.connect();
  return made;
};

const gatewayTo = (upstream: { port: number; pooler?: 'session' }, oracle?: 'stored') =>
  startGateway({
    users: [USER],
    resources: [
      {
        name: RESOURCE,
        upstream: { host: '127.0.0.1', database: DATABASE, ...upstream },
        credential: { username: OWNER, password: PASSWORD },
        labelsCsv: LABELS,
        unclassified: 'public',
        ...(oracle === undefined ? {} : { oracle }),
      },
    ],
    limits: { holdSeconds: 0, holdInTransactionSeconds: 0 },
  });

beforeAll(async () => {
  server = await startPostgres();
  await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${PASSWORD}'`);
  await server.admin(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
  await server.admin(`ALTER SCHEMA public OWNER TO ${OWNER}`, DATABASE);
  outside = new pg.Client({ connectionString: server.uri(DATABASE, OWNER, PASSWORD) });
  await outside.connect();
  await outside.query(SCHEMA);
  gateway = await gatewayTo({ port: server.port }, 'stored');
});
afterAll(async () => {
  await outside?.end();
  await gateway?.stop();
  await server?.stop();
});
beforeEach(async () => {
  client = await connected(gateway);
  return async () => await client.end();
});

const rows = async (text: string, values?: readonly unknown[]) =>
  (await client.query({ text, rowMode: 'array', ...(values === undefined ? {} : { values: [...values] }) })).rows;

describe('a read on a database that prints no trees', () => {
  it.each([
    ['a column', 'SELECT name, ssn FROM public.people', ['Ada', null]],
    ['an expression', "SELECT 'x' || ssn, name FROM public.people", [null, 'Ada']],
    ['a view', 'SELECT name, number FROM public.staff', ['ADA', null]],
    ['a view over a view', 'SELECT * FROM public.over_staff', [1, 'ADA', null, '2']],
    ['a view in a sub-query', 'SELECT (SELECT max(number) FROM public.staff), 1', [null, 1]],
    ['a view in WITH', 'WITH w AS (SELECT * FROM public.staff) SELECT number, id FROM w', [null, 1]],
    ['a view in a join', 'SELECT s.number, p.name FROM public.people p JOIN public.staff s USING (id)', [null, 'Ada']],
    ['a view beside others', 'SELECT number FROM public.staff UNION ALL SELECT NULL', [null]],
    ['a whole row of a view', 'SELECT s FROM public.staff s', [null]],
    ['a materialised view', 'SELECT number FROM public.kept', [null]],
    ['a text that ends in a comment', 'SELECT ssn FROM public.people; -- END', [null]],
  ])('masks %s', async (_what, text, first) => {
    expect((await rows(text))[0]).toEqual(first);
    // And again, when the server holds it already.
    expect((await rows(text))[0]).toEqual(first);
  });

  it('sends what is unclassified as the server does', async () => {
    const text = 'SELECT id, note, id / 3.0 FROM public.notes ORDER BY id DESC';
    expect(await rows(text)).toEqual((await outside.query({ text, rowMode: 'array' })).rows);
  });

  it.each([
    ['of settled types', 'SELECT name, ssn, $2::text FROM public.people WHERE id = $1', [1, 'x'], ['Ada', null, 'x']],
    ['whose types the server finds', 'SELECT ssn, $1 FROM public.people WHERE id = $2', ['y', 1], [null, 'y']],
  ])('takes parameters %s', async (_what, text, values, first) => {
    for (const _run of [1, 2, 3]) expect((await rows(text, values))[0]).toEqual(first);
  });

  it.each([
    ['WHERE', "SELECT name FROM public.people WHERE ssn LIKE '1%'"],
    ['WHERE over a view', "SELECT name FROM public.over_staff WHERE number LIKE '1%'"],
    ['ORDER BY over a view', 'SELECT name FROM public.staff ORDER BY number'],
    ['a cast that can fail', 'SELECT number::int FROM public.staff'],
    ['a parameter', 'SELECT name FROM public.people WHERE ssn = $1', [SSN]],
  ])('refuses a classified column in %s', async (_what, text, values: readonly unknown[] = []) => {
    await expect(rows(text, values)).rejects.toThrow(/sluice: .*ssn|policy/);
  });

  it('leaves nothing behind', async () => {
    await rows('SELECT name FROM public.people');
    const left = await outside.query("SELECT proname FROM pg_proc WHERE proname LIKE 'sluice%'");
    expect(left.rows).toEqual([]);
  });

  it('works inside transactions of any isolation level', async () => {
    for (const level of ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE']) {
      await client.query(`BEGIN ISOLATION LEVEL ${level}`);
      expect(await rows(`SELECT ssn, '${level}' FROM public.staff JOIN public.people USING (id)`)).toEqual([
        [null, level],
      ]);
      await client.query('COMMIT');
    }
  });

  it('tells several statements of one text apart', async () => {
    const results = (await client.query(
      'SELECT 1 AS one; SELECT ssn FROM public.people; SELECT 3 AS three',
    )) as unknown;
    expect((results as pg.QueryResult[]).map((result) => result.rows)).toEqual([
      [{ one: 1 }],
      [{ ssn: null }],
      [{ three: 3 }],
    ]);
  });
});

describe('what cannot be looked at by storing it', () => {
  it.each([
    ['INSERT', "INSERT INTO public.notes VALUES (3, 'three')"],
    ['UPDATE', "UPDATE public.notes SET note = 'x'"],
    ['DELETE', 'DELETE FROM public.notes'],
    ['a write in WITH', 'WITH d AS (DELETE FROM public.notes RETURNING id) SELECT * FROM d'],
    ['row locks', 'SELECT * FROM public.notes FOR UPDATE'],
    ['COPY of a table', 'COPY public.notes TO STDOUT'],
    ['COPY of a query', 'COPY (SELECT 1) TO STDOUT'],
    ['EXPLAIN', 'EXPLAIN SELECT 1'],
    ['PREPARE', 'PREPARE p AS SELECT 1'],
    ['CREATE TABLE AS', 'CREATE TABLE public.copied AS SELECT * FROM public.notes'],
    ['SELECT INTO', 'SELECT * INTO public.copied FROM public.notes'],
    ['DO', 'DO $$ BEGIN PERFORM 1; END $$'],
  ])('refuses %s, in words', async (_what, text) => {
    await expect(client.query(text)).rejects.toThrow(/only lets the gateway look at (reads|queries)/);
    const { rows: notes } = await outside.query('SELECT note FROM public.notes ORDER BY id');
    expect(notes).toEqual([{ note: 'one' }, { note: 'two' }]);
  });

  it('refuses tables with row security', async () => {
    await expect(client.query('SELECT id FROM public.guarded')).rejects.toThrow(/row security/);
  });

  it('refuses functions of users', async () => {
    await expect(client.query('SELECT public.told()')).rejects.toThrow(/functions of users/);
  });

  it('refuses everything in a read-only transaction, and says why', async () => {
    await client.query('BEGIN READ ONLY');
    await expect(client.query('SELECT 1')).rejects.toThrow(/read-only transaction/);
    await client.query('ROLLBACK');
    expect(await rows('SELECT 2')).toEqual([[2]]);
  });

  it('refuses everything when the role may make nothing temporary, and says why', async () => {
    await server.admin(`REVOKE TEMPORARY ON DATABASE ${DATABASE} FROM PUBLIC, ${OWNER}`);
    const other = await connected(gateway);
    try {
      await expect(other.query('SELECT 1')).rejects.toThrow(/may make nothing temporary/);
    } finally {
      await other.end();
      await server.admin(`GRANT TEMPORARY ON DATABASE ${DATABASE} TO PUBLIC, ${OWNER}`);
    }
  });
});

describe('a definition that changes behind a statement that was looked at', () => {
  beforeEach(async () => {
    await outside.query('DROP SCHEMA IF EXISTS early CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await outside.query(SCHEMA);
  });

  it('shows nothing when a view begins to show a classified column', async () => {
    const read = () => client.query({ name: 'staff', text: 'SELECT name FROM public.staff' });
    expect((await read()).rows).toEqual([{ name: 'ADA' }]);
    await outside.query(
      'CREATE OR REPLACE VIEW public.staff AS SELECT id, ssn AS name, ssn AS number FROM public.people',
    );
    expect(JSON.stringify(await read().then((result) => result.rows, String))).not.toContain(SSN);
  });

  it('shows nothing when the name begins to stand for another table', async () => {
    await client.query('SET search_path = early, public');
    const read = () => client.query({ name: 'notes', text: 'SELECT note FROM notes' });
    expect((await read()).rows).toHaveLength(2);
    await outside.query(`CREATE SCHEMA early; CREATE TABLE early.notes (id int, note text);
      INSERT INTO early.notes VALUES (1, '${SSN}')`);
    for (const _run of [1, 2])
      expect(JSON.stringify(await read().then((result) => result.rows, String))).not.toContain(SSN);
    expect(JSON.stringify(await rows('SELECT note FROM notes'))).not.toContain(SSN);
  });

  it('shows nothing when it changes between the look and the run', async () => {
    const text = 'SELECT name FROM public.staff';
    await client.query({ name: 'staff', text });
    const changing = new pg.Client({ connectionString: server.uri(DATABASE, OWNER, PASSWORD) });
    await changing.connect();
    await changing.query('BEGIN');
    await changing.query(
      'CREATE OR REPLACE VIEW public.staff AS SELECT id, ssn AS name, ssn AS number FROM public.people',
    );
    // It waits at Bind for the lock, after the gateway has looked.
    const read = client.query({ name: 'staff', text }).then((result) => JSON.stringify(result.rows), String);
    await server.admin(`DO $$ BEGIN FOR attempt IN 1..400 LOOP
      IF EXISTS (SELECT FROM pg_locks WHERE NOT granted) THEN RETURN; END IF; PERFORM pg_sleep(0.05); END LOOP; END $$`);
    await changing.query('COMMIT');
    await changing.end();
    expect(await read).toMatch(/definitions changed while the statement was on its way/);
    expect(JSON.stringify(await rows(text))).not.toContain(SSN);
  });
});

describe.skipIf(!hasPgBouncer())('behind a pooler that passes no settings on', () => {
  it('nothing is served unless the configuration says that it keeps connections together', async () => {
    const pooler = await startPgBouncer({
      host: server.host,
      port: server.port,
      database: DATABASE,
      user: OWNER,
      password: PASSWORD,
    });
    const through = await gatewayTo({ port: pooler.port });
    try {
      await expect(connected(through)).rejects.toThrow(/pooler/);
    } finally {
      await through.stop();
      await pooler.stop();
    }
  });

  it('reads are served when it does', async () => {
    const pooler = await startPgBouncer({
      host: server.host,
      port: server.port,
      database: DATABASE,
      user: OWNER,
      password: PASSWORD,
    });
    const through = await gatewayTo({ port: pooler.port, pooler: 'session' });
    const pooled = await connected(through);
    try {
      const { rows: people } = await pooled.query('SELECT name, ssn FROM public.people WHERE id = $1', [1]);
      expect(people).toEqual([{ name: 'Ada', ssn: null }]);
      await expect(pooled.query('DELETE FROM public.people')).rejects.toThrow(/only lets the gateway look at queries/);
      expect(through.output()).toContain('the server does not take the settings for trees');
    } finally {
      await pooled.end();
      await through.stop();
      await pooler.stop();
    }
  });
});

describe('a server that takes the settings for trees back at log-in', () => {
  it('serves reads, by storing them, and says in its log why', { timeout: 90_000 }, async () => {
    await using own = await startPostgres({ major: 18 });
    await own.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${PASSWORD}'`);
    await own.admin(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
    await own.admin(
      `CREATE FUNCTION silence() RETURNS event_trigger LANGUAGE plpgsql AS
         $$ BEGIN PERFORM set_config('debug_print_rewritten', 'off', false); END $$;
       CREATE EVENT TRIGGER silence ON login EXECUTE FUNCTION silence()`,
      DATABASE,
    );
    await own.admin(
      `CREATE TABLE people (name text, ssn text); INSERT INTO people VALUES ('Ada', '${SSN}'); GRANT ALL ON people TO ${OWNER}`,
      DATABASE,
    );
    const through = await gatewayTo({ port: own.port });
    const session = await connected(through);
    try {
      expect((await session.query('SELECT name, ssn FROM people')).rows).toEqual([{ name: 'Ada', ssn: null }]);
      await expect(session.query("UPDATE people SET name = 'Eve'")).rejects.toThrow(/only lets the gateway look at/);
      expect(through.output()).toContain('the server prints no tree for a statement');
    } finally {
      await session.end();
      await through.stop();
    }
  });
});
