import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_BACKLOG_BYTES } from './append-backlog.ts';
import { MAX_PAYLOAD_BYTES } from './format.ts';
import { statementCompleted, statementDecided, temporaryDirectory } from './log.fixture.ts';
import { openEvidenceLog } from './log.ts';
import { type EvidenceLogOptions, type LogFailure, MAX_UNSYNCED_BYTES } from './log-options.ts';
import { readBlocks } from './read-log.ts';
import { recoverLog } from './recover.ts';
import { listSegments, segmentPath } from './segment-files.ts';
import { MAX_TORN_TAILS } from './torn-tails.ts';
import { verifyLog } from './verify.ts';

const AT_MS = 1_700_000_000_000.25;

function open(directory: string, options: Partial<EvidenceLogOptions> = {}) {
  return openEvidenceLog({ directory, now: () => AT_MS, ...options });
}

async function readAll(directory: string) {
  const entries = [];
  for await (const block of readBlocks(directory, { from: 0, until: Number.MAX_SAFE_INTEGER }))
    entries.push(...block.entries);
  return entries;
}

describe('evidence log', () => {
  it('gives back what was appended, in order, with time and place', async () => {
    using directory = temporaryDirectory();
    const log = await open(directory.path);
    const written = await Promise.all([
      log.append(statementDecided('s1', 1, "select 'Grüße \u0000 \ud800'"), 'write'),
      log.append(statementCompleted('s1', 1), 'fsync'),
      log.append(statementDecided('s1', 2), 'write'),
    ]);
    expect(written).toEqual([0, 1, 2]);
    await log.close();

    const entries = await readAll(directory.path);
    expect(entries.map((stored) => stored.entry)).toEqual([
      statementDecided('s1', 1, "select 'Grüße \u0000 \ud800'"),
      statementCompleted('s1', 1),
      statementDecided('s1', 2),
    ]);
    expect(entries.map((stored) => stored.atUs)).toEqual([
      1_700_000_000_000_250, 1_700_000_000_000_250, 1_700_000_000_000_250,
    ]);
  });

  it('writes entries of one turn as one block', async () => {
    using directory = temporaryDirectory();
    const log = await open(directory.path);
    await Promise.all(Array.from({ length: 64 }, (_, id) => log.append(statementCompleted('s1', id), 'write')));
    await log.close();
    let blocks = 0;
    for await (const block of readBlocks(directory.path, { from: 0, until: 64 })) {
      blocks += 1;
      expect(block.entries).toHaveLength(64);
    }
    expect(blocks).toBe(1);
  });

  it('lets a soon entry go with the next write, and alone after its interval', async () => {
    using directory = temporaryDirectory();
    const log = await open(directory.path);
    const completed = log.append(statementCompleted('s1', 1), 'soon');
    await log.append(statementDecided('s1', 2), 'write');
    await completed;
    await log.append(statementCompleted('s1', 2), 'soon');
    await log.close();
    const blocks: number[] = [];
    for await (const block of readBlocks(directory.path, { from: 0, until: 3 })) blocks.push(block.entries.length);
    expect(blocks).toEqual([2, 1]);
  });

  it('acknowledges a write entry only once the file has its bytes', async () => {
    using directory = temporaryDirectory();
    const log = await open(directory.path);
    const before = statSync(segmentPath(directory.path, 0)).size;
    const appended = log.append(statementDecided('s1', 1), 'write');
    expect(statSync(segmentPath(directory.path, 0)).size).toBe(before);
    await appended;
    expect(statSync(segmentPath(directory.path, 0)).size).toBeGreaterThan(before);
    await log.close();
  });

  it('acknowledges an fsync entry only after the sync, and a write entry before it', async () => {
    using directory = temporaryDirectory();
    const gate = Promise.withResolvers<void>();
    let gated = false;
    const log = await open(directory.path, { dataSync: () => (gated ? gate.promise : Promise.resolve()) });
    gated = true;
    const order: string[] = [];
    const synced = log.append(statementDecided('s1', 1), 'fsync').then(() => order.push('fsync'));
    await log.append(statementDecided('s1', 2), 'write').then(() => order.push('write'));
    order.push('disk');
    gate.resolve();
    await synced;
    expect(order).toEqual(['write', 'disk', 'fsync']);
    await log.close();
  });

  it('continues where it ended, over any number of restarts', async () => {
    using directory = temporaryDirectory();
    for (let run = 0; run < 3; run += 1) {
      const log = await open(directory.path);
      expect(await log.append(statementDecided('s1', run), 'fsync')).toBe(run);
      await log.close();
    }
    expect(verifyLog(directory.path)).toMatchObject({ ok: true, entries: 3, segments: 1, tornBytes: 0 });
  });

  it('begins a new segment before one passes its size, and links it to the one before', async () => {
    using directory = temporaryDirectory();
    const log = await open(directory.path, { segmentBytes: 4_096 });
    for (let id = 0; id < 40; id += 1) await log.append(statementDecided('s1', id), 'write');
    const { head } = log;
    await log.close();
    const segments = listSegments(directory.path);
    expect(segments.length).toBeGreaterThan(3);
    for (const segment of segments)
      expect(statSync(segmentPath(directory.path, segment)).size).toBeLessThanOrEqual(4_096);
    expect(verifyLog(directory.path, { expectedHead: head })).toMatchObject({ ok: true, entries: 40 });
    const reopened = await open(directory.path, { segmentBytes: 4_096, expectedHead: head });
    expect(await reopened.append(statementDecided('s1', 40), 'write')).toBe(40);
    await reopened.close();
    expect(await readAll(directory.path)).toHaveLength(41);
  });

  it('refuses an entry over the bound and goes on', async () => {
    using directory = temporaryDirectory();
    const log = await open(directory.path);
    const rest = JSON.stringify(statementDecided('s1', 1, '')).length;
    await log.append(statementDecided('s1', 1, 'x'.repeat(MAX_PAYLOAD_BYTES - rest)), 'write');
    await expect(
      log.append(statementDecided('s1', 1, 'x'.repeat(MAX_PAYLOAD_BYTES - rest + 1)), 'write'),
    ).rejects.toMatchObject({
      code: 'LIMIT_STATEMENT',
    });
    expect(await log.append(statementDecided('s1', 2), 'write')).toBe(1);
    await log.close();
    expect(verifyLog(directory.path)).toMatchObject({ ok: true, entries: 2 });
  });

  it('keeps a second writer out while the first lives', async () => {
    using directory = temporaryDirectory();
    const log = await open(directory.path);
    await expect(open(directory.path)).rejects.toMatchObject({ code: 'EVIDENCE_UNWRITABLE' });
    await log.close();
    await (await open(directory.path)).close();
  });

  it('takes over the lock of a process that is gone, also when its id was given to another', async () => {
    using directory = temporaryDirectory();
    for (const stale of ['4194303 12345\n', `${process.pid} 1\n`, 'garbage']) {
      writeFileSync(join(directory.path, 'writer.lock'), stale);
      await (await open(directory.path)).close();
    }
    expect(readdirSync(directory.path).filter((name) => name.startsWith('writer.lock'))).toEqual([]);
  });

  it('throws after close', async () => {
    using directory = temporaryDirectory();
    const log = await open(directory.path);
    await log.close();
    await expect(log.append(statementDecided('s1', 1), 'write')).rejects.toMatchObject({ code: 'EVIDENCE_UNWRITABLE' });
    expect(log.healthy).toBe(false);
  });
});

