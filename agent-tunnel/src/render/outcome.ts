/** What became of a statement, in words. */
import type { StatementOutcome } from '@sluice/contract/api';
import { assertNever } from '@sluice/contract/vocabulary';
import type { Style } from './style.ts';
import type { Cell } from './table.ts';

/** What can be said of a statement that was let run, and whose end is not on record. */
export const UNKNOWN_OUTCOME =
  'outcome unknown: no end is on record; it may have taken effect, which only the database can tell. It is not run again by itself';

/** One word for what became of a statement, `outcome unknown` spelled out. */
export function outcomeCell(outcome: StatementOutcome | undefined, style: Style): Cell {
  switch (outcome) {
    case undefined:
      return { text: '-' };
    case 'unknown':
      return { text: 'outcome unknown', paint: style.red };
    case 'failed':
    case 'refused':
    case 'denied':
    case 'expired':
      return { text: outcome, paint: style.red };
    case 'held':
      return { text: outcome, paint: style.yellow };
    case 'ran':
    case 'running':
      return { text: outcome };
    default:
      return assertNever(outcome);
  }
}
