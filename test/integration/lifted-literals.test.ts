/**
 * Statements of the simple protocol that differ only in literals run as one prepared statement. What they answer is what
 * the database answers to them directly, and what is decided about them is what is decided about each alone.
 */
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entriesOf } from '../harness/evil-site.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const OWNER = 'lift_owner';
const PASSWORD = 'lift-password';
const RESOURCE = 'lift-db';
const DATABASE = 'lift';
const USER = { username: 'ana', name: 'Ana', email: 'ana@example.com', password: 'ana-password', groups: ['analysts'] };

const SCHEMA = `
  CREATE DOMAIN public.short AS text CHECK (length(VALUE) < 4);
  CREATE TYPE public.colour AS ENUM ('red', 'green');
  CREATE TABLE public.things (id int PRIMARY KEY, big bigint, price numeric(8,2), name varchar(12), code char(4), note text,
    day date, at timestamptz, key uuid, flag bool, ratio float8, tag public.short, hue public.colour, ssn text);
  INSERT INTO public.things SELECT n, n * 1000000007::bigint, n / 4.0, 'name ' || n, 'c' || n, 'note ' || n, date '2024-01-01' + n,
    timestamptz '2024-01-01 00:00:00+00' + n * interval '1 hour', md5(n::text)::uuid, n % 2 = 0, n / 8.0, 't' || n,
    (ARRAY['red', 'green'])[1 + n % 2]::public.colour, '123-45-' || n FROM generate_series(1, 30) n;
  CREATE TABLE public.again (note text UNIQUE);
  CREATE SCHEMA other;
  CREATE TABLE public.place AS SELECT 'public' AS note;
  CREATE TABLE other.place AS SELECT 'other' AS note;
  CREATE TABLE public.told (query text);
  CREATE TABLE public.audited (id int);
  CREATE FUNCTION public.tell() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO public.told VALUES (current_query()); RETURN NEW; END $$;
  CREATE TRIGGER telling AFTER INSERT ON public.audited FOR EACH ROW EXECUTE FUNCTION public.tell();`;

let server: PostgresServer;
let gateway: TestGateway;
let outside: pg.Client;
let client: pg.Client;

