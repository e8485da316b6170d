/**
 * A worker of replay-race.test.ts: one of several processes on one store. It waits for a word, then takes the same
 * proofs as the others, and tells how many it was first with. Arguments: store, number of proofs.
 */
import cluster from 'node:cluster';
import { once } from 'node:events';
import { SluiceError } from '@sluice/contract/errors';
import { SeenProofs } from '../../../gateway/src/identity/binding/seen-proofs.ts';
import { openStore } from '../../../gateway/src/store/store.ts';

const [sqlite = '', proofs = '0', workers = '0'] = process.argv.slice(2);

if (cluster.isPrimary) {
  await (await openStore({ sqlite })).close();
  const all = Array.from({ length: Number(workers) }, () => cluster.fork());
  await Promise.all(all.map((worker) => once(worker, 'message')));
  const told = all.map((worker) => once(worker, 'message'));
  for (const worker of all) worker.send('go');
  const won = (await Promise.all(told)).map(([count]) => Number(count));
  for (const worker of all) worker.kill();
  process.stdout.write(`${JSON.stringify(won)}\n`);
} else {
  const store = await openStore({ sqlite });
  const seen = new SeenProofs(store, Date.now);
  process.send?.('ready');
  await once(process, 'message');
  let won = 0;
  for (let index = 0; index < Number(proofs); index += 1) {
    try {
      seen.take('the key', `proof ${index}`);
      won += 1;
    } catch (error) {
      if (!(error instanceof SluiceError) || error.code !== 'AUTH_PROOF_INVALID') throw error;
    }
  }
  await store.close();
  process.send?.(won);
}
