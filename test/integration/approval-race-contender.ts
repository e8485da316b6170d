/**
 * A child process of approval-race.test.ts: another gateway on the same store. It waits for a line on stdin, then tries to
 * use the approval many times at once, and prints how often it succeeded. Arguments: store, log directory, request id, binding.
 */
import { once } from 'node:events';
import { dirname } from 'node:path';
import { ApprovalService } from '../../gateway/src/approval/approvals.ts';
import { heldTextsIn } from '../../gateway/src/approval/held-texts.fixture.ts';
import type { BoundStatement } from '../../gateway/src/approval/request.ts';
import { openEvidenceLog } from '../../gateway/src/evidence/log.ts';
import { openStore } from '../../gateway/src/store/store.ts';

const [sqlite = '', directory = '', requestId = '', binding = ''] = process.argv.slice(2);
const ATTEMPTS = 250;

const store = await openStore({ sqlite });
const log = await openEvidenceLog({ directory, now: Date.now });
const approvals = new ApprovalService({
  ...{ store, log, texts: heldTextsIn(dirname(sqlite)) },
  approversFor: () => null,
  now: Date.now,
});
const parsed: Omit<BoundStatement, 'text'> & { text: string } = JSON.parse(binding);
const bound: BoundStatement = { ...parsed, text: Buffer.from(parsed.text) };

process.stdout.write('ready\n');
await once(process.stdin, 'data');
const outcomes = await Promise.all(
  Array.from({ length: ATTEMPTS }, (_, id) => approvals.consume(requestId, bound, id)),
);
process.stdout.write(`won ${outcomes.filter(Boolean).length}\n`);
await log.close();
await store.close();
process.exit(0);
