/**
 * Words that fit what somebody did. In `@message` and `@remedy`, `{statement}` stands for the kind of statement, and
 * `{instead}` for what could be done in place of this use of a column.
 */
import { statementInWords } from '../analysis/statement-words.ts';
import type { StatementFacts } from './decision.ts';
import type { Finding } from './reasons.ts';

export type ColumnUse = 'shape' | 'fault' | 'write';

type Kind = 'query' | 'explanation' | 'change' | 'code';

const INSTEAD: Readonly<Record<ColumnUse, Readonly<Record<Kind, string>>>> = {
  shape: {
    query: 'Filter, join, sort, group and count by other columns',
    explanation:
      'Explain it without ANALYZE, costs and buffers, and with other columns to filter, join, sort and group by',
    change: 'Choose which rows are changed, and which are in conflict, by other columns',
    code: 'Let other columns decide in the code',
  },
  fault: {
    query: 'Return the column itself, without casts, arithmetic or functions that can fail',
    explanation: 'Explain it without what can fail',
    change: 'Leave it out of what is computed, compared and written',
    code: 'Leave it out of the code',
  },
  write: {
    query: 'Leave it out of what is handed on',
    explanation: 'Leave it out',
    change: 'Leave it out of what is written',
    code: 'Leave it out of the code',
  },
};

type Facts = Pick<StatementFacts, 'statementClass' | 'statementKind'>;

export function fitting(finding: Finding, facts: Facts, use: ColumnUse): Finding {
  const fill = (text: string): string =>
    text
      .replaceAll('{statement}', () => statementInWords(facts.statementKind))
      .replaceAll('{instead}', () => INSTEAD[use][kindOf(facts)]);
  return { ...finding, says: fill(finding.says), remedy: fill(finding.remedy) };
}

function kindOf({ statementClass, statementKind }: Facts): Kind {
  switch (statementKind) {
    case 'DoStmt':
    case 'CallStmt':
      return 'code';
    case 'ExplainStmt':
      return 'explanation';
    default:
      return statementClass === 'read' ? 'query' : 'change';
  }
}
