/** A workflow from its first run to a tampered one, with a real script on a real database. In order. */
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NIGHTLY, type Nightly, RESOURCE, startNightly, TAMPERED, WORKFLOW } from './nightly.ts';

let nightly: Nightly;
beforeAll(async () => {
  nightly = await startNightly();
});
afterAll(async () => {
  await nightly?.stop();
});

const api = (who: string) => nightly.gateway.apiFor(who);
const detail = async (who = 'analyst') => (await api(who)).workflow(WORKFLOW, RESOURCE);
const propose = async (who: string, add: 'learned' | string[], remove: string[] = []) =>
  (await api(who)).proposeBaseline(WORKFLOW, RESOURCE, { add, remove });
const newFlows = async () => (await detail()).seen.filter(({ approved }) => !approved);

/** A statement of a native client with the executor's access token, which names the workflow at start-up. */
async function native(options: string, ...statements: readonly string[]): Promise<readonly unknown[]> {
  const client = new pg.Client({
    ...{ host: 'localhost', port: nightly.gateway.postgresPort, user: RESOURCE, database: RESOURCE, options },
    password: (await nightly.tokens()).executor,
    ssl: { ca: readFileSync(nightly.gateway.caFile), servername: 'localhost' },
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    let rows: readonly unknown[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

it('learning changes no verdict, and notes what the runs bring in', async () => {
  const run = await nightly.psql(NIGHTLY);
  expect(run).toMatchObject({ stderr: '', stdout: 'CH|2\nDE|1\n', code: 0 });
  const { workflow, seen } = await detail();
  expect(workflow).toMatchObject({ state: 'learning', version: null, approvedFlows: 0, newFlows: seen.length });
  expect(seen.map(({ words }) => words).toSorted()).toEqual([
    'pg_temp.totals.country (confidential) → reporting.daily.country',
    'pg_temp.totals.email (confidential) → reporting.daily.note',
    'pg_temp.totals.orders (confidential) → reporting.daily.orders',
    'shop.customers.email (confidential, pii.email) → pg_temp.totals.country',
    'shop.customers.email (confidential, pii.email) → pg_temp.totals.email',
    'shop.customers.email (confidential, pii.email) → pg_temp.totals.orders',
    'shop.customers.email (confidential, pii.email) → which rows are returned or changed',
  ]);
  expect(seen[0]?.firstSeen).toMatchObject({
    statementId: 2,
    effect: 'allow',
    principal: { name: 'nightly-executor', chain: [{ name: 'Ann Analyst' }, { name: 'nightly-executor' }] },
  });
});

it('a second run of the same script brings in nothing', async () => {
  const before = await detail();
  expect((await nightly.psql(NIGHTLY)).code).toBe(0);
  expect((await detail()).seen).toEqual(before.seen);
});

it('a baseline is not approved by its proposer, nor by whom the runs were for, nor by somebody of no approvers’ group', async () => {
  const proposal = await propose('colleague', 'learned');
  expect(proposal).toMatchObject({ state: 'pending', label: 'confidential', approvals: 0, approvalsNeeded: 1 });
  const refused = { code: 'REQUEST_NOT_YOURS' };
  await expect((await api('colleague')).decideProposal(proposal, 'approve', '')).rejects.toMatchObject(refused);
  await expect((await api('analyst')).decideProposal(proposal, 'approve', '')).rejects.toMatchObject(refused);
  await expect((await nightly.executor()).decideProposal(proposal, 'approve', '')).rejects.toMatchObject(refused);
  await expect((await api('stranger')).decideProposal(proposal, 'approve', '')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  const own = await propose('root', 'learned');
  await expect((await api('root')).decideProposal(own, 'approve', '')).rejects.toMatchObject(refused);
  // Dana, in the hands of an agent, is not Dana.
  const agent = nightly.gateway.apiWith(
    await nightly.gateway.tokenOfAgent('nightly-executor', await nightly.gateway.tokenOf('dana')),
  );
  await expect(agent.decideProposal(own, 'approve', '')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await detail()).workflow).toMatchObject({ state: 'learning', pendingProposals: 2 });
});

it('another person approves it, as it was shown, and only then it is in force', async () => {
  const proposal = await propose('colleague', 'learned');
  const dana = await api('dana');
  await expect(dana.decideProposal({ ...proposal, hash: '00' }, 'approve', '')).rejects.toMatchObject({
    code: 'REQUEST_STATE',
  });
  const approved = await dana.decideProposal(proposal, 'approve', 'as in ticket 4711');
  expect(approved).toMatchObject({ state: 'approved', decisions: [{ by: { name: 'Dana Protection' } }] });
  const { workflow, proposals } = await detail();
  expect(workflow).toMatchObject({ state: 'enforced', version: 1, newFlows: 0, pendingProposals: 0 });
  // The others were made for what was in force then.
  expect(proposals.map(({ state }) => state).toSorted()).toEqual(['approved', 'superseded', 'superseded']);
});

it('the script that was learned from runs under its baseline', async () => {
  expect(await nightly.psql(NIGHTLY)).toMatchObject({ stderr: '', code: 0 });
});

it('a script with a column more in its join is held, and told who brought the column in, when, and in which statement', async () => {
  const run = await nightly.psql(TAMPERED);
  expect(run).toMatchObject({ code: 3, stdout: '' });
  expect(run.stderr).toMatch(
    /held for approval as request req_\S+: shop\.customers\.ssn \(regulated, pii\.ssn\) → pg_temp\.totals\.\w+ is new in the workflow nightly; first seen \d{4}-\d\d-\d\d \d\d:\d\d UTC in statement 2 of session c_\S+ by nightly-executor on behalf of Ann Analyst; not in baseline 1, approved by Dana Protection on \d{4}-\d\d-\d\d/,
  );
  const flows = await newFlows();
  expect(flows.map(({ words }) => words).toSorted()).toEqual([
    'shop.customers.ssn (regulated, pii.ssn) → pg_temp.totals.country',
    'shop.customers.ssn (regulated, pii.ssn) → pg_temp.totals.email',
    'shop.customers.ssn (regulated, pii.ssn) → pg_temp.totals.orders',
    'shop.customers.ssn (regulated, pii.ssn) → which rows are returned or changed',
  ]);
  // The same again tells of the first time, not of this one.
  const [first] = flows;
  const again = await nightly.psql(TAMPERED);
  expect(again.stderr).toContain(`session ${first?.firstSeen.sessionId} by`);
});

it('an approval lets the one statement run once, and changes nothing in the baseline', async () => {
  const read = "SELECT ssn FROM shop.customers WHERE id = 1 AND 'once' <> ''";
  expect((await nightly.psql(read)).stderr).toContain('is new in the workflow nightly');
  const dana = await api('dana');
  const request = (await dana.requests('pending')).find(({ statement }) => statement.includes("'once'"));
  expect(request).toMatchObject({ label: 'regulated', reasons: [{ policyId: 'engine:workflow-drift' }] });
  await dana.decide(request?.id ?? '', 'approve', '', request?.bindingHash ?? '');
  expect(await nightly.psql(read)).toMatchObject({ stdout: '111-11-1111\n', stderr: '' });
  expect((await nightly.psql(read)).stderr).toContain('is new in the workflow nightly');
  expect((await detail()).workflow).toMatchObject({ version: 1 });
});

it('an approval that was given outside of the workflow does not count in it', async () => {
  // The analyst may see everything, so that nothing is held without the workflow; within it the binding is another one.
  const text = "SELECT ssn FROM shop.customers WHERE id = 2 AND 'elsewhere' <> ''";
  const analyst = await api('analyst');
  expect((await nightly.psql(text, {}, analyst)).stdout).toBe('222-22-2222\n');
  expect((await nightly.psql(text, { workflow: WORKFLOW }, analyst)).stderr).toContain('is new in the workflow');
});

it('a proposal with the new flow does change the baseline, and is decided by the approvers of its label', async () => {
  const read = (await newFlows()).filter(({ kind }) => kind === 'output');
  expect(read.map(({ words }) => words)).toEqual(['shop.customers.ssn (regulated, pii.ssn) → the answer']);
  const proposal = await propose(
    'colleague',
    read.map(({ id }) => id),
  );
  expect(proposal).toMatchObject({ label: 'regulated', added: read.map(({ id }) => id) });
  await (await api('dora')).decideProposal(proposal, 'approve', '');
  expect(await nightly.psql('SELECT ssn FROM shop.customers WHERE id = 1')).toMatchObject({
    stdout: '111-11-1111\n',
    stderr: '',
  });
  expect((await detail()).versions.map(({ version }) => version)).toEqual([2, 1]);
});

it('what is learned holds nothing that was first seen in a statement that was held', async () => {
  const { seen } = await detail();
  const learned = await propose('colleague', 'learned');
  const held = seen.filter(({ firstSeen }) => firstSeen.effect === 'hold').map(({ id }) => id);
  expect(held.length).toBeGreaterThan(3);
  const approved = seen.filter((flow) => flow.approved).map(({ id }) => id);
  expect(learned.flows.map(({ id }) => id).filter((id) => held.includes(id) && !approved.includes(id))).toEqual([]);
});

it('a renamed column is the same column; one that was dropped and made again is new', async () => {
  await nightly.server.admin('ALTER TABLE shop.customers RENAME ssn TO tax_id', 'orders');
  expect(await nightly.psql('SELECT tax_id FROM shop.customers WHERE id = 1')).toMatchObject({ code: 0 });
  expect((await detail()).versions[0]?.flows.map(({ words }) => words)).toContain(
    'shop.customers.tax_id (regulated, pii.ssn) → the answer',
  );
  await nightly.server.admin(
    `ALTER TABLE shop.customers RENAME tax_id TO old_id;
     ALTER TABLE shop.customers ADD COLUMN ssn text; UPDATE shop.customers SET ssn = old_id`,
    'orders',
  );
  expect((await nightly.psql('SELECT ssn FROM shop.customers WHERE id = 1')).stderr).toContain(
    'is new in the workflow',
  );
});

it('a native client names the workflow when it starts up, and cannot change it later', async () => {
  await expect(native('', 'SELECT 1')).rejects.toMatchObject({
    code: '42501',
    message: 'sluice: executors run workflows, and nothing else',
  });
  await expect(native('-c sluice.workflow=weekly', 'SELECT 1')).rejects.toMatchObject({ code: '42501' });
  await expect(native('-c sluice.workflow=unheard-of', 'SELECT 1')).rejects.toMatchObject({
    message: 'sluice: there is no workflow unheard-of on orders-db',
  });
  const bound = '-c sluice.workflow=nightly';
  expect(await native(bound, 'SELECT country FROM shop.customers WHERE id = 1')).toEqual([{ country: 'CH' }]);
  await expect(native(bound, 'SELECT name, ssn FROM shop.customers')).rejects.toMatchObject({
    code: '42501',
    detail: expect.stringContaining('is new in the workflow nightly'),
  });
  await expect(native(bound, 'SET sluice.workflow = weekly', 'SELECT ssn FROM shop.customers')).rejects.toMatchObject({
    code: '42501',
  });
});

it('a secret for one workflow opens no session of another, and is not minted for one that may not be run', async () => {
  const executor = await nightly.executor();
  await expect(executor.mintSession(RESOURCE, 't', { workflow: 'weekly' })).rejects.toMatchObject({
    code: 'REFUSED_BY_POLICY',
  });
  const minted = await executor.mintSession(RESOURCE, 't', { workflow: WORKFLOW });
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: nightly.gateway.postgresPort, user: minted.username, password: minted.secret },
    ...{ database: RESOURCE, options: '-c sluice.workflow=weekly' },
  });
  await expect(client.connect()).rejects.toMatchObject({ code: '42501' });
});

it('everything is the same after the gateway was killed', async () => {
  const before = await detail();
  await nightly.gateway.end('SIGKILL');
  await nightly.gateway.restart();
  expect(await detail()).toEqual(before);
  expect((await nightly.psql(TAMPERED)).code).toBe(3);
});

it('everything is the same after the store was lost: the log has it', async () => {
  const before = await detail();
  await nightly.gateway.end('SIGTERM');
  for (const suffix of ['', '-wal', '-shm'])
    await rm(`${nightly.gateway.directory}/data/sluice.db${suffix}`, { force: true });
  await nightly.gateway.restart();
  // Labels of renamed columns are kept in the store alone.
  const bare = ({ seen, versions, proposals, workflow: { state, version } }: typeof before) => ({
    ...{ state, version },
    seen: seen.map(({ id, firstSeen }) => ({ id, firstSeen })),
    versions: versions.map(({ flows, ...rest }) => ({ ...rest, flows: flows.map(({ id }) => id) })),
    proposals: proposals.map(({ id, state: is, decisions }) => ({ id, is, decisions })),
  });
  expect(bare(await detail())).toEqual(bare(before));
});

it('an earlier version comes back by a proposal, too', async () => {
  const proposal = await (await api('colleague')).proposeBaseline(WORKFLOW, RESOURCE, { version: 1 });
  expect(proposal.removed).toHaveLength(1);
  await (await api('dana')).decideProposal(proposal, 'approve', 'back');
  const { workflow, versions } = await detail();
  expect(workflow).toMatchObject({ state: 'enforced', version: 3 });
  expect(versions[0]?.flows).toEqual(versions[2]?.flows);
});

it('once revoked, no flow is approved; only approvers revoke', async () => {
  await expect((await api('analyst')).revokeBaseline(WORKFLOW, RESOURCE, '')).rejects.toMatchObject({
    code: 'REQUEST_NOT_YOURS',
  });
  expect(await (await api('dana')).revokeBaseline(WORKFLOW, RESOURCE, 'incident 12')).toMatchObject({
    state: 'revoked',
    version: 3,
    approvedFlows: 0,
  });
  expect((await nightly.psql(NIGHTLY)).stderr).toContain('baseline 3 was revoked by Dana Protection on');
  // What touches no classified column runs as ever.
  expect((await nightly.psql('SELECT country FROM shop.customers WHERE id = 1')).stdout).toBe('CH\n');
});

it('a flow that is new is held also in a statement that had run with other literals, once the baseline changes', async () => {
  const wanted = (await newFlows()).filter(({ words }) => /customers\.ssn .*→ the answer$/.test(words));
  const proposal = await propose(
    'colleague',
    wanted.map(({ id }) => id),
  );
  await (await api('dana')).decideProposal(proposal, 'approve', '');
  const client = new pg.Client({
    ...{ host: 'localhost', port: nightly.gateway.postgresPort, user: RESOURCE, database: RESOURCE },
    ...{ password: (await nightly.tokens()).executor, options: '-c sluice.workflow=nightly' },
    ssl: { ca: readFileSync(nightly.gateway.caFile), servername: 'localhost' },
  });
  await client.connect();
  try {
    const read = (id: number) => client.query(`SELECT ssn FROM shop.customers WHERE id = ${id}`);
    for (const id of [1, 2, 1, 2]) expect((await read(id)).rowCount).toBe(1);
    const prepared = { name: 'p', text: 'SELECT ssn FROM shop.customers WHERE id = $1' };
    for (const id of [1, 2]) expect((await client.query({ ...prepared, values: [id] })).rowCount).toBe(1);
    await (await api('dana')).revokeBaseline(WORKFLOW, RESOURCE, '');
    const held = { code: '42501', detail: expect.stringContaining('is new in the workflow nightly') };
    await expect(read(1)).rejects.toMatchObject(held);
    await expect(client.query({ ...prepared, values: [1] })).rejects.toMatchObject(held);
  } finally {
    await client.end();
  }
});
