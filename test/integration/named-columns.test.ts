/**
 * A column that a statement makes, and that is called like something classified, waits for an approver; once approved it
 * has the label that its name proposes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../agent-tunnel/src/client/api-client.ts';
import { entriesOf } from '../harness/evil-site.ts';
import { type GatewayResource, startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const RESOURCE = 'crm';
/** The same database, without names. */
const UNNAMED = 'crm-unnamed';
const NAMES = [
  { category: 'pii.ssn', patterns: ['ssn', 'social_security*', '*_ssn'] },
  { category: 'pii.phone', label: 'confidential' },
  { category: 'pii.nickname', label: 'internal', patterns: ['nickname'] },
];
const SCHEMA = `
  CREATE SCHEMA reporting;
  CREATE TABLE public.customers (id int PRIMARY KEY, tax text, phone text);
  INSERT INTO public.customers VALUES (1, '123-45-6001', '030 12'), (2, '123-45-6002', '030 13');
  CREATE TABLE public.daily (id int PRIMARY KEY, note text, code text, remark text, memo text);
  INSERT INTO public.daily VALUES (1, 'first', 'c1', 'r1', 'm1');
  CREATE TABLE public.model (id int, customer_ssn text);
  CREATE TABLE public.parent (id int, ssn text) PARTITION BY RANGE (id);
  CREATE VIEW public.shows AS SELECT id, memo AS said FROM public.daily;`;
const LABELS = `schema,table,column,label,category
public,customers,tax,regulated,pii.tax
public,customers,phone,confidential,pii.phone
reporting,covered,ssn,regulated,pii.ssn
`;
const DEFAULTS = join(import.meta.dirname, '../../gateway/src/policy/defaults');
const SHIPPED = Object.fromEntries(
  ['access.cedar', 'reading.cedar', 'writing.cedar'].map((file) => [file, readFileSync(join(DEFAULTS, file), 'utf8')]),
);
const POLICY = `
@id("no-phones")
forbid (principal, action == Sluice::Action::"hold", resource in Sluice::Category::"pii.phone") when { context has named };
@id("owners")
permit (principal in Sluice::Group::"owners", action == Sluice::Action::"redefine", resource);
`;
const user = (username: string, groups: readonly string[]) => ({
  ...{ username, name: username, email: `${username}@corp.test`, password: 'pw', groups: [...groups] },
});

let server: PostgresServer;
let gateway: TestGateway;
let officer: ApiClient;
let admin: ApiClient;
let dev: ApiClient;
let client: pg.Client;

beforeAll(async () => {
  server = await startPostgres({ settings: { log_min_messages: 'fatal' } });
  await server.admin("CREATE ROLE sluice LOGIN PASSWORD 'upstream'");
  await server.admin('CREATE DATABASE crm OWNER sluice');
  await server.admin(`SET ROLE sluice; ${SCHEMA}`, 'crm');
  gateway = await startGateway({
    resources: [{ ...resource(RESOURCE), names: NAMES }, resource(UNNAMED)],
    users: [
      user('dev', ['developers']),
      user('owner', ['owners']),
      user('officer', ['data-protection']),
      user('admin', ['admin']),
    ],
    policies: { ...SHIPPED, 'own.cedar': POLICY },
    // A held statement answers at once, and is run again once it is approved.
    limits: { holdSeconds: 0 },
    documents: [
      { kind: 'approvers', for: { label: 'confidential' }, groups: ['data-protection'], count: 1, expires: '15m' },
      { kind: 'approvers', for: { label: 'regulated' }, groups: ['data-protection'], count: 1, expires: '15m' },
    ],
  });
  officer = await gateway.apiFor('officer');
  admin = await gateway.apiFor('admin');
  dev = await gateway.apiFor('dev');
  client = await connect('dev');
});
afterAll(async () => {
  await client?.end();
  await gateway?.stop();
  await server?.stop();
});

