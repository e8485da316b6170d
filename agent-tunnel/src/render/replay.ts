import type { SessionDetail, SessionView, StatementView } from '@sluice/contract/api';
import { renderChain, renderClassifiedFlows, renderReasons } from './flows.ts';
import { UNKNOWN_OUTCOME } from './outcome.ts';
import { renderStatement } from './request.ts';
import { renderRequestHistory } from './request-history.ts';
import { paintEffect, paintLabel, type Style } from './style.ts';
import { type Cell, renderTable } from './table.ts';
import { visibleLine } from './visible.ts';

/** What became of statements that went nowhere. */
const NEVER_RUN: ReadonlySet<StatementView['outcome']> = new Set(['held', 'denied', 'expired', 'refused']);
/** The mark of a masked cell. */
export const MASKED = '▒';

/** Who, where, when: the head of a session's timeline. */
export function renderSession({ session }: SessionDetail, style: Style): string {
  const end =
    session.closedAt === null
      ? 'still open'
      : `closed ${session.closedAt} (${visibleLine(session.closeReason ?? 'no reason given')})`;
  return (
    `${style.bold(`Session ${visibleLine(session.sessionId)}`)}  ${visibleLine(session.resource)} (${visibleLine(session.protocol)})\n` +
    `By           ${renderChain(session.principal)}\n` +
    `From         ${visibleLine(session.from)}, ${session.via}${session.application === '' ? '' : `, ${visibleLine(session.application)}`}\n` +
    `Opened       ${session.openedAt}, ${end}\n` +
    `Touched      ${paintLabel(style, session.highestLabel)} data at most, ${session.statements} statement${session.statements === 1 ? '' : 's'}\n`
  );
}

/** One statement of the timeline with its result as the principal saw it. The clock starts when the session was opened. */
export function renderStatementSeen(
  statement: StatementView,
  { openedAt, sessionId }: Pick<SessionView, 'openedAt' | 'sessionId'>,
  style: Style,
): string {
  const head = `${style.dim(offset(openedAt, statement.at))}  #${statement.statementId}  ${paintEffect(style, statement.effect)}`;
  const request = statement.requestId === null ? '' : `  request ${visibleLine(statement.requestId)}`;
  const flows = statement.effect === 'allow' ? '' : renderClassifiedFlows(statement.flows, style);
  const reasons = statement.effect === 'allow' ? '' : renderReasons(statement.reasons, style);
  const decided = renderRequestHistory(statement, sessionId, style);
  return `${head}${request}\n${renderStatement(statement.text, style)}${flows}${reasons}${decided}${renderSeen(statement, style)}${renderOutcome(statement, style)}\n`;
}

/** Milliseconds from one statement to the next, for replay at `speed`; at most `maxMs`. */
export function replayDelayMs(from: string, to: string, speed: number, maxMs: number): number {
  return Math.min(maxMs, Math.max(0, (Date.parse(to) - Date.parse(from)) / speed));
}

function renderSeen(statement: StatementView, style: Style): string {
  if (statement.columns.length === 0) return '';
  const header = statement.columns.map((column) => (column.masked ? `${column.name} ${MASKED}` : column.name));
  const rows = statement.seen.map((row) =>
    row.map((value, index) => seenCell(value, statement.columns[index]?.masked === true, style)),
  );
  return indent(renderTable(header, rows));
}

export function seenCell(value: string | null, isMasked: boolean, style: Style): Cell {
  if (isMasked) return { text: value === null ? MASKED : `${MASKED} ${value}`, paint: style.cyan };
  return value === null ? { text: 'NULL', paint: style.dim } : { text: value };
}

function renderOutcome(statement: StatementView, style: Style): string {
  if (NEVER_RUN.has(statement.outcome)) return `  ${style.dim('not run')}\n`;
  // Of a statement that only changed rows its tag tells how many.
  const hasRows = statement.tag === null || statement.rows > 0 || statement.columns.length > 0;
  const parts = [
    ...(statement.tag === null ? [] : [visibleLine(statement.tag)]),
    ...(hasRows
      ? [`${statement.rows} rows${statement.truncated ? `, the first ${statement.seen.length} kept` : ''}`]
      : []),
    ...(statement.maskedCells > 0 ? [`${statement.maskedCells} cells masked ${MASKED}`] : []),
    ...(statement.durationUs === null ? [] : [`${(statement.durationUs / 1_000).toFixed(1)} ms`]),
  ];
  const error = statement.error === null ? '' : `  ${style.red(visibleLine(statement.error))}\n`;
  const unknown = statement.outcome === 'unknown' ? `  ${style.red(UNKNOWN_OUTCOME)}\n` : '';
  return `  ${style.dim(parts.join(' · '))}\n${statement.outcome === 'unknown' ? unknown : error}`;
}

function offset(from: string, to: string): string {
  const ms = Math.max(0, Date.parse(to) - Date.parse(from));
  const minutes = Math.floor(ms / 60_000);
  return `+${String(minutes).padStart(2, '0')}:${((ms % 60_000) / 1_000).toFixed(3).padStart(6, '0')}`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
