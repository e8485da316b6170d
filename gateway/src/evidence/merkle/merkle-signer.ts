/**
 * Advances the Merkle log when told to, keeps going after failures, and takes each checkpoint to the witnesses.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SluiceError } from '@sluice/contract/errors';
import type { CheckpointNote } from './checkpoint.ts';
import { publishCosignatures } from './checkpoint-files.ts';
import type { MerkleLog } from './merkle-log.ts';
import { formatNote } from './signed-note.ts';
import type { MerkleStatus } from './thread-messages.ts';
import { readTile } from './tile-files.ts';
import { TileTree } from './tile-tree.ts';
import { Witnessing, type WitnessingOptions } from './witnessing.ts';

export type MerkleSignerOptions = Pick<WitnessingOptions, 'witnesses' | 'anchors' | 'now' | 'fetch' | 'onChange'> & {
  readonly directory: string;
  readonly log: MerkleLog;
  /** After a failed write; throws as `MerkleLog.open`. */
  readonly reopen: (durable: number) => MerkleLog;
};

export class MerkleSigner {
  readonly #options: MerkleSignerOptions;
  readonly #witnessing: Witnessing;
  #log: MerkleLog | null;
  #state: Pick<MerkleStatus, 'state' | 'message' | 'size' | 'atMs'>;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: MerkleSignerOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#state = { state: 'signing', message: '', size: options.log.newest?.size ?? 0, atMs: 0 };
    this.#witnessing = new Witnessing({
      ...options,
      onCosigned: (checkpoint, lines) => this.#addCosignatures(checkpoint, lines),
    });
  }

  get status(): MerkleStatus {
    return { ...this.#state, witnesses: this.#witnessing.states };
  }

  /**
   * Signs a checkpoint of the first `until` entries, which are on the disk, and hands it to the witnesses; waits for them
   * when asked. Never rejects: the status says what happened.
   */
  async advance(until: number, witness: boolean): Promise<MerkleStatus> {
    this.#running = this.#running.then(() => this.#sign(until));
    await this.#running;
    const submitted = this.#submit(witness);
    if (witness) await submitted;
    return this.status;
  }

  async #sign(until: number): Promise<void> {
    if (this.#state.state === 'broken') return;
    try {
      this.#log ??= this.#options.reopen(until);
      while (this.#log.size < until && this.#log.advance(until)) await nextTurn();
      const size = this.#log.newest?.size ?? 0;
      const atMs = size === this.#state.size ? this.#state.atMs : this.#options.now();
      this.#state = { state: 'signing', message: '', size, atMs };
    } catch (error) {
      this.#log = null;
      const state = error instanceof SluiceError && error.code === 'EVIDENCE_BROKEN' ? 'broken' : 'failing';
      this.#state = { ...this.#state, state, message: error instanceof Error ? error.message : String(error) };
    }
  }

  async #submit(atOnce: boolean): Promise<void> {
    const checkpoint = this.#log?.newest ?? null;
    if (checkpoint === null || this.#state.state !== 'signing') return;
    const note = formatNote(checkpoint.note);
    const tree = new TileTree(checkpoint.size, (tile) => readTile(this.#options.directory, tile));
    const prove = (oldSize: number) => tree.consistency(oldSize);
    await this.#witnessing.submit({ checkpoint, note, prove }, atOnce);
  }

  #addCosignatures(checkpoint: CheckpointNote, lines: string): void {
    try {
      publishCosignatures(this.#options.directory, checkpoint, lines);
    } catch (error) {
      // The witness has it; our copy of its word comes with the next one.
      this.#state = { ...this.#state, message: error instanceof Error ? error.message : String(error) };
    }
  }
}
