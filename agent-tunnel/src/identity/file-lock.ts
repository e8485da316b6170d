import { open, readFile, stat, unlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { SluiceError } from '@sluice/contract/errors';

const WAIT_MS = 20_000;
const RETRY_MS = 50;
/** A lock so old belongs to a process that was killed, even if its number lives on. */
const STALE_MS = 60_000;

/**
 * Runs `work` while no other process of this user does, by a file that only one can create. Needed around a refresh:
 * two at once would use one refresh token twice, and the issuer would end the sign-in as stolen.
 *
 * Throws `AUTH_CREDENTIAL_STORE` when another process keeps the lock too long.
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await acquire(file);
  try {
    return await work();
  } finally {
    await unlink(file);
  }
}

async function acquire(file: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += RETRY_MS) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(String(process.pid));
      await handle.close();
      return;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
    if (await isStale(file)) await unlink(file).catch(ignoreMissing);
    else await sleep(RETRY_MS);
  }
  throw new SluiceError('AUTH_CREDENTIAL_STORE', `another sluice keeps the sign-in locked (${file})`, {
    remedy: `End it, or remove ${file}.`,
  });
}

async function isStale(file: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > STALE_MS) return true;
    const owner = Number(await readFile(file, 'utf8'));
    // Empty: its maker has not come to writing yet.
    return owner > 0 && !isAlive(owner);
  } catch (error) {
    ignoreMissing(error);
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isCode(error, 'ESRCH');
  }
}

/** The file went while we looked: its owner is done. */
function ignoreMissing(error: unknown): void {
  if (!isCode(error, 'ENOENT')) throw error;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
