/**
 * What a held statement, its preview and its asker's words, and what a plan says, are in no file of the gateway's data in the
 * clear: not while they wait, not after, not after a restart. Those who have to read them do.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AuditSite, RESOURCE } from '../integration/audit/site.ts';

const AUDITOR = { name: 'anna', key: 'Xf7dO2vUf2+ijuFdlp1bsOpTd01Ii9r53xxuASSz7yI=' };
const HELD = 'Zanzibar4711';
const REASON = 'Timbuktu4712';
const PLANNED = 'Samarkand4713';

let site: AuditSite;
beforeAll(async () => {
  site = await AuditSite.start({ evidence: { sealing: { recipients: [AUDITOR] } } });
});
afterAll(() => site.stop());

/** Files of the gateway's data with any of the three, in bytes as they are or in base64 at any offset. */
function filesThatTell(): readonly string[] {
  const marks = [HELD, REASON, PLANNED].flatMap((mark) => [mark, ...inBase64(mark)]);
  return readdirSync(join(site.gateway.directory, 'data'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => marks.some((mark) => readFileSync(path).includes(mark)));
}

function inBase64(mark: string): readonly string[] {
  return [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), Buffer.from(mark)])
      .toString('base64')
      .slice(offset + 1, -4),
  );
}

async function readableByThoseWhoDecide(requestId: string, planId: string): Promise<void> {
  const request = await (await site.api('dana')).request(requestId);
  expect(request.statement).toContain(HELD);
  expect(request.quotation).toContain(REASON);
  expect(request.preview?.sample?.rows).toEqual([
    [HELD, null],
    [HELD, null],
  ]);
  expect((await (await site.api('planner')).plan(planId)).statements).toEqual([expect.stringContaining(PLANNED)]);
}

it('what waits to be approved or run is sealed wherever it is kept, and shown to those who decide and run', async () => {
  const api = await site.api('analyst');
  const { client } = await site.connect(api);
  await client.query(`SET sluice.reason = '${REASON}'`);
  const running = client.query(`INSERT INTO reporting.daily (country, note) SELECT '${HELD}', ssn FROM shop.customers`);
  // Awaited below; when something before that fails, its own error is the one to see.
  running.catch(() => undefined);
  const plan = await (await site.api('planner')).submitPlan({
    ...{ resource: RESOURCE, workflow: null, note: 'ticket 1' },
    text: `SELECT name FROM shop.customers WHERE country = '${PLANNED}'`,
  });
  const dana = await site.api('dana');
  let request = (await dana.requests('pending'))[0];
  for (; request === undefined; [request] = await dana.requests('pending')) await delay(20);
  await readableByThoseWhoDecide(request.id, plan.id);
  expect(filesThatTell()).toEqual([]);

  await dana.decide(request.id, 'approve', '', request.bindingHash);
  expect((await running).rowCount).toBe(2);
  await client.end();
  expect(filesThatTell()).toEqual([]);

  await site.gateway.end('SIGTERM');
  await site.gateway.restart();
  await readableByThoseWhoDecide(request.id, plan.id);
  expect((await site.sluice('audrey', 'audit', 'holds')).stdout).toContain(HELD);
  expect(filesThatTell()).toEqual([]);
});
