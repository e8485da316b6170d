/**
 * Definitions that change on another connection, right before a statement runs that rests on them: nothing is decided
 * on what they were before.
 */
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const OWNER = 'outside_owner';
const PASSWORD = 'outside-password';
const RESOURCE = 'outside-db';
const DATABASE = 'outside';
const SSN = '123-45-6789';
const USER = { username: 'ana', name: 'Ana', email: 'ana@example.com', password: 'ana-password', groups: ['analysts'] };

const SCHEMA = `
  CREATE TABLE public.people (id int PRIMARY KEY, ssn text);
  INSERT INTO public.people VALUES (1, '${SSN}');
  CREATE TABLE public.notes (id int PRIMARY KEY, note text, copied text);
  INSERT INTO public.notes VALUES (1, 'one', NULL);
  CREATE TABLE public.log (entry text);
  CREATE FUNCTION public.greeting() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'hello' $$;
  CREATE FUNCTION public.copies() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.copied := (SELECT ssn FROM public.people LIMIT 1); RETURN NEW; END $$;`;
const TELLING_GREETING =
  'CREATE OR REPLACE FUNCTION public.greeting() RETURNS text LANGUAGE sql STABLE AS $$ SELECT ssn FROM public.people LIMIT 1 $$';
const COPYING_TRIGGER =
  'CREATE TRIGGER copying BEFORE UPDATE ON public.notes FOR EACH ROW EXECUTE FUNCTION public.copies()';

let server: PostgresServer;
let gateway: TestGateway;
let outside: pg.Client;
let client: pg.Client;

const direct = async () => {
  const made = new pg.Client({ connectionString: server.uri(DATABASE, OWNER, PASSWORD) });
  await made.connect();
  return made;
};

beforeAll(async () => {
  server = await startPostgres();
  await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${PASSWORD}'`);
  await server.admin(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
  // Before 15 it belongs to the superuser.
  await server.admin(`ALTER SCHEMA public OWNER TO ${OWNER}`, DATABASE);
  outside = await direct();
  await outside.query(SCHEMA);
  gateway = await startGateway({
    users: [USER],
    resources: [
      {
        name: RESOURCE,
        upstream: { host: server.host, port: server.port, database: DATABASE },
        credential: { username: OWNER, password: PASSWORD },
        labelsCsv:
          'schema,table,column,label,category\npublic,people,ssn,regulated,pii.ssn\npublic,secret_notes,note,regulated,pii.note\n',
        unclassified: 'public',
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
  await outside.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  await outside.query(SCHEMA);
  const minted = await gateway.mintSession(USER.username, RESOURCE, 'test');
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

const greet = () => client.query({ name: 'greet', text: 'SELECT public.greeting() AS said' });
const note = () => client.query({ name: 'note', text: "UPDATE public.notes SET note = 'two' WHERE id = 1" });
const copied = async () => (await outside.query('SELECT copied FROM public.notes')).rows;

describe('a definition that changed outside of the gateway', () => {
  it('is noticed at the very next run of a prepared statement that calls the function', async () => {
    expect((await greet()).rows).toEqual([{ said: 'hello' }]);
    await outside.query(TELLING_GREETING);
    expect(JSON.stringify(await greet().then(({ rows }) => rows, String))).not.toContain(SSN);
  });

  it('is noticed when its transaction is older than others that have ended before', async () => {
    const older = await direct();
    await older.query('BEGIN');
    await older.query(TELLING_GREETING);
    await outside.query("INSERT INTO public.log VALUES ('a younger transaction')");
    expect((await greet()).rows).toEqual([{ said: 'hello' }]);
    await older.query('COMMIT');
    await older.end();
    expect(JSON.stringify(await greet().then(({ rows }) => rows, String))).not.toContain(SSN);
  });

  it('is noticed by a prepared write whose table got a trigger', async () => {
    await note();
    await outside.query(COPYING_TRIGGER);
    await expect(note()).rejects.toThrow(/\(policy |changed since/);
    expect(await copied()).toEqual([{ copied: null }]);
  });

  it('is noticed by a write that this session has never run before', async () => {
    await client.query('SELECT 1');
    await outside.query(COPYING_TRIGGER);
    await expect(client.query("UPDATE public.notes SET note = 'three'")).rejects.toThrow(/\(policy |changed since/);
    expect(await copied()).toEqual([{ copied: null }]);
  });

  it('is noticed inside a transaction with an older snapshot of its own', async () => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await client.query('SELECT count(*) FROM public.log');
    await outside.query(COPYING_TRIGGER);
    await expect(client.query("UPDATE public.notes SET note = 'three'")).rejects.toThrow(/\(policy |changed since/);
    await client.query('ROLLBACK');
    expect(await copied()).toEqual([{ copied: null }]);
  });

  it('ends what a transaction with an older snapshot and definitions of its own may do', async () => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await client.query('SELECT count(*) FROM public.log');
    await client.query('CREATE TEMP TABLE mine (n int)');
    await outside.query(COPYING_TRIGGER);
    await expect(client.query("UPDATE public.notes SET note = 'three'")).rejects.toThrow(/\(policy |changed since/);
    await client.query('ROLLBACK');
    expect(await copied()).toEqual([{ copied: null }]);
  });

  it('is noticed by a prepared read whose table got a child with a label of its own', async () => {
    const read = () => client.query({ name: 'read', text: 'SELECT note FROM public.notes' });
    expect((await read()).rows).toEqual([{ note: 'one' }]);
    await outside.query('CREATE TABLE public.secret_notes () INHERITS (public.notes)');
    await outside.query("INSERT INTO public.secret_notes VALUES (2, 'a secret', NULL)");
    expect(JSON.stringify(await read().then(({ rows }) => rows, String))).not.toContain('a secret');
  });

  it('leaves a prepared read alone that is decided about as before', async () => {
    const read = () => client.query({ name: 'read', text: 'SELECT note FROM public.notes' });
    expect((await read()).rows).toEqual([{ note: 'one' }]);
    await outside.query('ALTER TABLE public.notes ADD COLUMN more text');
    expect((await read()).rows).toEqual([{ note: 'one' }]);
    expect((await read()).rows).toEqual([{ note: 'one' }]);
  });

  it('is noticed when the trigger was there and only its function was replaced', async () => {
    await outside.query(
      'CREATE OR REPLACE FUNCTION public.copies() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
    );
    await outside.query(COPYING_TRIGGER);
    await note();
    await outside.query(
      SCHEMA.slice(SCHEMA.indexOf('CREATE FUNCTION public.copies')).replace('CREATE', 'CREATE OR REPLACE'),
    );
    await expect(note()).rejects.toThrow(/\(policy |changed since/);
    expect(await copied()).toEqual([{ copied: null }]);
  });
});
