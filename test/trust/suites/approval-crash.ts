/**
 * A process that asks, approves, uses and sends is killed at random moments and started again. Nothing is ever sent twice,
 * nothing is sent that the record does not know as used, and what was used and not sent is not used again.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openEvidenceLog } from '../../../gateway/src/evidence/log.ts';
import { readBlocks } from '../../../gateway/src/evidence/read-log.ts';
import type { TrustContext, TrustResult, TrustSuite } from '../suite.ts';

export const approvalCrash: TrustSuite = {
  name: 'approval-crash',
  claim: 'an approval that was used is never used again, wherever the gateway is killed',
  run: (context) => killWhileApproving({ ...context, kills: 200 }),
};

const WORKER = fileURLToPath(new URL('./approval-crash-worker.ts', import.meta.url));
/** Longest time before a kill, ms. */
const LONGEST_MS = 400;

export async function killWhileApproving(context: TrustContext & { readonly kills: number }): Promise<TrustResult> {
  const { directory, random, kills } = context;
  const failures: string[] = [];
  let attempts = 0;
  for (; attempts < kills && !context.isOver(); attempts += 1) {
    const child = spawn(process.execPath, [WORKER, directory, String(attempts)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const closed = once(child, 'close');
    const isReady = await Promise.race([once(child.stdout, 'data').then(() => true), closed.then(() => false)]);
    if (!isReady) failures.push(`it did not start again: ${said.slice(0, 500)}`);
    await pause(random.below(LONGEST_MS));
    child.kill('SIGKILL');
    await closed;
    failures.push(...(await contradictions(directory)));
    if (failures.length > 0) break;
  }
  return { attempts, failures, isComplete: attempts === kills };
}

async function contradictions(directory: string): Promise<readonly string[]> {
  const sent = existsSync(join(directory, 'sent')) ? readFileSync(join(directory, 'sent'), 'utf8').split('\n') : [];
  const ids = sent.filter((line) => line !== '');
  const log = await openEvidenceLog({ directory: join(directory, 'log'), now: Date.now });
  const used: string[] = [];
  try {
    await log.sync();
    for await (const block of readBlocks(log.directory, { from: 0, until: log.durableSequence }))
      for (const { entry } of block.entries) if (entry.kind === 'request.consumed') used.push(entry.requestId);
  } finally {
    await log.close();
  }
  const known = new Set(used);
  return [
    ...(new Set(ids).size < ids.length ? ['a statement was sent twice'] : []),
    ...(known.size < used.length ? ['an approval was used twice'] : []),
    ...ids.filter((id) => !known.has(id)).map((id) => `${id} was sent, and the record does not know that it was used`),
  ];
}
