/**
 * One writer a directory: `writer.lock` names the process that holds it. A lock whose process is gone is taken over.
 * It guards against a second gateway on the same machine, not against two machines that share a file system.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';

const LOCK_NAME = 'writer.lock';
/** A lock that keeps changing hands under us is somebody else's. */
const MAX_ATTEMPTS = 3;

export type WriterLock = { readonly release: () => void };

/** Takes the lock or throws EVIDENCE_UNWRITABLE when a living process holds it. */
export function acquireWriterLock(directory: string): WriterLock {
  const path = join(directory, LOCK_NAME);
  const mine = `${process.pid} ${startedAt(process.pid) ?? 'unknown'}\n`;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    if (createExclusive(path, mine)) return { release: () => releaseLock(path, mine) };
    const holder = readIfPresent(path);
    if (holder !== null && isAlive(holder)) break;
    if (holder !== null) removeStale(path, holder);
  }
  throw new SluiceError('EVIDENCE_UNWRITABLE', `Another process writes the evidence log in ${directory}.`, {
    remedy: 'Stop the other gateway, or give this one its own data directory.',
  });
}

function createExclusive(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw new SluiceError('EVIDENCE_UNWRITABLE', `The lock ${path} cannot be written: ${String(error)}`, {
      cause: error,
    });
  }
}

/** Moves the stale lock away first: if another process renewed it in between, what we moved is not stale, and goes back. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return;
    throw error;
  }
  if (readIfPresent(aside) !== stale) linkSync(aside, path);
  rmSync(aside, { force: true });
}

function releaseLock(path: string, mine: string): void {
  if (readIfPresent(path) === mine) rmSync(path, { force: true });
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

function isAlive(holder: string): boolean {
  const [pidText = '', started = ''] = holder.trim().split(' ');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    if (!isErrno(error, 'EPERM')) return false;
  }
  const now = startedAt(pid);
  return now === null || started === 'unknown' || now === started;
}

/** Start time of a process in clock ticks since boot, so that a recycled pid is not taken for the holder; null where /proc is missing. */
function startedAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name in parentheses may hold anything, so count from its end: state is field 3, start time field 22.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'EACCES') || isErrno(error, 'ESRCH')) return null;
    throw error;
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
