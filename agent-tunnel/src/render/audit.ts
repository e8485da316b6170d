import type { StatementView } from '@sluice/contract/api';
import type { CitedStatement, ColumnTouch, FirstSeen, HeldStatement, KeptSession } from '@sluice/contract/audit';
import { duration } from './duration.ts';
import { renderChain } from './flows.ts';
import { outcomeCell } from './outcome.ts';
import { paintEffect, paintLabel, type Style } from './style.ts';
import { type Cell, renderTable } from './table.ts';
import { visibleLine } from './visible.ts';

/** Who touched a column: one line a statement, with the entry that proves it. */
export function renderTouches(touches: readonly ColumnTouch[], style: Style): string {
  const rows = touches.map((touch) => [
    ...citation(touch),
    usesCell(touch, style),
    endCell(touch, style),
    touch.text.replace(/\s+/g, ' '),
  ]);
  return renderTable(['ENTRY', 'AT', 'SESSION', '#', 'BY', 'HOW', 'OUTCOME', 'STATEMENT'], rows);
}

function citation({ sequence, at, sessionId, statementId, principal }: CitedStatement): readonly string[] {
  return [
    String(sequence),
    at,
    sessionId,
    String(statementId),
    principal === null ? 'unknown' : renderChain(principal),
  ];
}

function usesCell({ uses, anyColumn, brings = [] }: ColumnTouch, style: Style): Cell {
  if (anyColumn) return { text: 'may have used any column', paint: style.red };
  const text = `${uses.join(', ')}${brings.length === 0 ? '' : ` (${brings.join(', ')})`}`;
  return uses.includes('raw') ? { text, paint: style.red } : { text };
}

function endCell({ outcome, tag }: CitedStatement, style: Style): Cell {
  return outcome === 'ran' && tag !== null ? { text: `ran: ${tag}` } : outcomeCell(outcome, style);
}

/** What was done in one session, with the entries of each decision and end. */
export function renderActs(statements: readonly StatementView[], style: Style): string {
  if (statements.length === 0) return '';
  const rows = statements.map((statement) => [
    entries(statement.decidedEntry, statement.completedEntry),
    statement.at,
    String(statement.statementId),
    { text: statement.effect, paint: () => paintEffect(style, statement.effect) },
    outcomeCell(statement.outcome, style),
    String(statement.rows),
    String(statement.maskedCells),
    statement.text.replace(/\s+/g, ' '),
  ]);
  return renderTable(['ENTRIES', 'AT', '#', 'EFFECT', 'OUTCOME', 'ROWS', 'MASKED', 'STATEMENT'], rows);
}

/** Who brought what into a workflow first. */
export function renderFirstSeen(found: readonly FirstSeen[], style: Style): string {
  return found
    .map(({ flow, approved, plan, effect, ...seen }) => {
      const planned = plan === null ? '' : `  planned by ${renderChain(plan.by)}, plan ${visibleLine(plan.id)}\n`;
      const note = approved === null || approved.note === '' ? '' : `: ${visibleLine(approved.note)}`;
      const approval =
        approved === null
          ? `  ${style.yellow('in no baseline')}\n`
          : `  approved with baseline ${approved.version}, ${approved.at}, by ${renderChain(approved.by)} (entry ${approved.sequence})${note}\n`;
      return (
        `${visibleLine(flow.words)}  ${style.dim(flow.id)}\n` +
        `  first ${seen.at} by ${renderChain(seen.principal)}: session ${visibleLine(seen.sessionId)}, statement ${seen.statementId} (entry ${seen.sequence}), ${paintEffect(style, effect)}\n` +
        `${planned}${approval}`
      );
    })
    .join('');
}

/** What was held, by whom decided, after how long. */
export function renderHeld(held: readonly HeldStatement[], style: Style): string {
  const rows = held.map((one) => [
    entries(one.sequence, one.outcomeEntry),
    one.at,
    one.requestId,
    one.principal === null ? 'unknown' : renderChain(one.principal),
    { text: settled(one), paint: one.outcome === 'denied' ? style.red : style.bold },
    one.decisions.map(({ by, decision }) => `${by.name} ${decision}`).join(', ') || '-',
    one.waitedMs === null ? '-' : duration(one.waitedMs),
    one.statement === null ? '(expired)' : one.statement.replace(/\s+/g, ' '),
  ]);
  return renderTable(['ENTRIES', 'HELD AT', 'REQUEST', 'BY', 'OUTCOME', 'DECIDED BY', 'AFTER', 'STATEMENT'], rows);
}

function settled({ outcome, consumedBy }: HeldStatement): string {
  if (consumedBy === null) return outcome;
  return `${outcome}, ${consumedBy.outcome === 'unknown' ? 'outcome unknown' : consumedBy.outcome}`;
}

/** What is kept how long, and why. */
export function renderKept(kept: readonly KeptSession[], style: Style): string {
  const rows = kept.map((one) => [
    entries(one.session.openedEntry, one.expiredEntry),
    one.session.sessionId,
    renderChain(one.session.principal),
    { text: one.session.highestLabel, paint: () => paintLabel(style, one.session.highestLabel) },
    { text: one.state, paint: one.state === 'held' ? style.yellow : style.bold },
    one.expiredAt ?? one.keptUntil ?? 'until it ends, and then',
    why(one),
  ]);
  return renderTable(['ENTRIES', 'SESSION', 'BY', 'LABEL', 'STATE', 'UNTIL', 'WHY'], rows);
}

function why({ session, retentionMs, because, holds }: KeptSession): string {
  const statement = because === null ? '' : `, by statement ${because.statementId} (entry ${because.sequence})`;
  const held = holds.map(({ holdId, by, reason }) => `; hold ${holdId} by ${by.name}: ${reason}`).join('');
  return `${session.highestLabel} is kept ${duration(retentionMs)}${statement}${held}`;
}

/** `14` or `14, 16`: what proves the beginning and the end. */
function entries(first: number | null, last: number | null): string {
  return [first, last].filter((sequence) => sequence !== null).join(', ');
}
