/** psql's output of a file (`-a`: input lines are echoed) cut into what each statement printed. */

export type Printed = {
  /** Line of the input, from 1, that was echoed last before. */
  readonly line: number;
  /** The statement as far as it stands on the lines echoed since the last output. */
  readonly statement: string;
  readonly output: readonly string[];
};

/** A line this long is taken for an echo of the input wherever it comes next. */
const DISTINCTIVE_CHARACTERS = 16;
const LOOK_AHEAD_LINES = 60;

/**
 * Walks input and output together. Empty lines between statements and COPY data are not echoed, so they are skipped
 * where the output does not show them.
 */
export function cut(input: string, output: string): readonly Printed[] {
  const lines = input.split('\n');
  const data = copyData(lines);
  const printed: { line: number; statement: string; output: string[] }[] = [];
  let at = 0;
  let echoed: string[] = [];
  let current: { line: number; statement: string; output: string[] } | null = null;
  for (const line of output.split('\n')) {
    const next = line === '' ? -1 : echoOf(lines, data, at, line);
    if (next >= 0) {
      at = next + 1;
      if (current !== null) printed.push(current);
      current = null;
      echoed.push(line);
      continue;
    }
    if (current === null && line === '') continue;
    current ??= { line: at, statement: statementEnding(echoed), output: [] };
    echoed = [];
    current.output.push(line);
  }
  if (current !== null) printed.push(current);
  return printed;
}

/** Where the output line stands in the input, as the next line that is echoed; -1 when it is no echo. */
function echoOf(lines: readonly string[], data: ReadonlySet<number>, at: number, line: string): number {
  let next = at;
  while (next < lines.length && lines[next] !== line && (lines[next] === '' || data.has(next))) next += 1;
  if (lines[next] === line) return next;
  if (line.length < DISTINCTIVE_CHARACTERS) return -1;
  const later = lines.indexOf(line, next);
  return later >= 0 && later < next + LOOK_AHEAD_LINES && !data.has(later) ? later : -1;
}

/** Indices of lines that are data of an inline COPY. */
function copyData(lines: readonly string[]): ReadonlySet<number> {
  const data = new Set<number>();
  for (let index = 0; index < lines.length; index += 1) {
    if (!/^\s*(\\?copy\b.*\bfrom stdin\b|.*\bfrom stdin\b.*;\s*$)/i.test(lines[index] ?? '')) continue;
    const end = lines.indexOf('\\.', index);
    if (end < 0) continue;
    for (let inside = index + 1; inside <= end; inside += 1) data.add(inside);
    index = end;
  }
  return data;
}

/** From the last empty line or end of a statement on. */
function statementEnding(echoed: readonly string[]): string {
  let start = echoed.length - 1;
  while (start > 0 && !/;\s*(--.*)?$/.test(echoed[start - 1] ?? '') && echoed[start - 1] !== '') start -= 1;
  return echoed
    .slice(Math.max(start, 0))
    .filter((line) => !line.startsWith('--'))
    .join('\n');
}

export type Difference = {
  readonly line: number;
  readonly statement: string;
  readonly direct: string;
  readonly gateway: string;
};

/** What printed otherwise through the gateway, by input line. */
export function differences(direct: readonly Printed[], gateway: readonly Printed[]): readonly Difference[] {
  const lines = new Map<number, { direct?: Printed; gateway?: Printed }>();
  for (const printed of direct) lines.set(printed.line, { direct: printed });
  for (const printed of gateway) lines.set(printed.line, { ...lines.get(printed.line), gateway: printed });
  return [...lines]
    .sort(([a], [b]) => a - b)
    .map(([line, both]) => ({
      line,
      statement: both.direct?.statement ?? both.gateway?.statement ?? '',
      direct: (both.direct?.output ?? []).join('\n').trimEnd(),
      gateway: (both.gateway?.output ?? []).join('\n').trimEnd(),
    }))
    .filter((difference) => difference.direct !== difference.gateway);
}

/** Roughly how many statements a file holds: what ends a line with a semicolon or starts one with a backslash, outside of data. */
export function countStatements(input: string): number {
  const lines = input.split('\n');
  const data = copyData(lines);
  return lines.filter((line, index) => !data.has(index) && !line.startsWith('--') && /;\s*(--.*)?$|^\\/.test(line))
    .length;
}
