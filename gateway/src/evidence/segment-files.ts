/**
 * The files of a log: `segment-00000000.log`, `segment-00000001.log` … in one directory.
 */
import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SEGMENT_NAME = /^segment-(\d{8})\.log$/;

export function segmentPath(directory: string, segment: number): string {
  return join(directory, `segment-${String(segment).padStart(8, '0')}.log`);
}

/** Numbers of the segments present, ascending. */
export function listSegments(directory: string): readonly number[] {
  return readdirSync(directory)
    .flatMap((name) => SEGMENT_NAME.exec(name)?.slice(1) ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Makes a created, renamed or removed name durable. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
