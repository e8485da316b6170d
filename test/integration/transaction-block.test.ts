/**
 * Statements of which the server asks, as they run, whether they stand in a transaction block: what the gateway asked
 * the server about them before makes none.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { majorsUnderTest } from '../harness/postgres-majors.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { TRUSTED_POLICIES } from '../transparency/regression/trusted-policy.ts';

const DATABASE = 'block';
const USER = { username: 'ana', name: 'Ana', email: 'ana@example.com', password: 'ana-password', groups: ['trusted'] };

const SCHEMA = `
  CREATE TABLE place (note text);
  CREATE PROCEDURE put(what text) LANGUAGE plpgsql AS $$ BEGIN INSERT INTO place VALUES (what); COMMIT; END $$`;

const WAYS = {
  'in the simple protocol': () => ({}),
  'in the extended protocol': () => ({ queryMode: 'extended' }),
  'as a named statement': (text: string) => ({ name: text }),
};

/** Everything that a client sees of an answer. */
async function answer(of: pg.Client, text: string, way: keyof typeof WAYS): Promise<unknown> {
  try {
    const { command, rows } = await of.query({ text, ...WAYS[way](text) });
    return { command, rows };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return { code: error.code, message: error.message };
  }
}

describe.each(await majorsUnderTest())('PostgreSQL %i', (major) => {
  let server: PostgresServer;
  let gateway: TestGateway;
  let direct: pg.Client;
  let client: pg.Client;

  beforeAll(async () => {
    server = await startPostgres({ major });
    await server.admin(`CREATE DATABASE ${DATABASE}`);
    await server.admin(SCHEMA, DATABASE);
    gateway = await startGateway({
      users: [USER],
      resources: [
        {
          name: DATABASE,
          upstream: { host: server.host, port: server.port, database: DATABASE },
          credential: { username: server.superuser, password: server.password },
          labelsCsv: 'schema,table,column,label,category\n',
          unclassified: 'public',
        },
      ],
      policies: { 'trusted.cedar': TRUSTED_POLICIES },
    });
    direct = new pg.Client({ connectionString: server.uri(DATABASE) });
    const minted = await gateway.mintSession(USER.username, DATABASE, 'blocks');
    client = new pg.Client({
      host: '127.0.0.1',
      port: gateway.postgresPort,
      user: minted.username,
      password: minted.secret,
      database: minted.database,
    });
    for (const one of [direct, client]) await one.connect();
  });
  afterAll(async () => {
    await client?.end();
    await direct?.end();
    await gateway?.stop();
    await server?.stop();
  });

  it.each(Object.keys(WAYS) as (keyof typeof WAYS)[])('answers them as directly, sent %s', async (way) => {
    const texts = [
      ...["CALL put('first')", "CALL put('again')", "CALL put('again')", 'SELECT note FROM place ORDER BY note'],
      ...['DECLARE c CURSOR FOR SELECT note FROM place', 'DECLARE h CURSOR WITH HOLD FOR SELECT note FROM place'],
      ...['FETCH h', 'CLOSE h', 'LOCK TABLE place', 'SAVEPOINT a', 'BEGIN', 'SAVEPOINT a', 'LOCK TABLE place'],
      ...['DECLARE c CURSOR FOR SELECT note FROM place', 'FETCH c', "CALL put('inside')", 'ROLLBACK TO a', 'CLOSE c'],
      ...['COMMIT', 'VACUUM place', 'CREATE INDEX CONCURRENTLY at ON place (note)', 'DROP INDEX CONCURRENTLY at'],
      ...["CALL put('last')", 'SELECT note FROM place ORDER BY note', 'TRUNCATE place'],
    ];
    const outcomes = [];
    // One after the other: both change the same database.
    for (const one of [direct, client]) {
      const seen = [];
      for (const text of texts) seen.push([text, await answer(one, text, way)]);
      outcomes.push(seen);
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[1]?.[0]).toEqual(["CALL put('first')", { command: 'CALL', rows: [] }]);
  });
});
