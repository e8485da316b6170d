/**
 * The evidence log of a gateway that records no statement, for the bench alone: what recording costs is the difference.
 * The product has no such switch. Sessions and everything else are recorded as ever.
 */
import type { Entry } from '../../../gateway/src/evidence/entry.ts';
import { openEvidenceLog as openRealLog } from '../../../gateway/src/evidence/log.ts';
import type { EvidenceLogOptions } from '../../../gateway/src/evidence/log-options.ts';
import type { SegmentedLog } from '../../../gateway/src/evidence/segmented-log.ts';

const LEFT_OUT: ReadonlySet<Entry['kind']> = new Set(['statement.decided', 'statement.completed']);

export async function openEvidenceLog(options: EvidenceLogOptions): Promise<SegmentedLog> {
  const log = await openRealLog(options);
  const append = log.append.bind(log);
  log.append = (entry, durability, payload) =>
    LEFT_OUT.has(entry.kind) ? Promise.resolve(0) : append(entry, durability, payload);
  const stage = log.stage.bind(log);
  log.stage = (entry, payload) => (LEFT_OUT.has(entry.kind) ? 0 : stage(entry, payload));
  log.stageCompleted = () => true;
  return log;
}
