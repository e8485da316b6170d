/**
 * Reads entries back from the segment files: in order from a sequence on, or one by its place.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { SluiceError } from '@sluice/contract/errors';
import {
  BLOCK_HEADER_BYTES,
  decodeRecord,
  decodeSegmentHeader,
  MAX_PAYLOAD_BYTES,
  RECORD_HEADER_BYTES,
  SEGMENT_HEADER_BYTES,
} from './format.ts';
import type { DurableBlock, StoredEntry } from './log-options.ts';
import { type ScannedBlock, scanBlocks } from './scan-segment.ts';
import { listSegments, segmentPath } from './segment-files.ts';

/**
 * Blocks that end after sequence `from` and not after `until`, each with its hash checked. Throws EVIDENCE_BROKEN.
 * One segment is in memory at a time.
 */
export async function* readBlocks(
  directory: string,
  range: { from: number; until: number },
): AsyncGenerator<DurableBlock, void, void> {
  for (const segment of await segmentsHolding(directory, range)) {
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
      if (nextSequence > range.from) yield toDurableBlock(step.value, segment);
    }
  }
}

export type ReadEntry = Pick<StoredEntry, 'sequence' | 'atUs' | 'entry'>;

/** Entries at the given places, in the same order. Reads only them; their hashes are not checked here. */
export async function readEntriesAt(
  directory: string,
  places: readonly { readonly segment: number; readonly offset: number }[],
): Promise<readonly ReadEntry[]> {
  const handles = new Map<number, FileHandle>();
  try {
    const entries: ReadEntry[] = [];
    for (const { segment, offset } of places) {
      const handle = handles.get(segment) ?? (await open(segmentPath(directory, segment), 'r'));
      handles.set(segment, handle);
      entries.push(await readEntry(handle, offset));
    }
    return entries;
  } finally {
    for (const handle of handles.values()) await handle.close();
  }
}

async function readEntry(handle: FileHandle, offset: number): Promise<ReadEntry> {
  const header = Buffer.alloc(RECORD_HEADER_BYTES);
  await handle.read(header, 0, RECORD_HEADER_BYTES, offset);
  const payloadBytes = header.readUInt32BE(0);
  if (payloadBytes > MAX_PAYLOAD_BYTES)
    throw new SluiceError('EVIDENCE_BROKEN', 'The index points into the middle of an entry.');
  const record = Buffer.alloc(RECORD_HEADER_BYTES + payloadBytes);
  await handle.read(record, 0, record.length, offset);
  const { sequence, atUs, payload } = decodeRecord(record, 0);
  return { sequence, atUs, entry: JSON.parse(payload.toString('utf8')) };
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

function toDurableBlock(block: ScannedBlock, segment: number): DurableBlock {
  const entries = block.records.map((record): StoredEntry => {
    const offset = block.offset + BLOCK_HEADER_BYTES + record.bodyOffset;
    return {
      sequence: record.sequence,
      atUs: record.atUs,
      segment,
      offset,
      entry: JSON.parse(record.payload.toString('utf8')),
    };
  });
  return { entries, head: { nextSequence: block.header.firstSequence + block.records.length, hash: block.hash } };
}

function brokenSegment(directory: string, segment: number, message: string): SluiceError {
  return new SluiceError(
    'EVIDENCE_BROKEN',
    `The evidence log does not verify: ${segmentPath(directory, segment)}: ${message}.`,
  );
}
