/** The questions of an auditor, asked with the command after a day's work; each answer is found again in the log. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredEntry } from '../../../gateway/src/evidence/log-options.ts';
import { readBlocks } from '../../../gateway/src/evidence/read-log.ts';
import { fetchTrusting } from '../../harness/fetch-trusting.ts';
import { AuditSite, type LiveClient, RESOURCE } from './site.ts';

const SSN = 'shop.customers.ssn';
const COPY = 'INSERT INTO reporting.daily (country, note) SELECT country, ssn FROM shop.customers WHERE id = 1';

let site: AuditSite;
let reader: LiveClient;
let agent: LiveClient;
beforeAll(async () => {
  site = await AuditSite.start();
  const analyst = await site.api('analyst');
  reader = await site.connect(analyst);
  await reader.client.query('SELECT name, ssn FROM shop.customers ORDER BY id');
  await reader.client.query("UPDATE shop.customers SET ssn = '333-33-3333' WHERE id = 2");
  // Refused, as the answers will say.
  await reader.client.query('SELECT name FROM shop.customers ORDER BY ssn').catch((error: Error) => error);
  await reader.client.query('SELECT country FROM shop.customers');
  agent = await site.connect(await site.agent());
  const copied = agent.client.query(COPY);
  const dana = await site.api('dana');
  for (;;) {
    const [request] = await dana.requests('pending');
    if (request === undefined) continue;
    await dana.decide(request.id, 'approve', 'ticket 4711', request.bindingHash);
    break;
  }
  await copied;
  await reader.client.end();
  await agent.client.end();
});
afterAll(() => site.stop());

/** The entry of the log with this sequence, read without the index. */
async function entryAt(sequence: number): Promise<StoredEntry['entry'] | undefined> {
  return (await entriesAt(sequence))[0];
}

/** Several where ends of statements share a record. */
async function entriesAt(sequence: number): Promise<readonly StoredEntry['entry'][]> {
  const directory = join(site.gateway.directory, 'data', 'evidence');
  for await (const block of readBlocks(directory, { from: sequence, until: Number.MAX_SAFE_INTEGER })) {
    const found = block.entries.filter((stored) => stored.sequence === sequence);
    if (found.length > 0) return found.map(({ entry }) => entry);
  }
  return [];
}

const asked = async (...args: readonly string[]) => {
  const outcome = await site.sluice('audrey', 'audit', ...args);
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  return outcome.stdout;
};

