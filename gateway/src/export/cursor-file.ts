import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { syncDirectory } from '../evidence/segment-files.ts';

/**
 * How far an export has come: one line of JSON, replaced as a whole. Written after the other side has a batch, so a crash
 * in between sends that batch again; receivers tell by `sequence`.
 */
export class CursorFile {
  readonly #path: string;
  readonly #logId: string;

  constructor(path: string, logId: string) {
    this.#path = path;
    this.#logId = logId;
  }

  /** Sequence of the next entry to send: 0 for a log of which nothing was sent. Throws EVIDENCE_BROKEN on anything unreadable. */
  read(): number {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
      throw error;
    }
    const cursor = parsed(text);
    if (cursor === null)
      throw new SluiceError('EVIDENCE_BROKEN', `${this.#path} does not say how far the export has come`, {
        remedy: 'Remove the file to export the whole record again.',
      });
    return cursor.log === this.#logId ? cursor.next : 0;
  }

  write(next: number): void {
    const temporary = `${this.#path}.new`;
    const descriptor = openSync(temporary, 'w', 0o600);
    try {
      writeSync(descriptor, `${JSON.stringify({ log: this.#logId, next })}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, this.#path);
    syncDirectory(dirname(this.#path));
  }
}

function parsed(text: string): { readonly log: string; readonly next: number } | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof value !== 'object' || value === null || !('log' in value) || !('next' in value)) return null;
  const { log, next } = value;
  return typeof log === 'string' && typeof next === 'number' && Number.isSafeInteger(next) && next >= 0
    ? { log, next }
    : null;
}
