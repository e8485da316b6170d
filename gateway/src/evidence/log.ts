/**
 * Opens the evidence log: one writer, after whatever an earlier one left is whole again.
 */
import { fdatasync, mkdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { SluiceError } from '@sluice/contract/errors';
import { unwritable } from './log-failure.ts';
import { DEFAULT_SEGMENT_BYTES, type EvidenceLogOptions } from './log-options.ts';
import { recoverLog } from './recover.ts';
import { setReserveAside } from './reserve.ts';
import { SegmentWriter } from './segment-writer.ts';
import { SegmentedLog, toMicroseconds } from './segmented-log.ts';
import { acquireWriterLock, type WriterLock } from './writer-lock.ts';

/**
 * Opens the log in `directory` (created when missing) and recovers its tail. Throws EVIDENCE_BROKEN when it does not
 * verify, EVIDENCE_UNWRITABLE when it cannot be written or another process writes it.
 */
export async function openEvidenceLog(options: EvidenceLogOptions): Promise<SegmentedLog> {
  let lock: WriterLock | null = null;
  try {
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
    lock = acquireWriterLock(options.directory);
    const { position, torn } = recoverLog(options.directory, options.expectedHead ?? null);
    setReserveAside(options.directory);
    const writer = SegmentWriter.open(
      {
        directory: options.directory,
        segmentBytes: options.segmentBytes ?? DEFAULT_SEGMENT_BYTES,
        dataSync: options.dataSync ?? promisify(fdatasync),
        nowUs: () => toMicroseconds(options.now()),
      },
      position,
    );
    // What an earlier process wrote without syncing becomes durable before anything is built on it.
    await writer.sync();
    const log = new SegmentedLog(options, writer, lock, position?.nextSequence ?? 0);
    try {
      await log.tell(torn);
    } catch (error) {
      // That it failed is recorded before another process may have the lock. Why it failed counts, not what follows.
      await Promise.allSettled([log.close()]);
      throw error;
    }
    return log;
  } catch (error) {
    const refusal = error instanceof SluiceError ? error : unwritable(error, 'The evidence log cannot be opened');
    try {
      lock?.release();
    } catch (left) {
      // It names this process: whoever comes after its end takes it over.
      throw new SluiceError(refusal.code, refusal.message, { cause: new AggregateError([refusal, left]) });
    }
    throw refusal;
  }
}
