/**
 * What a failed write leaves to do: the record says that it ended, and why.
 */
import { constants } from 'node:os';
import { SluiceError } from '@sluice/contract/errors';
import { BlockBuffer } from './block-buffer.ts';
import type { Entry, EntrySequence } from './entry.ts';
import { releaseReserve } from './reserve.ts';
import type { SegmentWriter } from './segment-writer.ts';

/** EVIDENCE_UNWRITABLE, with what the operating system said. */
export function unwritable(cause: unknown, what: string): SluiceError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  // Node has no name for it: "UNKNOWN: unknown error".
  const isQuota = cause instanceof Error && 'errno' in cause && cause.errno === -constants.errno.EDQUOT;
  const said = isQuota ? 'EDQUOT: disk quota exceeded' : cause instanceof Error ? cause.message : String(cause);
  return new SluiceError('EVIDENCE_UNWRITABLE', `${what}: ${said}.`, {
    cause,
    facts: { errno: isQuota ? 'EDQUOT' : code },
  });
}

/**
 * Cuts off what the failed write left and writes `entries`, from `sequence` on, to a segment of their own; the reserve makes
 * room. They, and everything before them, are on the disk when it resolves. Throws what the file system throws, and
 * `SyncFailed`.
 */
export async function writeLastEntries(
  writer: SegmentWriter,
  entries: readonly Entry[],
  {
    directory,
    sequence,
    atUs,
  }: { readonly directory: string; readonly sequence: EntrySequence; readonly atUs: number },
): Promise<void> {
  writer.cutPartialBlock();
  releaseReserve(directory);
  // A segment of its own: the full one may be at a limit of its size.
  writer.rotate(sequence);
  const buffer = new BlockBuffer();
  for (const [index, payload] of entries.map((entry) => JSON.stringify(entry)).entries())
    buffer.add(payload, Buffer.byteLength(payload), sequence + index, atUs);
  writer.write(buffer, sequence);
  await writer.sync();
}
