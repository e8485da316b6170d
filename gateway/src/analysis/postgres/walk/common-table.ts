/** WITH: common tables by name, recursive ones to a fixpoint. */
import { booleanAt, listAt, nameAt, neededNode, nodesAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import {
  type CommonTable,
  columnsOf,
  NO_SOURCES,
  Opaque,
  type Relation,
  type Scope,
  type Sources,
  union,
  type Walker,
} from './walker.ts';

/** Rounds of a recursive common table. Sets only grow, so real ones need two or three. */
export const MAX_RECURSION_ROUNDS = 64;

export function openCommonTables(query: TreeNode, owner: Scope): ReadonlyMap<string, CommonTable> {
  const tables = new Map<string, CommonTable>();
  for (const node of nodesAt(query, 'cteList')) {
    const name = nameAt(node, 'ctename');
    // Two names that differ only in white space read alike in a printed tree.
    if (name === null || tables.has(name))
      throw new Opaque('common-table-name', 'Two WITH queries have names that cannot be told apart.', 'Rename one.');
    tables.set(name, { node, query: neededNode(node, 'ctequery'), owner, relation: null });
  }
  return tables;
}

export function walkCommonTable(walker: Walker, table: CommonTable): Relation {
  if (table.relation !== null) return table.relation;
  if (booleanAt(table.node, 'cterecursive')) return recursive(walker, table);
  const flow = walker.query(table.query, table.owner, null);
  const columns = columnsOf(flow);
  walker.findings.carry(columns);
  table.relation = relationOf(columns, union(flow.rows, flow.order), extraColumns(table.node));
  return table.relation;
}

/** SEARCH and CYCLE add columns whose values are made of any of the others. */
function extraColumns(node: TreeNode): number {
  return listAt(node, 'ctecolnames').length;
}

function recursive(walker: Walker, table: CommonTable): Relation {
  const width = extraColumns(table.node);
  let columns: readonly Sources[] = Array.from({ length: width }, () => NO_SOURCES);
  let rows: Sources = NO_SOURCES;
  for (let round = 0; round < MAX_RECURSION_ROUNDS; round++) {
    table.relation = relationOf(columns, rows, width);
    // The owner's other entries may have been resolved through the smaller sets of the round before.
    table.owner.resolved.clear();
    const flow = walker.query(table.query, table.owner, null);
    const found = columnsOf(flow);
    const grown = table.relation.columns?.map((column, index) => union(column, found[index] ?? NO_SOURCES)) ?? [];
    const grownRows = union(rows, flow.rows, flow.order);
    const settled =
      grownRows.size === rows.size && grown.every((column, index) => column.size === (columns[index]?.size ?? 0));
    columns = grown;
    rows = grownRows;
    if (settled) {
      walker.findings.carry(columns);
      table.relation = relationOf(columns, rows, width);
      return table.relation;
    }
  }
  throw new Opaque('recursion', 'A recursive query did not settle.', 'Simplify the recursive query.');
}

function relationOf(found: readonly Sources[], rows: Sources, width: number): Relation {
  const everything = union(...found);
  const columns = [...found];
  while (columns.length < width) columns.push(everything);
  return {
    columns,
    rows,
    column: (attribute) => {
      if (attribute === 0) return union(...columns);
      const column = columns[attribute - 1];
      if (column === undefined)
        throw new Opaque(
          'common-table-column',
          'A WITH query has fewer columns than are read.',
          'Report the statement.',
        );
      return column;
    },
  };
}
