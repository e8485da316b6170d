/** What is left of a log after a crash, compared with what was acknowledged before it. */
import { openEvidenceLog } from '../../../gateway/src/evidence/log.ts';
import type { StoredEntry } from '../../../gateway/src/evidence/log-options.ts';
import { readBlocks } from '../../../gateway/src/evidence/read-log.ts';
import { verifyLog } from '../../../gateway/src/evidence/verify.ts';
import type { Acknowledged } from './run.ts';

/**
 * Opens the log again, as the next start does, and goes on. Says what is wrong: an acknowledged entry that is gone or another
 * one, more than one torn end, a torn end that the log does not tell of, a log that does not verify or take entries.
 */
export async function contradictionsIn(
  directory: string,
  acknowledged: readonly Acknowledged[],
): Promise<readonly string[]> {
  const left = verifyLog(directory);
  if (left.state === 'broken') return [`as it was left: ${left.problems.map(({ message }) => message).join('; ')}`];
  const problems: string[] = [];
  try {
    const log = await openEvidenceLog({ directory, now: Date.now });
    await log.append({ kind: 'gateway.stopped' }, 'fsync');
    await log.close();
  } catch (error) {
    return [`it cannot be opened again: ${error instanceof Error ? error.message : String(error)}`];
  }
  const after = verifyLog(directory);
  if (after.state !== 'intact') problems.push(`opened again it is ${after.state}`);
  const entries = await entriesOf(directory);
  const told = entries.flatMap(({ entry }) => (entry.kind === 'log.recovered' ? [entry.tornBytes] : []));
  if (left.state === 'torn' && told.at(-1) !== left.tornBytes)
    problems.push(`${left.tornBytes} torn bytes, of which the log tells nothing (${told.join(', ')})`);
  for (const { sequence, id, durability } of acknowledged) {
    const entry = entries[sequence]?.entry;
    if (entry?.kind !== 'statement.decided' || !entry.text.startsWith(`statement ${id} `))
      problems.push(`entry ${sequence} was acknowledged (${durability}) and is gone`);
  }
  return problems;
}

export async function entriesOf(directory: string): Promise<readonly StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for await (const block of readBlocks(directory, { from: 0, until: Number.MAX_SAFE_INTEGER }))
    entries.push(...block.entries);
  return entries;
}
