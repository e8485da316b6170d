/**
 * The verdict of somebody who has the files, the keys and an anchor, and asks no gateway: of `sluice evidence verify`, and of
 * the standalone verifier, which share nothing but the document. They have to agree.
 */
import { Disproof } from '../../agent-tunnel/src/evidence/note.ts';
import { verifyBundle } from '../../agent-tunnel/src/evidence/verify-bundle.ts';
import { verifyLogDirectory } from '../../agent-tunnel/src/evidence/verify-merkle.ts';
import type { EvidenceSite } from './evidence-site.ts';
import { standaloneAccusesBundle, standaloneAccusesLog } from './standalone.ts';

/** Whether anything is found wrong with the log. */
export async function accusesLog(site: EvidenceSite, options: { readonly anchors?: boolean } = {}): Promise<boolean> {
  const anchors = options.anchors === true ? [site.anchor] : [];
  return agreed(await clientAccusesLog(site, anchors), standaloneAccusesLog(site, anchors), site.logDirectory);
}

export async function accusesBundle(site: EvidenceSite): Promise<boolean> {
  return agreed(await clientAccusesBundle(site), standaloneAccusesBundle(site), site.bundle);
}

/** A disagreement is a defect of one of the two, whatever was to be found. */
function agreed(byClient: boolean, byStandalone: boolean, path: string): boolean {
  if (byClient === byStandalone) return byClient;
  throw new Error(
    `${path}: ${byClient ? 'only sluice evidence verify' : 'only the standalone verifier'} finds something wrong`,
  );
}

async function clientAccusesLog(site: EvidenceSite, anchors: readonly string[]): Promise<boolean> {
  try {
    const report = await verifyLogDirectory(site.logDirectory, { head: null, trust: site.trust, anchors });
    return report.state !== 'intact' || report.merkle === null || report.merkle.findings.length > 0;
  } catch (error) {
    // Not even readable, for example without a single segment: nobody takes that for a log.
    return error instanceof Error;
  }
}

async function clientAccusesBundle(site: EvidenceSite): Promise<boolean> {
  try {
    await verifyBundle(site.bundle, site.trust);
    return false;
  } catch (error) {
    if (error instanceof Disproof) return true;
    throw error;
  }
}
