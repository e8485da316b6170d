/**
 * Four gateways, as processes of their own, race for one approval on one store: a thousand attempts, one execution.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ApprovalService } from '../../gateway/src/approval/approvals.ts';
import { heldTextsIn } from '../../gateway/src/approval/held-texts.fixture.ts';
import type { BoundStatement } from '../../gateway/src/approval/request.ts';
import { principal, temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../gateway/src/evidence/log.ts';
import { openStore } from '../../gateway/src/store/store.ts';

const CONTENDER = fileURLToPath(new URL('./approval-race-contender.ts', import.meta.url));
const CONTENDERS = 4;
const asker = principal('analyst');
const TEXT = 'insert into report select ssn from customers';
const bound: BoundStatement = {
  protocol: 'postgres',
  resource: 'orders-db',
  database: 'orders',
  upstreamRole: 'sluice',
  sessionId: 's1',
  chain: [asker.id],
  text: Buffer.from(TEXT),
  parameters: [],
  resultFormats: [],
  settings: [],
  treeHash: 'aa',
  policyVersion: 'p1',
  labelsVersion: 'l1',
};

it('an approval is used once, whichever process wins', async () => {
  using directory = temporaryDirectory();
  const sqlite = join(directory.path, 'sluice.db');
  const store = await openStore({ sqlite });
  const log = await openEvidenceLog({ directory: join(directory.path, 'log'), now: Date.now });
  const approvals = new ApprovalService({
    store,
    log,
    texts: heldTextsIn(directory.path),
    approversFor: () => ({ groups: ['data-protection'], count: 1, expiresMs: 600_000 }),
    now: Date.now,
  });
  const { id } = await approvals.request({ bound, statementId: 1, asker, label: 'regulated', flows: [], reasons: [] });
  const officer = principal('officer', { groups: ['data-protection'] });
  await approvals.decide(officer, id, { decision: 'approved', note: '' });

  const binding = JSON.stringify({ ...bound, text: TEXT });
  const contenders = Array.from({ length: CONTENDERS }, (_, index) => {
    const args = [CONTENDER, sqlite, join(directory.path, `log-${index}`), id, binding];
    return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  });
  const outputs = contenders.map((child) => {
    const lines: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => lines.push(chunk));
    return lines;
  });
  await Promise.all(contenders.map((child) => once(child.stdout, 'data')));
  const ended = contenders.map((child) => once(child, 'close'));
  for (const child of contenders) child.stdin.write('go\n');
  await Promise.all(ended);

  const wins = outputs.map((lines) => Number(/won (\d+)/.exec(lines.join(''))?.[1] ?? Number.NaN));
  expect(wins.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1]);
  expect(await approvals.show(officer, id)).toMatchObject({ state: 'consumed' });
  await log.close();
  await store.close();
});
