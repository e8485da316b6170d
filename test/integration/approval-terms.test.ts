/** What an approval allows, end to end: psql asks, another person decides, and the gateway holds both to it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestView } from '@sluice/contract/api';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../agent-tunnel/src/client/api-client.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { runProgram } from '../harness/program.ts';
import { type Home, makeHome } from '../harness/sluice.ts';

const SQL = `
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, ssn text);
INSERT INTO customers SELECT i, 'name ' || i, '000-00-' || i FROM generate_series(1, 20) AS i;
CREATE TABLE daily (id int, note text, kind text DEFAULT 'plain');
${Array.from({ length: 9 }, (_, n) => `CREATE TABLE d${n} (LIKE daily INCLUDING ALL);`).join('\n')}
CREATE TABLE audited (id int, note text);
CREATE TABLE trail (id serial, what text);
CREATE FUNCTION trace() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO trail (what) VALUES ('a'), ('b'); RETURN NEW; END $$;
CREATE TRIGGER traced AFTER INSERT ON audited FOR EACH ROW EXECUTE FUNCTION trace();
CREATE TABLE bounded (id int, note text);
CREATE SEQUENCE numbers;
CREATE TABLE again (note text);
CREATE TABLE locked (note text);
CREATE TABLE loaded (id int, note text);
CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := (SELECT ssn FROM customers WHERE id = 1); RETURN NEW; END $$;
CREATE TRIGGER filled BEFORE INSERT ON loaded FOR EACH ROW EXECUTE FUNCTION fill();
CREATE TABLE l1 (id int, note text);
CREATE TABLE l2 (id int CHECK (id < 5), note text);
`;
const LABELS = `schema,table,column,label,category
public,customers,ssn,regulated,pii.ssn
public,customers,name,confidential,pii.name
`;
const POLICIES = {
  'held.cedar': `
@id("connect") permit (principal, action == Sluice::Action::"connect", resource);
@id("run") permit (principal, action in [Sluice::Action::"read", Sluice::Action::"write", Sluice::Action::"change",
  Sluice::Action::"transaction", Sluice::Action::"session"], resource);
@id("reveal-low") permit (principal, action == Sluice::Action::"reveal", resource) when { resource.rank < 2 };
@id("mask") permit (principal, action == Sluice::Action::"mask", resource);
@id("may-fail") permit (principal, action == Sluice::Action::"fault", resource);
@id("copy-low") permit (principal, action == Sluice::Action::"writeDown", resource) when { resource.rank < 2 };
@id("define") permit (principal, action == Sluice::Action::"hold", resource is Sluice::Resource);
@id("copy-ssn") permit (principal, action == Sluice::Action::"hold", resource is Sluice::Column) when { resource.rank == 3 };
@id("copy-names") @max_rows("3")
permit (principal, action == Sluice::Action::"hold", resource is Sluice::Column) when { resource.rank == 2 };
`,
};
const user = (username: string, groups: readonly string[]) => ({
  ...{ username, name: username, email: `${username}@corp.test`, password: 'pw', groups: [...groups] },
});

let server: PostgresServer;
let gateway: TestGateway;
let home: Home;
let officer: ApiClient;
let clerk: ApiClient;
beforeAll(async () => {
  server = await startPostgres({ settings: { log_min_messages: 'fatal' } });
  await server.admin("CREATE ROLE sluice LOGIN PASSWORD 'upstream'");
  await server.admin('CREATE DATABASE shop OWNER sluice');
  await server.admin(`SET ROLE sluice; ${SQL}`, 'shop');
  gateway = await startGateway({
    resources: [
      {
        name: 'shop',
        upstream: { host: server.host, port: server.port, database: 'shop' },
        credential: { username: 'sluice', password: 'upstream' },
        labelsCsv: LABELS,
        unclassified: 'public',
      },
    ],
    users: [
      user('admin', ['admin']),
      user('clerk', ['clerks', 'admin']),
      user('officer', ['data-protection']),
      user('auditor', ['auditor']),
    ],
    policies: POLICIES,
    limits: { holdSeconds: 30, holdInTransactionSeconds: 3 },
    documents: [
      { kind: 'approvers', for: { label: 'confidential' }, groups: ['data-protection'], count: 1, expires: '15m' },
      { kind: 'approvers', for: { label: 'regulated' }, groups: ['data-protection'], count: 1, expires: '15m' },
    ],
  });
  home = await makeHome({});
  officer = await gateway.apiFor('officer');
  clerk = await gateway.apiFor('clerk');
});
afterAll(async () => {
  try {
    await home?.remove();
    await gateway?.stop();
  } finally {
    await server?.stop();
  }
});

async function tokenFile(username: string): Promise<string> {
  const file = join(home.directory, `${username}.token`);
  writeFileSync(file, await gateway.tokenOf(username), { mode: 0o600 });
  return file;
}

async function uri(): Promise<string> {
  const { username, secret } = await gateway.mintSession('clerk', 'shop');
  return `postgres://${encodeURIComponent(username)}:${secret}@127.0.0.1:${gateway.postgresPort}/shop`;
}

async function psql(sql: string, input = ''): Promise<string> {
  const { stdout, stderr } = await runProgram('psql', ['-XAtq', await uri(), '-c', sql], { env: {}, input });
  return `${stdout}${stderr}`;
}

/** The request of what is running. */
async function held(running: Promise<unknown>): Promise<RequestView> {
  const ended = running.then((result) => {
    throw new Error(`it was not held: ${String(result)}`);
  });
  return await Promise.race([nextRequest(), ended]);
}

