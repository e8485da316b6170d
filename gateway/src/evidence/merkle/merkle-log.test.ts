import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { statementDecided, temporaryDirectory } from '../log.fixture.ts';
import { openEvidenceLog } from '../log.ts';
import { segmentPath } from '../segment-files.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { MerkleLog } from './merkle-log.ts';
import { LOG_KEY, signerKey, verifyNote } from './signed-note.ts';
import { tilePath } from './tile-path.ts';

const SEED = Buffer.alloc(32, 7);
const AT = 1_700_000_000_000;

/** Writes entries, each in a block of its own; small segments, so that they end often. */
async function writeEntries(directory: string, count: number): Promise<{ logId: string; durable: number }> {
  const log = await openEvidenceLog({ directory, now: () => AT, segmentBytes: 20_000 });
  for (let id = 0; id < count; id += 1) await log.append(statementDecided('s1', id), 'write');
  await log.close();
  return { logId: log.logId, durable: log.durableSequence };
}

function open(directory: string, log: { readonly logId: string; readonly durable: number }): MerkleLog {
  return MerkleLog.open({ directory, ...log, signers: [signerKey(`sluice/${log.logId}`, LOG_KEY, SEED)] });
}

function published(directory: string) {
  return parseCheckpoint(readFileSync(join(directory, 'checkpoint'), 'utf8'));
}

