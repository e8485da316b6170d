/**
 * The verdict of somebody who has the files, the keys and an anchor, and asks no gateway.
 */

import { Disproof } from '../../agent-tunnel/src/evidence/note.ts';
import { verifyBundle } from '../../agent-tunnel/src/evidence/verify-bundle.ts';
import { verifyLogDirectory } from '../../agent-tunnel/src/evidence/verify-merkle.ts';
import type { EvidenceSite } from './evidence-site.ts';

/** Whether anything is found wrong with the log. */
export async function accusesLog(site: EvidenceSite, options: { readonly anchors?: boolean } = {}): Promise<boolean> {
  const anchors = options.anchors === true ? [site.anchor] : [];
  try {
    const report = await verifyLogDirectory(site.logDirectory, { head: null, trust: site.trust, anchors });
    return report.state !== 'intact' || report.merkle === null || report.merkle.findings.length > 0;
  } catch (error) {
    // Not even readable, for example without a single segment: nobody takes that for a log.
    return error instanceof Error;
  }
}

export async function accusesBundle(site: EvidenceSite): Promise<boolean> {
  try {
    await verifyBundle(site.bundle, site.trust);
    return false;
  } catch (error) {
    if (error instanceof Disproof) return true;
    throw error;
  }
}
