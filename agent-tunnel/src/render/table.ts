import { visibleLine } from './visible.ts';

/** Longest cell shown, characters. */
const MAX_CELL = 120;

/** A cell's text, and how it is painted after it was measured. */
export type Cell = { readonly text: string; readonly paint?: (text: string) => string };

/** Columns aligned by spaces, hidden characters made visible. No line ends in spaces. */
export function renderTable(header: readonly string[], rows: readonly (readonly (string | Cell)[])[]): string {
  const cells = [header.map((text): Cell => ({ text })), ...rows.map((row) => row.map(toCell))].map((row) =>
    row.map((cell) => ({ ...cell, text: shorten(visibleLine(cell.text)) })),
  );
  const widths = header.map((_, column) => Math.max(...cells.map((row) => width(row[column]?.text ?? ''))));
  const lines = cells.map((row) =>
    row
      .map(({ text, paint }, column) => {
        const padding = column === row.length - 1 ? '' : ' '.repeat((widths[column] ?? 0) - width(text));
        return (paint === undefined ? text : paint(text)) + padding;
      })
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function toCell(cell: string | Cell): Cell {
  return typeof cell === 'string' ? { text: cell } : cell;
}

function shorten(text: string): string {
  const characters = [...text];
  return characters.length > MAX_CELL ? `${characters.slice(0, MAX_CELL - 1).join('')}…` : text;
}

/** Code points; wide East Asian letters misalign a row and harm nothing else. */
function width(text: string): number {
  return [...text].length;
}
