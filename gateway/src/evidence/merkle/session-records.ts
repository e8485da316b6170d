/**
 * Finds the records of one session in the segments (docs/evidence-format.md, "Session bundle"): those that name it, and
 * those of the requests that such a record names. Synchronous, for a worker thread.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { SluiceError } from '@sluice/contract/errors';
import { decodeSegmentHeader, PAYLOAD_JSON, RECORD_HEADER_BYTES, SEGMENT_HEADER_BYTES } from '../format.ts';
import { listSegments, segmentPath } from '../segment-files.ts';
import { BlockReader, type RawBlock } from './block-reader.ts';
import { recordsOf } from './record-leaves.ts';

/** Records of one session that a bundle takes. */
export const MAX_SESSION_RECORDS = 1_000_000;

export type RecordPlace = {
  readonly index: number;
  readonly segment: number;
  /** Of the record in its segment's file. */
  readonly offset: number;
  readonly length: number;
};

export type SessionSearch = {
  readonly directory: string;
  readonly logId: string;
  readonly sessionId: string;
  /** When it was opened, microseconds since 1970: says where to begin. */
  readonly openedAtUs: number;
  /** Records before this one only. */
  readonly until: number;
};

/** Places by rising index. Throws NOT_FOUND when the log does not hold its beginning, LIMIT_REACHED, EVIDENCE_BROKEN. */
export function findSessionRecords(search: SessionSearch): readonly RecordPlace[] {
  const { directory, openedAtUs } = search;
  let found = collect(search, firstSegment(directory, openedAtUs), new Set());
  // The clock was set back meanwhile: the segments' times mislead.
  if (!found.hasBeginning) found = collect(search, 0, new Set());
  if (!found.hasBeginning)
    throw new SluiceError('NOT_FOUND', `The record does not hold the beginning of session ${search.sessionId} yet.`);
  // A request may have been made in an earlier session.
  return found.requestIds.size === 0 ? found.places : collect(search, 0, found.requestIds).places;
}

type Collected = { readonly places: RecordPlace[]; readonly requestIds: Set<string>; hasBeginning: boolean };

function collect(search: SessionSearch, segment: number, requestIds: ReadonlySet<string>): Collected {
  const { directory, logId, sessionId, until } = search;
  const collected: Collected = { places: [], requestIds: new Set(), hasBeginning: false };
  const needles = [sessionId, ...requestIds].map((id) => Buffer.from(id));
  const reader = BlockReader.before(directory, logId, firstSequenceOf(directory, segment));
  for (const block of reader.read(until)) {
    if (!needles.some((needle) => block.body.includes(needle))) continue;
    let index = block.firstSequence;
    for (const { offset, length } of recordsOf(block)) {
      const record = block.body.subarray(offset, offset + length);
      const kind = kindIfOf(record, sessionId, requestIds, collected.requestIds);
      if (kind !== null) {
        if (kind === 'session.opened') collected.hasBeginning = true;
        collected.places.push(placeOf(block, index, offset, length));
        if (collected.places.length > MAX_SESSION_RECORDS)
          throw new SluiceError('LIMIT_REACHED', `Session ${sessionId} has more than ${MAX_SESSION_RECORDS} records.`);
      }
      index += 1;
    }
  }
  return collected;
}

/** The entry's kind when the record is one of the session's, null when not. Notes the requests that the session names. */
function kindIfOf(
  record: Buffer,
  sessionId: string,
  requestIds: ReadonlySet<string>,
  named: Set<string>,
): string | null {
  const payload = record.subarray(RECORD_HEADER_BYTES);
  if (record[RECORD_HEADER_BYTES - 1] !== PAYLOAD_JSON) return null;
  const isPossible = payload.includes(sessionId) || [...requestIds].some((id) => payload.includes(id));
  if (!isPossible) return null;
  const entry: { kind?: unknown; sessionId?: unknown; requestId?: unknown } = JSON.parse(payload.toString('utf8'));
  const isOwn = entry.sessionId === sessionId;
  if (isOwn && typeof entry.requestId === 'string') named.add(entry.requestId);
  if (!isOwn && !(typeof entry.requestId === 'string' && requestIds.has(entry.requestId))) return null;
  return isOwn ? String(entry.kind) : '';
}

function placeOf(block: RawBlock, index: number, offset: number, length: number): RecordPlace {
  return { index, segment: block.segment, offset: block.bodyOffset + offset, length };
}

/** The segment that was being written at a time: the one before the first that was made later. */
function firstSegment(directory: string, atUs: number): number {
  const segments = listSegments(directory);
  const later = segments.find((segment) => segment > 0 && readHeader(directory, segment).createdAtUs > atUs);
  return later === undefined ? (segments.at(-1) ?? 0) : later - 1;
}

function firstSequenceOf(directory: string, segment: number): number {
  return readHeader(directory, segment).firstSequence;
}

function readHeader(directory: string, segment: number): ReturnType<typeof decodeSegmentHeader> {
  return decodeSegmentHeader(readBytes(directory, segment, 0, SEGMENT_HEADER_BYTES));
}

/** Exactly `length` bytes of a segment. Throws EVIDENCE_BROKEN when it has fewer. */
export function readBytes(directory: string, segment: number, offset: number, length: number): Buffer {
  const path = segmentPath(directory, segment);
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    if (readSync(descriptor, bytes, 0, length, offset) !== length)
      throw new SluiceError('EVIDENCE_BROKEN', `${path} ends before byte ${offset + length}.`);
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}