describe('back-pressure', () => {
  it('appends wait for the disk at the bound of unsynced bytes, and fail at the bound of waiting ones', async () => {
    using directory = temporaryDirectory();
    const gate = Promise.withResolvers<void>();
    let gated = false;
    const log = await open(directory.path, { dataSync: () => (gated ? gate.promise : Promise.resolve()) });
    gated = true;
    const text = 'x'.repeat(1024 * 1024);
    const enough = (MAX_UNSYNCED_BYTES + MAX_BACKLOG_BYTES) / text.length + 4;
    const appended = Promise.allSettled(
      Array.from({ length: enough }, (_, id) => log.append(statementDecided('s1', id, text), 'write')),
    );
    expect(log.statistics().unsyncedBytes).toBeLessThanOrEqual(MAX_UNSYNCED_BYTES + 2 * text.length);
    expect(log.statistics().backlogBytes).toBeGreaterThan(MAX_BACKLOG_BYTES - 2 * text.length);
    expect(log.statistics().backlogBytes).toBeLessThanOrEqual(MAX_BACKLOG_BYTES);
    gate.resolve();
    const outcomes = await appended;
    const sequences = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
    expect(sequences).toEqual(sequences.map((_, index) => index));
    expect(sequences.length).toBeGreaterThanOrEqual(MAX_UNSYNCED_BYTES / text.length);
    expect(new Set(refusals)).toEqual(new Set(['LIMIT_REACHED']));
    expect(log.statistics().backlogBytes).toBe(0);
    await log.close();
    expect(verifyLog(directory.path)).toMatchObject({ ok: true, entries: sequences.length });
  });
});

