/** A shop behind a gateway with the shipped policies: an analyst, an agent that acts for her, and those who look after both. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { ApiClient } from '../../../agent-tunnel/src/client/api-client.ts';
import { startGateway, type TestGateway } from '../../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../../harness/postgres-server.ts';
import type { ProgramResult } from '../../harness/program.ts';
import { type Home, makeHome, type RunningSluice } from '../../harness/sluice.ts';

export const RESOURCE = 'shop-db';
const OWNER = 'shop_owner';

const person = (username: string, name: string, groups: readonly string[]) => ({
  ...{ username, name, groups },
  email: `${username}@test.example`,
  password: `${username}-password`,
});

/** A session of a real client, with the gateway's name for it. */
export type LiveClient = { readonly client: Client; readonly sessionId: string; readonly ended: Promise<Error | null> };

export class AuditSite {
  readonly server: PostgresServer;
  readonly gateway: TestGateway;
  readonly #home: Home;
  readonly #tokens: string;

  private constructor(server: PostgresServer, gateway: TestGateway, home: Home) {
    this.server = server;
    this.gateway = gateway;
    this.#home = home;
    this.#tokens = home.directory;
  }

  /** `holdSeconds`: how long a held statement waits in its session. `evidence`: of the gateway's document. */
  static async start({
    holdSeconds = 60,
    evidence = {},
  }: {
    readonly holdSeconds?: number;
    readonly evidence?: object;
  } = {}): Promise<AuditSite> {
    const server = await startPostgres();
    await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${OWNER}'`);
    await server.admin(`CREATE DATABASE shop OWNER ${OWNER}`);
    await server.admin(
      `SET ROLE ${OWNER};
       CREATE SCHEMA shop; CREATE SCHEMA reporting;
       CREATE TABLE shop.customers (id int PRIMARY KEY, name text, email text, ssn text, country text);
       CREATE TABLE reporting.daily (country text, note text);
       CREATE TABLE shop.unused (secret text);
       CREATE TABLE reporting.watched (note text);
       CREATE FUNCTION reporting.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
       CREATE TRIGGER note BEFORE INSERT ON reporting.watched FOR EACH ROW EXECUTE FUNCTION reporting.note();
       CREATE VIEW reporting.numbers AS SELECT ssn FROM shop.customers;
       INSERT INTO shop.customers VALUES (1, 'Ana', 'ana@x', '111-11-1111', 'CH'), (2, 'Bo', 'bo@x', '222-22-2222', 'DE')`,
      'shop',
    );
    const gateway = await startGateway({
      users: [
        person('analyst', 'Ann Analyst', ['analysts']),
        person('dana', 'Dana Protection', ['data-protection']),
        person('root', 'Ada Admin', ['admin']),
        person('audrey', 'Audrey Auditor', ['auditor']),
        person('stranger', 'Sam Stranger', []),
        person('planner', 'Pia Planner', ['planners']),
      ],
      agents: [
        {
          ...{ clientId: 'nightly', groups: ['agents'], mayActFor: ['analyst'] },
          authentication: { kind: 'secret', clientSecret: 'nightly-secret' },
        },
      ],
      resources: [
        {
          name: RESOURCE,
          upstream: { host: server.host, port: server.port, database: 'shop' },
          credential: { username: OWNER, password: OWNER },
          labelsCsv:
            'schema,table,column,label,category\nshop,customers,ssn,regulated,pii.ssn\nshop,customers,email,confidential,pii.email\n',
          unclassified: 'internal',
        },
      ],
      documents: [
        { kind: 'approvers', for: { label: 'regulated' }, groups: ['data-protection'], count: 1, expires: '15m' },
        { kind: 'approvers', for: { label: 'confidential' }, groups: ['data-protection'], count: 1, expires: '15m' },
      ],
      limits: { holdSeconds },
      evidence,
    });
    const home = await makeHome({ SLUICE_GATEWAY: gateway.url.origin, SLUICE_CA: gateway.caFile });
    return new AuditSite(server, gateway, home);
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.server.stop();
    await this.#home.remove();
  }

  /** The command, as one of the people. */
  async sluice(who: string, ...args: readonly string[]): Promise<ProgramResult> {
    return await this.#home.sluice(args, { env: { SLUICE_TOKEN_FILE: await this.#tokenFile(who) } });
  }

  async startSluice(who: string, ...args: readonly string[]): Promise<RunningSluice> {
    return this.#home.start(args, { SLUICE_TOKEN_FILE: await this.#tokenFile(who) });
  }

  api(who: string): Promise<ApiClient> {
    return this.gateway.apiFor(who);
  }

  /** The agent on behalf of the analyst. */
  async agent(): Promise<ApiClient> {
    const analyst = await this.gateway.tokenOf('analyst');
    return this.gateway.apiWith(await this.gateway.tokenOfAgent('nightly', analyst));
  }

  /** A session of node-postgres, as `api` says. */
  async connect(api: ApiClient): Promise<LiveClient> {
    const minted = await api.mintSession(RESOURCE, 'node-postgres');
    const client = new Client({
      ...{ host: '127.0.0.1', port: this.gateway.postgresPort, database: RESOURCE },
      ...{ user: minted.username, password: minted.secret, ssl: { rejectUnauthorized: false } },
    });
    const { promise: ended, resolve } = Promise.withResolvers<Error | null>();
    client.on('error', resolve);
    client.on('end', () => resolve(null));
    await client.connect();
    const [newest] = await api.sessions(1);
    return { client, ended, sessionId: newest?.sessionId ?? '' };
  }

  async #tokenFile(who: string): Promise<string> {
    const file = join(this.#tokens, `${who}.token`);
    await writeFile(file, await this.gateway.tokenOf(who), { mode: 0o600 });
    return file;
  }
}
