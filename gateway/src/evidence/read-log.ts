/**
 * Reads entries back from the segment files: in order from a sequence on, or one by its place.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { SluiceError } from '@sluice/contract/errors';
import {
  BLOCK_HEADER_BYTES,
  decodeRecord,
  decodeSegmentHeader,
  FormatError,
  MAX_PAYLOAD_BYTES,
  RECORD_HEADER_BYTES,
  SEGMENT_HEADER_BYTES,
} from './format.ts';
import type { DurableEntries, StoredEntry } from './log-options.ts';
import { DecisionMemory, MAX_REPEAT_DISTANCE, parseRecorded, type RecordedEntry } from './recorded-entry.ts';
import { type ScannedBlock, scanBlocks } from './scan-segment.ts';
import { listSegments, segmentPath } from './segment-files.ts';

/**
 * Blocks that end after sequence `from` and not after `until`, each with its hash checked, their entries whole. Throws
 * EVIDENCE_BROKEN. One segment is in memory at a time, and the decisions that entries may name.
 */
export async function* readBlocks(
  directory: string,
  range: { from: number; until: number },
): AsyncGenerator<DurableEntries, void, void> {
  const memory = new DecisionMemory();
  // The first block may begin before `from`, by less than the distance.
  const namedFrom = Math.max(0, range.from - 2 * MAX_REPEAT_DISTANCE);
  for (const segment of await segmentsHolding(directory, { from: namedFrom, until: range.until })) {
    const bytes = await readFile(segmentPath(directory, segment));
    const blocks = scanBlocks(bytes, decodeSegmentHeader(bytes).firstSequence);
    for (;;) {
      const step = blocks.next();
      if (step.done) {
        if (step.value.end.kind === 'broken') throw brokenSegment(directory, segment, step.value.end.message);
        break;
      }
      const nextSequence = step.value.header.firstSequence + step.value.records.length;
      if (nextSequence > range.until) return;
      if (nextSequence <= namedFrom) continue;
      if (nextSequence > range.from) yield whole(step.value, { directory, segment, memory });
      else for (const { sequence, payload } of step.value.records) memory.entriesBefore(sequence, payload);
    }
  }
}

export type ReadEntry = Pick<StoredEntry, 'sequence' | 'atUs' | 'entry'>;
export type ReadRecord = { readonly sequence: number; readonly atUs: number; readonly recorded: RecordedEntry };

/** What stands at the given places, in the same order. Reads only that; hashes are not checked here. */
export async function readRecordsAt(
  directory: string,
  places: readonly { readonly segment: number; readonly offset: number }[],
): Promise<readonly ReadRecord[]> {
  const handles = new Map<number, FileHandle>();
  try {
    const records: ReadRecord[] = [];
    for (const { segment, offset } of places) {
      const handle = handles.get(segment) ?? (await open(segmentPath(directory, segment), 'r'));
      handles.set(segment, handle);
      records.push(await readRecord(handle, offset));
    }
    return records;
  } finally {
    for (const handle of handles.values()) await handle.close();
  }
}

async function readRecord(handle: FileHandle, offset: number): Promise<ReadRecord> {
  const header = Buffer.alloc(RECORD_HEADER_BYTES);
  await handle.read(header, 0, RECORD_HEADER_BYTES, offset);
  const payloadBytes = header.readUInt32BE(0);
  if (payloadBytes > MAX_PAYLOAD_BYTES)
    throw new SluiceError('EVIDENCE_BROKEN', 'The index points into the middle of an entry.');
  const record = Buffer.alloc(RECORD_HEADER_BYTES + payloadBytes);
  await handle.read(record, 0, record.length, offset);
  const { sequence, atUs, payload } = decodeRecord(record, 0);
  return { sequence, atUs, recorded: parseRecorded(payload) };
}

/** Segments that may hold the range: from the last one that starts at or before it. */
async function segmentsHolding(directory: string, range: { from: number; until: number }): Promise<readonly number[]> {
  const starts: { segment: number; firstSequence: number }[] = [];
  for (const segment of listSegments(directory)) {
    starts.push({ segment, firstSequence: await readFirstSequence(directory, segment) });
  }
  const before = starts.findLastIndex((start) => start.firstSequence <= range.from);
  return starts
    .slice(Math.max(0, before))
    .filter((start) => start.firstSequence < range.until)
    .map((start) => start.segment);
}

async function readFirstSequence(directory: string, segment: number): Promise<number> {
  const handle = await open(segmentPath(directory, segment), 'r');
  try {
    const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
    await handle.read(header, 0, SEGMENT_HEADER_BYTES, 0);
    return decodeSegmentHeader(header).firstSequence;
  } finally {
    await handle.close();
  }
}

/** Throws FormatError when an entry names a decision that is not there. */
function toDurableEntries(block: ScannedBlock, segment: number, memory: DecisionMemory): DurableEntries {
  const entries = block.records.flatMap(({ sequence, atUs, payload, bodyOffset }) => {
    const offset = block.offset + BLOCK_HEADER_BYTES + bodyOffset;
    return memory
      .entriesOf(sequence, payload)
      .map((entry): StoredEntry => ({ sequence, atUs, segment, offset, entry }));
  });
  return { entries, head: { nextSequence: block.header.firstSequence + block.records.length, hash: block.hash } };
}

function whole(
  block: ScannedBlock,
  {
    directory,
    segment,
    memory,
  }: { readonly directory: string; readonly segment: number; readonly memory: DecisionMemory },
): DurableEntries {
  try {
    return toDurableEntries(block, segment, memory);
  } catch (error) {
    if (error instanceof FormatError) throw brokenSegment(directory, segment, error.message);
    throw error;
  }
}

function brokenSegment(directory: string, segment: number, message: string): SluiceError {
  return new SluiceError(
    'EVIDENCE_BROKEN',
    `The evidence log does not verify: ${segmentPath(directory, segment)}: ${message}.`,
  );
}
