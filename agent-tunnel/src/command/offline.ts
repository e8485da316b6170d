/** Files that are checked without a gateway: whom to trust, what did not hold, and what a bundle's check says. */
import { SluiceError } from '@sluice/contract/errors';
import { Disproof, parseKey } from '../evidence/note.ts';
import type { BundleReport } from '../evidence/verify-bundle.ts';
import type { Confirmed, Trust } from '../evidence/verify-checkpoint.ts';
import type { Cli } from './cli.ts';

export type TrustOptions = {
  /** Verifier keys of logs and witnesses. */
  readonly key?: readonly string[];
  /** Known witnesses that have to have cosigned. */
  readonly witnesses?: number;
};

/** Throws USAGE for what is no verifier key. */
export function trustOf({ key = [], witnesses = 0 }: TrustOptions): Trust {
  try {
    return { keys: key.map(parseKey), witnesses };
  } catch (error) {
    if (error instanceof Disproof) throw new SluiceError('USAGE', error.message, { cause: error });
    throw error;
  }
}

/** Throws NOT_FOUND with what reading `target` threw. */
export async function readable<T>(target: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new SluiceError('NOT_FOUND', `${target} cannot be read: ${why}`, {
      cause: error,
      remedy: 'Give the directory that holds segment-00000000.log, a segment, a session bundle or a checkpoint.',
    });
  }
}

/** The same, and EVIDENCE_BROKEN with what does not hold. */
export async function disproved<T>(target: string, work: () => Promise<T>): Promise<T> {
  return await readable(target, async () => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Disproof)
        throw new SluiceError('EVIDENCE_BROKEN', `${target}: ${error.message}`, { cause: error });
      throw error;
    }
  });
}

export function renderBundle(cli: Cli, target: string, report: BundleReport): string {
  const recording = {
    sealed: 'its recording is the one that was closed with the session',
    vouched: 'its recording is vouched for by the gateway only: the session was open or cut off',
    expired: 'its recording was removed at the end of its retention',
    none: 'it has no recording',
  }[report.recording];
  const remarks = report.remarks.map((remark) => `  ${cli.style.yellow('note')}  ${remark}\n`).join('');
  return (
    `${cli.style.green('intact')}  ${target}: session ${report.sessionId}, ${counted(report.records, 'record')}, ${counted(report.statements, 'statement')}\n` +
    `  ${recording}\n${remarks}${keysOf(report)}${report.trustsItself ? OWN_KEYS : ''}`
  );
}

export const OWN_KEYS =
  '  These keys are what it says of itself: compare them with those that you know, or give them with `--key`.\n';

export function keysOf({ entries, signedBy, witnessedBy }: Confirmed): string {
  return (
    `  checkpoint of ${entries} entries\n` +
    signedBy.map((vkey) => `  signed by    ${vkey}\n`).join('') +
    witnessedBy.map((vkey) => `  cosigned by  ${vkey}\n`).join('')
  );
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