function resource(name: string): GatewayResource {
  return {
    name,
    upstream: { host: server.host, port: server.port, database: 'crm' },
    credential: { username: 'sluice', password: 'upstream' },
    labelsCsv: LABELS,
    unclassified: 'internal',
  };
}

async function connect(username: string, to = RESOURCE): Promise<pg.Client> {
  const minted = await gateway.mintSession(username, to, 'names');
  const connected = new pg.Client({
    host: '127.0.0.1',
    port: gateway.postgresPort,
    user: minted.username,
    password: minted.secret,
    database: minted.database,
  });
  await connected.connect();
  return connected;
}

/** Runs it, has it approved, runs it again. Answers what the approver saw. */
async function approved(statement: string): Promise<{ readonly id: string; readonly messages: readonly string[] }> {
  const error: unknown = await client.query(statement).then(
    () => new Error('it was not held'),
    (caught: unknown) => caught,
  );
  const id = /as request (\S+)/.exec(error instanceof Error ? error.message : '')?.[1];
  const request = (await officer.requests('pending')).find((each) => each.id === id);
  if (id === undefined || request === undefined) throw error;
  await officer.decide(id, 'approve', 'seen', request.bindingHash);
  await client.query(statement);
  return { id, messages: request.reasons.map(({ message }) => message) };
}

async function cell(sql: string): Promise<unknown> {
  const { rows } = await client.query({ text: sql, rowMode: 'array' });
  return rows[0]?.[0];
}

async function changesOf(column: string) {
  return (await admin.labelChanges(RESOURCE)).filter((change) => change.columns.some((each) => each.column === column));
}

