/**
 * The worked example of docs/planner-and-executor.md, as its scripts run it: an honest night, a planner that believed a
 * tampered ticket, what each of the two can and cannot do, and the chain in the record. In order.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProgramResult, runProgram } from '../harness/program.ts';
import { type Home, makeHome } from '../harness/sluice.ts';
import { type Nightly, RESOURCE, startNightly } from '../integration/workflows/nightly.ts';

const EXAMPLE = join(import.meta.dirname, '../../docs/examples/nightly');
const ROWS = 'CH|2\nDE|1\n';
const NODE = process.execPath;

let nightly: Nightly;
let home: Home;
beforeAll(async () => {
  nightly = await startNightly();
  home = await makeHome({ SLUICE_GATEWAY: nightly.gateway.url.origin, SLUICE_CA: nightly.gateway.caFile });
  const { executor, planner } = await nightly.tokens();
  await writeFile(fileOf('executor.token'), executor);
  await writeFile(fileOf('planner.token'), planner);
  for (const who of ['analyst', 'colleague', 'dana'])
    await writeFile(fileOf(`${who}.token`), await nightly.gateway.tokenOf(who));
});
afterAll(async () => {
  await nightly?.stop();
  await home?.remove();
});

const fileOf = (name: string) => join(home.directory, name);
const as = (who: string, ...args: readonly string[]) =>
  home.sluice(args, { env: { SLUICE_TOKEN_FILE: fileOf(`${who}.token`) } });

const NOT_THEIRS = { code: 'REQUEST_NOT_YOURS' };
const CHAIN = ['planner', 'executor', 'analyst'];
const apiOf = async (who: string) => nightly.gateway.apiWith(await readFile(fileOf(`${who}.token`), 'utf8'));

/** The planner's evening: the schema as it may see it, the statements it makes of a ticket, the plan that it hands in. */
async function plan(ticket: string, name: string): Promise<ProgramResult> {
  const schema = await as('planner', 'schema', RESOURCE, '--json');
  const made = await runProgram(NODE, [join(EXAMPLE, 'plan.mjs'), join(EXAMPLE, ticket)], { input: schema.stdout });
  await writeFile(fileOf(`${name}.sql`), made.stdout);
  const submitted = await as(
    ...(['planner', 'plan', 'submit', fileOf(`${name}.sql`)] as const),
    ...(['--resource', RESOURCE, '--workflow', 'nightly', '--note', 'ticket 4711'] as const),
  );
  await writeFile(fileOf(`${name}.plan`), submitted.stdout);
  return submitted;
}

/** The executor's night: the same program as ever, by `sluice run`. */
function night(name: string, script = name): Promise<ProgramResult> {
  const command = [NODE, join(EXAMPLE, 'nightly.mjs'), fileOf(`${script}.sql`)];
  const bound = ['--workflow', 'nightly', '--plan', fileOf(`${name}.plan`)];
  return as('executor', 'run', ...bound, RESOURCE, '--', ...command);
}

const report = async () =>
  (await nightly.server.admin('SELECT note FROM reporting.daily ORDER BY note', 'orders')).map(({ note }) => note);
const emptied = () => nightly.server.admin('DELETE FROM reporting.daily', 'orders');

describe('an honest night', () => {
  it('runs through Sluice as it runs without it: the same program, another endpoint', async () => {
    expect((await plan('ticket.txt', 'honest')).stdout).toMatch(/^plan_\S+\n$/);
    const { host, port } = nightly.server;
    const direct = await runProgram(NODE, [join(EXAMPLE, 'nightly.mjs'), fileOf('honest.sql')], {
      env: {
        ...{ PGHOST: host, PGPORT: String(port), PGDATABASE: 'orders' },
        ...{ PGUSER: 'nightly_owner', PGPASSWORD: 'nightly_owner', PGSSLMODE: 'disable' },
      },
    });
    expect(direct).toMatchObject({ code: 0, stdout: ROWS, stderr: '' });
    await emptied();
    expect(await night('honest')).toMatchObject({ code: 0, stdout: ROWS, stderr: '' });
    expect(await report()).toEqual(['ana@x', 'bo@x']);
    await emptied();
  });

  it('becomes the baseline once another person has approved it', async () => {
    const proposed = await as('colleague', 'workflows', 'propose', 'nightly', RESOURCE, '--learned');
    const id = /Proposal (wp_\S+)/.exec(proposed.stdout)?.[1] ?? '';
    const { proposals } = await (await nightly.gateway.apiFor('dana')).workflow('nightly', RESOURCE);
    const proposal = proposals.find((one) => one.id === id);
    if (proposal === undefined) throw new Error(`there is no proposal ${id}`);
    // Neither of the two, nor the person whom both work for.
    for (const who of CHAIN)
      await expect(apiOf(who).then((api) => api.decideProposal(proposal, 'approve', ''))).rejects.toMatchObject(
        NOT_THEIRS,
      );
    const approved = await as('dana', 'workflows', 'approve', 'nightly', RESOURCE, id, '--yes');
    expect(approved).toMatchObject({ code: 0, stdout: `${id}  approved\n` });
    expect(await night('honest')).toMatchObject({ code: 0, stdout: ROWS, stderr: '' });
    await emptied();
  });
});