beforeAll(async () => {
  server = await startPostgres();
  await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${PASSWORD}'`);
  await server.admin(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
  // Before 15 it belongs to the superuser.
  await server.admin(`ALTER SCHEMA public OWNER TO ${OWNER}`, DATABASE);
  outside = new pg.Client({ connectionString: server.uri(DATABASE, OWNER, PASSWORD) });
  await outside.connect();
  await outside.query(SCHEMA);
  gateway = await startGateway({
    users: [USER],
    resources: [
      {
        name: RESOURCE,
        upstream: { host: server.host, port: server.port, database: DATABASE },
        credential: { username: OWNER, password: PASSWORD },
        labelsCsv: 'schema,table,column,label,category\npublic,things,ssn,regulated,pii.ssn\n',
        unclassified: 'public',
      },
    ],
  });
});
afterAll(async () => {
  await outside?.end();
  await gateway?.stop();
  await server?.stop();
});
beforeEach(async () => {
  const minted = await gateway.mintSession(USER.username, RESOURCE, 'lifting');
  client = new pg.Client({
    host: '127.0.0.1',
    port: gateway.postgresPort,
    user: minted.username,
    password: minted.secret,
    database: minted.database,
  });
  await client.connect();
  return async () => await client.end();
});

/** Everything that a client sees of an answer. */
async function answer(of: pg.Client, text: string): Promise<unknown> {
  try {
    const { command, rowCount, rows, fields } = await of.query({ text, rowMode: 'array' });
    return {
      ...{ command, rowCount, rows },
      fields: fields.map(({ name, dataTypeID, dataTypeModifier, dataTypeSize }) => [
        ...[name, dataTypeID, dataTypeModifier, dataTypeSize],
      ]),
    };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const { severity, code, message, detail, hint, position, where } = error;
    return { severity, code, message, detail, hint, position, where };
  }
}

/** The statement that the server ran last for sessions of the gateway. */
async function ranUpstream(): Promise<readonly string[]> {
  const { rows } = await outside.query<{ query: string }>(
    'SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  return rows.map(({ query }) => query);
}

const integers = fc.integer({ min: -40, max: 40 });
const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
  integer: integers.map(String),
  large: fc.bigInt({ min: -9_000_000_000n, max: 9_000_000_000n }).map(String),
  decimal: fc.tuple(integers, fc.nat(99)).map(([whole, part]) => `${whole}.${part}`),
  quotedInteger: integers.map((n) => `'${n}'`),
  text: fc.oneof(
    integers.map((n) => `'name ${n}'`),
    fc.stringMatching(/^[ !#-&(-[\]-~]{1,14}$/).map((s) => `'${s}'`),
  ),
  day: fc
    .tuple(fc.integer({ min: 1, max: 13 }), fc.integer({ min: 1, max: 32 }))
    .map(([m, d]) => `'2024-${m < 10 ? '0' : ''}${m}-${d < 10 ? '0' : ''}${d}'`),
  moment: fc.nat(30).map((h) => `'2024-01-01 ${h < 10 ? '0' : ''}${h}:00:00+00'`),
  key: fc.nat(40).map((n) => `'${n < 10 ? 'c4ca4238-a0b9-2382-0dcc-509a6f75849b' : `no key ${n}`}'`),
  flag: fc.constantFrom("'t'", "'false'", "'maybe'"),
  hue: fc.constantFrom("'red'", "'green'", "'blue'"),
};
/** Texts with places for two values. */
const templates: readonly (readonly [text: string, value: keyof typeof values])[] = [
  ['SELECT id, note FROM things WHERE id = ? OR id = ? ORDER BY id', 'integer'],
  ['SELECT id + ?, id -? FROM things WHERE id < 4 ORDER BY id', 'integer'],
  ['SELECT id, ? AS one FROM things WHERE big > ? ORDER BY id', 'large'],
  ['SELECT id FROM things WHERE price BETWEEN ? AND ? ORDER BY id', 'decimal'],
  ['SELECT id FROM things WHERE ratio < ? OR price = ? ORDER BY id', 'decimal'],
  ['SELECT id, ? || name FROM things WHERE name > ? ORDER BY id', 'text'],
  ['SELECT code, ?::text FROM things WHERE code = ? ORDER BY id', 'text'],
  ['SELECT count(*), ? FROM things WHERE id IN (1, ?, 3)', 'quotedInteger'],
  ['SELECT id FROM things WHERE day > ? AND day <= ? ORDER BY id', 'day'],
  ['SELECT id FROM things WHERE at = ? OR at < ? ORDER BY id', 'moment'],
  ['SELECT id FROM things WHERE key = ? OR key > ? ORDER BY id', 'key'],
  ['SELECT id FROM things WHERE flag = ? AND flag IS NOT NULL AND id < ? ORDER BY id', 'flag'],
  ['SELECT id FROM things WHERE hue = ? OR hue = ? ORDER BY id', 'hue'],
  ['SELECT id FROM things WHERE tag = ? OR tag < ? ORDER BY id', 'text'],
  ['SELECT id, name FROM things ORDER BY 2, 1 LIMIT ? OFFSET ?', 'integer'],
  ['SELECT id, name FROM things WHERE id <> ? ORDER BY ?', 'integer'],
  ['SELECT name, count(*) + ? FROM things GROUP BY 1 HAVING count(*) > ? ORDER BY 1', 'integer'],
  ['SELECT id / ? FROM things WHERE id > ? ORDER BY id', 'integer'],
  ['SELECT current_query(), ?, ?', 'integer'],
  ['SELECT CASE WHEN id > ? THEN ? ELSE note END FROM things ORDER BY id', 'quotedInteger'],
  ['UPDATE things SET note = ?, price = price + 1 WHERE name = ? RETURNING id, note', 'text'],
  ['UPDATE things SET tag = ? WHERE id = ?', 'text'],
  ['INSERT INTO things (id, name) VALUES (?, ?) ON CONFLICT (id) DO NOTHING', 'integer'],
  ['DELETE FROM things WHERE id = ? OR big = ?', 'integer'],
];

describe('statements that differ only in literals', () => {
  it('answer as the database does directly', async () => {
    const runs = fc.array(
      fc.constantFrom(...templates).chain(([text, value]) =>
        fc
          .array(fc.tuple(values[value] ?? fc.constant('1'), values[value] ?? fc.constant('1')), {
            minLength: 3,
            maxLength: 5,
          })
          .map((pairs) => pairs.map((pair) => pair.reduce((filled, one) => filled.replace('?', () => one), text))),
      ),
      { minLength: 4, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(runs, fc.boolean(), async (groups, inTransaction) => {
        const texts = groups.flat();
        const outcomes: unknown[][] = [];
        for (const one of [outside, client]) {
          const seen: unknown[] = [];
          if (inTransaction) await one.query('BEGIN');
          for (const text of texts) {
            await one.query(inTransaction ? 'SAVEPOINT before' : 'BEGIN');
            seen.push([text, await answer(one, text)]);
            await one.query(inTransaction ? 'ROLLBACK TO before' : 'ROLLBACK');
          }
          if (inTransaction) await one.query('ROLLBACK');
          outcomes.push(seen);
        }
        expect(outcomes[1]).toEqual(outcomes[0]);
      }),
      { numRuns: 25 },
    );
  });

  it('run as one prepared statement from the third on', async () => {
    for (const id of [1, 2, 3]) await client.query(`SELECT note FROM things WHERE id = ${id} AND name = 'name ${id}'`);
    expect(await ranUpstream()).toContain('SELECT note FROM things WHERE id = $1 AND name = $2');
  });

  it('are recorded with the text and the fingerprint of what the client sent', async () => {
    const texts = [11, 12, 13, 14].map((id) => `SELECT note FROM things WHERE id = ${id}`);
    for (const text of texts) await client.query(text);
    await client.query(texts[3] ?? '');
    const decided = (await entriesOf(`${gateway.directory}/data`)).flatMap((entry) =>
      entry.kind === 'statement.decided' && texts.includes(entry.text) ? [entry] : [],
    );
    expect(decided.map(({ text }) => text)).toEqual([...texts, texts[3]]);
    expect(new Set(decided.map(({ fingerprint }) => fingerprint)).size).toBe(4);
  });

  it('stay masked, and stay refused', async () => {
    for (const id of [1, 2, 3, 4, 5]) {
      const { rows } = await client.query(`SELECT id, ssn FROM things WHERE id = ${id}`);
      expect(rows).toEqual([{ id, ssn: expect.not.stringContaining('123-45') }]);
      await expect(client.query(`SELECT id FROM things WHERE ssn = '123-45-${id}'`)).rejects.toThrow(/policy/);
    }
  });

  it('are judged anew when a label comes to what they read', async () => {
    await outside.query('CREATE TABLE later (id int, note text)');
    await outside.query("INSERT INTO later VALUES (1, 'one'), (2, 'two'), (3, 'three'), (4, 'four')");
    for (const id of [1, 2, 3]) await client.query(`SELECT note FROM later WHERE id = ${id}`);
    await outside.query('DROP TABLE later; CREATE VIEW later AS SELECT id, ssn AS note FROM things');
    const { rows } = await client.query('SELECT note FROM later WHERE id = 4');
    expect(JSON.stringify(rows)).not.toContain('123-45');
    expect(rows).toHaveLength(1);
    await outside.query('DROP VIEW later');
  });

  it('show a trigger the text of the client', async () => {
    for (const id of [1, 2, 3, 4]) await client.query(`INSERT INTO audited VALUES (${id})`);
    const { rows } = await outside.query('SELECT query FROM told ORDER BY query');
    expect(rows).toEqual([1, 2, 3, 4].map((id) => ({ query: `INSERT INTO audited VALUES (${id})` })));
  });

  it('are found again after the server has forgotten all statements', async () => {
    const run = (id: number) => client.query(`SELECT id FROM things WHERE id = ${id}`);
    for (const id of [1, 2, 3]) await run(id);
    await client.query('DISCARD ALL');
    for (const id of [4, 5, 6, 7]) expect((await run(id)).rows).toEqual([{ id }]);
    await client.query('DEALLOCATE ALL');
    expect((await run(8)).rows).toEqual([{ id: 8 }]);
  });
});

/** Texts that are sent again and again as they are: what they mean lies in what came before. */
const repeated: readonly string[] = [
  ...['BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT a', 'ROLLBACK TO a', '', 'SELECT 1 / 0', 'SELECT note FROM nowhere'],
  ...["INSERT INTO again VALUES ('x') RETURNING note", "UPDATE again SET note = note || 'y'", 'DELETE FROM again'],
  ...['SELECT note FROM again ORDER BY note', 'SELECT count(*) FROM things', 'SELECT note FROM place'],
  ...['SET search_path = other, public', 'SET LOCAL search_path = other, public', 'RESET search_path'],
  ...['SHOW search_path', "SELECT current_setting('search_path')", "SET extra_float_digits = 0; SELECT 'two'::text"],
  ...['DECLARE c CURSOR FOR SELECT note FROM place', 'FETCH c', 'CLOSE c'],
  ...['PREPARE p AS SELECT note FROM place', 'EXECUTE p', 'DEALLOCATE p', 'EXPLAIN (COSTS OFF) SELECT note FROM place'],
];

describe('texts that come again as they are', () => {
  it('answer as the database does directly, whatever came between', async () => {
    const runs = fc
      .subarray([...repeated], { minLength: 4, maxLength: 9 })
      .chain((texts) => fc.array(fc.constantFrom(...texts), { minLength: 15, maxLength: 30 }));
    await fc.assert(
      fc.asyncProperty(runs, async (texts) => {
        const outcomes: unknown[][] = [];
        for (const one of [outside, client]) {
          const seen: unknown[] = [];
          for (const text of texts) seen.push([text, await answerOrAnswers(one, text)]);
          await one.query('ROLLBACK');
          await one.query('DELETE FROM again');
          await one.query('RESET search_path');
          outcomes.push(seen);
        }
        expect(outcomes[1]).toEqual(outcomes[0]);
      }),
      { numRuns: 15 },
    );
  });

  it('stay masked, and are masked from when a label comes to what they read', async () => {
    await outside.query("CREATE TABLE twice AS SELECT 'plain' AS note");
    for (let run = 0; run < 4; run++) {
      expect((await client.query('SELECT note FROM twice')).rows).toEqual([{ note: 'plain' }]);
      expect((await client.query('SELECT ssn FROM things WHERE id = 1')).rows).toEqual([
        { ssn: expect.not.stringContaining('123-45') },
      ]);
    }
    await outside.query('DROP TABLE twice; CREATE VIEW twice AS SELECT ssn AS note FROM things WHERE id = 1');
    const { rows } = await client.query('SELECT note FROM twice');
    expect(rows).toEqual([{ note: expect.not.stringContaining('123-45') }]);
    await outside.query('DROP VIEW twice');
  });

  it('are recorded each time', async () => {
    const text = 'SELECT note FROM place AS counted';
    for (let run = 0; run < 5; run++) await client.query(text);
    const entries = await entriesOf(`${gateway.directory}/data`);
    const decided = entries.flatMap((entry) =>
      entry.kind === 'statement.decided' && entry.text === text ? [entry] : [],
    );
    expect(decided).toHaveLength(5);
    expect(new Set(decided.map(({ statementId }) => statementId)).size).toBe(5);
  });
});

/** Of a text with several statements: all of them. */
async function answerOrAnswers(of: pg.Client, text: string): Promise<unknown> {
  if (!text.includes(';')) return await answer(of, text);
  const results: unknown = await of.query(text).catch((error: unknown) => String(error));
  return Array.isArray(results) ? results.map(({ command, rows }: pg.QueryResult) => ({ command, rows })) : results;
}
