/**
 * The child process of evidence-full-disk.test.ts: appends until the record cannot be written, then says what happened
 * as one line of JSON. Argument: directory.
 */
import { statementDecided } from '../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../gateway/src/evidence/log.ts';

const [directory = ''] = process.argv.slice(2);
const failures: { code: string; errno: unknown; fatal: boolean }[] = [];
const log = await openEvidenceLog({
  directory,
  now: Date.now,
  onFailure: ({ error, fatal }) => failures.push({ code: error.code, errno: error.facts['errno'], fatal }),
});

let acknowledged = 0;
let refusedWith = '';
while (refusedWith === '') {
  try {
    await log.append(statementDecided('s1', acknowledged, 'x'.repeat(3_000)), 'write');
    acknowledged += 1;
  } catch (error) {
    refusedWith = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}
const after = await log.append(statementDecided('s1', 0), 'write').then(
  () => 'accepted',
  (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
);
const { healthy } = log;
await log.close();
process.stdout.write(`${JSON.stringify({ acknowledged, refusedWith, after, healthy, failures })}\n`);
