/**
 * What the API tells of the Merkle log.
 */
import { join } from 'node:path';
import type { EvidenceStatus } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import { parseCheckpoint } from './checkpoint.ts';
import { readPublished, readWitnessed } from './checkpoint-files.ts';
import type { DurableLog, MerkleThread } from './merkle-thread.ts';
import { consistencyProof, inclusionProof } from './proof-text.ts';
import type { ReadingThreads } from './reading-thread.ts';
import { readTile } from './tile-files.ts';
import { HASH_BYTES, parseTilePath, TILE_WIDTH } from './tile-path.ts';

export type EvidenceDeskOptions = {
  readonly log: DurableLog & { readonly healthy: boolean; readonly sync: () => Promise<void> };
  readonly thread: MerkleThread;
  readonly reads: ReadingThreads;
  readonly origin: string;
  readonly keys: readonly string[];
  readonly seeds: readonly Uint8Array[];
  /** Verifier keys of the configured witnesses. */
  readonly witnesses: readonly string[];
  readonly recordingsDirectory: string;
};

export class EvidenceDesk {
  readonly #options: EvidenceDeskOptions;

  constructor(options: EvidenceDeskOptions) {
    this.#options = options;
  }

  status(): EvidenceStatus {
    const { origin, keys, log, thread } = this.#options;
    const { state, message, size, witnesses } = thread.status;
    return {
      ...{ origin, keys: [...keys], state, message, entries: log.durableSequence, signedEntries: size },
      checkpoint: readPublished(log.directory),
      witnessed: readWitnessed(log.directory),
      witnesses: witnesses.map((witness) => ({
        ...{ name: witness.name, kind: witness.kind, state: witness.state, message: witness.message },
        entries: witness.size,
        confirmedAt: witness.atMs === 0 ? null : new Date(witness.atMs).toISOString(),
      })),
    };
  }

  /** The newest signed note. Throws NOT_FOUND before the first. */
  checkpoint(): string {
    const note = readPublished(this.#options.log.directory);
    if (note === null) throw new SluiceError('NOT_FOUND', 'The record has no checkpoint yet.');
    return note;
  }

  inclusion(index: number): string {
    return inclusionProof(this.#options.log.directory, index);
  }

  consistency(oldSize: number): string {
    return consistencyProof(this.#options.log.directory, oldSize);
  }

  /** `path` is what follows `tile/`. Throws NOT_FOUND for what the published checkpoint does not have. */
  async tile(path: string): Promise<Uint8Array | ReadableStream<Uint8Array>> {
    const { log, reads } = this.#options;
    const tile = parseTilePath(path);
    if (tile === null) throw new SluiceError('NOT_FOUND', `There is no tile ${path}.`);
    const level = tile.level === 'entries' ? 0 : tile.level;
    const { size } = parseCheckpoint(this.checkpoint());
    if (tile.index * TILE_WIDTH + tile.width > Math.floor(size / TILE_WIDTH ** level))
      throw new SluiceError('NOT_FOUND', `The checkpoint of ${size} entries has no tile ${path}.`);
    if (tile.level !== 'entries')
      return readTile(log.directory, { ...tile, level }).subarray(0, tile.width * HASH_BYTES);
    const { directory, logId } = log;
    return await reads.read({ kind: 'entries', directory, logId, index: tile.index, width: tile.width });
  }

  /** A session's records up to now, with a checkpoint made for them. */
  async bundle(session: {
    readonly sessionId: string;
    readonly openedAt: string;
  }): Promise<ReadableStream<Uint8Array>> {
    const { log, thread, reads, seeds, witnesses, recordingsDirectory } = this.#options;
    if (log.healthy) await log.sync();
    // Without anything new, the checkpoint that there is will do: nobody makes the witnesses work by asking again.
    if (thread.lagEntries > 0 || thread.isUnwitnessed) await thread.checkpointNow();
    return await reads.read({
      ...{ kind: 'bundle', directory: log.directory, logId: log.logId, seeds, witnesses },
      sessionId: session.sessionId,
      openedAtUs: Date.parse(session.openedAt) * 1_000,
      recordingPath: join(recordingsDirectory, `${session.sessionId}.jsonl`),
    });
  }
}
