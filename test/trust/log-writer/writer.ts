/**
 * A child process of writer-crash.ts and power-cut.ts: appends to a log, and says on stdout what was acknowledged and how it
 * ended. Arguments: directory, number of entries. Ends with 74 when a sync failed, with 1 when the log cannot be opened, as
 * a gateway does.
 */
import { writeSync } from 'node:fs';
import { SluiceError } from '@sluice/contract/errors';
import { statementDecided } from '../../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../../gateway/src/evidence/log.ts';

const [directory = '', entries = '0'] = process.argv.slice(2);
/** Small, so that segments are begun and ended often. */
const SEGMENT_BYTES = 4_096;
/** Appended at the same time, so that blocks hold several records. */
const LANES = 3;
const EXIT_RECORD_LOST = 74;
/** Synchronous: the line is in the pipe before anything else happens. */
const say = (line: string): void => void writeSync(1, `${line}\n`);

const log = await openEvidenceLog({
  ...{ directory, segmentBytes: SEGMENT_BYTES, now: Date.now },
  onFailure: ({ error, fatal }) => {
    say(`failed ${String(error.facts['errno'])} ${fatal ? 'fatal' : 'stopped'}`);
    if (fatal) process.exit(EXIT_RECORD_LOST);
  },
}).catch((error: unknown) => {
  // What the log tells of while it is opened can fail as any other entry can.
  if (error instanceof SluiceError) say(`refused ${error.code}`);
  throw error;
});
say(`opened`);

async function lane(number: number): Promise<void> {
  for (let id = number; id < Number(entries); id += LANES) {
    const durability = id % 4 === 0 ? 'fsync' : 'write';
    const text = `statement ${id} ${'x'.repeat((id * 37) % 300)}`;
    const sequence = await log.append(statementDecided('s1', id, text), durability);
    say(`${durability} ${sequence} ${id}`);
  }
}

const lanes = await Promise.allSettled(Array.from({ length: LANES }, (_, number) => lane(number)));
for (const outcome of lanes) if (outcome.status === 'rejected') say(`refused ${String(outcome.reason.code)}`);
await log.close();
say('closed');
