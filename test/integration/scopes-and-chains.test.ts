/** What tokens are confined to, and who in a chain may what: real sign-ins, exchanges, statements, and the record. */
import { basename, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDefaultPolicies } from '../../gateway/src/config/shipped-policies.ts';
import type { Entry } from '../../gateway/src/evidence/entry.ts';
import { readBlocks } from '../../gateway/src/evidence/read-log.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const [SHOP, STORE] = ['shop-db', 'store-db'];
const OWNER = 'shop_owner';
const OFFICERS_SEE = `
@id("officers-see")
permit (principal in Sluice::Group::"officers", action == Sluice::Action::"reveal", resource in Sluice::Category::"pii");`;

let server: PostgresServer;
let gateway: TestGateway;

beforeAll(async () => {
  server = await startPostgres();
  await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${OWNER}'`);
  await server.admin(`CREATE DATABASE shop OWNER ${OWNER}`);
  await server.admin(
    `SET ROLE ${OWNER};
     CREATE TABLE customers (id int PRIMARY KEY, ssn text);
     CREATE TABLE notes (note text);
     CREATE FUNCTION add_note(text) RETURNS void LANGUAGE sql AS 'INSERT INTO notes VALUES ($1)';
     INSERT INTO customers VALUES (1, '111-11-1111')`,
    'shop',
  );
  const person = (username: string, ...groups: string[]) => ({
    ...{ username, groups, name: username, email: `${username}@test.example`, password: `${username}-password` },
  });
  const resource = (name: string) => ({
    name,
    upstream: { host: server.host, port: server.port, database: 'shop' },
    credential: { username: OWNER, password: OWNER },
    labelsCsv: 'schema,table,column,label,category\npublic,customers,ssn,regulated,pii.ssn\n',
    unclassified: 'internal' as const,
  });
  gateway = await startGateway({
    users: [person('ann', 'officers'), person('dana', 'data-protection'), person('olga', 'auditor')],
    agents: [
      ['planner', 'planners'],
      ['scheduler', 'jobs'],
      ['executor', 'officers'],
      ['deputy', 'officers'],
    ].map(([clientId = '', group = '']) => ({
      ...{ clientId, groups: [group], mayActFor: ['ann'] },
      authentication: { kind: 'secret', clientSecret: `${clientId}-secret` },
    })),
    resources: [resource(SHOP), resource(STORE)],
    policies: {
      ...Object.fromEntries(readDefaultPolicies().map(({ file, text }) => [basename(file), text])),
      'officers.cedar': OFFICERS_SEE,
    },
    documents: [
      { kind: 'approvers', for: { label: 'regulated' }, groups: ['data-protection'], count: 1, expires: '15m' },
    ],
    limits: { holdSeconds: 0 },
  });
});
afterAll(async () => {
  await gateway?.stop();
  await server?.stop();
});

const tokenOf = async (username: string, ...scopes: string[]) => (await gateway.signIn(username, scopes)).accessToken;

/** Runs one statement on a session of its own, as the bearer of the token. */
async function run(token: string, statement: string, resource = SHOP): Promise<unknown> {
  const client = new Client({
    ...{ host: '127.0.0.1', port: gateway.postgresPort, database: resource, user: resource, password: token },
    ssl: { rejectUnauthorized: false },
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(statement)).rows;
  } catch (error) {
    return error;
  } finally {
    await client.end();
  }
}

async function entries<Kind extends Entry['kind']>(kind: Kind): Promise<Extract<Entry, { kind: Kind }>[]> {
  const found: Extract<Entry, { kind: Kind }>[] = [];
  const isOfKind = (entry: Entry): entry is Extract<Entry, { kind: Kind }> => entry.kind === kind;
  const directory = join(gateway.directory, 'data', 'evidence');
  for await (const block of readBlocks(directory, { from: 0, until: Number.MAX_SAFE_INTEGER }))
    found.push(...block.entries.map(({ entry }) => entry).filter(isOfKind));
  return found;
}

