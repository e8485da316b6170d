/** What a nightly run has found: a table of versions and suites. Pure. */
import type { Counts } from '../verify/counts.ts';

/** The last line of the acceptance runner. */
type Acceptance = {
  readonly leaks: number;
  readonly copied: number;
  readonly overmask: number;
  readonly refused: number;
  readonly cases: number;
};

export type Outcome = ({ readonly kind: 'tests' } & Counts) | ({ readonly kind: 'cases' } & Acceptance);

/** What came of one suite on one version. */
export type Piece = {
  readonly major: number;
  readonly suite: string;
  /** Null when it did not come to its end. */
  readonly outcome: Outcome | null;
  readonly ok: boolean;
  readonly minutes: number;
  /** The commit that was tested, `+` behind it when files had changed since. */
  readonly commit: string;
};

/** Null when the text does not end as the runner ends it. */
export function acceptanceOf(output: string): Outcome | null {
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  const found = /^leaks=(\d+) copied=(\d+) overmask=(\d+) refused=(\d+) cases=(\d+)$/.exec(last);
  if (found === null) return null;
  const [leaks = 0, copied = 0, overmask = 0, refused = 0, cases = 0] = found.slice(1).map(Number);
  return { kind: 'cases', leaks, copied, overmask, refused, cases };
}

/** Whether nothing was found: no test failed, no case leaked, and no benign case was spoilt. */
export function isClean(outcome: Outcome | null): boolean {
  if (outcome === null) return false;
  if (outcome.kind === 'tests') return outcome.failed === 0 && outcome.passed > 0;
  const { leaks, copied, overmask, refused, cases } = outcome;
  return cases > 0 && leaks + copied + overmask + refused === 0;
}

/** One line a version, one column a suite. Pieces of another commit than the first one's name theirs. */
export function tableOf(pieces: readonly Piece[], suites: readonly string[]): string {
  const majors = [...new Set(pieces.map(({ major }) => major))].toSorted((a, b) => a - b);
  const [commit = ''] = pieces.map((piece) => piece.commit);
  const rows = majors.map((major) => [
    String(major),
    ...suites.map((suite) => {
      const piece = pieces.find((one) => one.major === major && one.suite === suite);
      return piece === undefined ? 'not run' : cellOf(piece, commit);
    }),
  ]);
  const table = [['PostgreSQL', ...suites], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, `cases: leaks/copied/overmask/refused of all; commit ${commit}`].join('\n');
}

function cellOf({ outcome, ok, minutes, commit }: Piece, common: string): string {
  const said = outcome === null ? 'did not end' : inWords(outcome);
  const place = commit === common ? '' : ` at ${commit}`;
  return `${ok ? '' : 'FAILED '}${said} (${minutes.toFixed(1)} min)${place}`;
}

function inWords(outcome: Outcome): string {
  if (outcome.kind === 'cases')
    return `${outcome.leaks}/${outcome.copied}/${outcome.overmask}/${outcome.refused} of ${outcome.cases}`;
  const skipped = outcome.skipped === 0 ? '' : `, ${outcome.skipped} skipped`;
  return `${outcome.passed} passed, ${outcome.failed} failed${skipped}`;
}
