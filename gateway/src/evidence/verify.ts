/**
 * The gateway's own check of a whole log. The standalone verifier of the clients is written apart, from docs/evidence-format.md.
 */
import { readFileSync } from 'node:fs';
import { decodeSegmentHeader, FormatError, PAYLOAD_JSON, SEGMENT_HEADER_BYTES, type SegmentHeader } from './format.ts';
import { type ScannedBlock, scanSegment } from './scan-segment.ts';
import { listSegments, segmentPath } from './segment-files.ts';

/** A position that somebody else remembers: the log must still contain it. */
export type LogHead = {
  /** Sequence that followed when the head was noted, so the number of entries before it. */
  readonly nextSequence: number;
  /** Hash of the block that ended there, hex. */
  readonly hash: string;
};

export type LogProblem = { readonly segment: number; readonly offset: number; readonly message: string };

export type LogReport = {
  /** Intact, and the expected head is in it. */
  readonly ok: boolean;
  /** `torn`: whole but for a last write that was never acknowledged. */
  readonly state: 'intact' | 'torn' | 'broken';
  readonly logId: string | null;
  readonly segments: number;
  readonly entries: number;
  /** End of the part that verified. */
  readonly head: LogHead | null;
  /** Bytes after the last whole block of the last segment, left by a crash (or by a write in progress). */
  readonly tornBytes: number;
  readonly problems: readonly LogProblem[];
};

/**
 * Verifies every byte of the log in `directory` (EVIDENCE-AND-TRUST §4). Stops at the first problem, since nothing after it is chained.
 * Entries cut off the end at a block boundary show only against `expectedHead`, a head noted elsewhere.
 */
export function verifyLog(directory: string, options: { readonly expectedHead?: LogHead | null } = {}): LogReport {
  const segments = listSegments(directory);
  const state = {
    entries: 0,
    tornBytes: 0,
    isTorn: false,
    logId: null as string | null,
    head: null as LogHead | null,
    sawExpected: false,
  };
  const expectedHead = options.expectedHead ?? null;
  const problems: LogProblem[] = [];

  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const bytes = readFileSync(segmentPath(directory, segment));
    try {
      if (isLast && bytes.length < SEGMENT_HEADER_BYTES) {
        state.isTorn = true;
        state.tornBytes = bytes.length;
      }
      const header = decodeSegmentHeader(bytes);
      checkHeader(header, {
        index,
        segment,
        logId: state.logId,
        nextSequence: state.entries,
        lastHash: state.head?.hash,
      });
      state.logId = header.logId;
      const scan = scanSegment(bytes, header.firstSequence, (block) => {
        checkPayloads(block);
        if (block.hash === expectedHead?.hash && afterBlock(block) === expectedHead.nextSequence)
          state.sawExpected = true;
      });
      state.entries = scan.nextSequence;
      state.head = { nextSequence: scan.nextSequence, hash: scan.lastHash };
      if (scan.end.kind === 'broken') throw new FoundAt(scan.end.offset, scan.end.message);
      if (scan.end.kind === 'torn') {
        if (!isLast) throw new FoundAt(scan.end.offset, 'the segment ends inside a block, but another segment follows');
        state.isTorn = true;
        state.tornBytes = bytes.length - scan.end.offset;
        throw new FoundAt(scan.end.offset, `the last block is incomplete (${state.tornBytes} bytes)`);
      }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.push({ segment, offset: error instanceof FoundAt ? error.offset : 0, message: error.message });
      break;
    }
  }
  const foundBroken = problems.length > 0;
  if (!foundBroken && expectedHead !== null && expectedHead.nextSequence > 0 && !state.sawExpected) {
    const message = `the log does not contain the noted head: ${expectedHead.nextSequence} entries, hash ${expectedHead.hash}`;
    problems.push({ segment: segments.at(-1) ?? 0, offset: 0, message });
  }
  return {
    ok: problems.length === 0,
    state: state.isTorn ? 'torn' : foundBroken ? 'broken' : 'intact',
    logId: state.logId,
    segments: segments.length,
    entries: state.entries,
    head: state.head,
    tornBytes: state.tornBytes,
    problems,
  };
}

class FoundAt extends FormatError {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

type HeaderPlace = {
  readonly index: number;
  readonly segment: number;
  readonly logId: string | null;
  readonly nextSequence: number;
  readonly lastHash: string | undefined;
};

function checkHeader(header: SegmentHeader, place: HeaderPlace): void {
  if (place.segment !== place.index) throw new FormatError(`segment ${place.index} is missing`);
  if (header.segment !== place.segment) throw new FormatError(`the file claims to be segment ${header.segment}`);
  if (place.logId !== null && header.logId !== place.logId) throw new FormatError('the segment belongs to another log');
  if (header.firstSequence !== place.nextSequence) {
    throw new FormatError(`the segment starts at sequence ${header.firstSequence}, expected ${place.nextSequence}`);
  }
  const previous = Buffer.from(header.previousHash).toString('hex');
  if (previous !== (place.lastHash ?? '0'.repeat(64)))
    throw new FormatError('the segment does not continue the one before it');
}

function afterBlock(block: ScannedBlock): number {
  return block.header.firstSequence + block.records.length;
}

function checkPayloads(block: ScannedBlock): void {
  for (const record of block.records) {
    if (record.payloadKind !== PAYLOAD_JSON)
      throw new FormatError(`record ${record.sequence} has an unknown payload kind`);
    try {
      JSON.parse(record.payload.toString('utf8'));
    } catch (cause) {
      throw new FormatError(`record ${record.sequence} is not JSON`, { cause });
    }
  }
}
