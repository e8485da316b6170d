/**
 * An operator with the log's own key: rewrites the log and signs it again, rolls it back, shows two auditors two logs. Every
 * hash and every signature of theirs is right; a witness, an anchor, or two auditors who compare find them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isConsistent as isConsistentByClient } from '../../../agent-tunnel/src/evidence/merkle.ts';
import { parseCheckpoint } from '../../../agent-tunnel/src/evidence/note.ts';
import { verifyLogDirectory } from '../../../agent-tunnel/src/evidence/verify-merkle.ts';
import { readTile } from '../../../gateway/src/evidence/merkle/tile-files.ts';
import { TileTree } from '../../../gateway/src/evidence/merkle/tile-tree.ts';
import { BLOCK_RECORDS, type EvidenceSite, writeEvidenceSite } from '../evidence-site.ts';
import { accusesLog } from '../judge.ts';
import type { TrustContext, TrustResult, TrustSuite } from '../suite.ts';

const SIZES = [3, 9, 30, 255, 258, 300, 600];

export const forgedLogs: TrustSuite = {
  name: 'forged-logs',
  claim: 'an operator who rewrites, rolls back or forks the log and signs it again is caught from outside',
  run: (context) => forge(context, SIZES),
};

/** For each size, a log of so many entries and one that tells another story under the same name and key. */
export async function forge(context: TrustContext, sizes: readonly number[]): Promise<TrustResult> {
  const failures: string[] = [];
  let attempts = 0;
  for (const size of sizes) {
    if (context.isOver()) return { attempts, failures, isComplete: false };
    const entries = size + BLOCK_RECORDS;
    const honest = await writeEvidenceSite(join(context.directory, `honest-${size}`), {
      entries,
      checkpointsAt: [size],
    });
    const rewritten = await writeEvidenceSite(join(context.directory, `rewritten-${size}`), {
      ...{ entries: entries + BLOCK_RECORDS, checkpointsAt: [size], idOf: honest, text: 'select 2' },
    });
    const shorter = await writeEvidenceSite(join(context.directory, `shorter-${size}`), {
      ...{ entries: size, checkpointsAt: [], idOf: honest },
    });
    const checks: Readonly<Record<string, () => Promise<boolean>>> = {
      'an honest log is not accused, with its anchor': async () => !(await accusesLog(honest, { anchors: true })),
      'a rewritten log is right in itself': async () =>
        rewritten.logId === honest.logId && !(await accusesLog(rewritten)),
      'the anchor of the honest log accuses the rewritten one': () =>
        accusesLog({ ...rewritten, anchor: honest.anchor }, { anchors: true }),
      'the anchor accuses a log that was rolled back': () =>
        accusesLog({ ...shorter, anchor: honest.anchor }, { anchors: true }),
      'no proof leads from one auditor’s checkpoint to the other’s': () =>
        Promise.resolve(!isContinued(honest, rewritten)),
      'an honest proof does': () => Promise.resolve(isContinued(honest, honest)),
      'a key of somebody else is not taken': async () => await isStrange(honest),
    };
    for (const [claim, holds] of Object.entries(checks)) {
      attempts += 1;
      if (!(await holds())) failures.push(`${size} entries: ${claim}`);
    }
  }
  return { attempts, failures, isComplete: true };
}

/** Whether the newer site's own tiles prove that its log continues the older one's first checkpoint. */
function isContinued(older: EvidenceSite, newer: EvidenceSite): boolean {
  const [first = ''] = readFileSync(older.anchor, 'utf8').split(/(?<=\n)\n(?!—)/);
  const known = parseCheckpoint(first);
  const newest = parseCheckpoint(readFileSync(join(newer.logDirectory, 'checkpoint'), 'utf8'));
  const tree = new TileTree(newest.size, (tile) => readTile(newer.logDirectory, tile));
  return isConsistentByClient(known, newest, tree.consistency(known.size));
}

async function isStrange(site: EvidenceSite): Promise<boolean> {
  const trust = { keys: [site.stranger], witnesses: 0 };
  const report = await verifyLogDirectory(site.logDirectory, { head: null, trust, anchors: [] });
  return report.merkle?.checkpoint === null;
}