describe('sluice audit', () => {
  it('column: who touched it, and how', async () => {
    const { touches, next } = JSON.parse(await asked('column', RESOURCE, SSN, '--json'));
    expect(next).toBeNull();
    expect(touches).toMatchObject([
      { sessionId: agent.sessionId, uses: ['copied'], effect: 'hold', outcome: 'ran', tag: 'INSERT 0 1' },
      { sessionId: reader.sessionId, statementId: 3, uses: ['tested'], outcome: 'refused', completedEntry: null },
      { sessionId: reader.sessionId, statementId: 2, uses: ['written'], outcome: 'ran' },
      { sessionId: reader.sessionId, statementId: 1, uses: ['masked'], outcome: 'ran', rows: 2, maskedCells: 2 },
    ]);
    for (const { sequence, completedEntry, sessionId, statementId } of touches) {
      expect(await entryAt(sequence)).toMatchObject({ kind: 'statement.decided', sessionId, statementId });
      if (completedEntry === null) continue;
      expect(await entriesAt(completedEntry)).toContainEqual(
        expect.objectContaining({ kind: 'statement.completed', sessionId, statementId }),
      );
    }
    expect(JSON.parse(await asked('column', RESOURCE, SSN, '--use', 'raw', '--json')).touches).toEqual([]);
    const written = await asked('column', RESOURCE, SSN, '--use', 'written');
    expect(written).toMatch(/ENTRY +AT +SESSION +# +BY +HOW +OUTCOME +STATEMENT/);
    expect(written).toMatch(/Ann Analyst \(user\) +written +ran: UPDATE 1 +UPDATE shop\.customers/);
    const [newest] = touches;
    const older = JSON.parse(
      await asked('column', RESOURCE, SSN, '--before', String(newest.sequence), '--limit', '1', '--json'),
    );
    expect(older.touches).toEqual([touches[1]]);
  });

  it('actor: what this agent did for this person', async () => {
    const { sessions } = JSON.parse(await asked('actor', 'nightly', '--for', 'analyst', '--json'));
    expect(sessions).toMatchObject([
      { session: { sessionId: agent.sessionId }, statements: [{ text: COPY, effect: 'hold', seen: [] }], more: false },
    ]);
    const { openedEntry, closedEntry, sessionId } = sessions[0].session;
    expect(await entryAt(openedEntry)).toMatchObject({ kind: 'session.opened', sessionId });
    expect(await entryAt(closedEntry)).toMatchObject({ kind: 'session.closed', sessionId });
    const reversed = JSON.parse(
      (await site.sluice('audrey', 'audit', 'actor', 'analyst', '--for', 'nightly', '--json')).stdout,
    );
    expect(reversed.sessions).toEqual([]);
    expect(await site.sluice('audrey', 'audit', 'actor', 'nobody')).toMatchObject({ code: 69 });
  });

  it('seen: what this person saw, as it went out', async () => {
    const shown = await asked('seen', 'analyst');
    expect(shown).toMatch(/name +ssn ▒\n +Ana +▒/);
    expect(shown).not.toContain('111-11-1111');
  });

  it('holds: what was held, who decided, how long it took', async () => {
    const { held } = JSON.parse(await asked('holds', '--resource', RESOURCE, '--json'));
    expect(held).toMatchObject([
      {
        ...{ sessionId: agent.sessionId, statement: COPY, outcome: 'consumed', waitedMs: expect.any(Number) },
        decisions: [{ decision: 'approved', by: { name: 'Dana Protection' }, note: 'ticket 4711' }],
        consumedBy: { sessionId: agent.sessionId, statementId: 1 },
      },
    ]);
    expect(await entryAt(held[0].sequence)).toMatchObject({ kind: 'request.created', requestId: held[0].requestId });
    expect(await entryAt(held[0].outcomeEntry)).toMatchObject({ kind: 'request.consumed' });
    expect(await asked('holds')).toMatch(/consumed, ran +Dana Protection approved/);
  });

  it('retention: what is kept how long, and why', async () => {
    const { sessions } = JSON.parse(await asked('retention', '--session', reader.sessionId, '--json'));
    expect(sessions).toMatchObject([
      {
        state: 'kept',
        session: { highestLabel: 'regulated' },
        because: { statementId: 1 },
        holds: [],
        expiredAt: null,
      },
    ]);
    expect(await entryAt(sessions[0].because.sequence)).toMatchObject({ kind: 'statement.decided', statementId: 1 });
    const hold = await site.sluice('root', 'admin', 'hold', 'add', 'session', reader.sessionId, '--reason', 'case 12');
    expect(hold).toMatchObject({ code: 0 });
    expect(await asked('retention', '--session', reader.sessionId)).toMatch(/held .*case 12/);
  });

  it.each([
    ['column', ['column', RESOURCE, SSN], `columns?resource=${RESOURCE}&column=${SSN}`],
    ['actor', ['actor', 'nightly', '--for', 'analyst'], 'sessions?party=nightly&onBehalfOf=analyst'],
    ['seen', ['seen', 'analyst'], 'sessions?party=analyst&seen=true'],
    ['holds', ['holds'], 'holds'],
    ['retention', ['retention'], 'retention'],
  ])('%s: what the command tells is the answer to one call of the API', async (_, question, path) => {
    const { caFile, url } = site.gateway;
    const headers = { authorization: `Bearer ${await site.gateway.tokenOf('audrey')}` };
    const call = new URL(`/api/v1/audit/${path}`, url).href;
    const answer = await fetchTrusting(readFileSync(caFile, 'utf8'), call, { headers });
    expect([answer.status, await answer.json()]).toMatchObject([200, JSON.parse(await asked(...question, '--json'))]);
  });

  it('the entries say who, from where, what, which columns how, by which policy and approval, and what came of it', async () => {
    const { sessions } = JSON.parse(await asked('actor', 'nightly', '--for', 'analyst', '--json'));
    const { openedEntry } = sessions[0].session;
    const [{ sequence, completedEntry, requestId }] = JSON.parse(
      await asked('column', RESOURCE, SSN, '--use', 'copied', '--json'),
    ).touches;
    const column = (schema: string, table: string, name: string, label: string) =>
      expect.objectContaining({ schema, table, column: name, label });
    expect(await entryAt(openedEntry)).toMatchObject({
      principal: { kind: 'agent', chain: [{ name: 'Ann Analyst' }, { kind: 'agent' }], onBehalfOfGroups: ['analysts'] },
      ...{ resource: RESOURCE, protocol: 'postgres' },
      ...{ from: expect.stringMatching(/^127\.0\.0\.1:\d+$/), via: 'native' },
    });
    expect(await entryAt(sequence)).toMatchObject({
      ...{ text: COPY, fingerprint: expect.stringMatching(/^[0-9a-f]{16,}$/), statementKind: 'InsertStmt' },
      ...{ effect: 'hold', highestLabel: 'regulated', policyVersion: expect.stringMatching(/./), requestId },
      reasons: expect.arrayContaining([
        expect.objectContaining({ effect: 'hold', policyId: expect.stringMatching(/./) }),
      ]),
      flows: expect.arrayContaining([
        expect.objectContaining({
          ...{ kind: 'write', target: 'reporting.daily.note', targetLabel: 'internal' },
          sources: expect.arrayContaining([column('shop', 'customers', 'ssn', 'regulated')]),
        }),
        expect.objectContaining({ kind: 'shaping', sources: [column('shop', 'customers', 'id', 'internal')] }),
      ]),
    });
    expect(await entriesAt(completedEntry)).toContainEqual({
      ...{ kind: 'statement.completed', sessionId: agent.sessionId, statementId: 1 },
      ...{ tag: 'INSERT 0 1', rows: 0, maskedCells: 0, durationUs: expect.any(Number), error: null },
    });
    const failing = await site.connect(await site.api('analyst'));
    await failing.client.query('SELECT email, 1 / (id - id) FROM shop.customers').catch((error: Error) => error);
    await failing.client.query('SELECT email, id FROM shop.customers ORDER BY id');
    await failing.client.end();
    const { touches } = JSON.parse(await asked('column', RESOURCE, 'shop.customers.email', '--json'));
    expect(touches).toMatchObject([
      { uses: ['masked'], rows: 2, maskedCells: 2, error: null },
      { uses: ['masked'], outcome: 'failed', error: expect.stringContaining('22012') },
    ]);
  });

  it.each<[string, string, readonly string[]]>([
    ['WHERE', "INSERT INTO reporting.daily (note) SELECT name FROM shop.customers WHERE ssn = '1'", [SSN]],
    ['WHERE and the list', "INSERT INTO reporting.daily (note) SELECT ssn FROM shop.customers WHERE ssn = '1'", []],
    ['an expression', "INSERT INTO reporting.daily (note) SELECT upper(ssn) FROM shop.customers WHERE ssn > '1'", []],
    ['CASE', "INSERT INTO reporting.daily (note) SELECT CASE WHEN ssn > '5' THEN 'x' END FROM shop.customers", []],
    [
      'a sub-query of the list',
      "INSERT INTO reporting.daily (note) VALUES ((SELECT name FROM shop.customers WHERE ssn = '1' LIMIT 1))",
      [],
    ],
    [
      'WHERE of a sub-query of FROM',
      "INSERT INTO reporting.daily (note) SELECT n FROM (SELECT name AS n FROM shop.customers WHERE ssn > '1') AS found",
      [SSN],
    ],
    [
      'UPDATE',
      "UPDATE reporting.daily SET note = c.name FROM shop.customers c WHERE c.ssn = '1' AND c.country = 'CH'",
      ['shop.customers.country', SSN],
    ],
    ['ORDER BY and LIMIT', 'CREATE TABLE reporting.new AS SELECT name FROM shop.customers ORDER BY ssn LIMIT 1', [SSN]],
    ['ORDER BY and the list', 'CREATE TABLE reporting.new AS SELECT ssn FROM shop.customers ORDER BY ssn LIMIT 1', []],
    ['a trigger', 'INSERT INTO reporting.watched (note) SELECT name FROM shop.customers WHERE id = 1', []],
  ])('what only decided which rows were written is told from what was: %s', async (_, statement, decided) => {
    const { flows } = await (await site.api('analyst')).why(RESOURCE, statement);
    const written = flows.filter(
      ({ kind, target }) =>
        (kind === 'write' && target.endsWith('.note')) || target.endsWith('.name') || target.endsWith('.ssn'),
    );
    expect(written.map(({ decides }) => decides ?? [])).toEqual([decided]);
  });

  it('column: of one that only decided which rows were copied it is not said that it was copied', async () => {
    const { client, sessionId } = await site.connect(await site.api('analyst'));
    const statement = "INSERT INTO reporting.daily (note) SELECT name FROM shop.customers WHERE ssn = '1'";
    await client.query(statement).catch((error: Error) => error);
    await client.end();
    const [newest] = JSON.parse(await asked('column', RESOURCE, SSN, '--json')).touches;
    expect(newest).toMatchObject({ sessionId, text: statement, uses: ['tested'] });
  });

  it.each([
    ['column of a misspelled name', ['column', RESOURCE, 'shop.customers.snn'], /shop\.customers\.snn/],
    ['column by its bare name', ['column', RESOURCE, 'ssn'], /schema\.table\.column/],
    ['column of an unknown resource', ['column', 'other', SSN], /the resource "other"/],
    ['workflow that there never was', ['workflow', 'nightlx', RESOURCE], /the workflow "nightlx"/],
    ['person of an unknown resource', ['seen', 'analyst', '--resource', 'other'], /the resource "other"/],
    ['holds of an unknown resource', ['holds', '--resource', 'other'], /the resource "other"/],
    ['retention of an unknown session', ['retention', '--session', 'c_none'], /the session c_none/],
  ])('a question about a %s is not answered as if nobody had done anything', async (_, question, what) => {
    const outcome = await site.sluice('audrey', 'audit', ...question);
    expect(outcome).toMatchObject({ code: 69, stdout: '', stderr: expect.stringMatching(what) });
  });

  it('column: of one that nobody used there is nothing to tell, and of a view the tables below are to be asked', async () => {
    const unused = await site.sluice('audrey', 'audit', 'column', RESOURCE, 'shop.unused.secret');
    expect(unused).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('Nobody has used') });
    const view = await site.sluice('audrey', 'audit', 'column', RESOURCE, 'reporting.numbers.ssn');
    expect(view).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining('column of a view') });
  });

  it('is for administrators and auditors', async () => {
    for (const question of [
      ['column', RESOURCE, SSN],
      ['actor', 'nightly'],
      ['seen', 'analyst'],
      ['holds'],
      ['retention'],
      ['workflow', 'w', RESOURCE],
    ])
      expect(await site.sluice('analyst', 'audit', ...question)).toMatchObject({ code: 77, stdout: '' });
  });

  it.each([
    ['a literal', "UPDATE shop.customers SET ssn = '444-44-4444' WHERE id = 99"],
    ['DELETE', 'DELETE FROM shop.customers WHERE id = 99'],
    ['DELETE below WITH', 'WITH gone AS (DELETE FROM shop.customers WHERE id = 99) SELECT 1'],
    ['TRUNCATE', 'TRUNCATE shop.customers'],
  ])('column: what wrote or removed it without reading it is found, and kept as long: %s', async (_, statement) => {
    const writer = await site.connect(await site.api('analyst'));
    await writer.client.query(statement);
    await writer.client.end();
    const { touches } = JSON.parse(await asked('column', RESOURCE, SSN, '--json'));
    expect(touches[0]).toMatchObject({
      sessionId: writer.sessionId,
      text: statement,
      uses: ['written'],
      outcome: 'ran',
    });
    const { session } = await (await site.api('audrey')).session(writer.sessionId);
    expect(session.highestLabel).toBe('regulated');
  });
});
