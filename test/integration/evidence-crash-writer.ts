/**
 * The child process of evidence-crash.test.ts: appends until it is killed, and says on stdout what was acknowledged.
 * Arguments: directory, durability.
 */
import { writeSync } from 'node:fs';
import { statementDecided } from '../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../gateway/src/evidence/log.ts';

const [directory = '', durability = 'write'] = process.argv.slice(2);
/** Appended at the same time, so that blocks hold several records. */
const LANES = 8;

const log = await openEvidenceLog({ directory, now: Date.now, segmentBytes: 64 * 1024 });

async function appendForEver(lane: number): Promise<never> {
  for (let id = 0; ; id += 1) {
    const text = `lane ${lane} statement ${id} ${'x'.repeat((id * 37) % 900)}`;
    const sequence = await log.append(statementDecided('s1', id, text), durability === 'fsync' ? 'fsync' : 'write');
    // Synchronous: the line is in the pipe before anything else happens.
    writeSync(1, `${sequence} ${lane} ${id}\n`);
  }
}

await Promise.all(Array.from({ length: LANES }, (_, lane) => appendForEver(lane)));
