/** A gateway in front of a database with functions, and a client whose labelled columns are masked. */
import pg from 'pg';
import { type GatewayResource, startGateway, type TestGateway } from '../../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../../harness/postgres-server.ts';
import { GRANTS, LABELS, SCHEMA } from './schema.ts';

export const RESOURCE = 'shop';
const USERS = [
  { username: 'clerk', name: 'Clerk', email: 'clerk@test.example', password: 'clerk', groups: ['clerks'] },
  { username: 'root', name: 'Root', email: 'root@test.example', password: 'root', groups: ['admin'] },
];

export type FunctionsGateway = {
  readonly server: PostgresServer;
  readonly gateway: TestGateway;
  /** A new session of the clerk; ended with the rest. */
  connect(): Promise<pg.Client>;
  stop(): Promise<void>;
};

/** `declared`: the functions of the configuration, once the database is there. */
export async function startFunctionsGateway(
  major: number,
  declared: (server: PostgresServer) => Promise<readonly object[]> = async () => [],
): Promise<FunctionsGateway> {
  const server = await startPostgres({ major, settings: { log_min_messages: 'fatal' } });
  await server.admin(SCHEMA + GRANTS);
  const resource: GatewayResource = {
    name: RESOURCE,
    upstream: { host: server.host, port: server.port, database: 'postgres' },
    credential: { username: 'app_gateway', password: 'pw' },
    labelsCsv: LABELS,
    unclassified: 'public',
    functions: await declared(server),
  };
  const gateway = await startGateway({
    resources: [resource],
    users: USERS,
    limits: { holdSeconds: 0, holdInTransactionSeconds: 0 },
  });
  const clients: pg.Client[] = [];
  return {
    server,
    gateway,
    connect: async () => {
      const minted = await gateway.mintSession('clerk', RESOURCE);
      const client = new pg.Client({
        host: '127.0.0.1',
        port: gateway.postgresPort,
        user: minted.username,
        password: minted.secret,
        database: RESOURCE,
        ssl: false,
      });
      // Sessions that the gateway ends are a part of the tests.
      client.on('error', () => undefined);
      await client.connect();
      clients.push(client);
      return client;
    },
    stop: async () => {
      await Promise.allSettled(clients.map((client) => client.end()));
      await gateway.stop();
      await server.stop();
    },
  };
}

/** The rows of a query as text, or `refused: …` with the engine's rule, or the error's words. */
export async function outcome(client: pg.Client, text: string): Promise<string> {
  try {
    const { rows } = await client.query<unknown[]>({ text, rowMode: 'array', types: AS_TEXT });
    return rows.map((row) => row.map((cell) => (cell === null ? '∅' : String(cell))).join('|')).join(' ');
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const rule = /policy ([\w:-]+)/.exec(error.message)?.[1];
    return rule === undefined ? `${error.code ?? ''} ${error.message}` : `refused by ${rule}`;
  }
}

/** As the server wrote them. */
const AS_TEXT = { getTypeParser: () => (value: string) => value };
