/** A nightly report on a real database behind a real gateway: a workflow that may see everything, and its people. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiClient, SessionTerms } from '../../../agent-tunnel/src/client/api-client.ts';
import { startGateway, type TestGateway } from '../../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../../harness/postgres-server.ts';
import { type ProgramResult, runProgram } from '../../harness/program.ts';

export const RESOURCE = 'orders-db';
export const WORKFLOW = 'nightly';
const OWNER = 'nightly_owner';
const DEFAULTS = join(import.meta.dirname, '../../../gateway/src/policy/defaults');

/** The job as it was written: orders by country, with a word on who ordered most. */
export const NIGHTLY = `
BEGIN;
CREATE TEMPORARY TABLE totals AS
  SELECT c.country, c.email, count(*) AS orders
  FROM shop.customers c JOIN shop.orders o ON o.customer_id = c.id GROUP BY c.country, c.email;
INSERT INTO reporting.daily (country, orders, note) SELECT country, orders, email FROM totals;
COMMIT;
SELECT country, orders FROM reporting.daily ORDER BY country;
`;
/** The same with one column more in its join. */
export const TAMPERED = NIGHTLY.replace(
  'c.country, c.email, count',
  "c.country, c.email || ' ' || c.ssn AS email, count",
).replace('GROUP BY c.country, c.email;', 'GROUP BY c.country, c.email, c.ssn;');

const person = (username: string, name: string, groups: readonly string[]) => ({
  ...{ username, name, groups },
  email: `${username}@test.example`,
  password: `${username}-password`,
});
const agent = (clientId: string, groups: readonly string[], mayActFor: readonly string[]) => ({
  ...{ clientId, groups, mayActFor },
  authentication: { kind: 'secret' as const, clientSecret: `${clientId}-secret` },
});

/** Whoever runs the workflow may see and use all; what it may do with that, its baseline says. */
const POLICIES = `
@id("the-workflow-sees-all")
permit (
  principal,
  action in [Sluice::Action::"reveal", Sluice::Action::"shape", Sluice::Action::"fault", Sluice::Action::"writeDown"],
  resource
)
when { principal in Sluice::Group::"executors" || principal in Sluice::Group::"analysts" };

@id("executors-run-workflows")
@message("executors run workflows, and nothing else")
forbid (principal in Sluice::Group::"executors", action == Sluice::Action::"connect", resource)
unless { context has workflow };
`;

export type Nightly = {
  readonly server: PostgresServer;
  readonly gateway: TestGateway;
  /** The executor on behalf of the analyst. */
  executor(): Promise<ApiClient>;
  /** The planner on behalf of the analyst. */
  planner(): Promise<ApiClient>;
  tokens(): Promise<{ readonly executor: string; readonly planner: string }>;
  /** Runs a script with psql, as the executor, in a session of its own. */
  psql(script: string, terms?: SessionTerms, as?: ApiClient): Promise<ProgramResult>;
  stop(): Promise<void>;
};

export async function startNightly(
  workflow: { readonly unapproved?: 'learn' | 'hold' } = {},
  approvals: { readonly count?: number } = {},
): Promise<Nightly> {
  const server = await startPostgres();
  await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${OWNER}'`);
  await server.admin(`CREATE DATABASE orders OWNER ${OWNER}`);
  await server.admin(
    `SET ROLE ${OWNER};
     CREATE SCHEMA shop; CREATE SCHEMA reporting;
     CREATE TABLE shop.customers (id int PRIMARY KEY, name text, email text, ssn text, country text);
     CREATE TABLE shop.orders (id int PRIMARY KEY, customer_id int, total numeric);
     CREATE TABLE reporting.daily (country text, orders bigint, note text);
     INSERT INTO shop.customers VALUES (1, 'Ana', 'ana@x', '111-11-1111', 'CH'), (2, 'Bo', 'bo@x', '222-22-2222', 'DE');
     INSERT INTO shop.orders VALUES (1, 1, 10), (2, 1, 20), (3, 2, 30)`,
    'orders',
  );
  const gateway = await startGateway({
    users: [
      person('analyst', 'Ann Analyst', ['analysts']),
      person('colleague', 'Cleo Colleague', ['analysts']),
      person('dana', 'Dana Protection', ['data-protection']),
      person('dora', 'Dora Protection', ['data-protection']),
      person('root', 'Ada Admin', ['admin', 'data-protection']),
      person('stranger', 'Sam Stranger', []),
    ],
    agents: [
      agent('nightly-executor', ['executors'], ['analyst', 'dana', 'nightly-planner']),
      agent('nightly-planner', ['planners'], ['analyst']),
    ],
    resources: [
      {
        name: RESOURCE,
        upstream: { host: server.host, port: server.port, database: 'orders' },
        credential: { username: OWNER, password: OWNER },
        labelsCsv:
          'schema,table,column,label,category\nshop,customers,ssn,regulated,pii.ssn\nshop,customers,email,confidential,pii.email\n',
        unclassified: 'internal',
      },
    ],
    policies: {
      ...Object.fromEntries(
        ['access', 'reading', 'writing'].map((name) => [
          `${name}.cedar`,
          readFileSync(join(DEFAULTS, `${name}.cedar`), 'utf8'),
        ]),
      ),
      'nightly.cedar': POLICIES,
    },
    documents: [
      {
        kind: 'workflow',
        name: WORKFLOW,
        resources: [RESOURCE],
        groups: ['executors', 'analysts', 'planners'],
        ...workflow,
      },
      { kind: 'workflow', name: 'weekly', resources: [RESOURCE], groups: ['nobody'] },
      {
        kind: 'approvers',
        for: { label: 'regulated' },
        groups: ['data-protection'],
        count: approvals.count ?? 1,
        expires: '15m',
      },
    ],
    limits: { holdSeconds: 0, holdInTransactionSeconds: 0 },
  });
  const scripts = await mkdtemp(join(tmpdir(), 'sluice-nightly-'));
  const tokens = async () => {
    const analyst = await gateway.tokenOf('analyst');
    return {
      executor: await gateway.tokenOfAgent('nightly-executor', analyst),
      planner: await gateway.tokenOfAgent('nightly-planner', analyst),
    };
  };
  const executor = async () => gateway.apiWith((await tokens()).executor);
  return {
    server,
    gateway,
    executor,
    planner: async () => gateway.apiWith((await tokens()).planner),
    tokens,
    psql: async (script, terms = { workflow: WORKFLOW }, as) => {
      const minted = await (as ?? (await executor())).mintSession(RESOURCE, 'nightly', terms);
      const file = join(scripts, 'nightly.sql');
      await writeFile(file, script);
      return await runProgram('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-f', file], {
        env: {
          PGHOST: '127.0.0.1',
          PGPORT: String(gateway.postgresPort),
          PGUSER: minted.username,
          PGPASSWORD: minted.secret,
          PGDATABASE: minted.database,
          PGSSLMODE: 'disable',
        },
      });
    },
    stop: async () => {
      await gateway.stop();
      await server.stop();
      await rm(scripts, { recursive: true, force: true });
    },
  };
}
