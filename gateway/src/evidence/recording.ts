/**
 * What the principal saw of one session: masked rows up to a bound, one file a session, lines of JSON.
 *
 * ```text
 * {"recording":1,"sessionId":"…"}
 * ["c", statementId, [[name, typeOid, masked], …]]      a result starts
 * ["r", statementId, [cell, …]]                         a row; null is NULL
 * ["e", statementId, tag, rows, error, truncated]       the statement ended
 * ["x", reason]                                         the session closed
 * ```
 * A crash leaves at most one torn line at the end, which `readRecording` ignores and reports.
 */
import { createHash, type Hash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Recording } from './entry.ts';
import { isPlain, LineBuffer, RepeatedText } from './line-buffer.ts';
import { type OpenResult, OpenResults } from './open-results.ts';
import {
  COLUMNS_LINE,
  COMMA,
  type Columns,
  columnsText,
  END_LINE,
  ENDED,
  NULL,
  ROW_END,
  ROW_LINE,
  ROW_START,
} from './recording-lines.ts';

export type RecordingBounds = {
  /** Rows kept of one statement. */
  readonly rowsPerStatement: number;
  /** Characters of rows kept of one session. What is noted beside rows is not counted. */
  readonly bytesPerSession: number;
};

export const DEFAULT_RECORDING_BOUNDS: RecordingBounds = { rowsPerStatement: 1_000, bytesPerSession: 64 * 1024 * 1024 };
/** Characters kept of one cell; a longer one is cut and its statement counts as truncated. */
export const MAX_CELL_CHARACTERS = 4_096;
/** Bytes that may wait for the disk; beyond them rows are not kept. */
export const MAX_PENDING_BYTES = 1024 * 1024;
/** Results of one session that may be under way at once (portals); rows of further ones are not kept. */
export const MAX_OPEN_RESULTS = 1_024;

/** A write up to this size is made at once: a hop through the thread pool would cost more than the write. Bytes. */
export const MAX_SYNC_WRITE_BYTES = 16 * 1024;

/** Bytes that wait for the next flush; beyond them one begins at once (EVIDENCE-AND-TRUST §4). */
export const MAX_UNWRITTEN_BYTES = 256 * 1024;

export type RecordingDigest = { readonly bytes: number; readonly sha256: string };

export type SessionRecordingOptions = {
  readonly path: string;
  readonly sessionId: string;
  readonly bounds: RecordingBounds;
  /** Asks for a call of `flush` soon. */
  readonly onPending: (recording: SessionRecording) => void;
  /** More was written than `written` has told of. */
  readonly onGrown: () => void;
  /** The file cannot be written: the session must end. Called once. */
  readonly onFailure: (error: unknown) => void;
  readonly onClosed: (recording: SessionRecording, digest: RecordingDigest) => Promise<void>;
};

/** Is told what goes into the recording, as it goes. */
export interface RecordingListener {
  columns(statementId: number, columns: Columns): void;
  row(statementId: number, cells: readonly (string | null)[]): void;
}

function isLong(cell: string | null): boolean {
  return cell !== null && cell.length > MAX_CELL_CHARACTERS;
}

function isPlainCell(cell: Buffer | null): boolean {
  return cell === null || (cell.length <= MAX_CELL_CHARACTERS && isPlain(cell));
}

export class SessionRecording implements Recording {
  readonly sessionId: string;
  readonly #options: SessionRecordingOptions;
  readonly #digest: Hash = createHash('sha256');
  readonly #results = new OpenResults();
  readonly #listeners = new Set<RecordingListener>();
  readonly #lines = new LineBuffer();
  readonly #tags = new RepeatedText();
  /** Since the last flush. */
  #isToldPending = false;
  #rowBytes = 0;
  #bytes = 0;
  /** Of them, those that `written` has told of. */
  #toldBytes = 0;
  #isFlushAsked = false;
  #file: FileHandle | null = null;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #state: 'open' | 'closed' | 'failed' = 'open';

  constructor(options: SessionRecordingOptions) {
    this.#options = options;
    this.sessionId = options.sessionId;
    this.#lines.text(`${JSON.stringify({ recording: 1, sessionId: options.sessionId })}\n`);
  }

