/** The Merkle log of the record, as configured, and what happens while no witness confirms it. */
import { SluiceError } from '@sluice/contract/errors';
import type { GatewaySettings } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import type { AnchorSettings } from './evidence/merkle/anchor.ts';
import { originOf } from './evidence/merkle/checkpoint.ts';
import { readCheckpointSeeds } from './evidence/merkle/checkpoint-keys.ts';
import { EvidenceDesk, type EvidenceDeskOptions } from './evidence/merkle/evidence-desk.ts';
import { MerkleThread } from './evidence/merkle/merkle-thread.ts';
import { ReadingThreads } from './evidence/merkle/reading-thread.ts';
import { LOG_KEY, signerKey } from './evidence/merkle/signed-note.ts';
import type { SessionRegistry } from './session/registry.ts';
import type { Logger } from './telemetry/logger.ts';

/** How often the wait for a witness is looked at, milliseconds. */
const GUARD_INTERVAL_MS = 1_000;

export type Checkpointing = {
  readonly thread: MerkleThread;
  readonly reads: ReadingThreads;
  readonly desk: EvidenceDesk;
  readonly origin: string;
  /** Verifier keys, as others need them. */
  readonly keys: readonly string[];
};

export async function openCheckpointing(
  settings: Pick<GatewaySettings, 'evidence' | 'dataDir'>,
  ports: {
    readonly evidence: EvidenceDeskOptions['log'];
    readonly recordingsDirectory: string;
    readonly environment: Environment;
    readonly now: () => number;
    readonly log: Logger;
  },
): Promise<Checkpointing> {
  const { evidence, log, now } = ports;
  const seeds = await readCheckpointSeeds(settings, ports.environment);
  const origin = originOf(evidence.logId);
  const { checkpoints, witnesses } = settings.evidence;
  const thread = await MerkleThread.start({
    log: evidence,
    seeds,
    ...witnessesOf(witnesses),
    everyMs: checkpoints.every,
    everyEntries: checkpoints.entries,
    now,
    onStatus: (status) => {
      const troubled = status.witnesses.filter(({ message }) => message !== '');
      const told = { state: status.state, reason: status.message, witnesses: troubled };
      if (status.state === 'broken') log.error(told, 'the record is not signed any more');
      else if (status.message !== '' || troubled.length > 0) log.warn(told, 'checkpoints of the record are in trouble');
      else log.info(told, 'checkpoints of the record are signed and witnessed again');
    },
  });
  const keys = seeds.map((seed) => signerKey(origin, LOG_KEY, seed).verifier.vkey);
  const reads = new ReadingThreads();
  const desk = new EvidenceDesk({
    ...{ log: evidence, thread, reads, origin, keys, seeds },
    witnesses: witnesses.flatMap(({ key }) => key ?? []),
    recordingsDirectory: ports.recordingsDirectory,
  });
  return { thread, reads, desk, origin, keys };
}

function witnessesOf(configured: GatewaySettings['evidence']['witnesses']) {
  return {
    witnesses: configured.flatMap(({ url, key }) =>
      url === undefined || key === undefined
        ? []
        : [{ name: key.split('+', 1)[0] ?? url, url: url.replace(/\/+$/, ''), vkey: key }],
    ),
    anchors: configured.flatMap(({ file, directory }): readonly (AnchorSettings & { readonly name: string })[] => {
      if (file !== undefined) return [{ kind: 'file', path: file, name: file }];
      return directory === undefined ? [] : [{ kind: 'directory', path: directory, name: directory }];
    }),
  };
}

/** Ends sessions, and lets none open, while no witness has confirmed an entry for too long. */
export class WitnessGuard {
  readonly #limitMs: number;
  readonly #thread: Pick<MerkleThread, 'unwitnessedMs'>;
  readonly #timer: NodeJS.Timeout;

  constructor(limitMs: number, thread: Pick<MerkleThread, 'unwitnessedMs'>, registry: SessionRegistry) {
    this.#limitMs = limitMs;
    this.#thread = thread;
    this.#timer = setInterval(() => {
      if (this.#isOverdue()) registry.end(() => true, 'no witness confirms the record');
    }, GUARD_INTERVAL_MS).unref();
  }

  /** Throws EVIDENCE_UNWITNESSED. */
  assertWitnessed(): void {
    if (this.#isOverdue())
      throw new SluiceError('EVIDENCE_UNWITNESSED', 'no witness confirms the record; no session may open');
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #isOverdue(): boolean {
    return this.#thread.unwitnessedMs > this.#limitMs;
  }
}
