/** pg_cursors is read by a Query of its own: the client sees its own cursors, and is told that no transaction is open. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { majorsUnderTest } from '../harness/postgres-majors.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const USER = { username: 'ana', name: 'Ana', email: 'ana@example.com', password: 'ana-password', groups: ['analysts'] };

for (const major of await majorsUnderTest()) {
  describe(`PostgreSQL ${major}`, () => {
    let server: PostgresServer;
    let gateway: TestGateway;

    beforeAll(async () => {
      server = await startPostgres({ major });
      await server.admin(`CREATE ROLE lister LOGIN PASSWORD 'lister'`);
      await server.admin('CREATE DATABASE listed OWNER lister');
      gateway = await startGateway({
        users: [USER],
        resources: [
          {
            name: 'listed-db',
            upstream: { host: server.host, port: server.port, database: 'listed' },
            credential: { username: 'lister', password: 'lister' },
            labelsCsv: 'schema,table,column,label\n',
            unclassified: 'public',
          },
        ],
      });
    }, 120_000);

    afterAll(async () => {
      await gateway?.stop();
      await server?.stop();
    });

    it('a client that looks at its cursors is outside of a transaction before and after', async () => {
      const { username, secret, database } = await gateway.mintSession(USER.username, 'listed-db', 'test');
      const client = new pg.Client({
        host: '127.0.0.1',
        port: gateway.postgresPort,
        user: username,
        password: secret,
        database,
      });
      await client.connect();
      const statuses: string[] = [];
      const { connection } = client as pg.Client & { readonly connection: pg.Connection };
      connection.on('readyForQuery', ({ status }: { readonly status: string }) => statuses.push(status));
      await client.query('DECLARE c CURSOR WITH HOLD FOR SELECT 1');
      const { rows } = await client.query('SELECT name FROM pg_cursors');
      await client.query('CLOSE c');
      await client.end();
      expect(rows).toEqual([{ name: 'c' }]);
      expect(statuses).toEqual(['I', 'I', 'I']);
    });
  });
}
