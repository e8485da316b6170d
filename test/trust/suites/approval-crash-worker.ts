/**
 * A child process of approval-crash.ts: asks, approves, uses and "sends", over and over, until it is killed. What it sends is
 * a line in a file, on the disk before the next step. Arguments: directory, number of the run, then per line on stdin nothing.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ApprovalService } from '../../../gateway/src/approval/approvals.ts';
import { heldTextsIn } from '../../../gateway/src/approval/held-texts.fixture.ts';
import { principal } from '../../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../../gateway/src/evidence/log.ts';
import { openStore } from '../../../gateway/src/store/store.ts';

const [directory = '', run = ''] = process.argv.slice(2);
const store = await openStore({ sqlite: join(directory, 'sluice.db') });
const log = await openEvidenceLog({ directory: join(directory, 'log'), now: Date.now });
const asker = principal('analyst');
const officer = principal('officer', { groups: ['approvers'] });
const service = new ApprovalService({
  ...{ store, log, texts: heldTextsIn(directory), now: Date.now },
  approversFor: () => ({ groups: ['approvers'], count: 1, expiresMs: 3_600_000 }),
  maxPending: 1_000_000,
  maxPendingPerPrincipal: 1_000_000,
});
const sent = openSync(join(directory, 'sent'), 'a');
const bound = (text: string) => ({
  protocol: 'postgres' as const,
  ...{ resource: 'r', database: 'd', upstreamRole: 'u', sessionId: 's', chain: [asker.id], text: Buffer.from(text) },
  ...{ parameters: [], resultFormats: [], settings: [], treeHash: '', policyVersion: 'p', labelsVersion: 'l' },
});

/** As the pipeline does: used first, on the record, then sent. */
async function send(id: string, text: string): Promise<void> {
  if ((await service.consume(id, bound(text), 1)) === null) return;
  writeSync(sent, `${id}\n`);
  fsyncSync(sent);
}

// What an earlier run left behind: approvals are good for one use still, and used ones for none.
for (const { id, statement } of await service.list(officer, { state: null, limit: 1_000 })) await send(id, statement);
process.stdout.write('ready\n');
for (let n = 0; n < 10_000; n += 1) {
  const text = `insert ${run}.${n}`;
  const asked = { bound: bound(text), statementId: 1, asker, label: 'regulated' as const, flows: [], reasons: [] };
  const { id } = await service.request(asked);
  await service.decide(officer, id, { decision: 'approved', note: '' });
  await send(id, text);
}
closeSync(sent);
await log.close();
await store.close();
