/**
 * What happens to a log when it is opened: the tail is verified, a torn last block is moved aside, anything else that
 * does not verify stops the gateway. Only the last segment is read in full; `verifyLog` reads all.
 */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { SluiceError } from '@sluice/contract/errors';
import { decodeSegmentHeader, FormatError, HASH_BYTES, SEGMENT_HEADER_BYTES } from './format.ts';
import { scanSegment } from './scan-segment.ts';
import { listSegments, segmentPath } from './segment-files.ts';
import { cutTornTail, moveTornSegment, type TornTail, tornTailsAt } from './torn-tails.ts';
import type { LogHead } from './verify.ts';

export type LogPosition = {
  readonly logId: string;
  readonly segment: number;
  readonly nextSequence: number;
  /** Hash that the next block continues, hex. */
  readonly lastHash: string;
  /** Where the next block goes in the segment's file. */
  readonly endOffset: number;
};

export type Recovery = {
  readonly position: LogPosition | null;
  /** What crashes left half written and no entry tells of yet: one, and one more for each crash while it was being told. */
  readonly torn: readonly TornTail[];
};

/**
 * Finds the end of the log, null for an empty directory. Throws EVIDENCE_BROKEN when the tail does not verify,
 * a segment is missing, or the log ends before `expectedHead`.
 */
export function recoverLog(directory: string, expectedHead: LogHead | null): Recovery {
  const present = listSegments(directory);
  const newest = present.at(-1);
  // A crash while a segment was being created leaves a file shorter than its header, holding no entry.
  const tornSegment =
    newest !== undefined && statSync(segmentPath(directory, newest)).size < SEGMENT_HEADER_BYTES ? newest : null;
  const segments = tornSegment === null ? present : present.slice(0, -1);
  const last = segments.at(-1);
  if (last === undefined) {
    if (expectedHead !== null && expectedHead.nextSequence > 0) throw missingHead(directory, expectedHead);
    if (tornSegment !== null) moveTornSegment(directory, tornSegment, 0);
    return { position: null, torn: tornTailsAt(directory, 0) };
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
  const { nextSequence, lastHash, endOffset } = scan;
  if (tornSegment !== null) moveTornSegment(directory, tornSegment, nextSequence);
  if (scan.end.kind === 'torn') cutTornTail(directory, { path, bytes, endOffset, nextSequence });
  return {
    position: { logId: header.logId, segment: last, nextSequence, lastHash, endOffset },
    torn: tornTailsAt(directory, nextSequence),
  };
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
