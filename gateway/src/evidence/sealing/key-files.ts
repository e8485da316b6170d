/**
 * Keys that are to be destroyed some day, each in a small file of its own: a row of a database, or a place in a log, would
 * leave copies behind.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';

const FILE_ID = /^[A-Za-z0-9_-]{1,100}$/;

export class KeyFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** On the disk when it resolves. Throws EVIDENCE_UNWRITABLE, also when there is one of this id already. */
  async create(id: string, text: string): Promise<void> {
    const path = this.#path(id);
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await syncDirectory(this.#directory);
    } catch (error) {
      throw new SluiceError('EVIDENCE_UNWRITABLE', `A key of the record cannot be kept: ${String(error)}`, {
        cause: error,
      });
    }
  }

  /** Null when there is none: never made, or destroyed. */
  async read(id: string): Promise<string | null> {
    return await unlessMissing(readFile(this.#path(id), 'utf8'));
  }

  /** The bytes are written over first; whether the disk then forgets them is the disk's word. False when there was none. */
  async destroy(id: string): Promise<boolean> {
    const path = this.#path(id);
    const file = await unlessMissing(open(path, 'r+'));
    if (file === null) return false;
    try {
      const { size } = await file.stat();
      await file.write(randomBytes(size), 0, size, 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await unlink(path);
    await syncDirectory(this.#directory);
    return true;
  }

  #path(id: string): string {
    // The id becomes a file name: anything else could name a file elsewhere.
    if (!FILE_ID.test(id)) throw new SluiceError('NOT_FOUND', 'That is no id of anything that has a key.');
    return join(this.#directory, `${id}.json`);
  }
}

/** A file that was made or removed is so after a power cut only when its directory was synced. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
