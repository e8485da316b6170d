/** A recording may only be missing when its time was over: a bundle says so itself, and is held to it. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifyBundle } from '../../agent-tunnel/src/evidence/verify-bundle.ts';
import { temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { type SiteOptions, writeEvidenceSite } from '../trust/evidence-site.ts';
import { keysOf, standaloneVerdict } from '../trust/standalone.ts';

it.each<readonly [string, NonNullable<SiteOptions['expired']>, string | null]>([
  ['its time was over', {}, null],
  ['before its time', { retentionMs: 1 }, 'before its time'],
  ['counted from an earlier end', { closedAt: '2020-01-01T00:00:00.000Z', retentionMs: 1 }, 'not counted from the end'],
  ['by the rule of a lower label', { highestLabel: 'internal' }, 'a lower label'],
])('a session that expired: %s', async (_, expired, why) => {
  using directory = temporaryDirectory();
  const site = await writeEvidenceSite(join(directory.path, 'site'), { entries: 30, expired });
  const verdict = verifyBundle(site.bundle, site.trust);
  if (why === null) expect(await verdict).toMatchObject({ recording: 'expired', remarks: [] });
  else await expect(verdict).rejects.toThrow(why);
  // What was destroyed too early is for whoever judges retention; the standalone verifier says what is not there.
  const gone = expect.stringMatching(/not shown .*destroyed/);
  expect(standaloneVerdict(['bundle', site.bundle, ...keysOf(site)])).toMatchObject({
    status: 0,
    lines: expect.arrayContaining([gone]),
  });
});
