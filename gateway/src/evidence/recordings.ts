/**
 * The recordings of all sessions, in one directory: opens them, writes them in batches, reads them back.
 */
import { mkdirSync } from 'node:fs';
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import type { EvidenceLog } from './entry.ts';
import { type ReplayedRecording, readRecording, type StatementRange } from './read-recording.ts';
import {
  DEFAULT_RECORDING_BOUNDS,
  type RecordingBounds,
  type RecordingDigest,
  type RecordingListener,
  SessionRecording,
} from './recording.ts';

/**
 * Longest time that a recorded row waits to be written, ms. With the log's SOON_INTERVAL_MS its digest is there within
 * the 50 ms of EVIDENCE-AND-TRUST §4.
 */
export const RECORDING_INTERVAL_MS = 30;

const EVERY_STATEMENT: StatementRange = { after: -1, last: Number.POSITIVE_INFINITY };
const SESSION_ID = /^[A-Za-z0-9_-]{1,100}$/;

export type RecordingsOptions = {
  readonly directory: string;
  /** Gets `recording.closed` with the digest of each finished file. */
  readonly log: EvidenceLog;
  readonly bounds?: RecordingBounds;
  /** More is in the file of the session than its entries say so far. */
  readonly onGrown?: (sessionId: string) => void;
  /** A recording cannot be written: its session must end (EVIDENCE-AND-TRUST §4). */
  readonly onFailure: (sessionId: string, error: SluiceError) => void;
};

export class Recordings {
  readonly #options: RecordingsOptions;
  readonly #open = new Map<string, SessionRecording>();
  readonly #pending = new Set<SessionRecording>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: RecordingsOptions) {
    this.#options = options;
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  }

  /** Begins the recording of a session. Throws INTERNAL when the id is no file name, or its recording is open already. */
  open(sessionId: string): SessionRecording {
    const path = this.#path(sessionId);
    if (this.#open.has(sessionId)) throw new SluiceError('INTERNAL', `The session ${sessionId} is recorded already.`);
    const recording = new SessionRecording({
      path,
      sessionId,
      bounds: this.#options.bounds ?? DEFAULT_RECORDING_BOUNDS,
      onPending: (pending) => this.#schedule(pending),
      onGrown: () => this.#options.onGrown?.(sessionId),
      onFailure: (error) => this.#failed(sessionId, error),
      onClosed: (closed, digest) => this.#closed(closed, digest),
    });
    this.#open.set(sessionId, recording);
    return recording;
  }

  /** What is in the file of an open recording now; null for nothing. */
  written(sessionId: string): RecordingDigest | null {
    return this.#open.get(sessionId)?.written() ?? null;
  }

  /** Tells the listener what goes into the recording from now on; nothing when it is not open. */
  tap(sessionId: string, listener: RecordingListener): () => void {
    return this.#open.get(sessionId)?.tap(listener) ?? (() => undefined);
  }

  /** What was recorded so far of the statements in the range, null when nothing was recorded of the session. */
  async read(sessionId: string, range: StatementRange = EVERY_STATEMENT): Promise<ReplayedRecording | null> {
    await this.#open.get(sessionId)?.flush();
    return readRecording(this.#path(sessionId), range);
  }

  async exists(sessionId: string): Promise<boolean> {
    try {
      await access(this.#path(sessionId));
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
      throw error;
    }
  }

  /** Removes the recording of a session that has ended; nothing when there is none. Throws INTERNAL while it is open. */
  async remove(sessionId: string): Promise<void> {
    if (this.#open.has(sessionId)) throw new SluiceError('INTERNAL', `The session ${sessionId} is still recorded.`);
    await rm(this.#path(sessionId), { force: true });
  }

  /** Writes everything pending of every session. */
  async flush(): Promise<void> {
    const pending = [...this.#pending];
    this.#pending.clear();
    await Promise.all(pending.map((recording) => recording.flush()));
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await Promise.all([...this.#open.values()].map((recording) => recording.close('the gateway stopped')));
  }

  #path(sessionId: string): string {
    // The id becomes a file name: anything else could name a file elsewhere.
    if (!SESSION_ID.test(sessionId))
      throw new SluiceError('INTERNAL', 'A session id must be letters, digits, "_" and "-".');
    return join(this.#options.directory, `${sessionId}.jsonl`);
  }

  #schedule(recording: SessionRecording): void {
    this.#pending.add(recording);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      // Never rejects: each recording reports its own failure.
      void this.flush();
    }, RECORDING_INTERVAL_MS);
  }

  #failed(sessionId: string, error: unknown): void {
    this.#open.delete(sessionId);
    const message = `The recording of session ${sessionId} cannot be written: ${error instanceof Error ? error.message : String(error)}.`;
    this.#options.onFailure(sessionId, new SluiceError('EVIDENCE_UNWRITABLE', message, { cause: error }));
  }

  async #closed(recording: SessionRecording, digest: RecordingDigest): Promise<void> {
    this.#open.delete(recording.sessionId);
    this.#pending.delete(recording);
    await this.#options.log.append({ kind: 'recording.closed', sessionId: recording.sessionId, ...digest }, 'write');
  }
}
