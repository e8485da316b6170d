import { lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { SluiceError } from '@sluice/contract/errors';

/** Longest path of a Unix socket, bytes, on the narrowest system (macOS). */
const MAX_SOCKET_PATH_BYTES = 103;

/**
 * Makes a fresh directory for one tunnel's socket: 0700, ours, in a parent that is 0700 and ours. Without the check
 * of the parent another user could have made it first and would own the names inside.
 *
 * Throws `CONFIG_INVALID` when the parent is not ours alone.
 */
export async function makeSocketDirectory(parent: string, uid: number): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await assertPrivateDirectory(parent, uid);
  const directory = await mkdtemp(path.join(parent, 't-'));
  await assertPrivateDirectory(directory, uid);
  return directory;
}

/** Throws `CONFIG_INVALID` unless `directory` is a real directory (no link), owned by `uid`, closed to everybody else. */
export async function assertPrivateDirectory(directory: string, uid: number): Promise<void> {
  // lstat, not stat: a symbolic link would show the owner of what it points to today.
  const found = await lstat(directory);
  const mode = (found.mode & 0o7777).toString(8);
  const wrong = !found.isDirectory()
    ? 'is not a directory'
    : found.uid !== uid
      ? `belongs to another user (uid ${found.uid})`
      : (found.mode & 0o077) !== 0
        ? `is open to other users (mode ${mode})`
        : null;
  if (wrong !== null) {
    throw new SluiceError('CONFIG_INVALID', `${directory} ${wrong}, so no tunnel is opened in it`, {
      remedy: `Remove it, or: chmod 700 '${directory}'. Nothing of yours is lost: it holds sockets only.`,
    });
  }
}

/** The socket's path in `directory`, named so that libpq finds it with `host=DIRECTORY port=PORT`. */
export function postgresSocketPath(directory: string, port: number): string {
  const socketPath = path.join(directory, `.s.PGSQL.${port}`);
  if (Buffer.byteLength(socketPath) > MAX_SOCKET_PATH_BYTES) {
    throw new SluiceError(
      'CONFIG_INVALID',
      `the socket's path is longer than ${MAX_SOCKET_PATH_BYTES} bytes: ${socketPath}`,
      {
        remedy: 'Set SLUICE_RUNTIME_DIR to a shorter path.',
      },
    );
  }
  return socketPath;
}

export async function removeSocketDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}
