import type { WatchEvent } from '@sluice/contract/audit';
import { assertNever } from '@sluice/contract/vocabulary';
import { renderFlows, renderReasons } from './flows.ts';
import { MASKED, seenCell } from './replay.ts';
import { renderStatement } from './request.ts';
import { paintEffect, type Style } from './style.ts';
import { renderTable } from './table.ts';
import { visibleLine } from './visible.ts';

type Columns = Extract<WatchEvent, { kind: 'columns' }>['columns'];
/** What a watcher has to remember of statements under way. */
export type WatchedSoFar = { readonly columns: Map<number, Columns>; readonly rows: Map<number, number> };

/** An event of a live session, as `sessions replay` would show it. */
export function renderWatchEvent(event: WatchEvent, soFar: WatchedSoFar, style: Style): string {
  switch (event.kind) {
    case 'statement': {
      const request = event.requestId === null ? '' : `  request ${visibleLine(event.requestId)}`;
      const isPlain = event.effect === 'allow';
      const why = isPlain ? '' : renderFlows(event.flows, style) + renderReasons(event.reasons, style);
      const head = `${style.dim(event.at)}  #${event.statementId}  ${paintEffect(style, event.effect)}${request}`;
      return `${head}\n${renderStatement(event.text, style)}${why}`;
    }
    case 'columns':
      soFar.columns.set(event.statementId, event.columns);
      return '';
    case 'rows':
      soFar.rows.set(event.statementId, (soFar.rows.get(event.statementId) ?? 0) + event.rows.length);
      return renderRows(event.rows, soFar.columns.get(event.statementId) ?? [], style);
    case 'completed': {
      const shown = soFar.rows.get(event.statementId) ?? 0;
      const hadColumns = soFar.columns.delete(event.statementId);
      soFar.rows.delete(event.statementId);
      const left = hadColumns && shown < event.rows ? `, ${shown} of them shown` : '';
      const masked = event.maskedCells > 0 ? ` · ${event.maskedCells} cells masked ${MASKED}` : '';
      const error = event.error === null ? '' : `  ${style.red(visibleLine(event.error))}\n`;
      const line = `#${event.statementId}  ${visibleLine(event.tag)} · ${event.rows} rows${left}${masked} · ${(event.durationUs / 1_000).toFixed(1)} ms`;
      return `  ${style.dim(line)}\n${error}\n`;
    }
    case 'closed':
      return `${style.dim(event.at)}  closed: ${visibleLine(event.reason)}\n`;
    default:
      return assertNever(event);
  }
}

function renderRows(rows: readonly (readonly (string | null)[])[], columns: Columns, style: Style): string {
  const width = Math.max(columns.length, ...rows.map((row) => row.length));
  const header = Array.from({ length: width }, (_, index) => {
    const column = columns[index];
    return column === undefined ? `column ${index + 1}` : column.masked ? `${column.name} ${MASKED}` : column.name;
  });
  const cells = rows.map((row) => row.map((cell, index) => seenCell(cell, columns[index]?.masked === true, style)));
  return renderTable(header, cells).replace(/^(?=.)/gm, '  ');
}
