import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  principal,
  sessionOpened,
  stageRepeats,
  statementCompleted,
  statementDecided,
  temporaryDirectory,
} from '../evidence/log.fixture.ts';
import { openEvidenceLog } from '../evidence/log.ts';
import { type Completed, type Decided, MAX_REPEAT_DISTANCE } from '../evidence/recorded-entry.ts';
import type { SegmentedLog } from '../evidence/segmented-log.ts';
import { CursorFile } from './cursor-file.ts';
import { type ExportedEntry, uidOf } from './exported-entry.ts';
import { Exporter, type ExporterOptions, type ExportStatus, MAX_BATCH_BYTES, MAX_BATCH_ENTRIES } from './exporter.ts';
import { PartlyRejected } from './otlp-sink.ts';
import type { Sink } from './sink.ts';

/** Keeps what it is sent; fails as often as it is told to. */
class TestSink implements Sink {
  readonly batches: (readonly ExportedEntry[])[] = [];
  failures = 0;
  error: Error = new Error('not now');

  async send(batch: readonly ExportedEntry[]): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      throw this.error;
    }
    this.batches.push(batch);
  }

  async close(): Promise<void> {
    // Nothing to close.
  }

  get sequences(): readonly number[] {
    return this.batches.flat().map(({ sequence }) => sequence);
  }
}

let folder: ReturnType<typeof temporaryDirectory>;
let log: SegmentedLog;
let sink: TestSink;
const statuses: ExportStatus[] = [];

beforeEach(async () => {
  folder = temporaryDirectory();
  const directory = join(folder.path, 'evidence');
  log = await openEvidenceLog({ directory, now: () => 1_700_000_000_000, segmentBytes: 65_536 });
  sink = new TestSink();
  statuses.length = 0;
  return async () => {
    await log.close();
    folder[Symbol.dispose]();
  };
});

function decidedEntry(statementId: number): Decided {
  const entry = statementDecided('c_one', statementId);
  if (entry.kind !== 'statement.decided') throw new Error('the fixture made another entry');
  return entry;
}

function completedEntry(statementId: number): Completed {
  const entry = statementCompleted('c_one', statementId);
  if (entry.kind !== 'statement.completed') throw new Error('the fixture made another entry');
  return entry;
}

const exporters: Exporter[] = [];
afterEach(async () => {
  for (const exporter of exporters.splice(0)) await exporter.close();
});

function exporter({
  includesTexts = false,
  ...own
}: Partial<Pick<ExporterOptions, 'includesTexts' | 'rememberedEntries'>> = {}): Exporter {
  const made = new Exporter({
    ...{ name: 'test', directory: log.directory, logId: log.logId, sink, includesTexts, firstRetryMs: 1, ...own },
    cursor: new CursorFile(join(folder.path, 'cursor.json'), log.logId),
    onStatus: (status) => statuses.push(status),
  });
  exporters.push(made);
  return made;
}

async function append(statements: number, from = 1): Promise<void> {
  for (let id = from; id < from + statements; id += 1) {
    void log.append(statementDecided('c_one', id, `select ${id}`), 'write');
    void log.append(statementCompleted('c_one', id), 'soon');
  }
  await log.sync();
}

