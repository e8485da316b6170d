/** The planner plans and sees no data; the executor runs the plan and nothing else. In order. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Nightly, RESOURCE, startNightly, WORKFLOW } from './nightly.ts';

const READ = 'SELECT country, orders FROM reporting.daily ORDER BY country';
const COUNT = `INSERT INTO reporting.daily (country, orders)
  SELECT c.country, count(*) FROM shop.customers c JOIN shop.orders o ON o.customer_id = c.id GROUP BY c.country`;
const PLAN = `-- what the planner made of the question\n${COUNT};\n\n${READ};\n`;

let nightly: Nightly;
let planId: string;
beforeAll(async () => {
  nightly = await startNightly();
});
afterAll(async () => {
  await nightly?.stop();
});

const run = (script: string, terms = { workflow: WORKFLOW, plan: planId }) => nightly.psql(script, terms);

it('a planner sees tables, columns and labels, and no data', async () => {
  const { tables } = await (await nightly.planner()).schema(RESOURCE);
  expect(tables.find(({ table }) => table === 'customers')).toEqual({
    schema: 'shop',
    table: 'customers',
    kind: 'table',
    columns: [
      { name: 'id', label: 'internal', category: null },
      { name: 'name', label: 'internal', category: null },
      { name: 'email', label: 'confidential', category: 'pii.email' },
      { name: 'ssn', label: 'regulated', category: 'pii.ssn' },
      { name: 'country', label: 'internal', category: null },
    ],
  });
});

it('a planner opens no data session: no secret is minted for it, and no login of it accepted', async () => {
  const planner = await nightly.planner();
  for (const terms of [{}, { workflow: WORKFLOW }])
    await expect(planner.mintSession(RESOURCE, 'planner', terms)).rejects.toMatchObject({
      code: 'REFUSED_BY_POLICY',
      message: expect.stringContaining('planners do not open data sessions'),
    });
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: nightly.gateway.postgresPort, user: RESOURCE, database: RESOURCE },
    password: (await nightly.tokens()).planner,
    ssl: { rejectUnauthorized: false },
    options: `-c sluice.workflow=${WORKFLOW}`,
  });
  await expect(client.connect()).rejects.toMatchObject({
    code: '42501',
    message: 'sluice: planners do not open data sessions',
  });
});

it('a planner hands in a plan, split into its statements', async () => {
  const plan = await (await nightly.planner()).submitPlan({ resource: RESOURCE, workflow: WORKFLOW, text: PLAN });
  planId = plan.id;
  expect(plan).toMatchObject({
    workflow: WORKFLOW,
    by: { name: 'nightly-planner', chain: [{ name: 'Ann Analyst' }, {}] },
  });
  expect(plan.statements).toEqual([COUNT, READ]);
  expect((await (await nightly.executor()).plan(planId)).statements).toEqual(plan.statements);
  await expect((await nightly.gateway.apiFor('stranger')).plan(planId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('what is no SQL is no plan', async () => {
  const planner = await nightly.planner();
  for (const text of ['SELEC 1', '-- nothing', ';'])
    await expect(planner.submitPlan({ resource: RESOURCE, text })).rejects.toMatchObject({ code: 'USAGE' });
});

it('the executor runs the plan, in whatever transaction and with whatever is around the statements', async () => {
  expect(await run(PLAN)).toMatchObject({ stderr: '', stdout: 'CH|2\nDE|1\n' });
  expect(await run(`BEGIN;\n/* again */ ${READ} ;\nROLLBACK;`)).toMatchObject({ stderr: '', stdout: 'CH|2\nDE|1\n' });
});

it('a statement that is not in the plan is held, also when it touches nothing classified', async () => {
  for (const statement of ['SELECT country FROM shop.customers', `${READ} LIMIT 1`, 'DELETE FROM reporting.daily']) {
    const outcome = await run(`${statement};`);
    expect(outcome.stderr).toMatch(
      /held for approval as request req_\S+: this \w+ is not in the plan plan_\S+ that the session is bound to/,
    );
    expect(outcome.code).toBe(3);
  }
});

it.each([
  ['what is prepared in SQL', 'PREPARE q AS SELECT ssn FROM shop.customers', 'EXECUTE q'],
  ['what search_path leads to', 'SET search_path = shop', 'SELECT ssn FROM customers'],
  ['what a cursor reads', 'DECLARE c CURSOR WITH HOLD FOR SELECT ssn FROM shop.customers', 'FETCH ALL FROM c'],
  [
    'what a temporary table stands for',
    'CREATE TEMPORARY TABLE daily AS SELECT ssn FROM shop.customers',
    'TABLE daily',
  ],
])('%s has to be in the plan itself, and not only the text behind which it runs', async (_, behind, planned) => {
  const { id } = await (await nightly.planner()).submitPlan({ resource: RESOURCE, workflow: WORKFLOW, text: planned });
  const outcome = await run(`${behind};\n${planned};`, { workflow: WORKFLOW, plan: id });
  expect(outcome).toMatchObject({ code: 3, stdout: '' });
  expect(outcome.stderr).toMatch(/:1: NOTICE: .* is not in the plan/);
});

it('a session under a plan may show settings and close what it opened, and not choose its search_path', async () => {
  expect(await run(`SHOW search_path;\nDEALLOCATE ALL;\nCLOSE ALL;\n${READ};`)).toMatchObject({ code: 0, stderr: '' });
  const minted = await (await nightly.executor()).mintSession(RESOURCE, 't', { workflow: WORKFLOW, plan: planId });
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: nightly.gateway.postgresPort, user: minted.username, password: minted.secret },
    ...{ database: RESOURCE, options: '-c search_path=shop' },
  });
  await expect(client.connect()).rejects.toMatchObject({
    code: '42501',
    message: 'sluice: a session that is bound to a plan may not choose its search_path',
  });
});

it('what the executor brings in by a plan is on record with the planner', async () => {
  const planner = await nightly.planner();
  const text = 'SELECT email FROM shop.customers WHERE id = 1';
  const { id } = await planner.submitPlan({ resource: RESOURCE, workflow: WORKFLOW, text });
  expect((await run(text, { workflow: WORKFLOW, plan: id })).stdout).toBe('ana@x\n');
  const { seen } = await (await nightly.gateway.apiFor('analyst')).workflow(WORKFLOW, RESOURCE);
  const brought = seen.find(({ words }) => words.startsWith('shop.customers.email') && words.endsWith('→ the answer'));
  expect(brought?.firstSeen).toMatchObject({
    principal: { chain: [{ name: 'Ann Analyst' }, { name: 'nightly-executor' }] },
    plan: { id, by: { chain: [{ name: 'Ann Analyst' }, { name: 'nightly-planner' }] } },
  });
});

it('nobody runs their own plan, nor one for another resource, workflow or person, nor one that is not there', async () => {
  const executor = await nightly.executor();
  const own = await executor.submitPlan({ resource: RESOURCE, workflow: WORKFLOW, text: READ });
  const refused = { code: 'REFUSED_BY_POLICY' };
  const mint = (plan: string, api = executor) => api.mintSession(RESOURCE, 't', { workflow: WORKFLOW, plan });
  await expect(mint(own.id)).rejects.toMatchObject(refused);
  await expect(mint('plan_unheard-of')).rejects.toMatchObject(refused);
  const loose = await (await nightly.planner()).submitPlan({ resource: RESOURCE, text: READ });
  await expect(mint(loose.id)).rejects.toMatchObject({
    message: expect.stringContaining('belongs to no workflow'),
  });
  // The colleague is a person of their own: the plan was made for Ann.
  await expect(mint(planId, await nightly.gateway.apiFor('colleague'))).rejects.toMatchObject({
    message: expect.stringContaining('on behalf of another person'),
  });
});

it('a plan is there after a restart, and its session is in the record with the whole chain', async () => {
  await nightly.gateway.end('SIGKILL');
  await nightly.gateway.restart();
  expect((await run(`${READ};`)).code).toBe(0);
});

it('a statement that comes again with another literal is not in the plan because the first one was', async () => {
  const of = (id: number) => `SELECT name FROM shop.customers WHERE id = ${id};`;
  const { id } = await (await nightly.planner()).submitPlan({ resource: RESOURCE, workflow: WORKFLOW, text: of(1) });
  const outcome = await run(`${of(1)}\n${of(1)}\n${of(1)}\n${of(2)}`, { workflow: WORKFLOW, plan: id });
  expect(outcome.stdout).toBe('Ana\nAna\nAna\n');
  expect(outcome.stderr).toContain('is not in the plan');
});
