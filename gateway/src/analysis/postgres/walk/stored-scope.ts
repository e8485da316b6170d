/**
 * Expressions kept in the catalog (defaults, generation expressions, checks, index expressions, trigger conditions)
 * speak of one row: their Vars have varno 1 (or 1 and 2, OLD and NEW, in trigger conditions) at level 0.
 */
import type { TreeNode } from '../tree-text.ts';
import { NO_SOURCES, type Relation, type Scope, type Sources } from './walker.ts';

const NO_QUERY: TreeNode = { tag: 'QUERY', fields: new Map() };

export function openStoredScope(column: (attribute: number) => Sources): Scope {
  const row: Relation = { column, columns: null, rows: NO_SOURCES };
  return {
    query: NO_QUERY,
    outer: null,
    bound: null,
    rangeTable: [],
    resolved: new Map([
      [1, row],
      [2, row],
    ]),
    commonTables: new Map(),
    excluded: 0,
    written: null,
    changed: null,
  };
}
