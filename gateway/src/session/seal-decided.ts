import type { Reason } from '@sluice/contract/vocabulary';
import type { Decided } from '../evidence/recorded-entry.ts';
import type { SealedText } from '../evidence/sealing/session-seal.ts';

/** As `SessionSeal` offers it. */
export interface StatementSeal {
  readonly commitment: string;
  seal(statementId: number, text: string, reasons: readonly Reason[] | null): SealedText;
  openly(text: string, statementKind: string, isUnderstood: boolean): { text: string; fingerprint: string };
}

/** What an entry says in place of words that may quote a statement. */
export const SEALED_WORDS = 'sealed with the statement';

/**
 * The entry as it may be read by everybody who reads the record: its literals sealed. What the reasons say is sealed too
 * where they may quote the statement: of one that was not understood, and where they name a place in it.
 */
export function sealDecided(entry: Decided, isUnderstood: boolean, seal: StatementSeal): Decided {
  const quotes = !isUnderstood || entry.reasons.some(({ place }) => place !== undefined);
  return {
    ...entry,
    ...seal.openly(entry.text, entry.statementKind, isUnderstood),
    ...(quotes ? { reasons: entry.reasons.map(withoutWords) } : {}),
    sealed: seal.seal(entry.statementId, entry.text, quotes ? entry.reasons : null),
  };
}

/** Member by member: a new one is not shown before somebody thought about it. */
function withoutWords({ effect, policyId, columns }: Reason): Reason {
  return { effect, policyId, message: SEALED_WORDS, remedy: '', columns };
}
