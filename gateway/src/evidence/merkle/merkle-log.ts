/**
 * The Merkle log over a directory's segments: reads synced records back, writes tiles, signs checkpoints. Synchronous; it
 * runs in a thread of its own (merkle-worker.ts), behind the writer and never in its way.
 *
 * ```text
 * segments ─▶ leaf hashes ─▶ full tiles ─▶ partial tiles ─▶ fsync, read back ─▶ root, consistent with the last one
 *          ─▶ sign ─▶ checkpoints.log ─▶ checkpoint
 * ```
 * A crash anywhere leaves a checkpoint whose tiles are whole; the work beyond it is done again, with the same bytes.
 */
import { SluiceError } from '@sluice/contract/errors';
import { FormatError } from '../format.ts';
import { BlockReader } from './block-reader.ts';
import { type CheckpointNote, checkpointText, originOf, parseCheckpoint } from './checkpoint.ts';
import { appendToHistory, publishCheckpoint, recoverCheckpoints } from './checkpoint-files.ts';
import { visitLeaves } from './record-leaves.ts';
import { type SignerKey, signNote } from './signed-note.ts';
import { TileFiles } from './tile-files.ts';
import { TileTree } from './tile-tree.ts';
import { TreeEdge } from './tree-edge.ts';
import { isConsistent } from './verify-proof.ts';

/** Leaves after which a step ends with the block at hand: bounds what waits in memory to be synced. */
export const MAX_LEAVES_A_STEP = 65_536;

export type MerkleLogOptions = {
  readonly directory: string;
  readonly logId: string;
  /** One signs; during a change of keys, the old one and the new one do. */
  readonly signers: readonly SignerKey[];
  /** Entries that are on the disk now. */
  readonly durable: number;
};

export class MerkleLog {
  readonly #options: MerkleLogOptions;
  readonly #origin: string;
  readonly #files: TileFiles;
  readonly #edge: TreeEdge;
  readonly #reader: BlockReader;
  #newest: CheckpointNote | null;
  /** True while tiles are made anew below a checkpoint that was signed already. */
  #isRebuilding: boolean;

  private constructor(
    options: MerkleLogOptions,
    state: { files: TileFiles; edge: TreeEdge; newest: CheckpointNote | null; isRebuilding: boolean },
  ) {
    this.#options = options;
    this.#origin = originOf(options.logId);
    this.#files = state.files;
    this.#edge = state.edge;
    this.#newest = state.newest;
    this.#isRebuilding = state.isRebuilding;
    this.#reader = BlockReader.at(options.directory, options.logId, state.edge.size);
  }

  /** Takes up where the last checkpoint left off. Throws EVIDENCE_BROKEN when the log no longer holds what it says. */
  static open(options: MerkleLogOptions): MerkleLog {
    const newest = recoverCheckpoints(options.directory, originOf(options.logId));
    if (newest !== null && newest.size > options.durable)
      throw broken(`it ends with ${options.durable} entries, before the checkpoint of ${newest.size}`);
    const files = new TileFiles(options.directory);
    const edge = new TreeEdge((tile, bytes) => files.write(tile, bytes));
    const isWhole = newest === null || resume(edge, newest, files);
    return new MerkleLog(options, { files, edge, newest, isRebuilding: !isWhole });
  }

  /** The newest checkpoint that was signed. */
  get newest(): CheckpointNote | null {
    return this.#newest;
  }

  /** Entries that have leaves. */
  get size(): number {
    return this.#edge.size;
  }

  /**
   * Takes in records up to `until`, about MAX_LEAVES_A_STEP, and signs. True when there is more to take. Throws
   * EVIDENCE_BROKEN; any other error leaves this object unusable and the files good: open it again.
   */
  advance(until: number): boolean {
    // Made anew, the tiles have to give the root that was signed: so the step ends there.
    this.#takeIn(this.#isRebuilding ? (this.#newest?.size ?? 0) : until);
    for (const { tile, bytes } of this.#edge.partials()) this.#files.write(tile, bytes);
    this.#files.settle();
    this.#conclude();
    this.#files.removeOutgrown();
    return this.#edge.size < until;
  }

  #takeIn(until: number): void {
    const start = this.#edge.size;
    const append = (hashed: Uint8Array): void => this.#edge.appendHashOf(hashed);
    try {
      for (const block of this.#reader.read(until)) {
        visitLeaves(block, append);
        if (this.#edge.size >= start + MAX_LEAVES_A_STEP) break;
      }
    } catch (error) {
      if (error instanceof FormatError) throw broken(error.message);
      throw error;
    }
    if (this.#edge.size === start && until > start) throw broken(`entry ${start} is missing`);
  }

  #conclude(): void {
    const size = this.#edge.size;
    const tree = new TileTree(size, (tile) => this.#files.read(tile));
    const root = tree.root();
    const before = this.#newest;
    if (before !== null && size < before.size) return;
    if (before !== null) {
      if (!isConsistent(before, { size, root }, tree.consistency(before.size)))
        throw broken(`its first ${before.size} entries are not those of the checkpoint that was signed`);
      this.#isRebuilding = false;
      if (size === before.size) return;
    }
    const text = checkpointText({ origin: this.#origin, size, root });
    const note = `${text}\n${this.#options.signers.map((signer) => signNote(text, signer)).join('')}`;
    appendToHistory(this.#options.directory, note);
    publishCheckpoint(this.#options.directory, note);
    this.#newest = parseCheckpoint(note);
  }
}

/** False when the tiles do not give the checkpoint's root: they are a projection, and are made again. */
function resume(edge: TreeEdge, newest: CheckpointNote, files: TileFiles): boolean {
  const read = (tile: Parameters<TileFiles['read']>[0]) => files.read(tile);
  try {
    if (!new TileTree(newest.size, read).root().equals(newest.root)) return false;
    edge.resume(newest.size, read);
    return true;
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'EVIDENCE_BROKEN') return false;
    throw error;
  }
}

function broken(message: string): SluiceError {
  return new SluiceError('EVIDENCE_BROKEN', `The evidence log is not the one that was signed: ${message}.`);
}
