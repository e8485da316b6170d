/**
 * Writes a session bundle (docs/evidence-format.md, "Session bundle"): records, proofs, checkpoint, recording, in one file
 * that a stranger can check. Synchronous, for a worker thread; whoever takes the lines sets the pace.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { SluiceError } from '@sluice/contract/errors';
import { writeU64 } from '../format.ts';
import { originOf, parseCheckpoint } from './checkpoint.ts';
import { readPublished, readWitnessed } from './checkpoint-files.ts';
import { findSessionRecords, type RecordPlace, readBytes } from './session-records.ts';
import { type SignerKey, signNote } from './signed-note.ts';
import { readTile } from './tile-files.ts';
import { TileTree } from './tile-tree.ts';

/** Bytes of the recording in one line. */
const RECORDING_CHUNK_BYTES = 49_152;

export type BundleRequest = {
  readonly directory: string;
  readonly logId: string;
  readonly sessionId: string;
  readonly openedAtUs: number;
  /** Null when nothing was recorded. */
  readonly recordingPath: string | null;
  readonly signers: readonly SignerKey[];
  /** Verifier keys of the configured witnesses, as hints. */
  readonly witnesses: readonly string[];
};

/** Lines, each with its newline. Throws NOT_FOUND, LIMIT_REACHED, EVIDENCE_BROKEN. */
export function* sessionBundle(request: BundleRequest): Generator<string> {
  const whole = createHash('sha256');
  for (const line of bundleLines(request)) {
    whole.update(line);
    yield line;
  }
  yield `${JSON.stringify({ sha256: whole.digest('hex') })}\n`;
}

function* bundleLines(request: BundleRequest): Generator<string> {
  const { directory, logId, sessionId, signers } = request;
  const { note, places } = gather(request);
  const { size } = parseCheckpoint(note);
  const recording = openRecording(request.recordingPath);
  try {
    const manifest = manifestText({
      origin: originOf(logId),
      sessionId,
      size,
      places,
      recording: recording?.hash() ?? null,
    });
    yield line({
      sluice: 'session-bundle',
      version: 1,
      sessionId,
      keys: signers.map(({ verifier }) => verifier.vkey),
      witnesses: request.witnesses,
      checkpoint: note,
      manifest: `${manifest}\n${signers.map((signer) => signNote(manifest, signer)).join('')}`,
    });
    const tree = new TileTree(size, (tile) => readTile(directory, tile));
    for (const { index, segment, offset, length } of places) {
      const record = readBytes(directory, segment, offset, length).toString('base64');
      yield line({ index, record, proof: tree.inclusion(index).map((node) => node.toString('base64')) });
    }
    for (const chunk of recording?.chunks() ?? []) yield line({ recording: chunk.toString('base64') });
  } finally {
    recording?.close();
  }
}

/** The newest checkpoint with all records of the session; rather the newest witnessed one, when it covers them too. */
function gather(request: BundleRequest): { readonly note: string; readonly places: readonly RecordPlace[] } {
  const published = readPublished(request.directory);
  if (published === null) throw new SluiceError('NOT_FOUND', 'The record has no checkpoint yet.');
  const places = findSessionRecords({ ...request, until: parseCheckpoint(published).size });
  const witnessed = readWitnessed(request.directory);
  const last = places.at(-1)?.index ?? 0;
  const covers = witnessed !== null && parseCheckpoint(witnessed).size > last;
  return { note: covers ? witnessed : published, places };
}

export function manifestText(facts: {
  readonly origin: string;
  readonly sessionId: string;
  readonly size: number;
  readonly places: readonly { readonly index: number }[];
  readonly recording: string | null;
}): string {
  const indexes = createHash('sha256');
  const bytes = Buffer.alloc(8);
  for (const { index } of facts.places) {
    writeU64(bytes, index, 0);
    indexes.update(bytes);
  }
  const { origin, sessionId, size, places, recording } = facts;
  return `sluice.dev/session-manifest@v1\n${origin}\n${sessionId}\n${size}\n${places.length}\n${indexes.digest('base64')}\n${recording ?? '-'}\n`;
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/** As long as it is now: a session that is open still grows. Null when there is nothing in it. */
function openRecording(path: string | null): RecordingFile | null {
  if (path === null || (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return null;
  return new RecordingFile(openSync(path, 'r'));
}

class RecordingFile {
  readonly #descriptor: number;
  readonly #bytes: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.#bytes = fstatSync(descriptor).size;
  }

  /** SHA-256, base64. */
  hash(): string {
    const digest = createHash('sha256');
    for (const chunk of this.chunks()) digest.update(chunk);
    return digest.digest('base64');
  }

  *chunks(): Generator<Buffer> {
    for (let offset = 0; offset < this.#bytes; ) {
      const chunk = Buffer.alloc(Math.min(RECORDING_CHUNK_BYTES, this.#bytes - offset));
      const read = readSync(this.#descriptor, chunk, 0, chunk.length, offset);
      if (read !== chunk.length)
        throw new SluiceError('EVIDENCE_BROKEN', 'The recording became shorter while it was read.');
      yield chunk;
      offset += read;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
