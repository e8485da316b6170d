/**
 * The child process of signing-crash.ts: signs the records of a log in steps until it is killed, or done.
 * Arguments: directory, log id.
 */

import { originOf } from '../../../gateway/src/evidence/merkle/checkpoint.ts';
import { MerkleLog } from '../../../gateway/src/evidence/merkle/merkle-log.ts';
import { LOG_KEY, signerKey } from '../../../gateway/src/evidence/merkle/signed-note.ts';
import { LOG_SEED } from '../evidence-site.ts';

const [directory = '', logId = ''] = process.argv.slice(2);
/** On the disk at each step; multiples of the site's blocks, around the edges of tiles. */
const STEPS = [3, 60, 255, 258, 261, 510, 513, 600];

const signers = [signerKey(originOf(logId), LOG_KEY, LOG_SEED)];
const merkle = MerkleLog.open({ directory, logId, durable: 600, signers });
for (const until of STEPS) while (merkle.size < until && merkle.advance(until));
if (merkle.newest?.size !== 600) process.exitCode = 1;
