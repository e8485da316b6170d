/**
 * A session as it happens: decisions and ends from the log, once they are on the disk, and the rows of its recording
 * between them. Who watches never slows the session: rows that the watcher does not take in time are left out, and the
 * end of the statement says how many there were.
 */
import type { WatchEvent } from '@sluice/contract/audit';
import { SluiceError } from '@sluice/contract/errors';
import type { Entry } from './entry.ts';
import type { DurableEntries, StoredEntry } from './log-options.ts';
import type { RecordingListener } from './recording.ts';
import type { Recordings } from './recordings.ts';
import type { SegmentedLog } from './segmented-log.ts';

/** Rows, and characters of rows, that wait for one watcher; beyond them rows are left out. */
export const MAX_WAITING_ROWS = 1_000;
export const MAX_WAITING_CHARACTERS = 1024 * 1024;
/** Who may watch one session at once: each is one more copy of its rows. */
export const MAX_WATCHERS_PER_SESSION = 8;

type Cells = readonly (string | null)[];
/** What waits, in order: the columns of a result, or rows of it. */
type Waiting =
  | { readonly kind: 'columns'; readonly statementId: number; readonly columns: { name: string; masked: boolean }[] }
  | { readonly kind: 'rows'; readonly statementId: number; readonly rows: Cells[] };

export type Watcher = {
  readonly event: (event: WatchEvent) => void;
  /** Whether more rows would be taken now. */
  readonly hasRoom: () => boolean;
};

export class LiveWatch {
  readonly #recordings: Recordings;
  readonly #watched = new Map<string, Set<Watched>>();

  constructor(log: SegmentedLog, recordings: Recordings) {
    this.#recordings = recordings;
    log.onDurable((block) => this.#tell(block));
  }

  /** Throws LIMIT_REACHED when nobody more may watch the session. */
  assertRoom(sessionId: string): void {
    if ((this.#watched.get(sessionId)?.size ?? 0) >= MAX_WATCHERS_PER_SESSION)
      throw new SluiceError('LIMIT_REACHED', `${MAX_WATCHERS_PER_SESSION} already watch this session.`);
  }

  /**
   * Calls the watcher from now on. `statements`: how many the session has had; their decisions are not told again.
   * Throws LIMIT_REACHED when nobody more may watch the session.
   */
  watch(sessionId: string, statements: number, watcher: Watcher): () => void {
    this.assertRoom(sessionId);
    const watched = new Watched(watcher, statements);
    const others = this.#watched.get(sessionId) ?? new Set();
    this.#watched.set(sessionId, others.add(watched));
    const untap = this.#recordings.tap(sessionId, watched);
    return () => {
      untap();
      watched.stop();
      others.delete(watched);
      if (others.size === 0) this.#watched.delete(sessionId);
    };
  }

  #tell(block: DurableEntries): void {
    if (this.#watched.size === 0) return;
    for (const stored of block.entries) {
      const { entry } = stored;
      if (!isTold(entry)) continue;
      for (const watched of this.#watched.get(entry.sessionId) ?? []) watched.entry(stored, entry);
    }
  }
}

type Told = Extract<Entry, { kind: 'statement.decided' | 'statement.completed' | 'session.closed' }>;

function isTold(entry: Entry): entry is Told {
  return entry.kind === 'statement.decided' || entry.kind === 'statement.completed' || entry.kind === 'session.closed';
}

/** One watcher of one session. */
class Watched implements RecordingListener {
  readonly #watcher: Watcher;
  /** The last statement whose decision was told: rows of later ones wait for theirs. */
  #announced: number;
  #waiting: Waiting[] = [];
  #rows = 0;
  #characters = 0;
  #turn: NodeJS.Immediate | null = null;

  constructor(watcher: Watcher, announced: number) {
    this.#watcher = watcher;
    this.#announced = announced;
  }

  columns(statementId: number, columns: readonly { readonly name: string; readonly masked: boolean }[]): void {
    // As many results as rows: a portal that is read in pieces starts its result once.
    if (this.#waiting.length >= MAX_WAITING_ROWS) return;
    const shown = columns.map(({ name, masked }) => ({ name, masked }));
    this.#waiting.push({ kind: 'columns', statementId, columns: shown });
    this.#soon();
  }

  row(statementId: number, cells: Cells): void {
    const last = this.#waiting.at(-1);
    let group = last?.kind === 'rows' && last.statementId === statementId ? last : null;
    if (group === null) {
      if (this.#waiting.length >= MAX_WAITING_ROWS) return;
      group = { kind: 'rows', statementId, rows: [] };
      this.#waiting.push(group);
    }
    const characters = cells.reduce((sum, cell) => sum + (cell?.length ?? 0), 0);
    if (this.#rows >= MAX_WAITING_ROWS || this.#characters + characters > MAX_WAITING_CHARACTERS) return;
    group.rows.push(cells);
    this.#rows += 1;
    this.#characters += characters;
    this.#soon();
  }

  entry({ sequence, atUs }: StoredEntry, entry: Told): void {
    const at = new Date(Math.floor(atUs / 1000)).toISOString();
    switch (entry.kind) {
      case 'statement.decided': {
        const { statementId, text, effect, reasons, flows, requestId } = entry;
        const said = { statementId, text, effect, reasons: [...reasons], flows: [...flows], requestId };
        this.#watcher.event({ kind: 'statement', sequence, at, ...said });
        this.#announced = Math.max(this.#announced, statementId);
        break;
      }
      case 'statement.completed': {
        this.#flush();
        const { statementId, tag, rows, maskedCells, durationUs, error } = entry;
        const ended = { statementId, tag, rows, maskedCells, durationUs, error };
        this.#watcher.event({ kind: 'completed', sequence, at, ...ended });
        return;
      }
      case 'session.closed':
        this.#flush();
        this.#watcher.event({ kind: 'closed', sequence, at, reason: entry.reason });
        return;
    }
    this.#flush();
  }

  stop(): void {
    if (this.#turn !== null) clearImmediate(this.#turn);
    this.#turn = null;
  }

  /** Rows of one turn make one event. */
  #soon(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = null;
      this.#flush();
    });
  }

  #flush(): void {
    const ready = this.#waiting.findIndex(({ statementId }) => statementId > this.#announced);
    const told = this.#waiting.splice(0, ready === -1 ? this.#waiting.length : ready);
    for (const waiting of told) {
      if (waiting.kind === 'columns') {
        this.#watcher.event(waiting);
        continue;
      }
      const { statementId, rows } = waiting;
      this.#rows -= rows.length;
      for (const row of rows) this.#characters -= row.reduce((sum, cell) => sum + (cell?.length ?? 0), 0);
      if (this.#watcher.hasRoom())
        this.#watcher.event({ kind: 'rows', statementId, rows: rows.map((row) => [...row]) });
    }
  }
}
