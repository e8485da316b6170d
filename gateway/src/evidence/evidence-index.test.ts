import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openStore, type Store } from '../store/store.ts';
import { EvidenceIndex, indexedHead, MAX_BATCH_ENTRIES, MAX_WAITING_ENTRIES } from './evidence-index.ts';
import { principal, sessionOpened, statementCompleted, statementDecided, temporaryDirectory } from './log.fixture.ts';
import { openEvidenceLog } from './log.ts';
import { Recordings } from './recordings.ts';
import type { SegmentedLog } from './segmented-log.ts';
import { SessionHistory } from './session-history.ts';

const analyst = principal('analyst', { groups: ['analyst'] });
const executor = principal('nightly-executor', { kind: 'agent', behalfOf: [analyst] });

let directory: ReturnType<typeof temporaryDirectory>;
let store: Store;
let log: SegmentedLog;
let index: EvidenceIndex;
let recordings: Recordings;
let history: SessionHistory;
const errors: unknown[] = [];

async function open(): Promise<void> {
  store = await openStore({ sqlite: join(directory.path, 'sluice.db') });
  log = await openEvidenceLog({
    directory: join(directory.path, 'log'),
    now: Date.now,
    expectedHead: await indexedHead(store),
    segmentBytes: 8_192,
  });
  index = new EvidenceIndex({ log, store, onError: (error) => errors.push(error) });
  recordings = new Recordings({
    directory: join(directory.path, 'recordings'),
    log,
    onFailure: (_, error) => errors.push(error),
  });
  history = new SessionHistory({ store, index, recordings, logDirectory: log.directory });
}

async function close(): Promise<void> {
  await recordings.close();
  await log.sync();
  await index.close();
  await log.close();
  await store.close();
}

beforeEach(async () => {
  directory = temporaryDirectory();
  await open();
});

afterEach(async () => {
  await close();
  directory[Symbol.dispose]();
  if (errors.length > 0) throw new AggregateError(errors.splice(0), 'the index or a recording failed');
});

