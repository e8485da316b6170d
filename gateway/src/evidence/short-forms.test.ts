import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store/store.ts';
import { ColumnHistory } from './column-history.ts';
import { Completions, MAX_COMPLETIONS_BYTES, MAX_RECORD_BYTES } from './completions.ts';
import { EvidenceIndex } from './evidence-index.ts';
import {
  principal,
  sessionOpened,
  stageRepeats,
  statementCompleted,
  statementDecided,
  temporaryDirectory,
} from './log.fixture.ts';
import { openEvidenceLog } from './log.ts';
import type { StoredEntry } from './log-options.ts';
import { MAX_LEAF_BYTES } from './merkle/leaf-data.ts';
import { readBlocks } from './read-log.ts';
import { type Completed, type Decided, DecisionMemory, MAX_REPEAT_DISTANCE } from './recorded-entry.ts';
import { Recordings } from './recordings.ts';
import { segmentPath } from './segment-files.ts';
import type { SegmentedLog } from './segmented-log.ts';
import { SessionHistory } from './session-history.ts';

const SSN = { schema: 'shop', table: 'customers', column: 'ssn', label: 'regulated', category: null } as const;

let directory: ReturnType<typeof temporaryDirectory>;
let log: SegmentedLog;

async function open(dataSync?: () => Promise<void>): Promise<SegmentedLog> {
  const own = dataSync === undefined ? {} : { dataSync };
  return await openEvidenceLog({ directory: join(directory.path, 'log'), now: Date.now, segmentBytes: 4_096, ...own });
}

beforeEach(async () => {
  directory = temporaryDirectory();
  log = await open();
});

afterEach(async () => {
  await log.close();
  directory[Symbol.dispose]();
});

function first(sessionId: string): Decided {
  const entry = statementDecided(sessionId, 1);
  if (entry.kind !== 'statement.decided') throw new Error('the fixture made another entry');
  return { ...entry, flows: [{ kind: 'output', target: 'ssn', targetLabel: null, sources: [SSN] }] };
}

function completed(sessionId: string, statementId: number): Completed {
  const entry = statementCompleted(sessionId, statementId);
  if (entry.kind !== 'statement.completed') throw new Error('the fixture made another entry');
  return entry;
}

/** A statement like the first of its session, as the pipeline hands it in: as text, or as bytes around its number. */
function repeat(sessionId: string, statementId: number): number | null {
  const text = JSON.stringify({ kind: 'statement.decided', sessionId, statementId, as: 1 });
  const [before = '', behind = ''] = text.split(`${statementId},"as"`);
  const numbered = { before: Buffer.from(before), number: statementId, behind: Buffer.from(`,"as"${behind}`) };
  return log.stage({ ...first(sessionId), statementId, as: 1 }, statementId % 2 === 0 ? numbered : text);
}

async function readAll(from = 0): Promise<readonly StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for await (const block of readBlocks(log.directory, { from, until: Number.MAX_SAFE_INTEGER }))
    entries.push(...block.entries);
  return entries;
}

describe('a log that is read from its middle', () => {
  it('gives what is asked for, though entries before it name what is farther back', async () => {
    const total = 3 * MAX_REPEAT_DISTANCE;
    await stageRepeats(log, 's1', { total, anewEvery: MAX_REPEAT_DISTANCE / 2 });
    await log.sync();
    const all = await readAll();
    expect(all).toHaveLength(total);
    for (const from of [1, MAX_REPEAT_DISTANCE + 1, total - 100, total - 1]) {
      const read = await readAll(from);
      const wanted = all.slice(from);
      expect(read.slice(-wanted.length)).toEqual(wanted);
    }
  });
});

