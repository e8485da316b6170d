/**
 * Anchors: places where checkpoints are only ever added (docs/evidence-format.md, "Witnesses and anchors").
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from '../segment-files.ts';
import type { CheckpointNote } from './checkpoint.ts';
import { appendNote } from './checkpoint-files.ts';

export type AnchorSettings =
  /** A file that is appended to. */
  | { readonly kind: 'file'; readonly path: string }
  /** A directory that gets a file a checkpoint: an object store, mounted. */
  | { readonly kind: 'directory'; readonly path: string };

/** Adds a checkpoint. Throws what the file system throws, and when another checkpoint of that size is there. */
export function anchorCheckpoint(settings: AnchorSettings, checkpoint: CheckpointNote, note: string): void {
  if (settings.kind === 'file') {
    appendNote(settings.path, note);
    return;
  }
  const directory = join(settings.path, checkpoint.origin.replace(/^sluice\//, ''));
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${String(checkpoint.size).padStart(16, '0')}.checkpoint`);
  try {
    writeFileSync(path, note, { flag: 'wx', flush: true });
    syncDirectory(directory);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw error;
    // Only the signatures may differ.
    if (!readFileSync(path, 'utf8').startsWith(checkpoint.note.text))
      throw new Error(`${path} holds another checkpoint`, { cause: error });
  }
}
