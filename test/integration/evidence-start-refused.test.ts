/** A log whose torn end cannot be told of: the start is refused in words, and the next one tells. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { listSegments, segmentPath } from '../../gateway/src/evidence/segment-files.ts';
import { isOnPath } from '../harness/program.ts';
import { contradictionsIn, entriesOf } from '../trust/log-writer/contradictions.ts';
import { runWriter } from '../trust/log-writer/run.ts';

it.runIf(isOnPath('strace')).each([
  // Once: the torn end and that it failed are on record. From then on: nothing more is written.
  ['pwrite64:error=EDQUOT:when=1', 'EDQUOT', ['log.recovered', 'log.failed']],
  ['pwrite64:error=ENOSPC:when=1+', 'ENOSPC', []],
])('%s while a torn end is told of refuses the start', async (inject, errno, recorded) => {
  using directory = temporaryDirectory();
  const [log, saidPath] = [join(directory.path, 'log'), join(directory.path, 'said')];
  const { acknowledged } = await runWriter({ directory: log, saidPath, entries: 12 });
  appendFileSync(segmentPath(log, listSegments(log).at(-1) ?? 0), Buffer.alloc(700));
  const refused = await runWriter({ directory: log, saidPath, entries: 12, inject });
  expect(refused).toMatchObject({ status: 1, said: [`failed ${errno} stopped`, 'refused EVIDENCE_UNWRITABLE'] });
  expect(refused.stderr).toContain(`The evidence log cannot be written: ${errno}: `);
  const entries = (await entriesOf(log)).slice(acknowledged.length).map(({ entry }) => entry);
  expect(entries.map(({ kind }) => kind)).toEqual(recorded);
  expect(await contradictionsIn(log, acknowledged)).toEqual([]);
  // By then the torn end is told of, once.
  const told = (await entriesOf(log)).filter(({ entry }) => entry.kind === 'log.recovered');
  expect(told.map(({ entry }) => entry)).toMatchObject([{ tornBytes: 700 }]);
});
