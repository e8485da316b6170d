/**
 * `checkpoint`, the newest one, and `checkpoints.log`, every one that was ever signed (docs/evidence-format.md,
 * "Checkpoints"). The history comes first: what others may have seen is in it, whatever crashes.
 */
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { FormatError } from '../format.ts';
import { syncDirectory } from '../segment-files.ts';
import { type CheckpointNote, parseCheckpoint } from './checkpoint.ts';
import { formatNote, MAX_NOTE_BYTES } from './signed-note.ts';

export const CHECKPOINT_NAME = 'checkpoint';
export const HISTORY_NAME = 'checkpoints.log';
/** The newest checkpoint that a witness cosigned. */
export const WITNESSED_NAME = 'checkpoint.witnessed';
/** The end of the history that is read for its last note; a torn one may follow it. */
const TAIL_BYTES = 2 * MAX_NOTE_BYTES;

/** Appends the note to the history; on the disk when it returns. */
export function appendToHistory(directory: string, note: string): void {
  appendNote(join(directory, HISTORY_NAME), note);
  syncDirectory(directory);
}

/** Appends a note and an empty line to any file of this form, made when missing; on the disk when it returns. */
export function appendNote(path: string, note: string): void {
  const descriptor = openSync(path, 'a', 0o600);
  try {
    const bytes = Buffer.from(`${note}\n`);
    for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Replaces `checkpoint` in one step. */
export function publishCheckpoint(directory: string, note: string): void {
  replaceFile(join(directory, CHECKPOINT_NAME), note);
  syncDirectory(directory);
}

/**
 * Adds cosignatures to a checkpoint: in `checkpoint.witnessed` unless a newer one is there, and in `checkpoint` and the
 * history while it is still the newest.
 */
export function publishCosignatures(directory: string, checkpoint: CheckpointNote, lines: string): void {
  const { text } = checkpoint.note;
  const witnessed = readIfPresent(join(directory, WITNESSED_NAME));
  const published = readPublished(directory);
  const known = [witnessed, published].find((note) => note?.startsWith(`${text}\n`)) ?? formatNote(checkpoint.note);
  const note = known.includes(lines) ? known : known + lines;
  if (witnessed === null || parseCheckpoint(witnessed).size <= checkpoint.size)
    replaceFile(join(directory, WITNESSED_NAME), note);
  if (published?.startsWith(`${text}\n`) === true && published !== note) {
    appendToHistory(directory, note);
    publishCheckpoint(directory, note);
  }
  syncDirectory(directory);
}

/** The newest note that a witness cosigned, null before the first. */
export function readWitnessed(directory: string): string | null {
  return readIfPresent(join(directory, WITNESSED_NAME));
}

/** The file holds the old content or the new one, whatever crashes. The caller syncs the directory. */
export function replaceFile(path: string, content: string): void {
  writeFileSync(`${path}.new`, content, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** The published note, null before the first. */
export function readPublished(directory: string): string | null {
  return readIfPresent(join(directory, CHECKPOINT_NAME));
}

/**
 * The newest checkpoint that was signed, null when none was. Cuts a torn note off the history's end, and publishes what a
 * crash left unpublished. Throws EVIDENCE_BROKEN when the two files do not agree.
 */
export function recoverCheckpoints(directory: string, origin: string): CheckpointNote | null {
  try {
    const last = recoverHistory(join(directory, HISTORY_NAME), origin);
    const published = readPublished(directory);
    if (published === null && last === null) return null;
    if (last === null) throw new FormatError(`${HISTORY_NAME} lacks the published checkpoint`);
    const newest = parseCheckpoint(last);
    if (newest.origin !== origin) throw new FormatError(`the checkpoint is of ${newest.origin}, not of ${origin}`);
    const known = published === null ? null : parseCheckpoint(published);
    if (known !== null && (known.size > newest.size || known.origin !== origin))
      throw new FormatError(`${HISTORY_NAME} lacks the published checkpoint`);
    if (known?.note.text !== newest.note.text) publishCheckpoint(directory, last);
    return newest;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new SluiceError('EVIDENCE_BROKEN', `The checkpoints in ${directory} do not verify: ${error.message}.`, {
      cause: error,
    });
  }
}

/** The last whole note. */
function recoverHistory(path: string, origin: string): string | null {
  const size = sizeOf(path);
  if (size === 0) return null;
  const descriptor = openSync(path, 'r+');
  try {
    const start = Math.max(0, size - TAIL_BYTES);
    const tail = Buffer.alloc(size - start);
    readSync(descriptor, tail, 0, tail.length, start);
    // One byte a character, so that an index in the text is an offset in the file.
    const text = tail.toString('latin1');
    const last = lastNote(text, origin);
    if (last === null) {
      if (start > 0) throw new FormatError(`${HISTORY_NAME} ends with no note`);
      if (text.endsWith('\n\n')) throw new FormatError(`${HISTORY_NAME} holds something else than notes`);
    }
    const end = last === null ? 0 : last.end;
    if (end < text.length) {
      ftruncateSync(descriptor, start + end);
      fsyncSync(descriptor);
    }
    return last === null ? null : tail.toString('utf8', last.start, last.end - 1);
  } finally {
    closeSync(descriptor);
  }
}

/** Where the last note with its empty line lies; what follows it is torn. */
function lastNote(text: string, origin: string): { readonly start: number; readonly end: number } | null {
  const mark = `\n\n${origin}\n`;
  for (let until = text.length; until >= 0; ) {
    const found = text.lastIndexOf(mark, until);
    const start = found === -1 ? (text.startsWith(`${origin}\n`) ? 0 : -1) : found + 2;
    if (start === -1) return null;
    // After the text's empty line and at least one signature line comes the empty line that ends the note.
    const split = text.indexOf('\n\n', start);
    const end = split === -1 ? -1 : text.indexOf('\n\n', split + 2);
    if (end !== -1) return { start, end: end + 2 };
    if (found <= 0) return null;
    until = found - 1;
  }
  return null;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