describe('the Merkle log over a directory', () => {
  it('covers what is on the disk with one signed checkpoint', async () => {
    using directory = temporaryDirectory();
    const log = await writeEntries(directory.path, 300);
    const merkle = open(directory.path, log);
    expect(merkle.advance(log.durable)).toBe(false);
    const checkpoint = published(directory.path);
    expect(checkpoint).toMatchObject({ origin: `sluice/${log.logId}`, size: 300 });
    const key = signerKey(`sluice/${log.logId}`, LOG_KEY, SEED).verifier;
    expect(verifyNote(checkpoint.note, [key])).toEqual([key]);
    for (const tile of ['tile/0/000', 'tile/0/001.p/44', 'tile/1/000.p/1'])
      expect(existsSync(join(directory.path, tile))).toBe(true);
  });

  it('gives the same root however it got there', async () => {
    using directory = temporaryDirectory();
    const log = await writeEntries(directory.path, 520);
    const inSteps = open(directory.path, log);
    for (const until of [1, 2, 255, 256, 257, 511, 520]) inSteps.advance(until);
    const stepped = published(directory.path);
    rmSync(join(directory.path, 'tile'), { recursive: true });
    for (const name of ['checkpoint', 'checkpoints.log']) rmSync(join(directory.path, name));
    open(directory.path, log).advance(520);
    expect(published(directory.path).root).toEqual(stepped.root);
    expect(readFileSync(join(directory.path, tilePath({ level: 0, index: 2, width: 8 })))).toHaveLength(256);
  });

  it('goes on after a restart, and after a crash between tiles and checkpoint', async () => {
    using directory = temporaryDirectory();
    const log = await writeEntries(directory.path, 400);
    open(directory.path, log).advance(100);
    const first = published(directory.path);
    const history = readFileSync(join(directory.path, 'checkpoints.log'));
    open(directory.path, log).advance(400);
    const whole = published(directory.path);
    // The tiles of 400 are there, the checkpoint is that of 100.
    writeFileSync(join(directory.path, 'checkpoints.log'), history);
    writeFileSync(join(directory.path, 'checkpoint'), history.subarray(0, -1));
    expect(published(directory.path).size).toBe(first.size);
    open(directory.path, log).advance(400);
    expect(published(directory.path).root).toEqual(whole.root);
  });

  it('publishes what was signed and not published, and cuts a torn note off the history', async () => {
    using directory = temporaryDirectory();
    const log = await writeEntries(directory.path, 20);
    open(directory.path, log).advance(10);
    const older = readFileSync(join(directory.path, 'checkpoint'));
    open(directory.path, log).advance(20);
    const history = readFileSync(join(directory.path, 'checkpoints.log'));
    writeFileSync(join(directory.path, 'checkpoint'), older);
    expect(open(directory.path, log).newest?.size).toBe(20);
    expect(published(directory.path).size).toBe(20);
    // Torn at every byte: either the whole last note is there, or the one before it is the newest.
    for (let length = history.length - 1; length > older.length; length -= 5) {
      writeFileSync(join(directory.path, 'checkpoints.log'), history.subarray(0, length));
      writeFileSync(join(directory.path, 'checkpoint'), older);
      expect([length, open(directory.path, log).newest?.size]).toEqual([length, 10]);
      expect(readFileSync(join(directory.path, 'checkpoints.log'))).toHaveLength(older.length + 1);
    }
  });

  it('makes damaged or missing tiles anew, from the records, and proves the root that was signed', async () => {
    using directory = temporaryDirectory();
    const log = await writeEntries(directory.path, 300);
    open(directory.path, log).advance(280);
    for (const damage of [
      () => rmSync(join(directory.path, 'tile'), { recursive: true }),
      () => writeFileSync(join(directory.path, 'tile/1/000.p/1'), Buffer.alloc(32)),
      () => truncateSync(join(directory.path, 'tile/0/001.p/24'), 31),
    ]) {
      damage();
      const merkle = open(directory.path, log);
      while (merkle.advance(280));
      expect(readFileSync(join(directory.path, 'tile/0/000'))).toHaveLength(8_192);
      expect(readFileSync(join(directory.path, 'tile/0/001.p/24'))).toHaveLength(24 * 32);
    }
    const merkle = open(directory.path, log);
    while (merkle.advance(300));
    expect(published(directory.path).size).toBe(300);
  });

  it('signs nothing when the log ends before its checkpoint', async () => {
    using directory = temporaryDirectory();
    const log = await writeEntries(directory.path, 20);
    open(directory.path, log).advance(20);
    expect(() => open(directory.path, { ...log, durable: 19 })).toThrow('before the checkpoint of 20');
  });

  it('signs nothing when the records are not those it signed, whatever became of the tiles', async () => {
    using directory = temporaryDirectory();
    using other = temporaryDirectory();
    const log = await writeEntries(directory.path, 20);
    open(directory.path, log).advance(20);
    // Written anew by somebody who keeps the log's id, which the first header holds.
    const segment = segmentPath(other.path, 0);
    writeFileSync(segment, readFileSync(segmentPath(directory.path, 0)).subarray(0, 112));
    const rewritten = await openEvidenceLog({ directory: other.path, now: () => AT });
    for (let id = 0; id < 30; id += 1) await rewritten.append(statementDecided('s1', id, 'select 2'), 'write');
    await rewritten.close();
    for (const name of readdirSync(directory.path).filter((file) => file.startsWith('segment-')))
      rmSync(join(directory.path, name));
    writeFileSync(segmentPath(directory.path, 0), readFileSync(segment));
    rmSync(join(directory.path, 'tile'), { recursive: true });
    const merkle = open(directory.path, { ...log, durable: 30 });
    expect(() => merkle.advance(30)).toThrow('not those of the checkpoint that was signed');
    expect(published(directory.path).size).toBe(20);
  });

  it('refuses a checkpoint without its history', async () => {
    using directory = temporaryDirectory();
    const log = await writeEntries(directory.path, 5);
    open(directory.path, log).advance(5);
    rmSync(join(directory.path, 'checkpoints.log'));
    expect(() => open(directory.path, log)).toThrow('lacks the published checkpoint');
  });

  it('is signed by the old key and the new one while a key is replaced, then by the new one', async () => {
    using directory = temporaryDirectory();
    const log = await writeEntries(directory.path, 9);
    const old = signerKey(`sluice/${log.logId}`, LOG_KEY, SEED);
    const fresh = signerKey(`sluice/${log.logId}`, LOG_KEY, Buffer.alloc(32, 8));
    const known = [old.verifier, fresh.verifier];
    for (const [until, signers] of [
      [3, [old]],
      [6, [old, fresh]],
      [9, [fresh]],
    ] as const) {
      MerkleLog.open({ directory: directory.path, ...log, signers }).advance(until);
      expect(verifyNote(published(directory.path).note, known)).toEqual(signers.map(({ verifier }) => verifier));
    }
  });
});
