/**
 * A file whose space is given back when the disk is full, so that the log can still record that it failed.
 */
import { randomFillSync } from 'node:crypto';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Room for a segment header and one entry, with file system blocks of up to 64 KiB. */
export const RESERVE_BYTES = 128 * 1024;

function reservePath(directory: string): string {
  return join(directory, 'reserve.bin');
}

/** Creates the reserve when it is missing or short. Random bytes, since a compressing file system gives zeros no space. */
export function setReserveAside(directory: string): void {
  const path = reservePath(directory);
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= RESERVE_BYTES) return;
  writeFileSync(path, randomFillSync(Buffer.alloc(RESERVE_BYTES)), { mode: 0o600, flush: true });
}

export function releaseReserve(directory: string): void {
  rmSync(reservePath(directory), { force: true });
}