  resultStarted(
    statementId: number,
    columns: readonly { readonly name: string; readonly typeOid: number; readonly masked: boolean }[],
  ): void {
    if (this.#results.size < MAX_OPEN_RESULTS && this.#results.get(statementId) === undefined)
      this.#results.start(statementId);
    if (this.#isTaken()) {
      const lines = this.#lines;
      lines.bytes(COLUMNS_LINE);
      lines.number(statementId);
      lines.bytes(columnsText(columns));
    }
    for (const listener of this.#listeners) listener.columns(statementId, columns);
  }

  row(statementId: number, cells: readonly (string | null)[]): void {
    const result = this.#results.get(statementId);
    if (result === undefined) return;
    if (!this.#takes(result)) {
      result.truncated = true;
      return;
    }
    let kept = cells;
    if (cells.some(isLong)) {
      kept = cells.map((cell) => cell?.slice(0, MAX_CELL_CHARACTERS) ?? null);
      result.truncated = true;
    }
    result.kept += 1;
    this.#rowBytes += this.#add(`["r",${statementId},${JSON.stringify(kept)}]\n`);
    for (const listener of this.#listeners) listener.row(statementId, kept);
  }

  plainRow(statementId: number, cells: readonly (Buffer | null)[]): boolean {
    const result = this.#results.get(statementId);
    if (result === undefined || !this.#takes(result) || this.#listeners.size > 0 || !cells.every(isPlainCell))
      return false;
    result.kept += 1;
    this.#isTaken();
    const lines = this.#lines;
    const before = lines.length;
    lines.bytes(ROW_LINE);
    lines.number(statementId);
    lines.bytes(ROW_START);
    for (let column = 0; column < cells.length; column++) {
      const cell = cells[column] ?? null;
      if (column > 0) lines.bytes(COMMA);
      if (cell === null) lines.bytes(NULL);
      else lines.plainString(cell);
    }
    lines.bytes(ROW_END);
    this.#rowBytes += lines.length - before;
    return true;
  }

  tap(listener: RecordingListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  wantsRow(statementId: number): boolean {
    return this.#takes(this.#results.get(statementId));
  }

  #takes(result: OpenResult | undefined): boolean {
    return (
      this.#state === 'open' &&
      result !== undefined &&
      result.kept < this.#options.bounds.rowsPerStatement &&
      this.#rowBytes < this.#options.bounds.bytesPerSession &&
      this.#lines.length < MAX_PENDING_BYTES
    );
  }

  statementEnded(
    statementId: number,
    outcome: { readonly tag: string; readonly rows: number; readonly error: string | null },
  ): void {
    const result = this.#results.get(statementId);
    this.#results.end(statementId);
    const truncated = result !== undefined && (result.truncated || outcome.rows > result.kept);
    if (!this.#isTaken()) return;
    const lines = this.#lines;
    lines.bytes(END_LINE);
    lines.number(statementId);
    lines.bytes(COMMA);
    lines.bytes(this.#tags.json(outcome.tag));
    lines.bytes(COMMA);
    lines.number(outcome.rows);
    if (outcome.error === null && !truncated) lines.bytes(ENDED);
    else lines.text(`,${JSON.stringify(outcome.error)},${truncated}]\n`);
  }

  /** Writes what is pending; one write at a time. Never rejects: a failure goes to `onFailure`. */
  flush(): Promise<void> {
    this.#isToldPending = false;
    this.#isFlushAsked = true;
    this.#writing = this.#writing.then(() => this.#writePending());
    return this.#writing;
  }

  /**
   * What is in the file now, with what waits and can be written at once; null when that is nothing, or not known. Whoever
   * writes it into the log ties what was seen to the log.
   */
  written(): RecordingDigest | null {
    if (this.#state !== 'open') return null;
    if (this.#file !== null && !this.#isWriting && this.#lines.length <= MAX_SYNC_WRITE_BYTES) {
      try {
        this.#writeNow(this.#file, this.#lines.take());
      } catch (error) {
        // Not now: whoever asks is writing into the log, and the end of the session would write there, too.
        queueMicrotask(() => this.#fail(error));
        return null;
      }
    }
    this.#toldBytes = this.#bytes;
    return this.#bytes === 0 ? null : { bytes: this.#bytes, sha256: this.#digest.copy().digest('hex') };
  }

  async close(reason: string): Promise<void> {
    if (this.#state === 'closed') return;
    // What is written from here on is told when the file is complete.
    this.#toldBytes = Number.POSITIVE_INFINITY;
    if (this.#state === 'open') this.#add(`${JSON.stringify(['x', reason])}\n`);
    await this.flush();
    const file = this.#file;
    this.#file = null;
    if (this.#state === 'failed') {
      await file?.close();
      return;
    }
    this.#state = 'closed';
    try {
      await file?.datasync();
      await file?.close();
    } catch (error) {
      this.#fail(error);
      return;
    }
    await this.#options.onClosed(this, { bytes: this.#bytes, sha256: this.#digest.digest('hex') });
  }

  /** A line with its end. Returns the characters added. */
  #add(line: string): number {
    if (!this.#isTaken()) return 0;
    this.#lines.text(line);
    return line.length;
  }

  /** Whether a line goes in; it is written soon then. */
  #isTaken(): boolean {
    if (this.#state !== 'open') return false;
    if (this.#lines.length >= MAX_UNWRITTEN_BYTES && !this.#isFlushAsked) void this.flush();
    if (!this.#isToldPending) {
      this.#isToldPending = true;
      this.#options.onPending(this);
    }
    return true;
  }

  async #writePending(): Promise<void> {
    this.#isFlushAsked = false;
    if (this.#lines.length === 0 || this.#state === 'failed') return;
    const bytes = this.#lines.take();
    this.#isWriting = true;
    try {
      // Opened at the first write, so that an idle session costs no descriptor; exclusive, so that no two share a file.
      this.#file ??= await open(this.#options.path, 'wx', 0o600);
      if (bytes.length <= MAX_SYNC_WRITE_BYTES) this.#writeNow(this.#file, bytes);
      else {
        await this.#file.appendFile(bytes);
        this.#note(bytes);
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isWriting = false;
    }
    if (this.#state === 'open' && this.#bytes > this.#toldBytes) this.#options.onGrown();
  }

  #writeNow(file: FileHandle, bytes: Buffer): void {
    writeAll(file.fd, bytes);
    this.#note(bytes);
  }

  #note(bytes: Buffer): void {
    this.#digest.update(bytes);
    this.#bytes += bytes.length;
  }

  #fail(error: unknown): void {
    this.#lines.take();
    const isFirst = this.#state !== 'failed';
    this.#state = 'failed';
    if (isFirst) this.#options.onFailure(error);
  }
}

/** At the end of the file: it was opened for this recording alone, and nobody else writes it. Throws what the file system throws. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; )
    written += writeSync(descriptor, bytes, written, bytes.length - written);
}