describe('staged entries', () => {
  const stage = (log: Awaited<ReturnType<typeof open>>, id: number, text?: string) => {
    const entry = statementDecided('s1', id, text);
    return log.stage(entry, JSON.stringify(entry)) !== null;
  };

  it('are in the file when the callback comes, all of one turn in one block', async () => {
    using directory = temporaryDirectory();
    const log = await open(directory.path);
    const sizes = await new Promise<readonly number[]>((resolve) => {
      expect([stage(log, 1), stage(log, 2)]).toEqual([true, true]);
      const before = statSync(segmentPath(directory.path, 0)).size;
      log.onceWritten(() => resolve([before, statSync(segmentPath(directory.path, 0)).size]));
    });
    expect(sizes[1]).toBeGreaterThan((sizes[0] ?? 0) + JSON.stringify(statementDecided('s1', 1)).length * 2);
    let isCalled = false;
    log.onceWritten(() => {
      isCalled = true;
    });
    expect(isCalled).toBe(true);
    await log.close();
    expect((await readAll(directory.path)).map((stored) => stored.entry)).toEqual([
      statementDecided('s1', 1),
      statementDecided('s1', 2),
    ]);
  });

  it('are not taken over the bound of an entry, of unsynced bytes, and after the end', async () => {
    using directory = temporaryDirectory();
    const gate = Promise.withResolvers<void>();
    let gated = false;
    const log = await open(directory.path, { dataSync: () => (gated ? gate.promise : Promise.resolve()) });
    expect(stage(log, 1, 'x'.repeat(MAX_PAYLOAD_BYTES))).toBe(false);
    gated = true;
    const text = 'x'.repeat(1024 * 1024);
    let taken = 0;
    while (stage(log, taken, text)) taken += 1;
    expect(taken).toBeGreaterThanOrEqual(MAX_UNSYNCED_BYTES / text.length);
    expect(log.statistics().unsyncedBytes).toBeLessThanOrEqual(MAX_UNSYNCED_BYTES + 2 * text.length);
    gate.resolve();
    await log.close();
    expect(stage(log, 1)).toBe(false);
    expect(verifyLog(directory.path)).toMatchObject({ ok: true, entries: taken });
  });

  it('that cannot be written let nobody go on', async () => {
    using directory = temporaryDirectory();
    let broken = false;
    const log = await open(directory.path, {
      dataSync: () => (broken ? Promise.reject(new Error('EIO')) : Promise.resolve()),
    });
    broken = true;
    let isCalled = false;
    const synced = log.append(statementDecided('s1', 1), 'fsync');
    await expect(synced).rejects.toMatchObject({ code: 'EVIDENCE_UNWRITABLE' });
    expect(stage(log, 2)).toBe(false);
    log.onceWritten(() => {
      isCalled = true;
    });
    await log.close();
    expect(isCalled).toBe(false);
  });
});

describe('closing and syncing', () => {
  it.each(['close', 'sync'] as const)(
    '%s waits for everything that was appended, also what waits for the disk',
    async (step) => {
      using directory = temporaryDirectory();
      const gate = Promise.withResolvers<void>();
      let gated = false;
      const log = await open(directory.path, { dataSync: () => (gated ? gate.promise : Promise.resolve()) });
      gated = true;
      const text = 'x'.repeat(1024 * 1024);
      const count = MAX_UNSYNCED_BYTES / text.length + 8;
      const appended = Array.from({ length: count }, (_, id) => log.append(statementDecided('s1', id, text), 'write'));
      expect(log.statistics().backlogBytes).toBeGreaterThan(0);
      const done = log[step]();
      gate.resolve();
      await done;
      expect(log.durableSequence).toBe(count);
      expect(await Promise.all(appended)).toHaveLength(count);
      await log.close();
      expect(verifyLog(directory.path)).toMatchObject({ ok: true, entries: count });
    },
  );
});

describe('failure', () => {
  it('a failed fsync ends the log at once, is told once as fatal, and is never tried again', async () => {
    using directory = temporaryDirectory();
    const failures: LogFailure[] = [];
    let syncs = 0;
    let broken = false;
    const log = await open(directory.path, {
      onFailure: (failure) => failures.push(failure),
      dataSync: () => {
        syncs += 1;
        return broken
          ? Promise.reject(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }))
          : Promise.resolve();
      },
    });
    broken = true;
    const synced = log.append(statementDecided('s1', 1), 'fsync');
    await expect(synced).rejects.toMatchObject({ code: 'EVIDENCE_UNWRITABLE', facts: { errno: 'EIO' } });
    expect(log.healthy).toBe(false);
    expect(log.failed.aborted).toBe(true);
    expect(failures.map(({ fatal }) => fatal)).toEqual([true]);
    await expect(log.append(statementDecided('s1', 2), 'write')).rejects.toMatchObject({ code: 'EVIDENCE_UNWRITABLE' });
    await log.close();
    expect(syncs).toBe(2);
  });
});

