/**
 * What happens to a log when it is opened: the tail is verified, a torn last block is moved aside, anything else that
 * does not verify stops the gateway. Only the last segment is read in full; `verifyLog` reads all.
 */
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { decodeSegmentHeader, FormatError, HASH_BYTES, SEGMENT_HEADER_BYTES, sha256 } from './format.ts';
import { type ScanResult, scanSegment } from './scan-segment.ts';
import { listSegments, segmentPath, syncDirectory } from './segment-files.ts';
import type { LogHead } from './verify.ts';

export type TornTail = { readonly tornBytes: number; readonly tornSha256: string };

export type LogPosition = {
  readonly logId: string;
  readonly segment: number;
  readonly nextSequence: number;
  /** Hash that the next block continues, hex. */
  readonly lastHash: string;
  /** Where the next block goes in the segment's file. */
  readonly endOffset: number;
};

export type Recovery = { readonly position: LogPosition | null; readonly torn: TornTail | null };

/**
 * Finds the end of the log, null for an empty directory. Throws EVIDENCE_BROKEN when the tail does not verify,
 * a segment is missing, or the log ends before `expectedHead`.
 */
export function recoverLog(directory: string, expectedHead: LogHead | null): Recovery {
  let torn = moveTornSegmentAside(directory);
  const segments = listSegments(directory);
  const last = segments.at(-1);
  if (last === undefined) {
    if (expectedHead !== null && expectedHead.nextSequence > 0) throw missingHead(directory, expectedHead);
    return { position: null, torn };
  }
  if (last !== segments.length - 1) throw broken(segmentPath(directory, last), 'a segment before it is missing');

  const path = segmentPath(directory, last);
  const bytes = readFileSync(path);
  let sawExpected = expectedHead === null || expectedHead.nextSequence === 0;
  let header: ReturnType<typeof decodeSegmentHeader>;
  try {
    header = decodeSegmentHeader(bytes);
  } catch (error) {
    if (error instanceof FormatError) throw broken(path, error.message);
    throw error;
  }
  checkLink(directory, last, header.previousHash);
  // A head from an earlier segment was covered when this segment continued it.
  if (expectedHead !== null && expectedHead.nextSequence <= header.firstSequence) sawExpected = true;
  const scan = scanSegment(bytes, header.firstSequence, (block) => {
    const nextSequence = block.header.firstSequence + block.records.length;
    if (nextSequence === expectedHead?.nextSequence && block.hash === expectedHead.hash) sawExpected = true;
  });
  if (scan.end.kind === 'broken') throw broken(path, `${scan.end.message}, at byte ${scan.end.offset}`);
  if (!sawExpected && expectedHead !== null) throw missingHead(directory, expectedHead);
  if (scan.end.kind === 'torn') torn = cutTornTail(directory, path, bytes, scan);
  return {
    position: {
      logId: header.logId,
      segment: last,
      nextSequence: scan.nextSequence,
      lastHash: scan.lastHash,
      endOffset: scan.endOffset,
    },
    torn,
  };
}

/** A crash while a segment was being created leaves a file shorter than its header, holding no entry. */
function moveTornSegmentAside(directory: string): TornTail | null {
  const last = listSegments(directory).at(-1);
  if (last === undefined) return null;
  const path = segmentPath(directory, last);
  if (statSync(path).size >= SEGMENT_HEADER_BYTES) return null;
  const bytes = readFileSync(path);
  renameSync(path, `${path}.torn`);
  syncDirectory(directory);
  return { tornBytes: bytes.length, tornSha256: sha256(bytes).toString('hex') };
}

/** Keeps the torn bytes in a file of their own (they are evidence too), then cuts them off. */
function cutTornTail(directory: string, path: string, bytes: Buffer, scan: ScanResult): TornTail {
  const tail = bytes.subarray(scan.endOffset);
  writeFileSync(join(directory, `torn-${scan.nextSequence}.bin`), tail, { mode: 0o600, flush: true });
  const descriptor = openSync(path, 'r+');
  try {
    ftruncateSync(descriptor, scan.endOffset);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  syncDirectory(directory);
  return { tornBytes: tail.length, tornSha256: sha256(tail).toString('hex') };
}

/** The header's `previous` is the last 32 bytes of the file before: that is always a hash. */
function checkLink(directory: string, segment: number, previousHash: Uint8Array): void {
  if (segment === 0) return;
  const path = segmentPath(directory, segment - 1);
  const tail = Buffer.alloc(HASH_BYTES);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, tail, 0, HASH_BYTES, Math.max(0, statSync(path).size - HASH_BYTES));
  } finally {
    closeSync(descriptor);
  }
  if (!tail.equals(previousHash)) throw broken(path, 'the segment after it does not continue it');
}

function broken(path: string, message: string): SluiceError {
  return new SluiceError('EVIDENCE_BROKEN', `The evidence log does not verify: ${path}: ${message}.`);
}

function missingHead(directory: string, head: LogHead): SluiceError {
  return new SluiceError(
    'EVIDENCE_BROKEN',
    `The evidence log in ${directory} ends before, or differs from, the head noted in the store (${head.nextSequence} entries).`,
    { facts: { expectedEntries: head.nextSequence, expectedHash: head.hash } },
  );
}
