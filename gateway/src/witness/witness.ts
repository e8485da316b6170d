/**
 * A witness (c2sp.org/tlog-witness): remembers the newest checkpoint of each log it knows, and cosigns only what continues
 * it. It trusts nobody: not the log, not the network, not its own memory before the file is on the disk.
 */
import { hash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError } from '../evidence/format.ts';
import { type CheckpointNote, parseCheckpoint } from '../evidence/merkle/checkpoint.ts';
import { replaceFile } from '../evidence/merkle/checkpoint-files.ts';
import {
  cosignNote,
  decodeBase64,
  formatNote,
  type SignerKey,
  type VerifierKey,
  verifyNote,
} from '../evidence/merkle/signed-note.ts';
import { isConsistent } from '../evidence/merkle/verify-proof.ts';
import { syncDirectory } from '../evidence/segment-files.ts';

/** Most hashes of a consistency proof. */
const MAX_PROOF_LINES = 63;

export type WitnessOptions = {
  /** Where its memory lies. */
  readonly directory: string;
  readonly signer: SignerKey;
  /** Keys of the logs; several of one name while that log changes its key. */
  readonly logs: readonly VerifierKey[];
  readonly now: () => number;
};

export type WitnessResponse = { readonly status: number; readonly type: string; readonly body: string };

type Submission = { readonly oldSize: number; readonly proof: readonly Buffer[]; readonly checkpoint: CheckpointNote };

export class Witness {
  readonly #options: WitnessOptions;

  constructor(options: WitnessOptions) {
    this.#options = options;
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  }

  /**
   * `POST add-checkpoint`. Synchronous on purpose: nothing comes between the look at what is remembered and its
   * replacement. Throws only what the file system throws.
   */
  addCheckpoint(body: string): WitnessResponse {
    try {
      return this.#add(parseSubmission(body));
    } catch (error) {
      if (error instanceof FormatError) return plain(400, `${error.message}\n`);
      throw error;
    }
  }

  #add({ oldSize, proof, checkpoint }: Submission): WitnessResponse {
    const keys = this.#options.logs.filter(({ name }) => name === checkpoint.origin);
    if (keys.length === 0) return plain(404, 'this log is not known here\n');
    if (!isSigned(checkpoint, keys)) return plain(403, 'no known key of the log signed this\n');
    if (oldSize > checkpoint.size) return plain(400, 'the old size is above that of the checkpoint\n');

    const seen = this.#remembered(checkpoint.origin);
    const seenSize = seen?.size ?? 0;
    if (oldSize !== seenSize) return conflict(seenSize);
    if (seen !== null && checkpoint.size === seen.size && !checkpoint.root.equals(seen.root)) return conflict(seenSize);
    if (seen !== null && !isConsistent(seen, checkpoint, proof))
      return plain(422, 'the checkpoint does not continue the one seen before\n');
    if (seen === null && proof.length > 0) return plain(422, 'from size 0 there is nothing to prove\n');

    // On the disk before the answer: a cosignature that is forgotten could be given to two logs.
    replaceFile(this.#path(checkpoint.origin), formatNote(checkpoint.note));
    syncDirectory(this.#options.directory);
    const seconds = Math.floor(this.#options.now() / 1_000);
    return plain(200, cosignNote(checkpoint.note.text, this.#options.signer, seconds));
  }

  /** The newest checkpoint that it cosigned. Throws when its memory is damaged: it then signs nothing. */
  #remembered(origin: string): CheckpointNote | null {
    const path = this.#path(origin);
    try {
      return parseCheckpoint(readFileSync(path, 'utf8'));
    } catch (error) {
      if (error instanceof FormatError) throw new Error(`${path} is damaged: ${error.message}`, { cause: error });
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  }

  #path(origin: string): string {
    return join(this.#options.directory, `${hash('sha256', origin, 'hex')}.checkpoint`);
  }
}

/**
 * ```text
 * old <size>\n  (<hash, base64>\n)*  \n  checkpoint
 * ```
 */
function parseSubmission(body: string): Submission {
  const split = body.indexOf('\n\n');
  if (split === -1) throw new FormatError('the request has no empty line');
  const [first = '', ...lines] = body.slice(0, split).split('\n');
  const [, digits] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? [];
  if (digits === undefined) throw new FormatError('the first line is not "old SIZE"');
  if (lines.length > MAX_PROOF_LINES) throw new FormatError(`the proof has more than ${MAX_PROOF_LINES} lines`);
  const proof = lines.map(decodeBase64);
  if (proof.some(({ length }) => length !== 32)) throw new FormatError('a hash of the proof has not 32 bytes');
  return { oldSize: Number(digits), proof, checkpoint: parseCheckpoint(body.slice(split + 2)) };
}

function isSigned(checkpoint: CheckpointNote, keys: readonly VerifierKey[]): boolean {
  try {
    return verifyNote(checkpoint.note, keys).length > 0;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

function conflict(size: number): WitnessResponse {
  return { status: 409, type: 'text/x.tlog.size', body: `${size}\n` };
}

function plain(status: number, body: string): WitnessResponse {
  return { status, type: 'text/plain; charset=utf-8', body };
}
