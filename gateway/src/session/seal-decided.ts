import type { Reason } from '@sluice/contract/vocabulary';
import type { SealedText } from '../evidence/sealing/session-seal.ts';
import type { DecidedEntry } from './decided-payload.ts';

/** As `SessionSeal` offers it. */
export interface StatementSeal {
  readonly commitment: string;
  seal(statementId: number, text: string, reasons: readonly Reason[] | null): SealedText;
  openly(text: string, statementKind: string, isUnderstood: boolean): { text: string; fingerprint: string };
}

/** What an entry says in place of words that may quote a statement. */
export const SEALED_WORDS = 'sealed with the statement';

/**
 * The entry as it may be read by everybody who reads the record: its literals sealed. Of a statement that was not
 * understood, what the reasons say is sealed too: they may quote it.
 */
export function sealDecided(entry: DecidedEntry, isUnderstood: boolean, seal: StatementSeal): DecidedEntry {
  const reasons = isUnderstood ? null : entry.reasons;
  return {
    ...entry,
    ...seal.openly(entry.text, entry.statementKind, isUnderstood),
    reasons:
      reasons === null ? entry.reasons : reasons.map((reason) => ({ ...reason, message: SEALED_WORDS, remedy: '' })),
    sealed: seal.seal(entry.statementId, entry.text, reasons),
  };
}