describe('recovery', () => {
  async function sample(directory: string): Promise<Buffer> {
    const log = await open(directory);
    for (let id = 0; id < 5; id += 1) await log.append(statementDecided('s1', id), 'write');
    await log.close();
    return readFileSync(segmentPath(directory, 0));
  }

  it('moves a block that was cut anywhere aside, says so, and keeps every block before it', async () => {
    using whole = temporaryDirectory();
    const bytes = await sample(whole.path);
    const lastBlock = bytes.length - (bytes.length - 112) / 5;
    for (const cut of [lastBlock + 1, lastBlock + 19, lastBlock + 20, lastBlock + 41, bytes.length - 1]) {
      using directory = temporaryDirectory();
      writeFileSync(segmentPath(directory.path, 0), bytes.subarray(0, cut));
      const log = await open(directory.path);
      await log.append(statementDecided('s2', 9), 'write');
      await log.close();
      expect(verifyLog(directory.path)).toMatchObject({ ok: true, entries: 6 });
      const entries = await readAll(directory.path);
      expect(entries[4]?.entry).toMatchObject({ kind: 'log.recovered', tornBytes: cut - lastBlock });
      expect(readFileSync(join(directory.path, 'torn-4.bin'))).toEqual(bytes.subarray(lastBlock, cut));
    }
  });

  it('takes zeros after the end, as some file systems leave after a power cut, for a torn tail', async () => {
    using directory = temporaryDirectory();
    await sample(directory.path);
    appendFileSync(segmentPath(directory.path, 0), Buffer.alloc(5_000));
    await (await open(directory.path)).close();
    expect(verifyLog(directory.path)).toMatchObject({ ok: true, entries: 6 });
  });

  it('tells of a torn end once, also when the start that cut it was killed before it could', async () => {
    using directory = temporaryDirectory();
    await sample(directory.path);
    appendFileSync(segmentPath(directory.path, 0), Buffer.alloc(5_000));
    recoverLog(directory.path, null);
    // The entry that was to tell of it was torn as well.
    appendFileSync(segmentPath(directory.path, 0), Buffer.alloc(70));
    recoverLog(directory.path, null);
    for (let start = 0; start < 2; start += 1) await (await open(directory.path)).close();
    const told = (await readAll(directory.path)).slice(5).map(({ entry }) => entry);
    expect(told).toMatchObject([
      { kind: 'log.recovered', tornBytes: 5_000 },
      { kind: 'log.recovered', tornBytes: 70 },
    ]);
  });

  it('stops at the bound of torn ends that nothing tells of', async () => {
    using directory = temporaryDirectory();
    await sample(directory.path);
    for (let crash = 0; crash < MAX_TORN_TAILS; crash += 1) {
      appendFileSync(segmentPath(directory.path, 0), Buffer.alloc(1 + crash));
      recoverLog(directory.path, null);
    }
    appendFileSync(segmentPath(directory.path, 0), Buffer.alloc(1_000));
    await expect(open(directory.path)).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
  });

  it('survives a crash while a segment was created', async () => {
    using directory = temporaryDirectory();
    const bytes = await sample(directory.path);
    writeFileSync(segmentPath(directory.path, 1), bytes.subarray(0, 60));
    await (await open(directory.path)).close();
    expect(verifyLog(directory.path)).toMatchObject({ ok: true, entries: 6, segments: 1 });
  });

  it('refuses a log that was changed, not torn', async () => {
    using directory = temporaryDirectory();
    const bytes = await sample(directory.path);
    for (const offset of [3, 60, 113, 117, 300, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[offset] = (changed[offset] ?? 0) ^ 1;
      writeFileSync(segmentPath(directory.path, 0), changed);
      await expect(open(directory.path)).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
    }
    writeFileSync(segmentPath(directory.path, 0), bytes);
    await (await open(directory.path)).close();
  });

  it('refuses a log that ends before the head that the store noted, or has another there', async () => {
    using directory = temporaryDirectory();
    const bytes = await sample(directory.path);
    const { head } = verifyLog(directory.path);
    if (head === null) throw new Error('the sample has a head');
    truncateSync(segmentPath(directory.path, 0), bytes.length - (bytes.length - 112) / 5);
    await expect(open(directory.path, { expectedHead: head })).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
    writeFileSync(segmentPath(directory.path, 0), bytes);
    await expect(open(directory.path, { expectedHead: { ...head, hash: '0'.repeat(64) } })).rejects.toMatchObject({
      code: 'EVIDENCE_BROKEN',
    });
    await (await open(directory.path, { expectedHead: head })).close();
  });
});