describe('a column that is called like something classified', () => {
  it('is held, made with the label that its name proposes, and loses it when that is taken back', async () => {
    const notices: string[] = [];
    client.on('notice', ({ message = '' }) => notices.push(message));
    const { id, messages } = await approved('CREATE TABLE reporting.daily (id int, "customerSsn" text)');
    const told =
      'reporting.daily.customerSsn would be called pii.ssn (regulated) by its name: approve to make it with that label';
    expect(messages).toEqual([told]);
    expect(notices.join('\n')).toContain(`held for approval as request ${id}: ${told}`);
    await client.query("INSERT INTO reporting.daily VALUES (1, '123-45-6001')");
    expect(await cell('SELECT "customerSsn" FROM reporting.daily')).toBeNull();
    await expect(client.query('SELECT 1 FROM reporting.daily WHERE "customerSsn" = \'x\'')).rejects.toThrow(
      /may not decide/,
    );

    const [change] = await changesOf('reporting.daily.customerSsn');
    expect(change).toMatchObject({
      state: 'live',
      requestId: id,
      columns: [{ before: null, after: 'regulated', category: 'pii.ssn', sources: [], cause: 'name' }],
    });
    await admin.revertLabels(change?.id ?? '', 'it holds test numbers');
    expect(await cell('SELECT "customerSsn" FROM reporting.daily')).toBe('123-45-6001');
  });

  it('has its label after a restart of the gateway, too', async () => {
    await approved('ALTER TABLE daily ADD COLUMN ssn text, ADD COLUMN other text');
    await client.query("UPDATE daily SET ssn = '123-45-6001', other = 'o'");
    await client.end();
    await gateway.end('SIGTERM');
    await gateway.restart();
    officer = await gateway.apiFor('officer');
    admin = await gateway.apiFor('admin');
    dev = await gateway.apiFor('dev');
    client = await connect('dev');
    expect(await cell('SELECT ssn FROM daily')).toBeNull();
    expect(await cell('SELECT other FROM daily')).toBe('o');
  });

  it('keeps its label under the name that it is given', async () => {
    expect(await cell('SELECT code FROM daily')).toBe('c1');
    const { messages } = await approved('ALTER TABLE daily RENAME COLUMN code TO social_security_no');
    expect(messages).toEqual([expect.stringMatching(/^daily\.social_security_no, made of daily\.code \(internal\), /)]);
    expect(await cell('SELECT social_security_no FROM daily')).toBeNull();
    const [change] = await changesOf('public.daily.code');
    expect(change?.columns).toContainEqual(
      expect.objectContaining({ column: 'public.daily.code', before: 'internal', after: 'regulated', cause: 'name' }),
    );
    await admin.revertLabels(change?.id ?? '', 'codes of articles');
    expect(await cell('SELECT social_security_no FROM daily')).toBe('c1');
  });

  it('is made from a query with the label', async () => {
    await approved('CREATE TABLE made AS SELECT id, remark AS ssn FROM daily');
    expect(await cell('SELECT ssn FROM made')).toBeNull();
    await approved('SELECT id, remark AS old_ssn INTO made_too FROM daily');
    expect(await cell('SELECT old_ssn FROM made_too')).toBeNull();
    await approved('CREATE MATERIALIZED VIEW stored AS SELECT remark AS ssn FROM daily');
    expect(await cell('SELECT ssn FROM stored')).toBeNull();
    expect(await cell('SELECT remark FROM daily')).toBe('r1');
  });

  it('of a view gives the label to what the view shows', async () => {
    await approved('CREATE VIEW seen (id, ssn) AS SELECT id, note FROM daily WHERE remark IS NOT NULL');
    expect(await cell('SELECT ssn FROM seen')).toBeNull();
    expect(await cell('SELECT note FROM daily')).toBeNull();
    expect(await cell('SELECT remark FROM daily')).toBe('r1');
    // What it shows has the label now.
    expect(
      (await dev.why(RESOURCE, 'CREATE VIEW seen_too AS SELECT note AS ssn FROM daily')).reasons,
    ).not.toContainEqual(expect.objectContaining({ policyId: 'named-column-needs-approval' }));
    await approved('ALTER VIEW shows RENAME COLUMN said TO ssn');
    expect(await cell('SELECT ssn FROM shows')).toBeNull();
  });

  it('is held for both reasons when classified values are copied there', async () => {
    const { messages } = await approved('CREATE TABLE phones AS SELECT phone AS work_ssn FROM customers');
    expect(messages).toContainEqual(expect.stringContaining('phones.work_ssn would be called pii.ssn'));
    expect(messages).toContainEqual(expect.stringContaining('customers.phone (confidential, pii.phone)'));
    const [change] = await changesOf('public.phones.work_ssn');
    expect(change?.columns).toMatchObject([
      { column: 'phones.work_ssn', after: 'confidential', sources: ['public.customers.phone'] },
      { column: 'public.phones.work_ssn', after: 'regulated', cause: 'name' },
    ]);
    expect((await dev.why(RESOURCE, 'SELECT work_ssn FROM phones')).statements?.[0]?.columns).toContainEqual(
      expect.objectContaining({ table: 'phones', label: 'regulated', category: 'pii' }),
    );
  });

  it('is made with the label from what was prepared', async () => {
    await client.query('PREPARE remarks AS SELECT remark AS ssn FROM daily');
    await approved('CREATE TABLE made_of AS EXECUTE remarks');
    expect(await cell('SELECT ssn FROM made_of')).toBeNull();
  });

  it('has the label in the transaction that makes it, and for others once it is committed', async () => {
    await client.query('BEGIN');
    const add = 'ALTER TABLE fresh ADD COLUMN ssn text';
    await client.query('CREATE TABLE fresh (id int)');
    await client.query('COMMIT');
    await client.query('BEGIN');
    const error: unknown = await client.query(add).catch((caught: unknown) => caught);
    const id = /as request (\S+)/.exec(String(error))?.[1];
    const request = (await officer.requests('pending')).find((each) => each.id === id);
    if (request === undefined) throw error;
    await officer.decide(request.id, 'approve', 'seen', request.bindingHash);
    await client.query('ROLLBACK');
    await client.query('BEGIN');
    await client.query(add);
    await client.query("INSERT INTO fresh VALUES (1, '123-45-6001')");
    expect(await cell('SELECT ssn FROM fresh')).toBeNull();
    await client.query('COMMIT');
    const other = await connect('dev');
    expect((await other.query('SELECT id, ssn FROM fresh')).rows).toEqual([{ id: 1, ssn: null }]);
    await other.end();
  });

  it('takes the label back when the statement fails', async () => {
    await expect(approved('CREATE TABLE failing (ssn text, ssn text)')).rejects.toThrow(/specified more than once/);
    await expect
      .poll(async () => (await changesOf('public.failing.ssn')).map(({ state }) => state), { timeout: 60_000 })
      .toEqual(['reverted']);
  });

  it('is on record with its cause', async () => {
    const followed = (await entriesOf(join(gateway.directory, 'data'))).filter(
      ({ kind }) => kind === 'labels.followed',
    );
    expect(followed).toContainEqual(
      expect.objectContaining({
        resource: RESOURCE,
        columns: [
          expect.objectContaining({ column: 'reporting.daily.customerSsn', after: 'regulated', cause: 'name' }),
        ],
      }),
    );
  });

  it.each([
    ['like another table', 'CREATE TABLE alike (LIKE model)'],
    ['with a partition key', 'CREATE TABLE keyed (id int, ssn text) PARTITION BY RANGE (id)'],
    ['for several columns', 'ALTER TABLE daily ADD COLUMN plain int, ADD COLUMN IF NOT EXISTS a_ssn text'],
    ['in a schema of its own', 'CREATE TABLE IF NOT EXISTS reporting.other (ssn text)'],
    ['in capitals', 'CREATE TABLE loud ("SSN" text)'],
  ])('is held %s', async (_how, statement) => {
    const why = await dev.why(RESOURCE, statement);
    expect(why.effect).toBe('hold');
    expect(why.reasons).toContainEqual(expect.objectContaining({ policyId: 'named-column-needs-approval' }));
    expect(why.flows).toContainEqual(expect.objectContaining({ kind: 'write', targetLabel: null, use: 'by its name' }));
  });

  it.each([
    ['in a temporary table', 'CREATE TEMP TABLE brief (ssn text)'],
    ['in a temporary table from a query', 'CREATE TEMP TABLE brief AS SELECT remark AS ssn FROM daily'],
    ['under another name', 'CREATE TABLE plain (id int, session text, ssns text)'],
    ['whose label rule is as high', 'CREATE TABLE reporting.covered (ssn text)'],
    ['that is there already', 'CREATE TABLE IF NOT EXISTS model (id int, customer_ssn text)'],
    ['that was there before', 'ALTER TABLE model ADD COLUMN IF NOT EXISTS customer_ssn text'],
    ['of a partition', 'CREATE TABLE part PARTITION OF parent (ssn NOT NULL) FOR VALUES FROM (0) TO (9)'],
    ['of a view that shows no column', "CREATE VIEW constant AS SELECT 'x' AS ssn"],
    ['with a label that policy is not asked about', 'CREATE TABLE friends (nickname text)'],
    ['in an answer', 'SELECT remark AS ssn FROM daily'],
  ])('is allowed %s', async (_where, statement) => {
    expect((await dev.why(RESOURCE, statement)).effect).toBe('allow');
  });

  it('is refused where policy forbids to ask', async () => {
    const why = await dev.why(RESOURCE, 'CREATE TABLE calls (phone text)');
    expect(why).toMatchObject({ effect: 'refuse', reasons: [{ policyId: 'no-phones' }] });
  });

  it('is allowed to whoever may change definitions without an approval', async () => {
    const owner = await gateway.apiFor('owner');
    expect((await owner.why(RESOURCE, 'CREATE TABLE owned (ssn text)')).effect).toBe('allow');
  });

  it('means nothing on a resource that lists no names', async () => {
    expect((await dev.why(UNNAMED, 'CREATE TABLE anything (ssn text, phone text)')).effect).toBe('allow');
  });
});
