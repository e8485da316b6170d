/**
 * The Merkle log behind a living evidence log, with a witness in another process: what is written is signed and witnessed,
 * and nothing waits for it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { statementCompleted, temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../gateway/src/evidence/log.ts';
import { originOf, parseCheckpoint } from '../../gateway/src/evidence/merkle/checkpoint.ts';
import { MerkleThread, type MerkleThreadOptions } from '../../gateway/src/evidence/merkle/merkle-thread.ts';
import {
  LOG_KEY,
  parseVkey,
  signerKey,
  verifyNote,
  WITNESS_KEY,
} from '../../gateway/src/evidence/merkle/signed-note.ts';
import type { SegmentedLog } from '../../gateway/src/evidence/segmented-log.ts';
import { startWitness, witnessKey } from '../harness/witness.ts';

const SEED = Buffer.alloc(32, 5);
const NAME = 'witness.example/w1';
const closers: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function directory(): string {
  const made = temporaryDirectory();
  closers.push(() => made[Symbol.dispose]());
  return made.path;
}

async function openLog(path: string): Promise<SegmentedLog> {
  const log = await openEvidenceLog({ directory: path, now: Date.now });
  closers.push(() => log.close());
  return log;
}

async function openThread(log: SegmentedLog, options: Partial<MerkleThreadOptions> = {}): Promise<MerkleThread> {
  const thread = await MerkleThread.start({
    ...{ log, seeds: [SEED], witnesses: [], anchors: [], everyMs: 10_000, everyEntries: 1_000, now: Date.now },
    onStatus: () => undefined,
    ...options,
  });
  closers.push(() => thread.close());
  return thread;
}

async function write(log: SegmentedLog, entries: number): Promise<void> {
  for (let id = 0; id < entries; id += 1) void log.append(statementCompleted('s1', id), 'write');
  await log.sync();
}

const logKey = (log: SegmentedLog) => signerKey(originOf(log.logId), LOG_KEY, SEED).verifier;
const published = (path: string, name = 'checkpoint') => parseCheckpoint(readFileSync(join(path, name), 'utf8'));

describe('checkpoints', { timeout: 90_000 }, () => {
  it('come by themselves, while entries come', async () => {
    const path = directory();
    const log = await openLog(path);
    const thread = await openThread(log, { everyEntries: 100 });
    await write(log, 100);
    await expect.poll(() => thread.status.size, { timeout: 90_000 }).toBe(100);
    expect(published(path).size).toBe(100);
    expect(verifyNote(published(path).note, [logKey(log)])).toHaveLength(1);
  });

  it('come after their time, however few entries there are', async () => {
    const path = directory();
    const log = await openLog(path);
    const thread = await openThread(log, { everyMs: 50, everyEntries: 1_000_000 });
    await write(log, 3);
    await expect.poll(() => thread.status.size, { timeout: 90_000 }).toBe(3);
    expect(published(path).size).toBe(3);
  });

  it('are cosigned by a witness, which is asked again when it was away', async () => {
    const path = directory();
    const state = directory();
    const log = await openLog(path);
    const known = parseVkey(witnessKey(state, NAME), WITNESS_KEY);
    const first = await startWitness({ state, name: NAME, logs: [logKey(log).vkey] });
    const { port } = first;
    await first.stop();
    const thread = await openThread(log, {
      witnesses: [{ name: NAME, url: `http://127.0.0.1:${port}`, vkey: known.vkey }],
    });
    await write(log, 10);
    expect((await thread.checkpointNow()).witnesses).toMatchObject([{ state: 'failing', size: 0 }]);
    expect(published(path).size).toBe(10);

    const witness = await startWitness({ state, name: NAME, logs: [logKey(log).vkey], port });
    closers.push(() => witness.stop());
    await expect
      .poll(() => thread.status.witnesses, { timeout: 90_000 })
      .toMatchObject([{ state: 'witnessed', size: 10 }]);
    expect(verifyNote(published(path).note, [logKey(log), known])).toHaveLength(2);
    await write(log, 5);
    await thread.checkpointNow();
    expect(verifyNote(published(path, 'checkpoint.witnessed').note, [known])).toEqual([known]);
    expect(published(path, 'checkpoint.witnessed').size).toBe(15);
  });

  it('of an operator who writes the log anew and signs again get no cosignature', async () => {
    const path = directory();
    const state = directory();
    const log = await openLog(path);
    const witness = await startWitness({ state, name: NAME, logs: [logKey(log).vkey] });
    closers.push(() => witness.stop());
    const witnesses = [{ name: NAME, url: witness.url, vkey: witness.vkey }];
    const honest = await openThread(log, { witnesses });
    await write(log, 20);
    expect((await honest.checkpointNow()).witnesses).toMatchObject([{ state: 'witnessed', size: 20 }]);
    await honest.close();
    // The operator has the log's key, and writes other records under the same id.
    const forged = directory();
    const segment = readFileSync(join(path, 'segment-00000000.log'));
    const header = segment.subarray(0, 112);
    writeFileSync(join(forged, 'segment-00000000.log'), header);
    const other = await openLog(forged);
    expect(other.logId).toBe(log.logId);
    for (let id = 0; id < 30; id += 1) void other.append(statementCompleted('another', id), 'write');
    await other.sync();
    const rewritten = await openThread(other, { witnesses });
    const status = await rewritten.checkpointNow();
    expect(published(forged).size).toBe(30);
    expect(status.witnesses).toMatchObject([{ state: 'contradicted', size: 0 }]);
    expect(status.witnesses[0]?.message).toContain('other entries among the first 20');
    expect(verifyNote(published(forged).note, [parseVkey(witness.vkey, WITNESS_KEY)])).toEqual([]);
  });

  it('are anchored in a file and in a directory', async () => {
    const path = directory();
    const outside = directory();
    const log = await openLog(path);
    const thread = await openThread(log, {
      anchors: [
        { kind: 'file', path: join(outside, 'anchor'), name: 'file' },
        { kind: 'directory', path: join(outside, 'objects'), name: 'objects' },
      ],
    });
    await write(log, 3);
    expect((await thread.checkpointNow()).witnesses).toMatchObject([{ state: 'witnessed' }, { state: 'witnessed' }]);
    expect(readFileSync(join(outside, 'anchor'), 'utf8')).toBe(`${readFileSync(join(path, 'checkpoint'), 'utf8')}\n`);
    expect(readdirSync(join(outside, 'objects', log.logId))).toEqual(['0000000000000003.checkpoint']);
  });

  it('cover the last entry once closed, and a log that was written before there were any', async () => {
    const path = directory();
    const log = await openLog(path);
    await write(log, 700);
    const thread = await openThread(log);
    await thread.close();
    expect(published(path).size).toBe(700);
  });
});
