/**
 * Ends of statements that wait for company: those of one session share a record (docs/evidence-format.md, "Short forms").
 */
import { LineBuffer, RepeatedText } from './line-buffer.ts';
import type { Completed } from './recorded-entry.ts';
import type { RecordingDigest } from './recording.ts';

/** What is in the recording of a session now; null when nothing is, or nobody knows. */
export type RecordedSoFar = (sessionId: string) => RecordingDigest | null;

/** Of one session's record; it is taken when it reaches them. A longer record would enter the Merkle log by its hash. */
export const MAX_RECORD_BYTES = 16 * 1024;
/** Of all that wait: EVIDENCE-AND-TRUST §4 allows 256 KiB. */
export const MAX_COMPLETIONS_BYTES = 128 * 1024;

export type CompletedRecord = { readonly payload: Buffer; readonly entries: readonly Completed[] };
type Waiting = { readonly lines: LineBuffer; readonly entries: Completed[] };

const HEAD = Buffer.from('{"kind":"statements.completed","sessionId":');
const LIST = Buffer.from(',"completed":[');
const TAIL = Buffer.from(']}');
const RECORDED = Buffer.from('],"recorded":');
const COMMA = Buffer.from(',');
const STATEMENT = Buffer.from('{"statementId":');
const TAG = Buffer.from(',"tag":');
const ROWS = Buffer.from(',"rows":');
const MASKED_CELLS = Buffer.from(',"maskedCells":');
const DURATION = Buffer.from(',"durationUs":');
const NO_ERROR = Buffer.from(',"error":null}');
const ERROR = Buffer.from(',"error":');
const END = Buffer.from('}');

export class Completions {
  readonly #waiting = new Map<string, Waiting>();
  readonly #tags = new RepeatedText();
  /** Of the recordings of sessions, whose ends say how far they were when those were written. */
  recordedSoFar: RecordedSoFar = () => null;
  #bytes = 0;

  /** Whether it is time to take them. */
  get isFull(): boolean {
    return this.#bytes >= MAX_COMPLETIONS_BYTES;
  }

  /** Whether an end of a statement of this session waits. */
  has(sessionId: string): boolean {
    return this.#waiting.has(sessionId);
  }

  /** Returns the session's record when that is full. */
  add(entry: Completed): CompletedRecord | null {
    let waiting = this.#waiting.get(entry.sessionId);
    const before = waiting?.lines.length ?? 0;
    if (waiting === undefined) {
      waiting = { lines: new LineBuffer(), entries: [] };
      this.#waiting.set(entry.sessionId, waiting);
      writeHead(waiting.lines, entry.sessionId);
    } else waiting.lines.bytes(COMMA);
    const { lines, entries } = waiting;
    writeCompleted(lines, entry, this.#tags);
    entries.push(entry);
    this.#bytes += lines.length - before;
    if (lines.length < MAX_RECORD_BYTES) return null;
    this.#waiting.delete(entry.sessionId);
    this.#bytes -= lines.length;
    return this.#recordOf(entry.sessionId, waiting);
  }

  /** All of them, a record a session. */
  take(): readonly CompletedRecord[] {
    if (this.#waiting.size === 0) return [];
    const taken = [...this.#waiting];
    this.#waiting.clear();
    this.#bytes = 0;
    return taken.map(([sessionId, waiting]) => this.#recordOf(sessionId, waiting));
  }

  #recordOf(sessionId: string, { lines, entries }: Waiting): CompletedRecord {
    const recorded = this.recordedSoFar(sessionId);
    if (recorded === null) lines.bytes(TAIL);
    else {
      lines.bytes(RECORDED);
      lines.text(JSON.stringify(recorded));
      lines.bytes(END);
    }
    return { payload: lines.take(), entries };
  }
}

/** The record of one end by itself, as JSON. */
export function completedPayload(entry: Completed): string {
  const lines = new LineBuffer();
  writeHead(lines, entry.sessionId);
  writeCompleted(lines, entry, new RepeatedText());
  lines.bytes(TAIL);
  return lines.take().toString();
}

function writeHead(lines: LineBuffer, sessionId: string): void {
  lines.bytes(HEAD);
  lines.text(JSON.stringify(sessionId));
  lines.bytes(LIST);
}

/** Bytes rather than text: a text of many pieces is copied piece by piece when it is written. */
function writeCompleted(lines: LineBuffer, entry: Completed, tags: RepeatedText): void {
  lines.bytes(STATEMENT);
  lines.number(entry.statementId);
  lines.bytes(TAG);
  lines.bytes(tags.json(entry.tag));
  lines.bytes(ROWS);
  lines.number(entry.rows);
  lines.bytes(MASKED_CELLS);
  lines.number(entry.maskedCells);
  lines.bytes(DURATION);
  lines.number(entry.durationUs);
  if (entry.error === null) {
    lines.bytes(NO_ERROR);
    return;
  }
  lines.bytes(ERROR);
  lines.text(JSON.stringify(entry.error));
  lines.bytes(END);
}
