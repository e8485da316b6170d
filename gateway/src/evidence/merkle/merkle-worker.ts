/**
 * The thread that signs. Files are read and written synchronously here: nobody waits for this thread's loop.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { SluiceError } from '@sluice/contract/errors';
import { originOf } from './checkpoint.ts';
import { MerkleLog } from './merkle-log.ts';
import { MerkleSigner } from './merkle-signer.ts';
import { LOG_KEY, parseVkey, signerKey, WITNESS_KEY } from './signed-note.ts';
import type { MerkleAnswer, MerkleQuestion, MerkleThreadData } from './thread-messages.ts';

const port = parentPort;
if (port === null) throw new Error('the Merkle log is signed in a worker thread only');

const settings = workerData as MerkleThreadData;
const tell = (answer: MerkleAnswer) => port.postMessage(answer);
const signers = settings.seeds.map((seed) => signerKey(originOf(settings.logId), LOG_KEY, seed));
const open = (durable: number) =>
  MerkleLog.open({ directory: settings.directory, logId: settings.logId, durable, signers });

try {
  const signer = new MerkleSigner({
    directory: settings.directory,
    log: open(settings.durable),
    reopen: open,
    now: Date.now,
    fetch,
    witnesses: settings.witnesses.map(({ name, url, vkey }) => ({ name, url, key: parseVkey(vkey, WITNESS_KEY) })),
    anchors: settings.anchors,
    onChange: () => tell({ kind: 'status', status: signer.status }),
  });
  port.on('message', (question: MerkleQuestion) => {
    void signer
      .advance(question.until, question.witness)
      .then((status) => tell({ kind: 'advanced', id: question.id, status }));
  });
  tell({ kind: 'opened', status: signer.status });
} catch (error) {
  const code = error instanceof SluiceError && error.code === 'EVIDENCE_BROKEN' ? error.code : 'EVIDENCE_UNWRITABLE';
  tell({ kind: 'refused', code, message: error instanceof Error ? error.message : String(error) });
}
