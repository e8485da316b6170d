/** A shop behind a gateway whose identity provider tells of logouts, and real clients of it. */
import { join } from 'node:path';
import { Client } from 'pg';
import type { ApiClient } from '../../../agent-tunnel/src/client/api-client.ts';
import type { Entry } from '../../../gateway/src/evidence/entry.ts';
import { readBlocks } from '../../../gateway/src/evidence/read-log.ts';
import { startGateway, type TestGateway } from '../../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../../harness/postgres-server.ts';

export const RESOURCE = 'shop-db';
/** One for each test: what is issued in the second of a revocation is revoked. */
const PEOPLE = ['analyst', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy'] as const;
const OWNER = 'shop_owner';

const person = (username: string, groups: readonly string[]) => ({
  ...{ username, groups, name: username, email: `${username}@test.example` },
  password: `${username}-password`,
});

/** `ended` is the error that ended it, null when there was none. */
export type LiveClient = { readonly client: Client; readonly ended: Promise<Error | null> };

export class RevocationSite {
  readonly server: PostgresServer;
  readonly gateway: TestGateway;

  private constructor(server: PostgresServer, gateway: TestGateway) {
    this.server = server;
    this.gateway = gateway;
  }

  /** `issuer`: more members of the issuer's document. */
  static async start(issuer: object = {}, documents: readonly object[] = []): Promise<RevocationSite> {
    const server = await startPostgres();
    await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${OWNER}'`);
    await server.admin(`CREATE DATABASE shop OWNER ${OWNER}`);
    await server.admin(
      `SET ROLE ${OWNER};
       CREATE SCHEMA shop;
       CREATE TABLE shop.customers (id int PRIMARY KEY, ssn text);
       CREATE TABLE shop.notes (note text);
       INSERT INTO shop.customers VALUES (1, '111-11-1111')`,
      'shop',
    );
    const gateway = await startGateway({
      users: [
        ...PEOPLE.map((username) => person(username, ['analysts'])),
        person('dana', ['data-protection']),
        person('root', ['admin']),
      ],
      agents: ['planner', 'executor'].map((clientId) => ({
        ...{ clientId, groups: ['agents'], mayActFor: [...PEOPLE, 'planner'] },
        authentication: { kind: 'secret', clientSecret: `${clientId}-secret` },
      })),
      resources: [
        {
          name: RESOURCE,
          upstream: { host: server.host, port: server.port, database: 'shop' },
          credential: { username: OWNER, password: OWNER },
          labelsCsv: 'schema,table,column,label,category\nshop,customers,ssn,regulated,pii.ssn\n',
          unclassified: 'internal',
        },
      ],
      documents: [
        { kind: 'approvers', for: { label: 'regulated' }, groups: ['data-protection'], count: 1, expires: '15m' },
        ...documents,
      ],
      limits: { holdSeconds: 60 },
      ...{ backchannelLogout: true, issuer },
    });
    return new RevocationSite(server, gateway);
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.server.stop();
  }

  /** A client with a session secret that this caller of the API gets. */
  async connect(api: ApiClient): Promise<LiveClient> {
    const { username, secret } = await api.mintSession(RESOURCE, 'node-postgres');
    return await this.connectAs(username, secret);
  }

  /** A client with a user name and a password, which may be an access token. */
  async connectAs(user: string, password: string): Promise<LiveClient> {
    const client = new Client({
      ...{ host: '127.0.0.1', port: this.gateway.postgresPort, database: RESOURCE, user, password },
      ssl: { rejectUnauthorized: false },
    });
    const { promise: ended, resolve } = Promise.withResolvers<Error | null>();
    client.on('error', resolve);
    client.on('end', () => resolve(null));
    await client.connect();
    return { client, ended };
  }

  /** The agents, one behind the other, on behalf of whom the token stands for. */
  async agents(accessToken: string, ...clientIds: readonly string[]): Promise<ApiClient> {
    let token = accessToken;
    for (const clientId of clientIds) token = await this.gateway.tokenOfAgent(clientId, token);
    return this.gateway.apiWith(token);
  }

  async entries<Kind extends Entry['kind']>(kind: Kind): Promise<Extract<Entry, { kind: Kind }>[]> {
    const found: Extract<Entry, { kind: Kind }>[] = [];
    const isOfKind = (entry: Entry): entry is Extract<Entry, { kind: Kind }> => entry.kind === kind;
    const directory = join(this.gateway.directory, 'data', 'evidence');
    for await (const block of readBlocks(directory, { from: 0, until: Number.MAX_SAFE_INTEGER }))
      found.push(...block.entries.map(({ entry }) => entry).filter(isOfKind));
    return found;
  }

  /** How many statements with these words PostgreSQL runs now. */
  async running(words: string): Promise<number> {
    const rows = await this.server.admin(
      `SELECT query FROM pg_stat_activity WHERE usename = '${OWNER}' AND state = 'active' AND query LIKE '%${words}%'`,
    );
    return [...rows].length;
  }
}

/** Asks again until it is so; the test's own time limit ends a hang. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}

/** The error of a statement; null when it ran. */
export function errorOf(statement: Promise<unknown>): Promise<Error | null> {
  return statement.then(
    () => null,
    (error: Error) => error,
  );
}
