import { describe, expect, it } from 'vitest';
import type { Entry } from '../entry.ts';
import { principal, sessionOpened, statementDecided, temporaryDirectory } from '../log.fixture.ts';
import { openEvidenceLog } from '../log.ts';
import { entryBundle } from './entry-bundle.ts';
import { leafHash } from './hashing.ts';
import { MerkleLog } from './merkle-log.ts';
import { findSessionRecords } from './session-records.ts';
import { LOG_KEY, signerKey } from './signed-note.ts';
import { readTile } from './tile-files.ts';

const AT_MS = 1_700_000_000_000;

async function write(directory: string, entries: readonly Entry[], nowMs = () => AT_MS): Promise<string> {
  const log = await openEvidenceLog({ directory, now: nowMs, segmentBytes: 30_000 });
  for (const entry of entries) await log.append(entry, 'write');
  await log.close();
  return log.logId;
}

describe('an entry bundle', () => {
  it('holds the leaves of a tile, over segments, with long records by their hash', async () => {
    using directory = temporaryDirectory();
    const text = (id: number) => (id === 257 ? 'x'.repeat(70_000) : 'select 1');
    const entries = Array.from({ length: 270 }, (_, id) => statementDecided('s1', id, text(id)));
    const logId = await write(directory.path, entries);
    const signers = [signerKey(`sluice/${logId}`, LOG_KEY, Buffer.alloc(32, 1))];
    MerkleLog.open({ directory: directory.path, logId, durable: 270, signers }).advance(270);
    for (const tile of [
      { index: 0, width: 256 },
      { index: 1, width: 14 },
    ]) {
      const leaves = parse(entryBundle({ directory: directory.path, logId }, tile));
      expect(leaves).toHaveLength(tile.width);
      const hashes = readTile(directory.path, { level: 0, ...tile });
      expect(Buffer.concat(leaves.map((leaf) => leafHash(leaf)))).toEqual(hashes);
      if (tile.index === 1) expect(leaves[1]).toHaveLength(57);
      else expect(leaves[0]?.toString('utf8', 21)).toBe(JSON.stringify(entries[0]));
    }
    expect(() => entryBundle({ directory: directory.path, logId }, { index: 1, width: 15 })).toThrow('no whole');
  });
});

describe('the records of a session', () => {
  const requested: Entry = {
    ...{ kind: 'request.created', requestId: 'r_1', sessionId: 'c_a', statementId: 1 },
    ...{ bindingHash: 'b', expiresAt: '2030-01-01T00:00:00.000Z' },
  };
  const entries: readonly Entry[] = [
    sessionOpened('c_a', principal('ana')),
    requested,
    sessionOpened('c_b', principal('ana')),
    // Names the other session in a text only.
    statementDecided('c_a', 2, 'select c_b'),
    { kind: 'request.decided', requestId: 'r_1', decision: 'approved', by: principal('bo'), note: 'c_b' },
    { kind: 'request.consumed', requestId: 'r_1', sessionId: 'c_b', statementId: 1 },
    { kind: 'session.closed', sessionId: 'c_b', reason: 'done', statements: 1 },
    { kind: 'session.closed', sessionId: 'c_b', reason: 'again', statements: 1 },
  ];

  it('are its own and those of the requests that it used, also from before it', async () => {
    using directory = temporaryDirectory();
    const logId = await write(directory.path, entries);
    const search = { directory: directory.path, logId, openedAtUs: AT_MS * 1_000 };
    const indexes = (sessionId: string, until: number) =>
      findSessionRecords({ ...search, sessionId, until }).map(({ index }) => index);
    expect(indexes('c_b', 8)).toEqual([1, 2, 4, 5, 6, 7]);
    expect(indexes('c_b', 7)).toEqual([1, 2, 4, 5, 6]);
    expect(indexes('c_a', 8)).toEqual([0, 1, 3, 4, 5]);
    expect(() => indexes('c_b', 2)).toThrow('does not hold the beginning');
    expect(() => indexes('c_', 8)).toThrow('does not hold the beginning');
  });

  it('are found whatever the clock did', async () => {
    using directory = temporaryDirectory();
    let now = AT_MS;
    const many = Array.from({ length: 300 }, (_, id) => statementDecided('c_x', id));
    const logId = await write(directory.path, [...many, ...entries, ...many], () => (now -= 1_000));
    const search = { directory: directory.path, logId, sessionId: 'c_b', until: 608 };
    for (const openedAtUs of [0, AT_MS * 1_000, (AT_MS - 700_000) * 1_000])
      expect(findSessionRecords({ ...search, openedAtUs }).map(({ index }) => index)).toEqual([
        301, 302, 304, 305, 306, 307,
      ]);
  });
});

/** u16 length, leaf, u16 length, leaf … */
function parse(bundle: Buffer): readonly Buffer[] {
  const leaves: Buffer[] = [];
  for (let at = 0; at < bundle.length; ) {
    const length = bundle.readUInt16BE(at);
    leaves.push(bundle.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return leaves;
}
