import type { StatementView } from '@sluice/contract/api';

/** Which statements of a session to show. */
export type ReplaySelection = {
  /** From this statement on. */
  readonly from?: number;
  /** From the first statement at or after this instant on (ISO 8601). */
  readonly at?: string;
  /** Only statements whose text, error or seen cells contain this; upper and lower case alike. */
  readonly search?: string;
};

export function selectStatements(
  statements: readonly StatementView[],
  { from, at, search }: ReplaySelection,
): StatementView[] {
  const atMs = at === undefined ? Number.NEGATIVE_INFINITY : Date.parse(at);
  const wanted = search?.toLowerCase();
  return statements.filter(
    (statement) =>
      statement.statementId >= (from ?? 0) &&
      Date.parse(statement.at) >= atMs &&
      (wanted === undefined || wordsOf(statement).some((word) => word.toLowerCase().includes(wanted))),
  );
}

/** All that was seen of a statement, and what it was. */
function wordsOf({ text, error, tag, requestId, columns, seen }: StatementView): readonly string[] {
  const cells = seen.flat().filter((cell) => cell !== null);
  const said = [text, error, tag, requestId].filter((word) => word !== null);
  return [...said, ...columns.map(({ name }) => name), ...cells];
}
