/**
 * INSERT, UPDATE, DELETE, MERGE: which values reach which stored columns, and what RETURNING shows.
 */
import type { ColumnKey } from '../../flows.ts';
import { FIRST_ASSIGNED_OID } from '../facts.ts';
import { booleanAt, listAt, nameAt, nodeAt, nodesAt, numberAt } from '../tree-node.ts';
import { isNode, type TreeNode, type TreeValue } from '../tree-text.ts';
import { canStoreForeignValue } from './foreign-value.ts';
import type { WriteEvents } from './row-write.ts';
import {
  lazyColumns,
  NO_SOURCES,
  Opaque,
  type QueryFlow,
  type Scope,
  type Sources,
  union,
  type Walker,
} from './walker.ts';
import { closeWrite } from './write-closure.ts';

/** CmdType */
const UPDATE = 2;
const INSERT = 3;
const DELETE = 4;
const MERGE = 5;

export function walkDataChange(
  walker: Walker,
  command: number,
  query: TreeNode,
  scope: Scope,
  levelRows: Sources,
): QueryFlow {
  walker.findings.changesData = true;
  const target = targetOid(query, scope);
  const rows = union(levelRows, changeConditions(walker, query, scope), targetRows(walker, command, query, scope));
  const written = new Map<number, Set<ColumnKey>>();
  const values = new Map<number, Sources>();
  const updated = new Set<number>();
  const conflict = nodeAt(query, 'onConflict');
  for (const [change, entries] of assignmentsOf(command, query)) {
    for (const attribute of collect(walker, entries, scope, rows, { written, values }))
      if (change === UPDATE) updated.add(attribute);
  }
  const conflictRows = closeWrite(walker, target, {
    events: eventsOf(command, query),
    written,
    values,
    updated,
    rows,
    upsert: conflict !== null,
  });
  scope.written = written;
  scope.changed = union(rows, conflictRows);
  const answer = returningList(query).filter((entry) => !booleanAt(entry, 'resjunk'));
  // Whatever RETURNING read before now was memoised without what was written.
  scope.resolved.clear();
  const column = lazyColumns(walker, answer.length, (index) =>
    walker.expression(answer[index]?.fields.get('expr'), scope),
  );
  for (const index of answer.keys()) column(index);
  return {
    names: answer.map((entry) => nameAt(entry, 'resname') ?? '?column?'),
    width: answer.length,
    column,
    rows: union(rows, conflictRows),
    order: NO_SOURCES,
  };
}

function targetOid(query: TreeNode, scope: Scope): number {
  const entry = scope.rangeTable[numberAt(query, 'resultRelation') - 1];
  if (entry === undefined || numberAt(entry, 'rtekind') !== 0)
    throw new Opaque('write-target', 'The target of the write is not a table.', 'Write to the table itself.');
  const oid = numberAt(entry, 'relid');
  if (oid < FIRST_ASSIGNED_OID)
    throw new Opaque('catalog-write', 'The statement changes a system catalog.', 'Use the DDL statement for it.');
  return oid;
}

/**
 * What decides which rows the target has, where they are read: MERGE's target is joined by the planner, and so is missing
 * from the tree's FROM, which names the target of UPDATE and DELETE.
 */
function targetRows(walker: Walker, command: number, query: TreeNode, scope: Scope): Sources {
  return command === MERGE ? walker.entry(numberAt(query, 'resultRelation'), scope).rows : NO_SOURCES;
}

/** Conditions beyond FROM and WHERE that decide which rows change. */
function changeConditions(walker: Walker, query: TreeNode, scope: Scope): Sources {
  const found: Sources[] = [walker.expression(query.fields.get('mergeJoinCondition'), scope)];
  const conflict = nodeAt(query, 'onConflict');
  if (conflict !== null) {
    for (const field of ['arbiterElems', 'arbiterWhere', 'onConflictWhere'])
      found.push(walker.expression(conflict.fields.get(field), scope));
  }
  for (const action of nodesAt(query, 'mergeActionList')) found.push(walker.expression(nodeAt(action, 'qual'), scope));
  return union(...found);
}

/** What is assigned, by the kind of change that assigns it. */
function assignmentsOf(command: number, query: TreeNode): readonly (readonly [number, readonly TreeNode[]])[] {
  const conflict = nodeAt(query, 'onConflict');
  return [
    ...(command === INSERT || command === UPDATE ? [[command, nodesAt(query, 'targetList')] as const] : []),
    ...(conflict === null ? [] : [[UPDATE, nodesAt(conflict, 'onConflictSet')] as const]),
    ...nodesAt(query, 'mergeActionList')
      .filter((action) => numberAt(action, 'commandType') !== DELETE)
      .map((action) => [numberAt(action, 'commandType'), nodesAt(action, 'targetList')] as const),
  ];
}

/** Adds what each entry assigns; returns the attributes. */
function collect(
  walker: Walker,
  entries: readonly TreeNode[],
  scope: Scope,
  rows: Sources,
  { written, values }: { readonly written: Map<number, Set<ColumnKey>>; readonly values: Map<number, Sources> },
): readonly number[] {
  const attributes: number[] = [];
  for (const entry of entries) {
    if (booleanAt(entry, 'resjunk')) continue;
    const attribute = numberAt(entry, 'resno');
    const sources = written.get(attribute) ?? new Set<ColumnKey>();
    const value = nodeAt(entry, 'expr');
    const own = walker.expression(value, scope);
    values.set(attribute, union(values.get(attribute) ?? NO_SOURCES, own));
    const given = union(own, rows);
    if (given.size > 0 && value !== null && canStoreForeignValue(walker, value, scope)) walker.findings.fault(given);
    for (const key of given) sources.add(key);
    written.set(attribute, sources);
    attributes.push(attribute);
  }
  return attributes;
}

function eventsOf(command: number, query: TreeNode): WriteEvents {
  const actions =
    command === MERGE ? nodesAt(query, 'mergeActionList').map((action) => numberAt(action, 'commandType')) : [command];
  const conflict = nodeAt(query, 'onConflict');
  return {
    insert: actions.includes(INSERT),
    update: actions.includes(UPDATE) || (conflict !== null && listAt(conflict, 'onConflictSet').length > 0),
    delete: actions.includes(DELETE),
  };
}

/** Since 18 a node that also names OLD and NEW; a plain list before. */
export function returningList(query: TreeNode): readonly TreeNode[] {
  const value: TreeValue | undefined = query.fields.get('returningList');
  if (value === undefined || value === null) return [];
  if (isNode(value)) return nodesAt(value, value.fields.has('exprs') ? 'exprs' : 'returningList');
  return nodesAt(query, 'returningList');
}
