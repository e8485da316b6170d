/** A workflow from the command line: an executor that runs, a colleague who proposes, another person who approves. In order. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Home, makeHome } from '../harness/sluice.ts';
import { NIGHTLY, type Nightly, RESOURCE, startNightly, TAMPERED } from '../integration/workflows/nightly.ts';

let nightly: Nightly;
let home: Home;
/** Files of access tokens, by who. */
const tokenFiles = new Map<string, string>();
beforeAll(async () => {
  nightly = await startNightly();
  home = await makeHome({ SLUICE_GATEWAY: nightly.gateway.url.origin, SLUICE_CA: nightly.gateway.caFile });
  const { executor, planner } = await nightly.tokens();
  const tokens = { executor, planner } as Record<string, string>;
  for (const who of ['colleague', 'dana']) tokens[who] = await nightly.gateway.tokenOf(who);
  for (const [who, token] of Object.entries(tokens)) {
    const file = join(home.directory, `${who}.token`);
    await writeFile(file, token, { mode: 0o600 });
    tokenFiles.set(who, file);
  }
  await writeFile(join(home.directory, 'nightly.sql'), NIGHTLY);
  await writeFile(join(home.directory, 'tampered.sql'), TAMPERED);
});
afterAll(async () => {
  await nightly?.stop();
  await home?.remove();
});

const as = (who: string, ...args: readonly string[]) =>
  home.sluice(args, { env: { SLUICE_TOKEN_FILE: tokenFiles.get(who) ?? '' } });
const psql = (script: string) => ['psql', '-X', '-qAt', '-v', 'ON_ERROR_STOP=1', '-f', join(home.directory, script)];
const runNightly = (script: string) => as('executor', 'run', '--workflow', 'nightly', RESOURCE, '--', ...psql(script));

it('the executor runs nothing without its workflow', async () => {
  const outcome = await as('executor', 'run', RESOURCE, '--', ...psql('nightly.sql'));
  expect(outcome).toMatchObject({ code: 77, stdout: '' });
  expect(outcome.stderr).toContain('executors run workflows, and nothing else');
});

it('its first run is learned, proposed by one person and approved by another', async () => {
  expect(await runNightly('nightly.sql')).toMatchObject({ code: 0, stdout: 'CH|2\nDE|1\n' });
  const shown = await as('colleague', 'workflows', 'show', 'nightly', RESOURCE);
  expect(shown.stdout).toContain('Workflow nightly on orders-db: learning');
  expect(shown.stdout).toContain('shop.customers.email (confidential, pii.email) → pg_temp.totals.email');
  expect(shown.stdout).toContain('by Ann Analyst (user) → nightly-executor (agent), allow');

  expect((await as('colleague', 'workflows', 'propose', 'nightly', RESOURCE)).code).toBe(64);
  const proposed = await as('colleague', 'workflows', 'propose', 'nightly', RESOURCE, '--learned');
  expect(proposed.code).toBe(0);
  const id = /Proposal (wp_\S+)/.exec(proposed.stdout)?.[1] ?? '';
  const own = await as('colleague', 'workflows', 'approve', 'nightly', RESOURCE, id, '--yes');
  expect(own).toMatchObject({ code: 77, stdout: '' });
  // No approval by somebody who has not read it.
  expect((await as('dana', 'workflows', 'approve', 'nightly', RESOURCE, id)).code).toBe(64);
  const approved = await as('dana', 'workflows', 'approve', 'nightly', RESOURCE, id, '--yes', '--note', 'ticket 4711');
  expect(approved).toMatchObject({ code: 0, stdout: `${id}  approved\n` });
  expect((await as('dana', 'workflows', 'ls')).stdout).toMatch(/nightly +orders-db +enforced +1 +7 +0 +0/);
});

it('then it runs as ever, and tampered with it does not', async () => {
  expect(await runNightly('nightly.sql')).toMatchObject({ code: 0, stderr: '' });
  const tampered = await runNightly('tampered.sql');
  expect(tampered).toMatchObject({ code: 3, stdout: '' });
  expect(tampered.stderr).toMatch(
    /shop\.customers\.ssn .* is new in the workflow nightly; first seen .* by nightly-executor on behalf of Ann Analyst; not in baseline 1, approved by Dana Protection/,
  );
  const shown = await as('dana', 'workflows', 'show', 'nightly', RESOURCE);
  expect(shown.stdout).toMatch(/New\n +f_\S+ {2}shop\.customers\.ssn/);
});

it('the planner sees the schema and hands in a plan; the executor runs it, and it is shown to both', async () => {
  expect((await as('planner', 'schema', RESOURCE)).stdout).toMatch(/shop\.customers\.ssn +table +regulated +pii\.ssn/);
  const refused = await as('planner', 'run', '--workflow', 'nightly', RESOURCE, '--', ...psql('nightly.sql'));
  expect(refused).toMatchObject({ code: 77, stdout: '' });
  expect(refused.stderr).toContain('planners do not open data sessions');

  const file = join(home.directory, 'nightly.sql');
  const submitted = await as('planner', 'plan', 'submit', file, '--resource', RESOURCE, '--workflow', 'nightly');
  expect(submitted.code).toBe(0);
  const id = submitted.stdout.trim();
  expect((await as('executor', 'plan', 'show', id)).stdout).toContain(
    'Made by      Ann Analyst (user) → nightly-planner (agent)',
  );
  const planned = (script: string) =>
    as('executor', 'run', '--plan', id, '--workflow', 'nightly', RESOURCE, '--', ...psql(script));
  expect(await planned('nightly.sql')).toMatchObject({ code: 0, stderr: '' });
  const other = await planned('tampered.sql');
  expect(other.code).toBe(3);
  expect(other.stderr).toContain(`is not in the plan ${id} that the session is bound to`);
});
