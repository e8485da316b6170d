import type { CitedStatement, ColumnTouch } from '@sluice/contract/audit';
import { renderChain } from './flows.ts';
import type { Style } from './style.ts';
import { type Cell, renderTable } from './table.ts';

/** Who touched a column: one line a statement, with the entry that proves it. */
export function renderTouches(touches: readonly ColumnTouch[], style: Style): string {
  const rows = touches.map((touch) => [
    ...citation(touch),
    usesCell(touch, style),
    outcomeCell(touch, style),
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

function usesCell({ uses, anyColumn }: ColumnTouch, style: Style): Cell {
  if (anyColumn) return { text: 'may have used any column', paint: style.red };
  const text = uses.join(', ');
  return uses.includes('raw') ? { text, paint: style.red } : { text };
}

function outcomeCell({ outcome, rows }: CitedStatement, style: Style): Cell {
  const text = outcome === 'ran' ? `ran, ${rows} rows` : outcome;
  if (outcome === 'ran' || outcome === 'open') return { text };
  return { text, paint: outcome === 'held' ? style.yellow : style.red };
}
