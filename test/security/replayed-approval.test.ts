/**
 * A replayed approval: somebody approved one statement once, and it ran. Whoever sends the same bytes again asks anew: in
 * the same session, in another one, as somebody else, after the gateway was started again.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AuditSite, type LiveClient, RESOURCE } from '../integration/audit/site.ts';

const STATEMENT = 'INSERT INTO reporting.daily (country, note) SELECT country, ssn FROM shop.customers';
const HELD = /^sluice: the statement is held for approval as request (req_\S+) and was not run/;

let site: AuditSite;
beforeAll(async () => {
  site = await AuditSite.start({ holdSeconds: 0 });
});
afterAll(() => site.stop());

/** The request that the statement makes when nobody has decided yet. */
async function asked({ client }: LiveClient): Promise<string> {
  const told = await client.query(STATEMENT).then(
    () => 'it ran',
    (error: Error) => error.message,
  );
  const [, id] = HELD.exec(told) ?? [];
  if (id === undefined) throw new Error(`it was not held: ${told}`);
  return id;
}

const copied = async (): Promise<unknown> =>
  (await site.server.admin('SELECT count(*)::int AS rows FROM reporting.daily', 'shop'))[0];

it('an approval that was used lets nothing run again, whoever sends the same bytes, whenever', async () => {
  const first = await site.connect(await site.api('analyst'));
  const approved = await asked(first);
  const dana = await site.api('dana');
  const { bindingHash } = await dana.request(approved);
  const approve = () => dana.decide(approved, 'approve', '', bindingHash);
  await approve();
  expect((await first.client.query(STATEMENT)).rowCount).toBe(2);
  expect(await dana.request(approved)).toMatchObject({ state: 'consumed' });

  // The copy made the target's label stricter, after which the copy needs no approval; with the label as it was, it does.
  const admin = await site.api('root');
  const [change] = await admin.labelChanges(RESOURCE);
  await admin.revertLabels(change?.id ?? '', 'as it was');
  const same = await asked(first);
  expect(same).not.toBe(approved);
  // The same person again, elsewhere, finds the request that waits, and not the approval.
  const other = await site.connect(await site.api('analyst'));
  expect(await asked(other)).toBe(same);
  // Somebody else asks for themselves.
  const agent = await site.connect(await site.agent());
  const ofAgent = await asked(agent);
  expect([approved, same]).not.toContain(ofAgent);

  await site.gateway.end('SIGTERM');
  await site.gateway.restart();
  const later = await site.connect(await site.api('analyst'));
  expect(await asked(later)).not.toBe(approved);
  // Nobody can approve a second time what was used.
  await expect(approve()).rejects.toMatchObject({ code: 'REQUEST_STATE' });
  expect(await copied()).toEqual({ rows: 2 });
  await later.client.end();
});
