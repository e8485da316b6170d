import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SluiceError } from '@sluice/contract/errors';
import { describe, expect, it, vi } from 'vitest';
import type { Entry, EvidenceLog } from './entry.ts';
import { temporaryDirectory } from './log.fixture.ts';
import { MAX_REPLAY_CHARACTERS, readRecording } from './read-recording.ts';
import {
  MAX_CELL_CHARACTERS,
  MAX_OPEN_RESULTS,
  MAX_PENDING_BYTES,
  MAX_UNWRITTEN_BYTES,
  type RecordingBounds,
} from './recording.ts';
import { Recordings } from './recordings.ts';

const ALL = { after: -1, last: Number.POSITIVE_INFINITY };
const COLUMNS = [
  { name: 'id', typeOid: 23, masked: false },
  { name: 'ssn', typeOid: 25, masked: true },
];

class KeptLog implements EvidenceLog {
  readonly nextSequence = 0;

  stage(): null {
    return null;
  }

  stageCompleted(): boolean {
    return false;
  }

  onceWritten(callback: () => void): void {
    callback();
  }

  readonly healthy = true;
  readonly entries: Entry[] = [];

  append(entry: Entry): Promise<number> {
    this.entries.push(entry);
    return Promise.resolve(this.entries.length - 1);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function open(directory: string, bounds?: RecordingBounds) {
  const log = new KeptLog();
  const failures: { sessionId: string; error: SluiceError }[] = [];
  const grown: string[] = [];
  const recordings = new Recordings({
    directory,
    log,
    ...(bounds === undefined ? {} : { bounds }),
    onGrown: (sessionId) => grown.push(sessionId),
    onFailure: (sessionId, error) => failures.push({ sessionId, error }),
  });
  return { recordings, log, failures, grown };
}

describe('recording', () => {
  it('says while it is open what is in the file, results that have just ended included', async () => {
    using directory = temporaryDirectory();
    const { recordings } = open(directory.path);
    const recording = recordings.open('s_1');
    const inFile = () => readFileSync(join(directory.path, 's_1.jsonl'));
    // Nothing is in a file that was not opened yet.
    expect([recordings.written('s_1'), recordings.written('s_other')]).toEqual([null, null]);
    recording.statementEnded(0, { tag: 'SET', rows: 0, error: null });
    await recordings.flush();
    for (const id of [1, 2]) {
      recording.resultStarted(id, COLUMNS);
      recording.row(id, ['1', '***']);
      recording.statementEnded(id, { tag: 'SELECT 1', rows: 1, error: null });
      const told = recordings.written('s_1');
      const bytes = inFile();
      expect(told).toEqual({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
      expect(bytes.toString()).toContain(`["e",${id},"SELECT 1"`);
    }
    await recording.close('client left');
    expect(recordings.written('s_1')).toBeNull();
  });

  it('asks to be told of when more was written than was told, and not at its end', async () => {
    using directory = temporaryDirectory();
    const { recordings, grown } = open(directory.path);
    const recording = recordings.open('s_1');
    recording.resultStarted(1, COLUMNS);
    recording.row(1, ['1', '***']);
    await recordings.flush();
    expect(grown).toEqual(['s_1']);
    recording.row(1, ['2', '***']);
    expect(recordings.written('s_1')?.bytes).toBe(readFileSync(join(directory.path, 's_1.jsonl')).length);
    await recordings.flush();
    expect(grown).toEqual(['s_1']);
    recording.row(1, ['3', '***']);
    await recording.close('client left');
    expect(grown).toEqual(['s_1']);
  });

  it('does not wait for its time once 256 KiB wait', async () => {
    using directory = temporaryDirectory();
    // Its time never comes.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      const { recordings, grown } = open(directory.path);
      const recording = recordings.open('s_1');
      recording.resultStarted(1, COLUMNS);
      const rows = Math.ceil(MAX_UNWRITTEN_BYTES / MAX_CELL_CHARACTERS) + 1;
      for (let row = 0; row < rows; row += 1) recording.row(1, ['x'.repeat(MAX_CELL_CHARACTERS), '***']);
      // Vitest's own waiting would move the time on.
      while (grown.length === 0) await nextTurn();
      expect(readFileSync(join(directory.path, 's_1.jsonl')).length).toBeGreaterThan(MAX_UNWRITTEN_BYTES);
      await recordings.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not speak of what a write under way has not brought into the file yet', async () => {
    using directory = temporaryDirectory();
    const { recordings } = open(directory.path);
    const recording = recordings.open('s_1');
    recording.statementEnded(0, { tag: 'SET', rows: 0, error: null });
    await recordings.flush();
    const before = recordings.written('s_1');
    expect(before).not.toBeNull();
    recording.resultStarted(1, COLUMNS);
    for (let row = 0; row < 10; row += 1) recording.row(1, ['x'.repeat(MAX_CELL_CHARACTERS), '***']);
    const writing = recordings.flush();
    // More than is written at once: it is on its way.
    recording.row(1, ['y', '***']);
    expect(recordings.written('s_1')).toEqual(before);
    await writing;
    const bytes = recordings.written('s_1')?.bytes;
    expect(bytes).toBe(readFileSync(join(directory.path, 's_1.jsonl')).length);
    await recordings.close();
  });

  it('replays what the principal saw, and its digest goes to the log', async () => {
    using directory = temporaryDirectory();
    const { recordings, log } = open(directory.path);
    const recording = recordings.open('s_1');
    recording.resultStarted(1, COLUMNS);
    recording.row(1, ['1', '***']);
    recording.row(1, ['2', null]);
    recording.statementEnded(1, { tag: 'SELECT 2', rows: 2, error: null });
    recording.statementEnded(2, { tag: 'UPDATE 1', rows: 1, error: null });
    recording.resultStarted(3, COLUMNS);
    expect((await recordings.read('s_1'))?.statements.get(3)).toMatchObject({
      columns: COLUMNS,
      rows: [],
      ended: false,
    });
    await recording.close('client left');

    const replayed = await recordings.read('s_1');
    expect(replayed).toMatchObject({ closeReason: 'client left', tornBytes: 0 });
    expect(replayed?.statements.get(1)).toEqual({
      columns: COLUMNS,
      rows: [
        ['1', '***'],
        ['2', null],
      ],
      truncated: false,
      ended: true,
    });
    expect(replayed?.statements.get(2)).toMatchObject({ rows: [], ended: true });
    const bytes = readFileSync(join(directory.path, 's_1.jsonl'));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(log.entries).toEqual([{ kind: 'recording.closed', sessionId: 's_1', bytes: bytes.length, sha256 }]);
  });

  it('is the same file whether rows come as bytes or as text', async () => {
    using directory = temporaryDirectory();
    const { recordings } = open(directory.path);
    const rows = [
      ['1', 'O'],
      [null, 'it is plain'],
      ['"', 'a'],
      ['\\n', null],
      ['é', ''],
      ['x'.repeat(5_000), '2'],
    ] as const;
    const write = async (
      id: string,
      row: (recording: ReturnType<Recordings['open']>, cells: (string | null)[]) => void,
    ) => {
      const recording = recordings.open(id);
      recording.resultStarted(1, COLUMNS);
      for (const cells of rows) row(recording, [...cells]);
      recording.statementEnded(1, { tag: 'SELECT "6"', rows: 6, error: null });
      recording.statementEnded(2, { tag: '', rows: 0, error: '22\\012' });
      await recording.close('done');
      return readFileSync(join(directory.path, `${id}.jsonl`), 'utf8').replaceAll(id, 'id');
    };
    const taken: boolean[] = [];
    const asBytes = await write('s_bytes', (recording, cells) => {
      const isTaken = recording.plainRow(
        1,
        cells.map((cell) => (cell === null ? null : Buffer.from(cell))),
      );
      taken.push(isTaken);
      if (!isTaken) recording.row(1, cells);
    });
    expect(asBytes).toBe(await write('s_texts', (recording, cells) => recording.row(1, cells)));
    expect(taken).toEqual([true, true, false, false, false, false]);
  });

  it('keeps rows up to the bound of a statement and says that there were more', async () => {
    using directory = temporaryDirectory();
    const { recordings } = open(directory.path, { rowsPerStatement: 3, bytesPerSession: 10_000 });
    const recording = recordings.open('s');
    recording.resultStarted(1, COLUMNS);
    for (let row = 0; row < 3; row += 1) {
      expect(recording.wantsRow(1)).toBe(true);
      recording.row(1, [String(row), null]);
    }
    expect(recording.wantsRow(1)).toBe(false);
    expect(recording.plainRow(1, [Buffer.from('3'), null])).toBe(false);
    recording.row(1, ['3', null]);
    recording.statementEnded(1, { tag: 'SELECT 4', rows: 4, error: null });
    await recording.close('done');
    expect((await recordings.read('s'))?.statements.get(1)).toMatchObject({ rows: { length: 3 }, truncated: true });
  });

  it('keeps rows up to the bound of a session', async () => {
    using directory = temporaryDirectory();
    const { recordings } = open(directory.path, { rowsPerStatement: 1_000, bytesPerSession: 1_000 });
    const recording = recordings.open('s');
    for (let id = 1; id <= 3; id += 1) {
      recording.resultStarted(id, COLUMNS);
      recording.row(id, ['x'.repeat(600), null]);
      recording.statementEnded(id, { tag: 'SELECT 1', rows: 1, error: null });
    }
    await recording.close('done');
    const statements = (await recordings.read('s'))?.statements;
    expect([1, 2, 3].map((id) => statements?.get(id)?.rows.length)).toEqual([1, 1, 0]);
    expect(statements?.get(3)?.truncated).toBe(true);
  });

  it('cuts a long cell and says so', async () => {
    using directory = temporaryDirectory();
    const { recordings } = open(directory.path);
    const recording = recordings.open('s');
    recording.resultStarted(1, COLUMNS);
    recording.row(1, ['x'.repeat(MAX_CELL_CHARACTERS), 'y'.repeat(MAX_CELL_CHARACTERS + 1)]);
    recording.statementEnded(1, { tag: 'SELECT 1', rows: 1, error: null });
    await recording.close('done');
    const seen = (await recordings.read('s'))?.statements.get(1);
    expect(seen?.rows[0]?.map((cell) => cell?.length)).toEqual([MAX_CELL_CHARACTERS, MAX_CELL_CHARACTERS]);
    expect(seen?.truncated).toBe(true);
  });

  it('keeps results apart that are under way at once, in whatever order they start, go on and end', async () => {
    using directory = temporaryDirectory();
    const { recordings } = open(directory.path, { rowsPerStatement: 2, bytesPerSession: 1_000 });
    const recording = recordings.open('s');
    for (const id of [1, 2, 3]) recording.resultStarted(id, COLUMNS);
    for (const id of [2, 3, 1, 1, 1]) recording.row(id, [`row of ${id}`, null]);
    expect([1, 2, 3].map((id) => recording.wantsRow(id))).toEqual([false, true, true]);
    for (const [id, rows] of [
      [3, 1],
      [1, 3],
      [2, 1],
    ] as const)
      recording.statementEnded(id, { tag: `SELECT ${rows}`, rows, error: null });
    expect([1, 2, 3].some((id) => recording.wantsRow(id))).toBe(false);
    await recording.close('done');
    const statements = (await recordings.read('s'))?.statements;
    const kept = [1, 2, 3].map((id) => [statements?.get(id)?.rows.length, statements?.get(id)?.truncated]);
    expect(kept).toEqual([
      [2, true],
      [1, false],
      [1, false],
    ]);
  });

  it('does not keep rows faster than the disk takes them, nor of more results than the bound', async () => {
    using directory = temporaryDirectory();
    const { recordings } = open(directory.path);
    const recording = recordings.open('s');
    for (let id = 1; id <= MAX_OPEN_RESULTS; id += 1) recording.resultStarted(id, []);
    recording.resultStarted(MAX_OPEN_RESULTS + 1, []);
    expect(recording.wantsRow(MAX_OPEN_RESULTS)).toBe(true);
    expect(recording.wantsRow(MAX_OPEN_RESULTS + 1)).toBe(false);
    const row = ['x'.repeat(MAX_CELL_CHARACTERS)];
    // No turn of the event loop: nothing can be written meanwhile.
    for (let rows = 0; rows * MAX_CELL_CHARACTERS < 2 * MAX_PENDING_BYTES; rows += 1)
      recording.row((rows % 100) + 1, row);
    expect(recording.wantsRow(1)).toBe(false);
    await recordings.flush();
    expect(recording.wantsRow(1)).toBe(true);
    await recordings.close();
    expect(readFileSync(join(directory.path, 's.jsonl')).length).toBeLessThan(2 * MAX_PENDING_BYTES);
  });

  it('a line that a crash tore is ignored and reported; anything else that does not read is EVIDENCE_BROKEN', async () => {
    using directory = temporaryDirectory();
    const { recordings } = open(directory.path);
    const recording = recordings.open('s');
    recording.resultStarted(1, COLUMNS);
    recording.row(1, ['1', 'a']);
    await recordings.flush();
    const path = join(directory.path, 's.jsonl');
    const whole = readFileSync(path);
    for (let cut = 1; cut < '["r",1,["1","a"]]\n'.length; cut += 1) {
      truncateSync(path, whole.length - cut);
      const replayed = await readRecording(path, ALL);
      expect(replayed?.tornBytes).toBe('["r",1,["1","a"]]\n'.length - cut);
      expect(replayed?.statements.get(1)?.rows).toEqual([]);
      writeFileSync(path, whole);
    }
    writeFileSync(path, whole.toString().replace('["r"', '["?"'));
    await expect(readRecording(path, ALL)).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
    await recording.close('done');
  });

  it('a recording that cannot be written ends its session, once', async () => {
    using directory = temporaryDirectory();
    const { recordings, failures, log } = open(join(directory.path, 'gone'));
    const recording = recordings.open('s');
    rmSync(join(directory.path, 'gone'), { recursive: true });
    recording.resultStarted(1, COLUMNS);
    await recordings.flush();
    expect(failures).toMatchObject([{ sessionId: 's', error: { code: 'EVIDENCE_UNWRITABLE' } }]);
    mkdirSync(join(directory.path, 'gone'));
    expect(recording.wantsRow(1)).toBe(false);
    await recording.close('done');
    expect(failures).toHaveLength(1);
    expect(log.entries).toEqual([]);
  });

  it('a session id that could name another file is refused, and so is one that is recorded already', async () => {
    using directory = temporaryDirectory();
    const { recordings } = open(directory.path);
    for (const id of ['../s', 'a/b', '', '.', 'x'.repeat(101), 's\0']) {
      expect(() => recordings.open(id)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    }
    recordings.open('s');
    expect(() => recordings.open('s')).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    await recordings.close();
  });

  it('gives back the statements that were asked for, and rows up to a bound', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 's.jsonl');
    const cell = 'ü'.repeat(MAX_CELL_CHARACTERS);
    const rows = MAX_REPLAY_CHARACTERS / MAX_CELL_CHARACTERS + 10;
    const lines = Array.from({ length: rows }, () => JSON.stringify(['r', 3, [cell]]));
    const others = [2, 4].map((id) => `["r",${id},["x"]]\n["e",${id},"SELECT 1",1,null,false]\n`);
    writeFileSync(path, `${others.join('')}${lines.join('\n')}\n["e",3,"SELECT ${rows}",${rows},null,false]\n`);
    const replayed = await readRecording(path, { after: 2, last: 3 });
    expect([...(replayed?.statements.keys() ?? [])]).toEqual([3]);
    expect(replayed?.statements.get(3)?.rows.length).toBeLessThan(MAX_REPLAY_CHARACTERS / MAX_CELL_CHARACTERS);
    expect(replayed?.statements.get(3)).toMatchObject({ truncated: true, ended: true });
    expect(replayed?.statements.get(3)?.rows.every(([only]) => only === cell)).toBe(true);
  });

  it('there is no recording of an unknown session', async () => {
    using directory = temporaryDirectory();
    expect(await open(directory.path).recordings.read('nobody')).toBeNull();
  });
});
