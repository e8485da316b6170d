/** Where daemon and command meet: an owner-only directory with a socket and a key. */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { assertPrivateDirectory } from '../tunnel/socket-directory.ts';

export type ControlPaths = { readonly directory: string; readonly socket: string; readonly key: string };

export function controlPaths(runtimeDirectory: string): ControlPaths {
  const directory = path.join(runtimeDirectory, 'daemon');
  return { directory, socket: path.join(directory, 'control.sock'), key: path.join(directory, 'key') };
}

/** Makes the directory, checks that it is ours alone. Throws `CONFIG_INVALID`. */
export async function makeControlDirectory({ directory }: ControlPaths, uid: number): Promise<void> {
  const parent = path.dirname(directory);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await assertPrivateDirectory(parent, uid);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await assertPrivateDirectory(directory, uid);
}

/** A key for this daemon's life, 256 bits, in a file that only its owner reads. */
export async function writeControlKey({ key }: ControlPaths): Promise<string> {
  const text = randomBytes(32).toString('base64url');
  const next = `${key}.next`;
  await rm(next, { force: true });
  await writeFile(next, text, { mode: 0o600, flag: 'wx' });
  await rename(next, key);
  return text;
}

/**
 * The key, after checking that directory, key and socket are ours: somebody else's daemon gets no request of ours. Null
 * when no daemon was started. Throws `CONFIG_INVALID`.
 */
export async function readControlKey(paths: ControlPaths, uid: number): Promise<string | null> {
  try {
    await assertPrivateDirectory(path.dirname(paths.directory), uid);
    await assertPrivateDirectory(paths.directory, uid);
    for (const file of [paths.socket, paths.key]) {
      const found = await lstat(file);
      if (found.uid === uid && !found.isSymbolicLink()) continue;
      throw new SluiceError('CONFIG_INVALID', `${file} belongs to another user, so nothing is sent to it`, {
        remedy: `Find out who made it; then remove ${paths.directory}.`,
      });
    }
    return await readFile(paths.key, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
