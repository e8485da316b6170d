/**
 * What a crash left half written at the end of a log: kept in files of its own (it is evidence too), then cut off.
 *
 * `torn-N.bin` holds the bytes where the entry with sequence N would have been, `torn-N.1.bin` those of the next crash at
 * the same place. While the log has no entry N, no entry tells of them: a crash may have come before it.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { sha256 } from './format.ts';
import { segmentPath, syncDirectory } from './segment-files.ts';

/** Crashes in a row while the first one is being told of; then somebody has to look. */
export const MAX_TORN_TAILS = 100;

export type TornTail = { readonly tornBytes: number; readonly tornSha256: string };

/** Moves a segment that is shorter than its header aside. */
export function moveTornSegment(directory: string, segment: number, nextSequence: number): void {
  renameSync(segmentPath(directory, segment), freeName(directory, nextSequence));
  syncDirectory(directory);
}

/** Cuts a segment's file after its last whole block. */
export function cutTornTail(
  directory: string,
  torn: {
    readonly path: string;
    readonly bytes: Buffer;
    /** Where the last whole block ends. */
    readonly endOffset: number;
    readonly nextSequence: number;
  },
): void {
  const tail = torn.bytes.subarray(torn.endOffset);
  // Killed in between, the bytes are in the segment or in both places, never in none; and never in two copies.
  if (!isKept(directory, torn.nextSequence, tail)) {
    const unfinished = join(directory, 'torn.partial');
    writeFileSync(unfinished, tail, { mode: 0o600, flush: true });
    renameSync(unfinished, freeName(directory, torn.nextSequence));
    syncDirectory(directory);
  }
  const descriptor = openSync(torn.path, 'r+');
  try {
    ftruncateSync(descriptor, torn.endOffset);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What no entry tells of yet, the oldest first. */
export function tornTailsAt(directory: string, nextSequence: number): readonly TornTail[] {
  return keptAt(directory, nextSequence).map((path) => {
    const bytes = readFileSync(path);
    return { tornBytes: bytes.length, tornSha256: sha256(bytes).toString('hex') };
  });
}

function isKept(directory: string, nextSequence: number, tail: Buffer): boolean {
  const newest = keptAt(directory, nextSequence).at(-1);
  return newest !== undefined && readFileSync(newest).equals(tail);
}

function keptAt(directory: string, nextSequence: number): readonly string[] {
  const paths: string[] = [];
  for (let number = 0; existsSync(nameOf(directory, nextSequence, number)); number += 1)
    paths.push(nameOf(directory, nextSequence, number));
  return paths;
}

function freeName(directory: string, nextSequence: number): string {
  const number = keptAt(directory, nextSequence).length;
  if (number < MAX_TORN_TAILS) return nameOf(directory, nextSequence, number);
  throw new SluiceError('EVIDENCE_BROKEN', `The log was torn ${MAX_TORN_TAILS} times at entry ${nextSequence}.`);
}

function nameOf(directory: string, nextSequence: number, number: number): string {
  return join(directory, `torn-${nextSequence}${number === 0 ? '' : `.${number}`}.bin`);
}
