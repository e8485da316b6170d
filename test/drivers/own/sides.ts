/** Two servers alike, one of them behind a gateway, for somebody who may see and do everything. */
import { startGateway, type TestGateway } from '../../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../../harness/postgres-server.ts';
import { TRUSTED_POLICIES } from '../../transparency/regression/trusted-policy.ts';
import { environmentOf } from '../target.ts';

export const DATABASE = 'own';
const EXTENSIONS = ['hstore', 'citext', 'btree_gin', 'btree_gist', 'pg_trgm', 'unaccent', 'ltree', 'pgcrypto'];
const USER = {
  username: 'tester',
  name: 'Tester',
  email: 'tester@test.example',
  password: 'tester',
  groups: ['trusted'],
};

export type Side = { readonly name: 'direct' | 'gateway'; readonly env: Readonly<Record<string, string>> };
export type Sides = AsyncDisposable & { readonly direct: Side; readonly gateway: Side; gatewayOutput(): string };

export async function startSides(): Promise<Sides> {
  await using stack = new AsyncDisposableStack();
  const upright = stack.use(await startServer());
  const fronted = stack.use(await startServer());
  const gateway = await startGateway({
    users: [USER],
    resources: [
      {
        name: DATABASE,
        upstream: { host: fronted.host, port: fronted.port, database: DATABASE },
        credential: { username: fronted.superuser, password: fronted.password },
        labelsCsv: 'schema,table,column,label,category\n',
        unclassified: 'public',
      },
    ],
    policies: { 'trusted.cedar': TRUSTED_POLICIES },
    limits: { holdSeconds: 0, holdInTransactionSeconds: 0 },
  });
  stack.defer(() => gateway.stop());
  const sides = { direct: directSide(upright), gateway: await gatewaySide(gateway) };
  const owned = stack.move();
  return { ...sides, gatewayOutput: () => gateway.output(), [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function startServer(): Promise<PostgresServer> {
  const server = await startPostgres({
    major: 15,
    settings: { log_min_messages: 'fatal', max_connections: 60, max_prepared_transactions: 10 },
  });
  await server.admin(`CREATE DATABASE ${DATABASE} TEMPLATE template0`);
  // SQLAlchemy's tests find it there.
  await server.admin('CREATE SCHEMA test_schema', DATABASE);
  for (const extension of EXTENSIONS) await server.admin(`CREATE EXTENSION ${extension}`, DATABASE);
  return server;
}

function directSide(server: PostgresServer): Side {
  const { host, port, superuser: user, password } = server;
  const env = environmentOf({
    ...{ name: 'direct', host, port, user, password },
    ...{ database: DATABASE, caFile: null, masks: false },
  });
  return { name: 'direct', env };
}

async function gatewaySide(gateway: TestGateway): Promise<Side> {
  const minted = await gateway.mintSession(USER.username, DATABASE);
  const env = environmentOf({
    ...{ name: 'gateway', host: '127.0.0.1', port: gateway.postgresPort, user: minted.username },
    ...{ password: minted.secret, database: DATABASE, caFile: gateway.caFile, masks: false },
  });
  return { name: 'gateway', env };
}