const refused = (words: string) => expect.objectContaining({ code: '42501', message: expect.stringContaining(words) });
const insufficient = expect.objectContaining({
  code: 'REFUSED_BY_POLICY',
  message: expect.stringContaining('does not have the scope'),
});
const said = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('a token that is confined', () => {
  test('to reading reads, and writes nothing', async () => {
    const token = await tokenOf('ann', 'sluice:read');
    expect(await run(token, 'SELECT ssn FROM customers')).toEqual([{ ssn: '111-11-1111' }]);
    for (const statement of [
      "INSERT INTO notes VALUES ('x')",
      "WITH made AS (INSERT INTO notes VALUES ('x') RETURNING note) SELECT * FROM made",
      'CREATE TABLE more (id int)',
      'TRUNCATE notes',
      "SELECT add_note('x')",
      'COPY notes FROM STDIN',
    ])
      expect(await run(token, statement)).toEqual(refused('the access token is confined to sluice:read'));
    expect(await run(token, 'SELECT count(*)::int AS n FROM notes')).toEqual([{ n: 0 }]);
    expect(await run(await tokenOf('ann', 'sluice:write'), "INSERT INTO notes VALUES ('kept') RETURNING note")).toEqual(
      [{ note: 'kept' }],
    );
  });

  test('to one resource opens no other, and the record says what it is confined to', async () => {
    const token = await tokenOf('ann', `sluice:read:${SHOP}`);
    expect(await run(token, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await run(token, 'SELECT 1', STORE)).toEqual(refused('may not open a session on store-db'));
    const opened = (await entries('session.opened')).filter(({ principal }) => principal.scopes !== undefined);
    expect(opened.at(-1)).toMatchObject({ resource: SHOP, principal: { scopes: [`sluice:read:${SHOP}`] } });
    expect((await entries('session.refused')).at(-1)).toMatchObject({
      resource: STORE,
      principal: { name: 'ann', scopes: [`sluice:read:${SHOP}`] },
      reasons: [{ policyId: 'engine:scope' }],
    });
    const api = gateway.apiWith(token);
    expect((await api.resources()).map(({ name, connect }) => [name, connect])).toEqual([
      [SHOP, 'allow'],
      [STORE, 'refuse'],
    ]);
  });

  test('is so by its session secret as well, and another token does not widen that', async () => {
    const confined = gateway.apiWith(await tokenOf('ann', `sluice:read:${SHOP}`));
    expect(await said(confined.mintSession(STORE, 'test'))).toMatchObject({ code: 'REFUSED_BY_POLICY' });
    const { sessionId, username, secret } = await confined.mintSession(SHOP, 'test');
    const free = gateway.apiWith(await tokenOf('ann'));
    expect(await said(free.renewSession(sessionId))).toMatchObject({ code: 'SESSION_ENDED' });
    const client = new Client({
      ...{ host: '127.0.0.1', port: gateway.postgresPort, database: SHOP, user: username, password: secret },
      ssl: { rejectUnauthorized: false },
    });
    await client.connect();
    expect(await said(client.query("INSERT INTO notes VALUES ('x')"))).toEqual(
      refused('confined to sluice:read:shop-db'),
    );
    await client.end();
  });

  test('decides nothing unless it is for that', async () => {
    const held = await run(await tokenOf('ann'), 'INSERT INTO notes SELECT ssn FROM customers');
    expect(held).toEqual(refused('is held for approval'));
    const [, id = ''] = /request (req_[\w-]+)/.exec(String(held)) ?? [];
    const reading = gateway.apiWith(await tokenOf('dana', 'sluice:read'));
    expect(await said(reading.calls.approveRequest(id, { note: '' }))).toEqual(insufficient);
    const elsewhere = gateway.apiWith(await tokenOf('dana', `sluice:approve:${STORE}`));
    expect(await said(elsewhere.calls.approveRequest(id, { note: '' }))).toEqual(insufficient);
    const approving = await tokenOf('dana', `sluice:approve:${SHOP}`);
    expect(await run(approving, 'SELECT 1')).toEqual(refused('may not open a session'));
    expect(await gateway.apiWith(approving).calls.approveRequest(id, { note: '' })).toMatchObject({
      state: 'approved',
    });
  });

  test('reads the record only with the scope of an auditor', async () => {
    const [reading, auditing] = [await tokenOf('olga', 'sluice:read'), await tokenOf('olga', 'sluice:audit')];
    const asked = (token: string) => said(gateway.apiWith(token).sessions(10));
    expect(await asked(reading)).toEqual([]);
    expect(await asked(auditing)).toContainEqual(expect.objectContaining({ resource: SHOP }));
    expect(await said(gateway.apiWith(reading).holds())).toEqual(insufficient);
    expect(await run(auditing, 'SELECT 1')).toEqual(refused('may not open a session'));
  });

  test('is told by `why` what it would take', async () => {
    const api = gateway.apiWith(await tokenOf('ann', `sluice:read:${SHOP}`));
    expect(await api.why(SHOP, "UPDATE notes SET note = 'x'")).toMatchObject({
      effect: 'refuse',
      reasons: [{ policyId: 'engine:scope', remedy: expect.stringContaining('sluice:write:shop-db') }],
    });
  });
});

describe('a child', () => {
  test('that asks for more than its parent gets nothing, one that asks for less gets that', async () => {
    const ann = await tokenOf('ann', 'sluice:read', 'sluice:plan');
    const asks = (...scopes: string[]) => said(gateway.tokenOfAgent('scheduler', ann, scopes));
    const invalid = expect.objectContaining({ error: 'invalid_scope' });
    expect(await asks('sluice', 'sluice:write')).toEqual(invalid);
    expect(await asks('sluice', 'sluice:read', 'sluice:approve')).toEqual(invalid);
    // Without any it would be confined to nothing.
    expect(await asks('sluice')).toEqual(invalid);
    const child = await gateway.tokenOfAgent('scheduler', ann, ['sluice', `sluice:read:${SHOP}`]);
    expect(await said(gateway.tokenOfAgent('executor', child, ['sluice', 'sluice:read']))).toEqual(invalid);
    expect(await said(gateway.tokenOfAgent('executor', child, ['sluice', `sluice:read:${STORE}`]))).toEqual(invalid);
    // What it does not ask about it has of its parent.
    const grandchild = await gateway.tokenOfAgent('executor', child);
    expect(await run(grandchild, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await gateway.apiWith(grandchild).whoami()).principal).toMatchObject({
      chain: [{ name: 'ann' }, { name: 'scheduler' }, { name: 'executor' }],
      scopes: [`sluice:read:${SHOP}`],
    });
    expect((await entries('session.opened')).at(-1)?.principal).toMatchObject({
      chain: [{ kind: 'user', name: 'ann' }, { name: 'scheduler' }, { name: 'executor' }],
      ...{ groups: ['officers'], linkGroups: [['jobs']], scopes: [`sluice:read:${SHOP}`] },
    });
  });
});

describe('a chain', () => {
  const through = async (...clientIds: string[]) => {
    let token = await tokenOf('ann');
    for (const clientId of clientIds) token = await gateway.tokenOfAgent(clientId, token);
    return token;
  };
  const SSN = 'SELECT ssn FROM customers';

  test('shows what the person and the agent that acts may see, whoever passed it on', async () => {
    const seen = [{ ssn: '111-11-1111' }];
    expect(await run(await through('executor'), SSN)).toEqual(seen);
    expect(await run(await through('scheduler', 'executor'), SSN)).toEqual(seen);
    expect(await run(await through('deputy', 'scheduler'), SSN)).toEqual([{ ssn: null }]);
  });

  test('goes from a planner to an executor, and is on record', async () => {
    expect(await run(await through('planner', 'executor'), SSN)).toEqual([{ ssn: '111-11-1111' }]);
    expect((await entries('session.opened')).at(-1)?.principal).toMatchObject({
      chain: [{ name: 'ann' }, { name: 'planner' }, { name: 'executor' }],
      linkGroups: [['planners']],
    });
  });

  test('that ends with a planner opens no data session', async () => {
    expect(await run(await through('executor', 'planner'), 'SELECT 1')).toEqual(
      refused('planners do not open data sessions'),
    );
    expect((await entries('session.refused')).at(-1)).toMatchObject({
      principal: { chain: [{ name: 'ann' }, { name: 'executor' }, { name: 'planner' }] },
      reasons: [{ policyId: 'planners-open-no-session' }],
    });
  });
});
