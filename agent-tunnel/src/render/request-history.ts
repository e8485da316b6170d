/** Who decided about a held statement, when, and what came of it. */
import type { RequestDecision, RequestHistory, StatementView } from '@sluice/contract/api';
import { assertNever } from '@sluice/contract/vocabulary';
import { duration } from './duration.ts';
import { UNKNOWN_OUTCOME } from './outcome.ts';
import type { Style } from './style.ts';
import { visibleLine } from './visible.ts';

/** One line a decision, and one for what came of it; nothing for a statement that nobody had to decide about. */
export function renderRequestHistory(
  { request, statementId }: Pick<StatementView, 'request' | 'statementId'>,
  sessionId: string,
  style: Style,
): string {
  if (request === null) return '';
  const decisions = request.decisions.map((decision) => `  ${renderDecision(decision, style)}\n`).join('');
  return `${decisions}${renderEnd(request, { sessionId, statementId }, style)}`;
}

function renderDecision({ decision, by, waitedMs, sequence, note }: RequestDecision, style: Style): string {
  const word = decision === 'denied' ? style.red(decision) : style.green(decision);
  const said = note === '' ? '' : `: ${visibleLine(note)}`;
  return `${word} by ${visibleLine(by.name)} (${by.kind}) after ${duration(waitedMs)} (entry ${sequence})${said}`;
}

function renderEnd(
  { outcome, outcomeEntry, waitedMs, consumedBy }: RequestHistory,
  own: { readonly sessionId: string; readonly statementId: number },
  style: Style,
): string {
  switch (outcome) {
    case 'pending':
      return `  ${style.yellow('nobody has decided yet')}\n`;
    case 'denied':
      return '';
    case 'expired':
      return `  ${style.red('expired')}${waitedMs === null ? '' : ` after ${duration(waitedMs)}`}: not run (entry ${outcomeEntry})\n`;
    case 'approved':
      return `  ${style.yellow('the approval was not used')}\n`;
    case 'consumed': {
      if (consumedBy === null) return '  the approval was used by a statement of another session\n';
      const { sessionId, statementId } = consumedBy;
      if (sessionId === own.sessionId && statementId === own.statementId) return '';
      const where = sessionId === own.sessionId ? '' : ` of session ${visibleLine(sessionId)}`;
      const end = consumedBy.outcome === 'unknown' ? style.red(UNKNOWN_OUTCOME) : consumedBy.outcome;
      return `  the approval was used by statement ${statementId}${where}: ${end}\n`;
    }
    default:
      return assertNever(outcome);
  }
}