/** The next request that is not decided yet, as an event tells of it. */
async function nextRequest(): Promise<RequestView> {
  const stop = new AbortController();
  const live = Promise.withResolvers<void>();
  const events = officer.requestEvents(stop.signal, live.resolve);
  const first = events.next();
  await Promise.race([live.promise, first]);
  const waiting = (await officer.requests('pending'))[0];
  first.catch(() => undefined);
  try {
    return waiting ?? (await pendingOf(first, events));
  } finally {
    stop.abort();
  }
}

async function pendingOf(
  first: Promise<IteratorResult<RequestView>>,
  events: AsyncGenerator<RequestView>,
): Promise<RequestView> {
  for (let next = await first; next.done !== true; next = await events.next())
    if (next.value.state === 'pending') return next.value;
  throw new Error('the stream ended');
}

/** Runs what is held and approves it. */
async function approved<T>(run: Promise<T>, maxRows?: number): Promise<{ result: T; request: RequestView }> {
  const { id, bindingHash } = await held(run);
  await officer.decide(id, 'approve', '', bindingHash, maxRows);
  const result = await run;
  return { result, request: await officer.request(id) };
}

const count = async (table: string): Promise<number> =>
  Number((await server.admin(`SELECT count(*) FROM ${table}`, 'shop'))[0]?.['count']);

