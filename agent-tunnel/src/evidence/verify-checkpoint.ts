/**
 * What is demanded of a checkpoint: a trusted log signed it, and as many witnesses as are wanted.
 */

import { isConsistent } from './merkle.ts';
import { base64, type Checkpoint, Disproof, parseCheckpoint, signersOf, type TrustedKey } from './note.ts';

export type Trust = {
  /** Keys from elsewhere, of logs and witnesses. */
  readonly keys: readonly TrustedKey[];
  /** How many of the known witnesses have to have cosigned. */
  readonly witnesses: number;
};

export type Confirmed = {
  readonly origin: string;
  readonly entries: number;
  readonly signedBy: readonly string[];
  readonly witnessedBy: readonly string[];
};

/** Throws Disproof. */
export function confirm(checkpoint: Checkpoint, trust: Trust): Confirmed {
  const signers = signersOf(checkpoint.note, trust.keys);
  const logs = signers.filter(({ type, name }) => type === 1 && name === checkpoint.origin);
  if (logs.length === 0) throw new Disproof(`no trusted key of ${checkpoint.origin} signed the checkpoint`);
  const witnesses = signers.filter(({ type }) => type === 4);
  if (witnesses.length < trust.witnesses)
    throw new Disproof(
      `${witnesses.length} of the known witnesses cosigned the checkpoint, and ${trust.witnesses} should have`,
    );
  return {
    origin: checkpoint.origin,
    entries: checkpoint.size,
    signedBy: logs.map(({ vkey }) => vkey),
    witnessedBy: witnesses.map(({ vkey }) => vkey),
  };
}

/**
 * Two checkpoints of one log, the newer one with its proof in the form of tlog-witness's request body. Throws Disproof when
 * the newer does not continue the older, or not both are signed.
 */
export function verifyConsistency(olderNote: string, proofText: string, trust: Trust): Confirmed {
  const older = parseCheckpoint(olderNote);
  const { oldSize, proof, newer } = parseProof(proofText);
  confirm(older, { ...trust, witnesses: 0 });
  const confirmed = confirm(newer, trust);
  if (older.origin !== newer.origin) throw new Disproof('the checkpoints are of different logs');
  if (oldSize !== older.size)
    throw new Disproof(`the proof is for ${oldSize} entries, the older checkpoint has ${older.size}`);
  if (!isConsistent(older, newer, proof))
    throw new Disproof(`the log of ${newer.size} entries does not continue that of ${older.size}: it was rewritten`);
  return confirmed;
}

function parseProof(text: string): { oldSize: number; proof: readonly Buffer[]; newer: Checkpoint } {
  const split = text.indexOf('\n\n');
  const [first = '', ...lines] = text.slice(0, Math.max(0, split)).split('\n');
  const [, size] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? [];
  if (size === undefined) throw new Disproof('this is no proof of consistency');
  const proof = lines.map(base64);
  if (proof.some(({ length }) => length !== 32)) throw new Disproof('a hash of the proof has not 32 bytes');
  return { oldSize: Number(size), proof, newer: parseCheckpoint(text.slice(split + 2)) };
}