describe('ends of statements', () => {
  it('share a record with those of their session, and stand before what follows', async () => {
    for (const id of [1, 2, 3]) expect(log.stageCompleted(completed('s1', id))).toBe(true);
    expect(log.stageCompleted(completed('s2', 1))).toBe(true);
    await log.append({ kind: 'session.closed', sessionId: 's1', reason: 'left', statements: 3 }, 'fsync');
    expect((await readAll()).map(({ sequence, entry }) => [sequence, entry])).toEqual([
      [0, completed('s1', 1)],
      [0, completed('s1', 2)],
      [0, completed('s1', 3)],
      [1, completed('s2', 1)],
      [2, { kind: 'session.closed', sessionId: 's1', reason: 'left', statements: 3 }],
    ]);
  });

  it('reach the disk though nobody asks and nothing else is written, and listeners are told of each', async () => {
    const told = Promise.withResolvers<readonly StoredEntry[]>();
    log.onDurable(({ entries }) => told.resolve(entries));
    log.stageCompleted(completed('s1', 1));
    log.stageCompleted(completed('s1', 2));
    expect((await told.promise).map(({ entry }) => entry)).toEqual([completed('s1', 1), completed('s1', 2)]);
    expect(await readAll()).toEqual(await told.promise);
  });

  it('say what was recorded by then; where none waits, an entry of its own says it', async () => {
    const recorded = { bytes: 512, sha256: 'ab'.repeat(32) };
    log.tellRecorded((sessionId) => (sessionId === 's1' ? recorded : null));
    log.tieRecording('s1');
    log.stageCompleted(completed('s1', 1));
    // The end that waits is written as soon, and says it.
    log.tieRecording('s1');
    log.tieRecording('s2');
    await log.sync();
    expect((await readAll()).map(({ entry }) => entry)).toEqual([
      { kind: 'recording.grown', sessionId: 's1', recorded },
      completed('s1', 1),
    ]);
    const text = readFileSync(segmentPath(log.directory, 0), 'latin1');
    expect(text.split(JSON.stringify(recorded))).toHaveLength(3);
  });

  it('are on the disk when the log was synced, and when it was closed', async () => {
    log.stageCompleted(completed('s1', 1));
    await log.sync();
    expect(await readAll()).toHaveLength(1);
    log.stageCompleted(completed('s1', 2));
    await log.close();
    expect(await readAll()).toHaveLength(2);
    expect(log.stageCompleted(completed('s1', 3))).toBe(false);
    await expect(log.append(completed('s1', 3), 'soon')).rejects.toMatchObject({ code: 'EVIDENCE_UNWRITABLE' });
  });

  it('make a record before it would enter the Merkle log by its hash, and are all written at the bound of all', () => {
    const completions = new Completions();
    let taken = null;
    let count = 0;
    for (; taken === null; count += 1) taken = completions.add(completed('s1', count));
    expect(taken.entries).toHaveLength(count);
    expect(taken.payload.length).toBeGreaterThanOrEqual(MAX_RECORD_BYTES);
    expect(taken.payload.length).toBeLessThan(MAX_LEAF_BYTES);
    expect(JSON.parse(taken.payload.toString()).completed).toHaveLength(count);
    expect(completions.take()).toEqual([]);
    let sessions = 0;
    for (; !completions.isFull; sessions += 1) completions.add(completed(`s${sessions}`, 1));
    const records = completions.take();
    expect(records).toHaveLength(sessions);
    const bytes = records.reduce((sum, { payload }) => sum + payload.length, 0);
    expect(bytes).toBeGreaterThanOrEqual(MAX_COMPLETIONS_BYTES);
    expect(bytes).toBeLessThan(MAX_COMPLETIONS_BYTES * 1.1);
    expect(completions.isFull).toBe(false);
  });

  it('say what the database said, whatever that is', async () => {
    const odd: Completed = { ...completed('s"1', 1), tag: 'SELECT "\u2028é', error: '4\\2\n' };
    log.stageCompleted(odd);
    await log.append({ ...odd, statementId: 2 }, 'fsync');
    await log.sync();
    expect((await readAll()).map(({ entry }) => entry)).toEqual(
      expect.arrayContaining([odd, { ...odd, statementId: 2 }]),
    );
  });
});

