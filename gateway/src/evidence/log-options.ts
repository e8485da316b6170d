/**
 * How the evidence log is opened, and what it tells.
 */
import type { SluiceError } from '@sluice/contract/errors';
import type { Entry, EntrySequence } from './entry.ts';
import type { DataSync } from './segment-writer.ts';
import type { LogHead } from './verify.ts';

/** Longest time that a written entry waits for the disk, ms. */
export const SYNC_INTERVAL_MS = 20;
/** Bytes that may be written and not yet synced; beyond them `append` waits for the disk. */
export const MAX_UNSYNCED_BYTES = 16 * 1024 * 1024;
/** A new segment begins before a block that would pass this size. */
export const DEFAULT_SEGMENT_BYTES = 64 * 1024 * 1024;

export type Durability = 'soon' | 'write' | 'fsync';

/** Longest time that a `soon` entry waits for company, ms. */
export const SOON_INTERVAL_MS = 20;

export type LogFailure = {
  readonly error: SluiceError;
  /** An fsync failed: what the disk holds is unknown, so the process has to end (never retry). */
  readonly fatal: boolean;
};

export type EvidenceLogOptions = {
  readonly directory: string;
  /** Milliseconds since 1970, fractions welcome. */
  readonly now: () => number;
  /** Head that the store's index noted; the log must still contain it. */
  readonly expectedHead?: LogHead | null;
  readonly segmentBytes?: number;
  /** Called at the first failed write, and at a failed sync, also after it. End every session. */
  readonly onFailure?: (failure: LogFailure) => void;
  readonly dataSync?: DataSync;
};

/** An entry with its place, as the index receives it. */
export type StoredEntry = {
  readonly sequence: EntrySequence;
  readonly atUs: number;
  readonly segment: number;
  /** Offset of the record in its segment. */
  readonly offset: number;
  readonly entry: Entry;
};

/** Entries that are on the disk, of whole blocks in a row, and the head behind them. */
export type DurableEntries = { readonly entries: readonly StoredEntry[]; readonly head: LogHead };

export type LogStatistics = {
  readonly entries: number;
  readonly writtenBytes: number;
  readonly unsyncedBytes: number;
  readonly backlogBytes: number;
};
