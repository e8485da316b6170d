import { expect, it } from 'vitest';
import { statementInWords } from './statement-words.ts';

it.each([
  ['SelectStmt', 'SELECT'],
  ['CreateTableAsStmt', 'CREATE TABLE AS'],
  ['CreateStmt', 'CREATE TABLE'],
  ['AlterTableStmt', 'ALTER TABLE'],
  ['AlterRoleSetStmt', 'ALTER ROLE … SET'],
  ['IndexStmt', 'CREATE INDEX'],
  ['ReassignOwnedStmt', 'REASSIGN OWNED'],
])('%s is called %s', (kind, words) => {
  expect(statementInWords(kind)).toBe(words);
});
