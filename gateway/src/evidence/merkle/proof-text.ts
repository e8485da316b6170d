/**
 * Proofs as text: inclusion as c2sp.org/tlog-proof, consistency as the body of tlog-witness's add-checkpoint.
 */
import { SluiceError } from '@sluice/contract/errors';
import { parseCheckpoint } from './checkpoint.ts';
import { readPublished } from './checkpoint-files.ts';
import { readTile } from './tile-files.ts';
import { TileTree } from './tile-tree.ts';

/** That the entry is in the published checkpoint. Throws NOT_FOUND when it is not yet. */
export function inclusionProof(directory: string, index: number): string {
  const { note, tree } = published(directory);
  if (index >= tree.size) throw new SluiceError('NOT_FOUND', `The checkpoint covers ${tree.size} entries.`);
  return `c2sp.org/tlog-proof@v1\nindex ${index}\n${lines(tree.inclusion(index))}\n${note}`;
}

/** That the published checkpoint continues the first `oldSize` entries. Throws NOT_FOUND when it has fewer. */
export function consistencyProof(directory: string, oldSize: number): string {
  const { note, tree } = published(directory);
  if (oldSize > tree.size) throw new SluiceError('NOT_FOUND', `The checkpoint covers ${tree.size} entries.`);
  return `old ${oldSize}\n${lines(tree.consistency(oldSize))}\n${note}`;
}

function published(directory: string): { readonly note: string; readonly tree: TileTree } {
  const note = readPublished(directory);
  if (note === null) throw new SluiceError('NOT_FOUND', 'The record has no checkpoint yet.');
  const { size } = parseCheckpoint(note);
  return { note, tree: new TileTree(size, (tile) => readTile(directory, tile)) };
}

function lines(hashes: readonly Buffer[]): string {
  return hashes.map((hash) => `${hash.toString('base64')}\n`).join('');
}