describe('a bound on rows', () => {
  it('of the approver rolls the statement back when it changes more, and says so', async () => {
    const before = await count('daily');
    const copy = 'INSERT INTO daily (note) SELECT ssn FROM customers WHERE id <= 6';
    const { result, request } = await approved(psql(copy), 5);
    expect(result).toMatch(/ERROR: .*changed 6 rows, and its approval req_\S+ allows 5, so it was rolled back/);
    expect(await count('daily')).toBe(before);
    expect(request).toMatchObject({
      state: 'consumed',
      rowBound: 5,
      approvalHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('lets through what changes as many', async () => {
    const before = await count('d1');
    const { result } = await approved(psql('INSERT INTO d1 (note) SELECT ssn FROM customers WHERE id <= 5'), 5);
    expect(result).not.toMatch(/ERROR/);
    expect(await count('d1')).toBe(before + 5);
  });

  it('of policy holds without an approver who names one, and is not raised by one who does', async () => {
    const before = await count('bounded');
    const { result, request } = await approved(
      psql('INSERT INTO bounded (note) SELECT name FROM customers WHERE id < 9'),
      100,
    );
    expect(result).toMatch(/changed 8 rows, and its approval req_\S+ allows 3/);
    expect(request.rowBound).toBe(3);
    expect(await count('bounded')).toBe(before);
  });

  it('counts what triggers and CTEs change', async () => {
    const { result } = await approved(psql('INSERT INTO audited (note) SELECT ssn FROM customers WHERE id <= 2'), 2);
    expect(result).toMatch(/changed 6 rows/);
    const { result: cte } = await approved(
      psql('WITH w AS (INSERT INTO d2 (note) SELECT ssn FROM customers WHERE id <= 4 RETURNING 1) SELECT 1'),
      3,
    );
    expect(cte).toMatch(/changed 4 rows/);
    expect(await count('trail')).toBe(0);
  });

  it('fails the client’s transaction as any error does, and a savepoint brings it back', async () => {
    const client = new pg.Client({ connectionString: await uri() });
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query("INSERT INTO d3 (note) VALUES ('kept')");
      await client.query('SAVEPOINT here');
      const { result } = await approved(
        client
          .query('INSERT INTO d3 (note) SELECT ssn FROM customers WHERE id < $1', [8])
          .catch((error: Error) => error),
        6,
      );
      expect(result).toMatchObject({ code: '42501', message: expect.stringMatching(/changed 7 rows/) });
      await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
      await client.query('ROLLBACK TO here');
      await client.query('COMMIT');
      expect(await count("d3 WHERE note = 'kept'")).toBe(1);
      expect(await count("d3 WHERE note LIKE '000-00-7'")).toBe(0);
    } finally {
      await client.end();
    }
  });

  it('does not let the rest of a query with several statements run, and takes back what came before', async () => {
    const before = await count('d4');
    const { result } = await approved(
      psql(
        "INSERT INTO d4 (note) VALUES ('first'); INSERT INTO d4 (note) SELECT ssn FROM customers WHERE id < 4; INSERT INTO d4 (note) VALUES ('last')",
      ),
      2,
    );
    expect(result).toMatch(/changed 3 rows/);
    expect(await count('d4')).toBe(before);
  });

  it('holds for COPY FROM, in the simple protocol and with what comes after it', async () => {
    const copy = "COPY loaded (id) FROM STDIN; INSERT INTO loaded (id, note) VALUES (99, 'later')";
    const { result } = await approved(psql(copy, '1\n2\n3\n'), 2);
    expect(result).toMatch(/changed 3 rows, and its approval req_\S+ allows 2/);
    expect(await count('loaded')).toBe(0);
    const { result: within } = await approved(psql('COPY loaded (id) FROM STDIN', '1\n2\n'), 2);
    expect(within).not.toMatch(/ERROR/);
    expect(await count('loaded')).toBe(2);
  });

  it('cannot be set where rows cannot be counted', async () => {
    const running = psql('CREATE VIEW shown AS SELECT ssn FROM customers');
    const { id, bindingHash } = await held(running);
    await expect(officer.decide(id, 'approve', '', bindingHash, 5)).rejects.toMatchObject({ code: 'USAGE' });
    await officer.decide(id, 'deny', '', bindingHash);
    expect(await running).toMatch(/was denied/);
  });
});

describe('the time of a hold', () => {
  it('once it is over, exactly the same statement finds the approval from another session, with its parameters', async () => {
    const run = async (id: number): Promise<unknown> => {
      const client = new pg.Client({ connectionString: await uri() });
      await client.connect();
      // Its connection is lost with the gateway.
      client.on('error', () => undefined);
      await client.query("SET sluice.reason = 'again'");
      const text = 'INSERT INTO again (note) SELECT ssn FROM customers WHERE id = $1';
      const result = await client.query(text, [id]).catch((error: Error) => error);
      if (!(result instanceof Error) || 'code' in result) await client.end();
      return result;
    };
    const running = run(3);
    const { id, bindingHash } = await held(running);
    await gateway.end('SIGKILL');
    await running;
    await gateway.restart();
    [officer, clerk] = [await gateway.apiFor('officer'), await gateway.apiFor('clerk')];
    await officer.decide(id, 'approve', '', bindingHash);
    const other = run(4);
    const { id: otherId, bindingHash: otherHash } = await held(other);
    expect(otherId).not.toBe(id);
    await officer.decide(otherId, 'deny', '', otherHash);
    expect(await other).toMatchObject({ code: '42501' });
    expect(await run(3)).toMatchObject({ rowCount: 1 });
    expect(await officer.request(id)).toMatchObject({ state: 'consumed', quotation: 'again' });
  });

  it('is short in an open transaction, which is rolled back, its locks with it', async () => {
    const client = new pg.Client({ connectionString: await uri() });
    await client.connect();
    try {
      await client.query("BEGIN; INSERT INTO locked (note) VALUES ('mine')");
      const failure = await client
        .query('INSERT INTO locked (note) SELECT ssn FROM customers')
        .catch((error: Error) => error);
      expect(failure).toMatchObject({ code: '42501', message: expect.stringMatching(/held for approval as request/) });
      await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
      expect(await client.query('COMMIT')).toMatchObject({ command: 'ROLLBACK' });
      expect(await count('locked')).toBe(0);
      const [waiting] = await officer.requests('pending');
      await officer.decide(waiting?.id ?? '', 'deny', '', waiting?.bindingHash ?? '');
    } finally {
      await client.end();
    }
  });
});

describe('labels follow an approved copy', () => {
  const label = async (sql: string): Promise<string | undefined> =>
    (await clerk.why('shop', sql)).statements?.[0]?.columns.find(({ column }) => column === 'note')?.label;

  it('on the record, over a restart, until another administrator takes them back', async () => {
    const admin = await gateway.apiFor('admin');
    const { result, request } = await approved(
      psql('INSERT INTO l1 (note) SELECT ssn FROM customers WHERE id < 3 RETURNING note'),
    );
    expect(result).not.toMatch(/ERROR/);
    const change = (await admin.labelChanges('shop')).find(({ requestId }) => requestId === request.id);
    expect(change).toMatchObject({
      state: 'live',
      asker: { name: 'clerk' },
      columns: [
        {
          column: 'public.l1.note',
          before: 'public',
          after: 'regulated',
          sources: expect.arrayContaining(['public.customers.ssn']),
        },
      ],
    });
    expect(await label('SELECT note FROM l1')).toBe('regulated');
    await gateway.end('SIGKILL');
    await gateway.restart();
    [officer, clerk] = [await gateway.apiFor('officer'), await gateway.apiFor('clerk')];
    expect(await label('SELECT note FROM l1')).toBe('regulated');

    const id = change?.id ?? '';
    await expect(clerk.revertLabels(id, 'mine')).rejects.toMatchObject({ code: 'REQUEST_NOT_YOURS' });
    await expect(officer.revertLabels(id, 'no administrator')).rejects.toMatchObject({ code: 'REQUEST_NOT_YOURS' });
    expect(await label('SELECT note FROM l1')).toBe('regulated');
    expect(await admin.revertLabels(id, 'emptied')).toMatchObject({ state: 'reverted', revertedBy: { name: 'admin' } });
    expect(await label('SELECT note FROM l1')).not.toBe('regulated');
    await expect(admin.revertLabels(id, 'again')).rejects.toMatchObject({ code: 'REQUEST_STATE' });
    await gateway.end('SIGKILL');
    await gateway.restart();
    [officer, clerk] = [await gateway.apiFor('officer'), await gateway.apiFor('clerk')];
    expect(await label('SELECT note FROM l1')).not.toBe('regulated');
  });

  it('are taken back at once when the statement fails', async () => {
    const { result } = await approved(psql('INSERT INTO l2 SELECT id, ssn FROM customers'));
    expect(result).toMatch(/ERROR: .*withheld/);
    const admin = await gateway.apiFor('admin');
    await expect
      .poll(async () => (await admin.labelChanges('shop'))[0])
      .toMatchObject({
        state: 'reverted',
        columns: [{ column: 'public.l2.note' }],
        revertedBy: null,
        note: 'the statement failed',
      });
    expect(await label('SELECT note FROM l2')).not.toBe('regulated');
  });

  it('of a new table, over a crash right after it was made', async () => {
    await approved(psql('CREATE TABLE made AS SELECT ssn AS note FROM customers'));
    await gateway.end('SIGKILL');
    await gateway.restart();
    [officer, clerk] = [await gateway.apiFor('officer'), await gateway.apiFor('clerk')];
    expect(await label('SELECT note FROM made')).toBe('regulated');
  });
});

describe('the preview', () => {
  it('shows approvers what a dry run changed, classified cells masked, and nothing of it stays', async () => {
    const before = await count('d5');
    const running = psql('INSERT INTO d5 (id, note) SELECT id, ssn FROM customers WHERE id <= 7');
    const { id, bindingHash } = await held(running);
    const { preview } = await officer.request(id);
    expect(preview).toMatchObject({
      dryRunRows: 7,
      whyNoDryRun: null,
      tables: expect.arrayContaining([
        { schema: 'public', table: 'd5', access: 'write', rowsChanged: 7 },
        expect.objectContaining({ table: 'customers', access: 'read' }),
      ]),
      sample: {
        table: 'public.d5',
        columns: [
          { name: 'id', masked: false },
          { name: 'note', masked: true },
          { name: 'kind', masked: false },
        ],
        truncated: true,
      },
    });
    expect(preview?.sample?.rows[0]).toEqual(['1', null, 'plain']);
    const shown = await home.sluice(['requests', 'show', id], {
      env: {
        SLUICE_GATEWAY: gateway.url.href,
        SLUICE_CA: gateway.caFile,
        SLUICE_TOKEN_FILE: await tokenFile('officer'),
      },
    });
    expect(shown.stdout).toMatch(/tried and rolled back: 7 rows\n/);
    expect(shown.stdout).toMatch(/writes public\.d\d, 7 rows changed/);
    expect(shown.stdout).toMatch(/id=1 {2}note=\(masked\) {2}kind=plain/);
    expect(await count('d5')).toBe(before);
    expect((await clerk.request(id)).preview).toBeNull();
    expect((await (await gateway.apiFor('auditor')).request(id)).preview).not.toBeNull();
    await officer.decide(id, 'deny', '', bindingHash);
    await running;
  });

  it('knows the parameters of the extended protocol', async () => {
    const client = new pg.Client({ connectionString: await uri() });
    await client.connect();
    const running = client
      .query('INSERT INTO d6 (note) SELECT ssn FROM customers WHERE id <= $1', [11])
      .catch(() => null);
    const { id, bindingHash } = await held(running);
    expect((await officer.request(id)).preview).toMatchObject({ dryRunRows: 11 });
    await officer.decide(id, 'deny', '', bindingHash);
    await running;
    await client.end();
  });

  it.each([
    ['a trigger', 'INSERT INTO audited (note) SELECT ssn FROM customers', /sets off a trigger/],
    ['a sequence', "INSERT INTO d7 (id, note) SELECT nextval('numbers'), ssn FROM customers", /volatile function/],
    ['an open transaction', 'BEGIN; INSERT INTO d7 (note) SELECT ssn FROM customers', /open transaction/],
    ['a new table', 'CREATE TABLE copied AS SELECT ssn FROM customers', /of this kind/],
    [
      'its own temporary table',
      'CREATE TEMP TABLE own (note text); INSERT INTO own SELECT ssn FROM customers',
      /own transaction/,
    ],
  ])('does not run what %s makes unsafe', async (_, sql, why) => {
    const running = psql(sql);
    const { id, bindingHash } = await held(running);
    const { preview } = await officer.request(id);
    await officer.decide(id, 'deny', '', bindingHash);
    await running;
    expect(preview).toMatchObject({ dryRunRows: null, sample: null, whyNoDryRun: expect.stringMatching(why) });
    expect(await server.admin('SELECT is_called FROM numbers', 'shop')).toEqual([{ is_called: false }]);
  });

  it('quotes the asker apart', async () => {
    const running = psql("SET sluice.reason = 'quarterly audit'; INSERT INTO d8 (note) SELECT ssn FROM customers");
    const { id, bindingHash } = await held(running);
    expect(await officer.request(id)).toMatchObject({ quotation: 'quarterly audit' });
    await officer.decide(id, 'deny', '', bindingHash);
    await running;
  });
});
