/** A statement of the simple protocol is its own transaction: what fails when it commits was not done, and is not on record as done. */
import pg from 'pg';
import { expect, it } from 'vitest';
import { entriesOf } from '../harness/evil-site.ts';
import { startGateway } from '../harness/gateway.ts';
import { startPostgres } from '../harness/postgres-server.ts';

const SQL = `
CREATE TABLE tables (id int PRIMARY KEY);
CREATE TABLE guests (id int PRIMARY KEY, seat int REFERENCES tables DEFERRABLE INITIALLY DEFERRED);
INSERT INTO tables VALUES (1);
`;

it('a statement that fails with its own commit is on record with that error', async () => {
  const server = await startPostgres({ settings: { log_min_messages: 'fatal' } });
  const gateway = await startGateway({
    resources: [
      {
        name: 'inn',
        upstream: { host: server.host, port: server.port, database: 'inn' },
        credential: { username: 'app', password: 'upstream' },
        labelsCsv: 'schema,table,column,label\n',
        unclassified: 'public',
      },
    ],
    users: [{ username: 'ann', name: 'Ann', email: 'ann@corp.test', password: 'pw', groups: ['analysts'] }],
  });
  try {
    await server.admin("CREATE ROLE app LOGIN PASSWORD 'upstream'");
    await server.admin('CREATE DATABASE inn OWNER app');
    await server.admin(`SET ROLE app; ${SQL}`, 'inn');
    const { username, secret } = await gateway.mintSession('ann', 'inn');
    const client = new pg.Client({
      connectionString: `postgres://${encodeURIComponent(username)}:${secret}@127.0.0.1:${gateway.postgresPort}/inn`,
    });
    await client.connect();
    await client.query('INSERT INTO guests VALUES (1, 1)');
    await expect(client.query('INSERT INTO guests VALUES (2, 7)')).rejects.toMatchObject({ code: '23503' });
    await client.query('INSERT INTO guests VALUES (3, 1)');
    await expect(
      client.query('INSERT INTO guests VALUES (4, 1); INSERT INTO guests VALUES (5, 7)'),
    ).rejects.toMatchObject({
      code: '23503',
    });
    expect((await client.query('SELECT id FROM guests ORDER BY id')).rows).toEqual([{ id: 1 }, { id: 3 }]);
    await client.end();
  } finally {
    await gateway.end('SIGTERM');
    await server.stop();
  }
  const completed = (await entriesOf(`${gateway.directory}/data`)).filter(({ kind }) => kind === 'statement.completed');
  await gateway.stop();
  expect(
    completed.map((entry) => [entry.kind === 'statement.completed' && entry.tag, 'error' in entry && entry.error]),
  ).toEqual([
    ['INSERT 0 1', null],
    ['', '23503'],
    ['INSERT 0 1', null],
    // In a transaction of two, as in a block: the first was done, and undone with the second.
    ['INSERT 0 1', null],
    ['', '23503'],
    ['SELECT 2', null],
  ]);
});
