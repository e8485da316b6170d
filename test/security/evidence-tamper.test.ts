/**
 * An operator, or a disk, changes the log behind the gateway's back: every change is found, and an unchanged log is not accused.
 */
import { copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statementCompleted, statementDecided, temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../gateway/src/evidence/log.ts';
import { listSegments, segmentPath } from '../../gateway/src/evidence/segment-files.ts';
import { type LogHead, verifyLog } from '../../gateway/src/evidence/verify.ts';

const HEADER_BYTES = 112;
const ENTRIES = 24;

const directory = temporaryDirectory();
let originals: readonly Buffer[] = [];
let head: LogHead | null = null;

async function writeLog(path: string, entries: number, text: string): Promise<LogHead> {
  const log = await openEvidenceLog({ directory: path, now: () => 1_700_000_000_000, segmentBytes: 2_200 });
  for (let id = 0; id < entries; id += 2) {
    // Two records a block, so that both levels are there to be changed.
    await Promise.all([
      log.append(statementDecided('s1', id, text), 'write'),
      log.append(statementCompleted('s1', id), 'write'),
    ]);
  }
  const written = log.head;
  await log.close();
  return written;
}

function isDetected(): boolean {
  return !verifyLog(directory.path, { expectedHead: head }).ok;
}

/** Puts the log back as it was written. */
function restore(): void {
  for (const segment of listSegments(directory.path)) rmSync(segmentPath(directory.path, segment));
  for (const [segment, bytes] of originals.entries()) writeFileSync(segmentPath(directory.path, segment), bytes);
}

/** Offsets of the blocks of a segment, by the document's layout. */
function blocksOf(bytes: Buffer): readonly Buffer[] {
  const blocks: Buffer[] = [];
  let offset = HEADER_BYTES;
  while (offset < bytes.length) {
    const end = offset + 20 + bytes.readUInt32BE(offset) + 32;
    blocks.push(bytes.subarray(offset, end));
    offset = end;
  }
  return blocks;
}

beforeAll(async () => {
  head = await writeLog(directory.path, ENTRIES, 'select ssn from customers');
  originals = listSegments(directory.path).map((segment) => readFileSync(segmentPath(directory.path, segment)));
});

afterAll(() => directory[Symbol.dispose]());

describe('a changed log is found out', () => {
  it('an unchanged one is not accused', () => {
    expect(verifyLog(directory.path, { expectedHead: head })).toMatchObject({
      ok: true,
      entries: ENTRIES,
      problems: [],
    });
    expect(originals.length).toBeGreaterThan(2);
  });

  it('any one bit of any byte', () => {
    const missed: string[] = [];
    for (const [segment, bytes] of originals.entries()) {
      for (let offset = 0; offset < bytes.length; offset += 1) {
        const changed = Buffer.from(bytes);
        changed[offset] = (changed[offset] ?? 0) ^ (1 << (offset % 8));
        writeFileSync(segmentPath(directory.path, segment), changed);
        if (!isDetected()) missed.push(`segment ${segment} byte ${offset}`);
      }
      writeFileSync(segmentPath(directory.path, segment), bytes);
    }
    expect(missed).toEqual([]);
  });

  it('a segment cut at any length, also between blocks', () => {
    const missed: string[] = [];
    for (const [segment, bytes] of originals.entries()) {
      for (let length = bytes.length - 1; length >= 0; length -= 1) {
        truncateSync(segmentPath(directory.path, segment), length);
        if (!isDetected()) missed.push(`segment ${segment} at ${length}`);
      }
      writeFileSync(segmentPath(directory.path, segment), bytes);
    }
    expect(missed).toEqual([]);
  });

  it('blocks left out, repeated or exchanged', () => {
    for (const [segment, bytes] of originals.entries()) {
      const header = bytes.subarray(0, HEADER_BYTES);
      const blocks = blocksOf(bytes);
      for (let index = 0; index < blocks.length; index += 1) {
        const variants: Record<string, readonly Buffer[]> = {
          'left out': blocks.toSpliced(index, 1),
          repeated: blocks.toSpliced(index, 0, blocks[index] ?? header),
          exchanged: blocks.toSpliced(index, 2, ...blocks.slice(index, index + 2).toReversed()),
        };
        for (const [what, changed] of Object.entries(variants)) {
          const written = Buffer.concat([header, ...changed]);
          if (written.equals(bytes)) continue;
          writeFileSync(segmentPath(directory.path, segment), written);
          expect([`block ${index} of segment ${segment} ${what}`, isDetected()]).toEqual([
            `block ${index} of segment ${segment} ${what}`,
            true,
          ]);
        }
      }
      writeFileSync(segmentPath(directory.path, segment), bytes);
    }
  });

  it('segments left out, exchanged or cut off the end', () => {
    for (let segment = 0; segment < originals.length; segment += 1) {
      rmSync(segmentPath(directory.path, segment));
      expect([`segment ${segment} removed`, isDetected()]).toEqual([`segment ${segment} removed`, true]);
      restore();
    }
    const aside = join(directory.path, 'aside');
    renameSync(segmentPath(directory.path, 0), aside);
    renameSync(segmentPath(directory.path, 1), segmentPath(directory.path, 0));
    renameSync(aside, segmentPath(directory.path, 1));
    expect(isDetected()).toBe(true);
    restore();
  });

  it('a segment, or the whole, of another log put in its place', async () => {
    using other = temporaryDirectory();
    await writeLog(other.path, ENTRIES, 'select txt from customers');
    copyFileSync(segmentPath(other.path, 1), segmentPath(directory.path, 1));
    expect(isDetected()).toBe(true);
    for (const segment of listSegments(other.path)) {
      copyFileSync(segmentPath(other.path, segment), segmentPath(directory.path, segment));
    }
    // Written anew as a whole it is consistent in itself: the head noted elsewhere is what finds it.
    expect(verifyLog(directory.path).ok).toBe(true);
    expect(isDetected()).toBe(true);
    restore();
  });

  it('entries added behind the end, with the right hash', async () => {
    using longer = temporaryDirectory();
    for (const segment of listSegments(directory.path))
      copyFileSync(segmentPath(directory.path, segment), segmentPath(longer.path, segment));
    await writeLog(longer.path, 2, 'select 1');
    const report = verifyLog(longer.path, { expectedHead: head });
    // A longer log still contains the head: an append is what a log is for.
    expect(report).toMatchObject({ ok: true, entries: ENTRIES + 2 });
  });
});
