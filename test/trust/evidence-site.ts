/**
 * A small evidence log with everything around it: sessions, tiles, checkpoints, a witness, an anchor, a bundle.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseKey, type TrustedKey } from '../../agent-tunnel/src/evidence/note.ts';
import type { Trust } from '../../agent-tunnel/src/evidence/verify-checkpoint.ts';
import type { Entry } from '../../gateway/src/evidence/entry.ts';
import {
  principal,
  sessionOpened,
  statementCompleted,
  statementDecided,
} from '../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../gateway/src/evidence/log.ts';
import { type CheckpointNote, originOf } from '../../gateway/src/evidence/merkle/checkpoint.ts';
import { publishCosignatures } from '../../gateway/src/evidence/merkle/checkpoint-files.ts';
import { MerkleLog } from '../../gateway/src/evidence/merkle/merkle-log.ts';
import { sessionBundle } from '../../gateway/src/evidence/merkle/session-bundle.ts';
import {
  formatNote,
  LOG_KEY,
  type SignerKey,
  signerKey,
  WITNESS_KEY,
} from '../../gateway/src/evidence/merkle/signed-note.ts';
import { readTile } from '../../gateway/src/evidence/merkle/tile-files.ts';
import { TileTree } from '../../gateway/src/evidence/merkle/tile-tree.ts';
import { Witness } from '../../gateway/src/witness/witness.ts';

export const SITE_SESSION = 'c_0123456789';
/** Records that share a block. */
export const BLOCK_RECORDS = 3;
const AT_MS = 1_700_000_000_000;
export const LOG_SEED = Buffer.alloc(32, 11);
const WITNESS_SIGNER = signerKey('witness.example/w1', WITNESS_KEY, Buffer.alloc(32, 12));

export type EvidenceSite = {
  readonly logDirectory: string;
  readonly logId: string;
  readonly signer: SignerKey;
  readonly anchor: string;
  readonly bundle: string;
  /** The log's and the witness's key, one cosignature demanded. */
  readonly trust: Trust;
  /** Another key that nobody should mistake for them. */
  readonly stranger: TrustedKey;
};

export type SiteOptions = {
  readonly entries: number;
  readonly segmentBytes?: number;
  /** After how many entries checkpoints are signed: multiples of BLOCK_RECORDS. */
  readonly checkpointsAt?: readonly number[];
  /** The log gets the id of this one, as an operator can give it. */
  readonly idOf?: EvidenceSite;
  /** Another statement than the usual one: a rewritten log. */
  readonly text?: string;
  /** The statement that the third one says it repeats. */
  readonly repeats?: number;
  /** The session has expired, as this says; its recording is gone. */
  readonly expired?: Partial<
    Pick<Extract<Entry, { kind: 'session.expired' }>, 'highestLabel' | 'retentionMs' | 'closedAt'>
  >;
};

/** Writes a log of exactly `entries` entries below `directory`, one session among them. */
export async function writeEvidenceSite(directory: string, options: SiteOptions): Promise<EvidenceSite> {
  const { entries, segmentBytes = 12_000, idOf, text = 'select 1', repeats = 1, expired } = options;
  const logDirectory = join(directory, 'evidence');
  mkdirSync(logDirectory, { recursive: true });
  if (idOf !== undefined) takeIdOf(idOf, logDirectory);
  const recording = Buffer.from(`{"recording":1,"sessionId":"${SITE_SESSION}"}\n["x","done"]\n`);
  const log = await openEvidenceLog({ directory: logDirectory, now: () => AT_MS, segmentBytes });
  const signer = signerKey(originOf(log.logId), LOG_KEY, LOG_SEED);
  const { vkey } = signer.verifier;
  const started: Entry = {
    ...{ kind: 'gateway.started', version: '0.1.0', policyVersion: 'p1' },
    ...{ origin: originOf(log.logId), checkpointKeys: [vkey] },
  };
  const all = [started, ...sessionEntries(recording, { text, repeats })];
  if (expired !== undefined)
    all.push({
      ...{ kind: 'session.expired', sessionId: SITE_SESSION, highestLabel: 'regulated', retentionMs: 0 },
      ...{ closedAt: new Date(AT_MS).toISOString(), destroyed: ['recording'], ...expired },
    });
  while (all.length < entries) all.push({ kind: 'request.expired', requestId: `q${all.length}` });
  for (const [index, entry] of all.slice(0, entries).entries()) {
    void log.append(entry, 'write', shortForm(entry));
    // A checkpoint ends with a block.
    if (index % BLOCK_RECORDS === BLOCK_RECORDS - 1) await log.sync();
  }
  await log.sync();
  await log.close();

  const witness = new Witness({
    directory: join(directory, 'witness'),
    signer: WITNESS_SIGNER,
    logs: [signer.verifier],
    now: () => AT_MS,
  });
  const anchor = join(directory, 'anchor');
  const merkle = MerkleLog.open({ directory: logDirectory, logId: log.logId, signers: [signer], durable: entries });
  let witnessed = 0;
  for (const size of [
    ...(options.checkpointsAt ?? [Math.floor(entries / 2 / BLOCK_RECORDS) * BLOCK_RECORDS]),
    entries,
  ]) {
    while (merkle.advance(size));
    const { newest } = merkle;
    if (newest === null) throw new Error('nothing was signed');
    witnessed = cosign(logDirectory, newest, witness, witnessed);
    appendFileSync(anchor, `${formatNote(newest.note)}\n`);
  }
  const recordingPath = expired === undefined ? join(directory, `${SITE_SESSION}.jsonl`) : null;
  if (recordingPath !== null) writeFileSync(recordingPath, recording);
  const witnessKey = WITNESS_SIGNER.verifier.vkey;
  const bundle = join(directory, 'bundle');
  const request = { directory: logDirectory, logId: log.logId, sessionId: SITE_SESSION, openedAtUs: AT_MS * 1_000 };
  const lines = sessionBundle({ ...request, recordingPath, signers: [signer], witnesses: [witnessKey] });
  writeFileSync(bundle, [...lines].join(''));
  return {
    ...{ logDirectory, logId: log.logId, signer, anchor, bundle },
    trust: { keys: [parseKey(vkey), parseKey(witnessKey)], witnesses: 1 },
    stranger: parseKey(signerKey(originOf(log.logId), LOG_KEY, Buffer.alloc(32, 13)).verifier.vkey),
  };
}