describe('a repeated decision', () => {
  it('is read whole, also by who begins behind the decision that it names, in another segment', async () => {
    await log.append(first('s1'), 'write');
    for (let id = 2; id <= 60; id += 1) repeat('s1', id);
    await log.sync();
    const entries = await readAll();
    expect(entries.map(({ entry }) => entry)).toEqual([
      first('s1'),
      ...Array.from({ length: 59 }, (_, index) => ({ ...first('s1'), statementId: index + 2, as: 1 })),
    ]);
    const [last] = (await readAll(59)).slice(-1);
    expect(last).toEqual(entries.at(-1));
  });

  it('that names what is not there is damage', async () => {
    repeat('s1', 2);
    await log.sync();
    await expect(readAll()).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
  });

  it('names nothing of another session, and nothing too far back', () => {
    const memory = new DecisionMemory();
    memory.entriesOf(0, Buffer.from(JSON.stringify(first('s1'))));
    const naming = (sessionId: string) =>
      Buffer.from(JSON.stringify({ kind: 'statement.decided', sessionId, statementId: 2, as: 1 }));
    expect(memory.entriesOf(1, naming('s1'))).toEqual([{ ...first('s1'), statementId: 2, as: 1 }]);
    expect(() => memory.entriesOf(2, naming('s2'))).toThrow('statement 1');
    memory.entriesOf(MAX_REPEAT_DISTANCE, Buffer.from(JSON.stringify(first('s3'))));
    expect(memory.size).toBe(1);
    expect(() => memory.entriesOf(MAX_REPEAT_DISTANCE, naming('s1'))).toThrow('statement 1');
  });
});

describe('short forms in the index', () => {
  let store: Store;
  const errors: unknown[] = [];
  const openIndex = async () => {
    store = await openStore({ sqlite: join(directory.path, 'sluice.db') });
    return new EvidenceIndex({ log, store, onError: (error) => errors.push(error) });
  };

  it('answer as if all had been told in full, from memory and built again from the files', async () => {
    let index = await openIndex();
    for (const sessionId of ['s1', 's2']) {
      await log.append(sessionOpened(sessionId, principal('ana')), 'write');
      await log.append(first(sessionId), 'write');
      for (let id = 2; id <= 5; id += 1) repeat(sessionId, id);
      for (let id = 1; id <= 5; id += 1) log.stageCompleted(completed(sessionId, id));
    }
    const ask = async () => {
      const recordings = new Recordings({ directory: join(directory.path, 'rec'), log, onFailure: () => undefined });
      const sources = { store, index, recordings, logDirectory: log.directory };
      const detail = await new SessionHistory(sources).show('s1', { partyId: null, after: 2, limit: 2 });
      const question = { resource: 'orders-db', column: 'shop.customers.ssn', uses: [], before: null, limit: 100 };
      const touched = await new ColumnHistory(sources).show({ ...question, sinceMs: null, untilMs: null });
      return { detail, touched };
    };
    const answer = await ask();
    expect(answer.detail?.session).toMatchObject({ statements: 5, highestLabel: 'regulated' });
    expect(answer.detail?.statements).toMatchObject([
      { statementId: 3, text: 'select 1', effect: 'mask', tag: 'SELECT 2', rows: 2, flows: [{ target: 'ssn' }] },
      { statementId: 4, text: 'select 1', effect: 'mask', tag: 'SELECT 2', rows: 2, flows: [{ target: 'ssn' }] },
    ]);
    expect(answer.touched.touches).toHaveLength(10);
    for (const touch of answer.touched.touches)
      expect(touch).toMatchObject({ text: 'select 1', outcome: 'ran', rows: 2, uses: ['raw'] });
    expect(answer.touched.touches.map(({ sessionId, statementId }) => `${sessionId} ${statementId}`)).toEqual(
      ['s2', 's1'].flatMap((sessionId) => [5, 4, 3, 2, 1].map((id) => `${sessionId} ${id}`)),
    );
    await index.close();
    await store.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(directory.path, `sluice.db${suffix}`), { force: true });
    index = await openIndex();
    expect(await ask()).toEqual(answer);
    await index.close();
    await store.close();
    expect(errors).toEqual([]);
  });
});
