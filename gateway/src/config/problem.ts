import { SluiceError } from '@sluice/contract/errors';

/** Something wrong in the configuration, with its place and what to do. `line` and `column` count from 1. */
export type ConfigProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
};

/** Problems shown in one message; the rest are counted. */
export const MAX_PROBLEMS_SHOWN = 50;

/** One error for all problems, in the order of files and lines. */
export function configInvalid(directory: string, problems: readonly ConfigProblem[]): SluiceError {
  const sorted = problems.toSorted((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column);
  const shown = sorted.slice(0, MAX_PROBLEMS_SHOWN).map(problemInWords);
  const others = sorted.length - shown.length;
  const count = sorted.length === 1 ? '1 problem' : `${sorted.length} problems`;
  return new SluiceError(
    'CONFIG_INVALID',
    [`The configuration in ${directory} has ${count}:`, ...shown, ...(others > 0 ? [`… and ${others} more`] : [])].join(
      '\n',
    ),
    { facts: { problems: sorted.length } },
  );
}

/** `gateway.yaml:3:5  unknown key "lisen"`, the remedy on a line of its own. */
export function problemInWords(problem: ConfigProblem): string {
  return `  ${problem.file}:${problem.line}:${problem.column}  ${problem.message}\n      → ${problem.remedy}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