describe('evidence index', () => {
  it('shows a session at once with its statements, decisions and what was seen', async () => {
    await log.append(sessionOpened('s1', executor), 'write');
    const recording = recordings.open('s1');
    await log.append(statementDecided('s1', 1, 'select name, ssn from customers'), 'fsync');
    recording.resultStarted(1, [
      { name: 'name', typeOid: 25, masked: false },
      { name: 'ssn', typeOid: 25, masked: true },
    ]);
    recording.row(1, ['Ada', null]);
    recording.row(1, ['Bob', null]);
    recording.statementEnded(1, { tag: 'SELECT 2', rows: 2, error: null });
    await log.append(statementCompleted('s1', 1), 'write');

    const detail = await history.show('s1', { partyId: null });
    expect(detail?.session).toMatchObject({
      sessionId: 's1',
      principal: executor,
      resource: 'orders-db',
      via: 'native',
      closedAt: null,
      statements: 1,
      highestLabel: 'regulated',
    });
    expect(detail?.statements).toMatchObject([
      {
        statementId: 1,
        text: 'select name, ssn from customers',
        effect: 'mask',
        reasons: [{ policyId: 'mask-regulated' }],
        flows: [{ target: 'ssn' }],
        tag: 'SELECT 2',
        rows: 2,
        maskedCells: 2,
        durationUs: 750,
        columns: [
          { name: 'name', masked: false },
          { name: 'ssn', masked: true },
        ],
        seen: [
          ['Ada', null],
          ['Bob', null],
        ],
        truncated: false,
      },
    ]);
    await log.append({ kind: 'session.closed', sessionId: 's1', reason: 'client left', statements: 1 }, 'write');
    expect((await history.show('s1', { partyId: null }))?.session).toMatchObject({ closeReason: 'client left' });
  });

  it('everybody in the chain sees the session, nobody else', async () => {
    await log.append(sessionOpened('s1', executor), 'write');
    for (const who of [analyst, executor]) {
      expect(await history.list({ partyId: who.id, limit: 10 })).toMatchObject([{ sessionId: 's1' }]);
      expect(await history.show('s1', { partyId: who.id })).not.toBeNull();
    }
    expect(await history.list({ partyId: 'https://test|other', limit: 10 })).toEqual([]);
    expect(await history.show('s1', { partyId: 'https://test|other' })).toBeNull();
    expect(await history.show('unknown', { partyId: null })).toBeNull();
  });

  it('lists newest first up to the limit, and pages through statements', async () => {
    for (let session = 0; session < 5; session += 1) await log.append(sessionOpened(`s${session}`, analyst), 'fsync');
    const listed = await history.list({ partyId: null, limit: 3 });
    expect(listed.map(({ sessionId }) => sessionId)).toEqual(['s4', 's3', 's2']);
    for (let id = 1; id <= 5; id += 1) await log.append(statementDecided('s1', id), 'write');
    const page = await history.show('s1', { partyId: null, after: 2, limit: 2 });
    expect(page?.statements.map(({ statementId }) => statementId)).toEqual([3, 4]);
  });

  it('of a statement that was decided twice the last decision stands', async () => {
    await log.append(sessionOpened('s1', analyst), 'write');
    await log.append({ ...held(1), requestId: 'req_1' }, 'write');
    await log.append({ ...held(1), effect: 'allow' }, 'write');
    const detail = await history.show('s1', { partyId: null });
    expect(detail?.statements).toMatchObject([{ statementId: 1, effect: 'allow', requestId: 'req_1' }]);
    expect(detail?.session.statements).toBe(1);
  });

  it('continues after a restart, and a session that was cut off counts as closed', async () => {
    await log.append(sessionOpened('s1', analyst), 'write');
    await log.append(statementDecided('s1', 1), 'write');
    await close();
    await open();
    await log.append({ kind: 'gateway.started', version: '1', policyVersion: 'p' }, 'write');
    await log.append(sessionOpened('s2', analyst), 'write');
    const listed = await history.list({ partyId: null, limit: 10 });
    expect(listed.map(({ sessionId, closedAt }) => [sessionId, closedAt !== null])).toEqual([
      ['s2', false],
      ['s1', true],
    ]);
  });

  it('is rebuilt from the log when the store is lost, over several segments', async () => {
    await log.append(sessionOpened('s1', analyst), 'write');
    for (let id = 1; id <= 100; id += 1) await log.append(statementDecided('s1', id, `select ${id}`), 'write');
    const before = await history.show('s1', { partyId: null });
    await close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(directory.path, `sluice.db${suffix}`), { force: true });
    await open();
    expect(await history.show('s1', { partyId: null })).toEqual(before);
    expect(before?.statements).toHaveLength(100);
  });

  it('does not wait longer once a batch of entries has come', async () => {
    await index.flush();
    const write = store.writeIndex.bind(store);
    const head = new Promise<unknown>((resolve) => {
      vi.spyOn(store, 'writeIndex').mockImplementation(async (batch) => {
        resolve(batch.head.next_sequence);
        await write(batch);
      });
    });
    // The interval never ends.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const appends = [log.append(sessionOpened('s1', analyst), 'write')];
    for (let id = 1; id < MAX_BATCH_ENTRIES; id += 1) appends.push(log.append(statementCompleted('s1', id), 'write'));
    await Promise.all(appends);
    await log.sync();
    expect(await head).toBe(MAX_BATCH_ENTRIES);
  });

  it('catches up from the files when more waits than memory may hold', async () => {
    await log.append(sessionOpened('s1', analyst), 'write');
    const many = MAX_WAITING_ENTRIES + 500;
    const appends: Promise<number>[] = [];
    for (let id = 1; id <= many; id += 1) appends.push(log.append(statementCompleted('s1', id), 'write'));
    appends.push(log.append(statementDecided('s1', many), 'write'));
    await Promise.all(appends);
    await index.flush();
    expect(index.lagEntries).toBe(0);
    expect(await history.list({ partyId: null, limit: 1 })).toMatchObject([{ statements: many }]);
  });
});

function held(statementId: number) {
  const entry = statementDecided('s1', statementId, 'insert');
  if (entry.kind !== 'statement.decided') throw new Error('the fixture makes a decision');
  return { ...entry, effect: 'hold' as const };
}