/** A copy that may be damaged. */
export function copySite(site: EvidenceSite, directory: string): EvidenceSite {
  const logDirectory = join(directory, 'evidence');
  cpSync(site.logDirectory, logDirectory, { recursive: true });
  const bundle = join(directory, 'bundle');
  cpSync(site.bundle, bundle);
  return { ...site, logDirectory, bundle };
}

/** Returns the size that the witness remembers now. */
function cosign(directory: string, checkpoint: CheckpointNote, witness: Witness, oldSize: number): number {
  const tree = new TileTree(checkpoint.size, (tile) => readTile(directory, tile));
  const proof = tree.consistency(oldSize).map((hash) => `${hash.toString('base64')}\n`);
  const answer = witness.addCheckpoint(`old ${oldSize}\n${proof.join('')}\n${formatNote(checkpoint.note)}`);
  if (answer.status !== 200) throw new Error(`the witness answered ${answer.status}`);
  publishCosignatures(directory, checkpoint, answer.body);
  return checkpoint.size;
}

/** A log that begins with the header of another one has its id, so the operator's key signs it under the same name. */
function takeIdOf(site: EvidenceSite, logDirectory: string): void {
  const header = join(site.logDirectory, 'segment-00000000.log');
  cpSync(header, join(logDirectory, 'segment-00000000.log'));
  truncateSync(join(logDirectory, 'segment-00000000.log'), 112);
}

/** What the record says of a decision that repeats another. */
function shortForm(entry: Entry): string | undefined {
  if (entry.kind !== 'statement.decided' || entry.as === undefined) return undefined;
  const { kind, sessionId, statementId, as } = entry;
  return JSON.stringify({ kind, sessionId, statementId, as });
}

function sessionEntries(
  recording: Buffer,
  { text, repeats }: { readonly text: string; readonly repeats: number },
): Entry[] {
  const sha256 = createHash('sha256').update(recording).digest('hex');
  return [
    sessionOpened(SITE_SESSION, principal('ana')),
    statementDecided(SITE_SESSION, 1, text),
    statementCompleted(SITE_SESSION, 1),
    { ...decided(2), effect: 'hold', requestId: 'r_1' },
    {
      ...{ kind: 'request.created', requestId: 'r_1', sessionId: SITE_SESSION, statementId: 2 },
      ...{ bindingHash: 'b', expiresAt: '2030-01-01T00:00:00.000Z' },
    },
    { kind: 'request.decided', requestId: 'r_1', decision: 'denied', by: principal('bo'), note: '' },
    { ...decided(3), as: repeats },
    { kind: 'recording.closed', sessionId: SITE_SESSION, bytes: recording.length, sha256 },
    { kind: 'session.closed', sessionId: SITE_SESSION, reason: 'done', statements: 3 },
  ];
}

function decided(statementId: number): Extract<Entry, { kind: 'statement.decided' }> {
  const entry = statementDecided(SITE_SESSION, statementId);
  if (entry.kind !== 'statement.decided') throw new Error('the fixture made another entry');
  return entry;
}
