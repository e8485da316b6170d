/**
 * A defect of PostgreSQL 18 (seen in 18.4): the server crashes, and with it everybody's sessions, when RETURNING compares
 * the row that a statement does not have with a sub-query: `old` of an INSERT, `new` of a DELETE, and of a MERGE either.
 * `old.a IN (SELECT …)`, `(old.a, 1) = (SELECT a, b …)` and their like do; sub-queries that only name `old` inside do not.
 */
import { booleanAt, childNodes, numberAt, numberOr } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { Opaque, type Scope } from './walker.ts';

/** CmdType */
const INSERT = 3;
const DELETE = 4;
const MERGE = 5;
/** VarReturningType */
const OLD = 1;
const NEW = 2;

/** `test` is what an ANY, ALL or row comparison compares with its sub-query, in `scope`. */
export function requirePresentRow(test: TreeNode | null, scope: Scope): void {
  if (test === null || !readsAbsentRow(test, scope, 0)) return;
  throw new Opaque(
    'server-defect',
    'RETURNING compares a row that the statement does not have (old of an INSERT, new of a DELETE) with a sub-query.',
    'Return the column itself, or compare it in a query of its own (WITH … RETURNING, then SELECT).',
  );
}

/** `depth`: queries between `scope` and the node. */
function readsAbsentRow(node: TreeNode, scope: Scope, depth: number): boolean {
  if (node.tag === 'VAR') {
    const row = numberOr(node, 'varreturningtype', 0);
    return row !== 0 && isAbsent(row, numberAt(node, 'varlevelsup') - depth, scope);
  }
  if (node.tag === 'RETURNINGEXPR') {
    const row = booleanAt(node, 'retold') ? OLD : NEW;
    if (isAbsent(row, numberAt(node, 'retlevelsup') - depth, scope)) return true;
  }
  const inner = node.tag === 'QUERY' ? depth + 1 : depth;
  for (const value of node.fields.values())
    for (const child of childNodes(value)) if (readsAbsentRow(child, scope, inner)) return true;
  return false;
}

/** A level inside of the comparison has its own data change, whose RETURNING is looked at when it is walked. */
function isAbsent(row: number, levels: number, scope: Scope): boolean {
  let owner: Scope | null = levels < 0 ? null : scope;
  for (let up = levels; up > 0 && owner !== null; up--) owner = owner.outer;
  const command = owner === null ? 0 : numberAt(owner.query, 'commandType');
  return command === MERGE || (command === INSERT && row === OLD) || (command === DELETE && row === NEW);
}