describe('a planner that believed a tampered ticket', () => {
  let held: ProgramResult;
  let requestId: string;

  it('hands in a plan that carries one column more', async () => {
    expect((await plan('tampered-ticket.txt', 'tampered')).code).toBe(0);
    expect(await readFile(fileOf('tampered.sql'), 'utf8')).toContain("c.email || ' ' || c.ssn AS note");
  });

  it('brings nothing into the report: the executor is held, and told who brought the column in', async () => {
    held = await night('tampered');
    expect(held).toMatchObject({ code: 1, stdout: '' });
    expect(held.stderr).toMatch(
      /^42501: sluice: the statement is held for approval as request req_\S+ and was not run/,
    );
    requestId = /request (req_[\w-]+)/.exec(held.stderr)?.[1] ?? '';
    expect(await report()).toEqual([]);
    const shown = await as('dana', 'requests', 'show', requestId);
    expect(shown.stdout).toMatch(
      /shop\.customers\.ssn \(regulated, pii\.ssn\) .* is new in the workflow nightly; first seen .* by nightly-executor on behalf of Ann Analyst/,
    );
  });

  it('is not helped by anybody in its chain', async () => {
    const { bindingHash } = await (await nightly.gateway.apiFor('dana')).request(requestId);
    for (const who of CHAIN)
      await expect(apiOf(who).then((api) => api.decide(requestId, 'approve', '', bindingHash))).rejects.toMatchObject(
        NOT_THEIRS,
      );
    expect((await as('dana', 'requests', 'deny', requestId, '--note', 'who asked for ssn?')).code).toBe(0);
    expect((await night('tampered')).code).toBe(1);
    expect(await report()).toEqual([]);
  });
});

describe('the two are different principals', () => {
  it('the planner sees names and labels, and opens no data session', async () => {
    expect((await as('planner', 'schema', RESOURCE)).stdout).toMatch(/shop\.customers\.ssn +table +regulated/);
    const command = [NODE, join(EXAMPLE, 'nightly.mjs'), fileOf('honest.sql')];
    const refused = await as('planner', 'run', '--workflow', 'nightly', RESOURCE, '--', ...command);
    expect(refused).toMatchObject({ code: 77, stdout: '' });
    expect(refused.stderr).toContain('planners do not open data sessions');
  });

  it('the executor runs its workflow and the plan that it was given, and nothing else', async () => {
    const command = [NODE, join(EXAMPLE, 'nightly.mjs'), fileOf('honest.sql')];
    const free = await as('executor', 'run', RESOURCE, '--', ...command);
    expect(free).toMatchObject({ code: 77, stdout: '' });
    expect(free.stderr).toContain('executors run workflows, and nothing else');
    // Statements of another plan are not in this one.
    const other = await night('honest', 'tampered');
    expect(other).toMatchObject({ code: 1, stdout: '' });
    expect(await report()).toEqual([]);
  });

  it('nobody runs a plan of their own', async () => {
    await writeFile(fileOf('own.sql'), 'SELECT 1;\n');
    const submitted = await as('executor', 'plan', 'submit', fileOf('own.sql'), '--resource', RESOURCE);
    expect(submitted.code).toBe(0);
    const own = await as(
      'executor',
      'run',
      '--plan',
      submitted.stdout.trim(),
      '--workflow',
      'nightly',
      RESOURCE,
      '--',
      'true',
    );
    expect(own).toMatchObject({ code: 77, stdout: '' });
  });
});

it('the record has the whole chain: whom both worked for, who planned, who ran, who decided', async () => {
  const { planner, executor } = {
    planner: ['Ann Analyst', 'nightly-planner'],
    executor: ['Ann Analyst', 'nightly-executor'],
  };
  const names = ({ chain }: { readonly chain: readonly { readonly name: string }[] }) => chain.map(({ name }) => name);
  const auditor = await nightly.gateway.apiFor('root');
  const request = (await auditor.requests('denied'))[0];
  expect(request).toMatchObject({ state: 'denied', note: 'who asked for ssn?' });
  expect(request === undefined ? [] : names(request.asker)).toEqual(executor);
  expect(request?.decidedBy?.name).toBe('Dana Protection');

  const { session } = await auditor.session(request?.sessionId ?? '');
  expect(names(session.principal)).toEqual(executor);
  expect(session).toMatchObject({
    workflow: 'nightly',
    plan: { id: (await readFile(fileOf('tampered.plan'), 'utf8')).trim() },
  });
  expect(session.plan === null ? [] : names(session.plan.by)).toEqual(planner);

  const { seen } = await auditor.workflow('nightly', RESOURCE);
  const carried = seen.find(({ words }) => words.includes('customers.ssn') && words.includes('note'));
  expect(carried).toMatchObject({ approved: false, firstSeen: { sessionId: session.sessionId, effect: 'hold' } });
  expect(carried?.firstSeen.plan === null || carried === undefined ? [] : names(carried.firstSeen.plan.by)).toEqual(
    planner,
  );
});
