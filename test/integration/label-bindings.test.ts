/** Labels over a restart of the gateway: they stay with the columns that they were given to, whatever those are called. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const OWNER = 'bindings_owner';
const RESOURCE = 'bindings-db';
const SECRET = '555-12-3456';
const USER = { username: 'ana', name: 'Ana', email: 'ana@example.com', password: 'ana-password', groups: ['analysts'] };

let server: PostgresServer;
let gateway: TestGateway;

beforeAll(async () => {
  server = await startPostgres();
  await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${OWNER}'`);
  await server.admin(`CREATE DATABASE bindings OWNER ${OWNER}`);
  await outside(
    `CREATE TABLE people (id int, ssn text, pay text); INSERT INTO people VALUES (1, '${SECRET}', '${SECRET}')`,
  );
  gateway = await startGateway({
    users: [USER],
    resources: [
      {
        name: RESOURCE,
        upstream: { host: server.host, port: server.port, database: 'bindings' },
        credential: { username: OWNER, password: OWNER },
        labelsCsv: 'schema,table,column,label\npublic,people,ssn,regulated\npublic,people,pay,regulated\n',
        // The worst case: what has no label is open.
        unclassified: 'public',
      },
    ],
  });
});
afterAll(async () => {
  await gateway?.stop();
  await server?.stop();
});

async function outside(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.uri('bindings', OWNER, OWNER) });
  await client.connect();
  await client.query(sql);
  await client.end();
}

async function read(sql: string): Promise<string> {
  const minted = await gateway.mintSession(USER.username, RESOURCE, 'test');
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: gateway.postgresPort, user: minted.username, password: minted.secret },
    database: minted.database,
  });
  await client.connect();
  try {
    return JSON.stringify((await client.query(sql)).rows);
  } finally {
    await client.end();
  }
}

it('a column that was renamed before a restart keeps its label', async () => {
  expect(await read('SELECT id, ssn FROM people')).toBe('[{"id":1,"ssn":null}]');
  await outside('ALTER TABLE people RENAME ssn TO number');
  expect(await read('SELECT number FROM people')).toBe('[{"number":null}]');
  await gateway.end('SIGTERM');
  await gateway.restart();
  expect(await read('SELECT id, number FROM people')).toBe('[{"id":1,"number":null}]');
});

it('a column that was renamed while the gateway was down keeps its label, also when the gateway was killed', async () => {
  expect(await read('SELECT pay FROM people')).toBe('[{"pay":null}]');
  await gateway.end('SIGKILL');
  await outside('ALTER TABLE people RENAME pay TO amount; ALTER TABLE people RENAME TO persons');
  await gateway.restart();
  expect(await read('SELECT id, amount, number FROM persons')).toBe('[{"id":1,"amount":null,"number":null}]');
});

it('a table made anew is another table, whose columns are labelled by their names', async () => {
  await gateway.end('SIGTERM');
  await outside(
    `DROP TABLE persons; CREATE TABLE people (id int, ssn text, number text); INSERT INTO people VALUES (1, 'x', 'open')`,
  );
  await gateway.restart();
  expect(await read('SELECT ssn, number FROM people')).toBe('[{"ssn":null,"number":"open"}]');
});

it('a database made anew under the same name starts with the labels of the file', async () => {
  await server.admin('DROP DATABASE bindings WITH (FORCE)');
  await server.admin(`CREATE DATABASE bindings OWNER ${OWNER}`);
  await outside(`CREATE TABLE people (id int, ssn text, pay text); INSERT INTO people VALUES (1, '${SECRET}', 'x')`);
  expect(await read('SELECT id, ssn FROM people')).toBe('[{"id":1,"ssn":null}]');
});