describe('an export', () => {
  it('sends short forms as what they say, each end by its own name, and what ended together in one batch', async () => {
    await log.append(statementDecided('c_one', 1), 'write');
    const payload = JSON.stringify({ kind: 'statement.decided', sessionId: 'c_one', statementId: 2, as: 1 });
    log.stage({ ...decidedEntry(1), statementId: 2, as: 1 }, payload);
    for (const id of [1, 2]) log.stageCompleted(completedEntry(id));
    await log.sync();
    const first = exporter({ includesTexts: true });
    await first.advance(1);
    await first.close();
    await exporter({ includesTexts: true }).advance(log.durableSequence);
    const sent = sink.batches.flat();
    expect(sent.map(({ entry }) => entry)).toEqual([
      statementDecided('c_one', 1),
      { ...statementDecided('c_one', 1), statementId: 2, as: 1 },
      statementCompleted('c_one', 1),
      statementCompleted('c_one', 2),
    ]);
    expect(sink.sequences).toEqual([0, 1, 2, 2]);
    expect(new Set(sent.map(uidOf)).size).toBe(4);
  });

  it('goes on far into a log, though what it reads again names what is farther back', async () => {
    const total = 3 * MAX_REPEAT_DISTANCE;
    await stageRepeats(log, 'c_one', { total, anewEvery: MAX_REPEAT_DISTANCE / 2 });
    await log.sync();
    new CursorFile(join(folder.path, 'cursor.json'), log.logId).write(total - 2);
    await exporter({ rememberedEntries: MAX_REPEAT_DISTANCE }).advance(total);
    expect(sink.sequences).toEqual([total - 2, total - 1]);
    expect(sink.batches.flat().map(({ entry }) => entry)).toEqual([
      expect.objectContaining({ statementId: total - 1, effect: 'mask', text: '' }),
      expect.objectContaining({ statementId: total, effect: 'mask', text: '' }),
    ]);
  });

  it('sends every entry once, in order, with whose session it is, and no text of a statement', async () => {
    const ana = principal('ana');
    await log.append(sessionOpened('c_one', ana), 'fsync');
    await append(3);
    await exporter().advance(log.durableSequence);
    expect(sink.sequences).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const [, decided] = sink.batches.flat();
    expect(decided?.session?.principal.id).toBe(ana.id);
    expect(decided?.entry).toMatchObject({ kind: 'statement.decided', text: '' });
  });

  it('sends texts where it was told to', async () => {
    await append(1);
    await exporter({ includesTexts: true }).advance(log.durableSequence);
    expect(sink.batches.flat()[0]?.entry).toMatchObject({ text: 'select 1' });
  });

  it('goes on where it was stopped, and still knows the sessions', async () => {
    await log.append(sessionOpened('c_one', principal('ana')), 'fsync');
    await append(2);
    const first = exporter();
    await first.advance(log.durableSequence);
    await first.close();
    await append(1, 3);
    await exporter().advance(log.durableSequence);
    expect(sink.sequences).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(sink.batches.at(-1)?.map(({ session }) => session?.principal.name)).toEqual(['ana', 'ana']);
  });

  it('sends a batch that failed again, and tells what is wrong until it is taken', async () => {
    await append(2);
    sink.failures = 3;
    await exporter().advance(log.durableSequence);
    expect(sink.sequences).toEqual([0, 1, 2, 3]);
    expect(statuses.map(({ state, message }) => [state, message])).toEqual([
      ...Array.from({ length: 3 }, () => ['failing', 'not now']),
      ['delivering', ''],
    ]);
  });

  it('does not send again what the receiver took and rejected', async () => {
    await append(1);
    sink.failures = 1;
    sink.error = new PartlyRejected(1);
    const made = exporter();
    await made.advance(log.durableSequence);
    expect(sink.batches).toEqual([]);
    expect(made.status).toMatchObject({ sent: 2, state: 'failing' });
  });

  it('ends a batch at its bounds', async () => {
    await append(MAX_BATCH_ENTRIES);
    await exporter().advance(log.durableSequence);
    expect(sink.batches.map(({ length }) => length)).toEqual([MAX_BATCH_ENTRIES, MAX_BATCH_ENTRIES]);
    const text = 'x'.repeat(MAX_BATCH_BYTES / 2);
    for (let id = 1; id <= 3; id += 1) await log.append(statementDecided('c_two', id, text), 'fsync');
    sink.batches.length = 0;
    await exporter().advance(log.durableSequence);
    expect(sink.batches.map(({ length }) => length)).toEqual([2, 1]);
  });

  it('notes how far it came only when the receiver has the batch: a crash in between sends it again', async () => {
    await append(1);
    const crashing: Sink = {
      send: (batch) => {
        sink.batches.push(batch);
        return new Promise(() => undefined);
      },
      close: async () => undefined,
    };
    // As after a kill: it never comes back.
    void new Exporter({
      ...{ name: 'test', directory: log.directory, logId: log.logId, sink: crashing, includesTexts: false },
      cursor: new CursorFile(join(folder.path, 'cursor.json'), log.logId),
      onStatus: () => undefined,
    }).advance(log.durableSequence);
    await exporter().advance(log.durableSequence);
    expect(sink.sequences).toEqual([0, 1, 0, 1]);
    expect(JSON.parse(readFileSync(join(folder.path, 'cursor.json'), 'utf8'))).toEqual({ log: log.logId, next: 2 });
  });

  it('begins anew with another log, and refuses a progress that it cannot read', async () => {
    const path = join(folder.path, 'cursor.json');
    new CursorFile(path, 'another log').write(17);
    expect(new CursorFile(path, log.logId).read()).toBe(0);
    expect(new CursorFile(path, 'another log').read()).toBe(17);
    new CursorFile(join(folder.path, 'evidence', 'x.json'), 'x').write(1);
    expect(() => new CursorFile(join(log.directory, 'segment-00000000.log'), log.logId).read()).toThrow('how far');
  });
});
