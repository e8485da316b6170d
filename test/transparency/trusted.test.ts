/** Somebody whom policy trusts runs what the gateway does not understand; nobody else does; and some things nobody does. */
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, runSql, startPostgres } from '../harness/postgres-server.ts';
import { TRUSTED_POLICIES } from './regression/trusted-policy.ts';

const DATABASE = 'shop';
const OWNER = 'shop_owner';
const PASSWORD = 'shop-owner-password';
const SHIPPED = ['access', 'reading', 'writing'].map((name): [string, string] => [
  `${name}.cedar`,
  readFileSync(new URL(`../../gateway/src/policy/defaults/${name}.cedar`, import.meta.url), 'utf8'),
]);
const person = (username: string, group: string) => ({
  username,
  name: username,
  email: `${username}@test.example`,
  password: `${username}-password`,
  groups: [group],
});

const SCHEMA_SQL = `
CREATE TABLE people (id integer PRIMARY KEY, name text, ssn text);
INSERT INTO people VALUES (1, 'Ada', '123-45-6789');
CREATE FUNCTION open_people() RETURNS refcursor LANGUAGE plpgsql AS $$
DECLARE c refcursor := 'people_cursor'; BEGIN OPEN c FOR EXECUTE 'SELECT ssn FROM people'; RETURN c; END $$;
CREATE PROCEDURE tell() LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT 1'; RAISE NOTICE 'told'; END $$;
GRANT shop_reader TO ${OWNER};
`;

/** Statements that are not understood, in sessions of their own, and what the last answers to somebody trusted. */
const OPAQUE: readonly (readonly [string, readonly string[], string])[] = [
  ['a DO block with dynamic SQL', [`DO $$ BEGIN EXECUTE 'SELECT 1'; END $$`, 'SELECT 1'], '1'],
  ['a procedure with dynamic SQL', ['CALL tell()', 'SELECT 2'], '2'],
  ['a cursor that a function opened', ['BEGIN', 'SELECT open_people()', 'FETCH ALL FROM people_cursor'], '123-45-6789'],
  [
    'a function with a body in SQL, made with its table',
    [
      'BEGIN',
      'CREATE TABLE made (a integer)',
      'CREATE FUNCTION counts() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM made; END',
      'SELECT counts()',
      'ROLLBACK',
      'SELECT 3',
    ],
    '3',
  ],
  ['another role', ['SET ROLE shop_reader', 'SELECT current_user'], 'shop_reader'],
  ['a setting that is on no list', ['SET commit_siblings = 7', 'SHOW commit_siblings'], '7'],
  [
    'a query in a text',
    [`SELECT query_to_xml('SELECT ssn FROM people', false, true, '')::text ~ '123-45' AS seen`],
    't',
  ],
];

const OPAQUE_BLOCK = `DO $$ BEGIN EXECUTE 'SELECT 1'; END $$`;

/** What keeps the gateway whole. */
const NOBODY: readonly string[] = [
  `ALTER ROLE ${OWNER} PASSWORD 'another'`,
  `ALTER ROLE ${OWNER} SET debug_print_rewritten = off`,
  'ALTER SYSTEM SET work_mem = 1',
  'SET debug_print_rewritten = off',
  'SET standard_conforming_strings = off',
  "COPY people TO '/tmp/people'",
  "COPY people FROM PROGRAM 'true'",
  "LOAD 'plpgsql'",
  'SELECT 1; DEALLOCATE "sluice$2"',
];

describe('trust', () => {
  let server: PostgresServer;
  let gateway: TestGateway;

  beforeAll(async () => {
    server = await startPostgres({ major: 15 });
    await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${PASSWORD}'`);
    await server.admin('CREATE ROLE shop_reader');
    await server.admin(`GRANT shop_reader TO ${OWNER} WITH ADMIN OPTION`);
    await server.admin(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
    await runSql(server.uri(DATABASE, OWNER, PASSWORD), SCHEMA_SQL);
    gateway = await startGateway({
      users: [person('dana', 'trusted'), person('carl', 'clerks')],
      resources: [
        {
          name: DATABASE,
          upstream: { host: server.host, port: server.port, database: DATABASE },
          credential: { username: OWNER, password: PASSWORD },
          labelsCsv: 'schema,table,column,label,category\npublic,people,ssn,regulated,pii.ssn\n',
          unclassified: 'public',
        },
      ],
      policies: { ...Object.fromEntries(SHIPPED), 'trusted.cedar': TRUSTED_POLICIES },
      limits: { holdSeconds: 0, holdInTransactionSeconds: 0 },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await server.stop();
  });

  const connect = async (username: string) => {
    const minted = await gateway.mintSession(username, DATABASE);
    const client = new pg.Client({
      host: '127.0.0.1',
      port: gateway.postgresPort,
      user: minted.username,
      password: minted.secret,
      database: minted.database,
      ssl: { ca: readFileSync(gateway.caFile, 'utf8') },
    });
    // What ends a session is told by the statement that met it.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  /** The first cell of the last answer; rejects with the first error. */
  const run = async (username: string, statements: readonly string[]) => {
    const client = await connect(username);
    try {
      let cell: unknown = null;
      for (const statement of statements) {
        const { rows } = await client.query<Record<string, unknown>>(statement);
        const [row] = Array.isArray(rows) ? rows : [];
        cell = row === undefined ? null : Object.values(row)[0];
      }
      return cell === true ? 't' : String(cell);
    } finally {
      await client.end();
    }
  };

  it.each(OPAQUE)('%s runs for somebody trusted', async (_name, statements, expected) => {
    expect(await run('dana', statements)).toBe(expected);
  });

  it.each(OPAQUE)('%s is refused to everybody else', async (_name, statements) => {
    await expect(run('carl', statements)).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|0A000|34000)$/),
    });
  });

  it.each(NOBODY)('%s is refused to somebody trusted, too', async (statement) => {
    await expect(run('dana', [statement])).rejects.toMatchObject({ message: expect.stringMatching(/^sluice: /) });
  });

  it('notices and errors of statements that are not understood are told in full to somebody trusted', async () => {
    const client = await connect('dana');
    const notices: (string | undefined)[] = [];
    client.on('notice', (notice) => notices.push(notice.message));
    await client.query('CALL tell()');
    await expect(
      client.query(`DO $$ BEGIN RAISE 'the ssn is %', (SELECT ssn FROM people); END $$`),
    ).rejects.toMatchObject({ message: 'the ssn is 123-45-6789' });
    await client.end();
    expect(notices).toEqual(['told']);
  });

  it('the record names the policy by which it ran', async () => {
    const client = await connect('dana');
    await client.query(OPAQUE_BLOCK);
    await client.end();
    const api = await gateway.apiFor('dana');
    const [latest] = await api.sessions(1);
    const { statements } = await api.session(latest?.sessionId ?? '');
    expect(statements.at(-1)).toMatchObject({
      text: OPAQUE_BLOCK,
      effect: 'allow',
      reasons: [{ policyId: 'trusted-do-everything' }],
    });
  });

  it('columns that are found by name are still masked for everybody else after it', async () => {
    await run('dana', [`DO $$ BEGIN EXECUTE 'ALTER TABLE people ADD COLUMN note text'; END $$`]);
    expect(await run('carl', ['SELECT ssn FROM people'])).toBe('null');
  });
});
