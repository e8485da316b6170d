/** Who first brought a column into a workflow: asked of the record after a run, and after its approval. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NIGHTLY, type Nightly, RESOURCE, startNightly, TAMPERED, WORKFLOW } from '../workflows/nightly.ts';

let nightly: Nightly;
beforeAll(async () => {
  nightly = await startNightly();
});
afterAll(() => nightly.stop());

it('names the run that brought a column in, whose baseline has it, and that a tampered one is in none', async () => {
  const terms = { workflow: WORKFLOW };
  expect(await nightly.psql(NIGHTLY, terms)).toMatchObject({ code: 0 });
  const [root, colleague, dana] = await Promise.all(
    ['root', 'colleague', 'dana'].map((who) => nightly.gateway.apiFor(who)),
  );
  if (root === undefined || colleague === undefined || dana === undefined) throw new Error('three were asked for');
  const about = { workflow: WORKFLOW, resource: RESOURCE };
  const proposal = await colleague.proposeBaseline(WORKFLOW, RESOURCE, { add: 'learned' });
  await dana.decideProposal(proposal, 'approve', 'ticket 4711');
  expect(await nightly.psql(TAMPERED, terms)).toMatchObject({ code: 3 });

  const email = await root.audit.workflow({ ...about, column: 'shop.customers.email' });
  expect(email[0]).toMatchObject({
    principal: { name: 'nightly-executor' },
    approved: { version: 1, by: { name: 'Dana Protection' }, note: 'ticket 4711' },
  });
  const ssn = await root.audit.workflow({ ...about, column: 'shop.customers.ssn' });
  expect(ssn.length).toBeGreaterThan(0);
  for (const { approved, effect, sessionId } of ssn) {
    expect({ approved, effect }).toEqual({ approved: null, effect: 'hold' });
    expect(sessionId).not.toBe(email[0]?.sessionId);
  }
  await expect(colleague.audit.workflow(about)).rejects.toMatchObject({ code: 'REFUSED_BY_POLICY' });
});
