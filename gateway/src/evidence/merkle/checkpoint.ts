/**
 * Checkpoints (c2sp.org/tlog-checkpoint) of our form: three lines, no extension.
 */
import { FormatError, HASH_BYTES } from '../format.ts';
import { decodeBase64, parseNote, type SignedNote } from './signed-note.ts';
import type { TreeHead } from './verify-proof.ts';

export type Checkpoint = TreeHead & { readonly origin: string };
export type CheckpointNote = Checkpoint & { readonly note: SignedNote };

const TEXT = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/=]{44})\n$/u;

/** The name of a log: bound to its segments by their id. */
export function originOf(logId: string): string {
  return `sluice/${logId}`;
}

export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** Throws FormatError. Signatures are not looked at. */
export function parseCheckpointText(text: string): Checkpoint {
  const [, origin = '', digits = '', encoded = ''] = TEXT.exec(text) ?? [];
  const size = Number(digits);
  if (origin === '' || !Number.isSafeInteger(size)) throw new FormatError('the text is no checkpoint of three lines');
  const root = decodeBase64(encoded);
  if (root.length !== HASH_BYTES) throw new FormatError('the root of the checkpoint has not 32 bytes');
  return { origin, size, root };
}

/** Throws FormatError. Signatures are parsed and not verified. */
export function parseCheckpoint(text: string): CheckpointNote {
  const note = parseNote(text);
  return { ...parseCheckpointText(note.text), note };
}
