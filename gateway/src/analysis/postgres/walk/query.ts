/**
 * One query level: the rows it yields and the columns of its answer (parsenodes.h, Query).
 */
import { builtInFunction } from '../functions/built-in.ts';
import { isVolatileBuiltIn } from '../functions/volatile.ts';
import { booleanAt, childNodes, nameAt, neededNode, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import { isNode, type TreeNode, type TreeValue } from '../tree-text.ts';
import { openCommonTables } from './common-table.ts';
import { walkDataChange } from './data-change.ts';
import { decidedByKey } from './decided-columns.ts';
import { sortClauseSources, windowSources } from './expression.ts';
import { fixedRowSources } from './fixed-rows.ts';
import { withFixedTables } from './fixed-tables.ts';
import { unknownField } from './node-rules.ts';
import { walkSetOperation } from './set-operation.ts';
import {
  type BoundArgument,
  lazyColumns,
  MAX_QUERY_DEPTH,
  MAX_WALKED_QUERIES,
  NO_SOURCES,
  Opaque,
  type QueryFlow,
  type Scope,
  type Sources,
  union,
  type Walker,
} from './walker.ts';

/** CmdType of 15 and later; in 14 MERGE does not exist and 5 is UTILITY. */
const SELECT = 1;
const DELETE = 4;
const MERGE = 5;
const FIRST_WITH_MERGE = 15;

export function walkQuery(
  walker: Walker,
  query: TreeNode,
  outer: Scope | null,
  bound: readonly BoundArgument[] | null,
): QueryFlow {
  if (query.tag !== 'QUERY')
    throw new Opaque('not-a-query', `A ${query.tag} where a query was expected.`, 'Report the statement.');
  if (++walker.findings.walked > MAX_WALKED_QUERIES || ++walker.depth > MAX_QUERY_DEPTH) {
    throw new Opaque(
      'too-large',
      'The statement expands to more queries than the analyser follows.',
      'Split it, or query the tables under the views.',
    );
  }
  requireKnownFields(query);
  const scope = openScope(query, outer, bound);
  const flow = levelFlow(walker, commandOf(walker, query), query, scope);
  walker.depth--;
  return flow;
}

function requireKnownFields(query: TreeNode): void {
  const parts = ['rtable', 'cteList', 'windowClause', 'mergeActionList'].flatMap((field) => nodesAt(query, field));
  const conflict = nodeAt(query, 'onConflict');
  for (const part of [query, ...parts, ...(conflict === null ? [] : [conflict])]) {
    const field = unknownField(part);
    if (field !== null)
      throw new Opaque(
        'unknown-field',
        `The server's tree has ${part.tag}.${field}.`,
        'Report the version of the server.',
      );
  }
}

function commandOf(walker: Walker, query: TreeNode): number {
  const command = numberAt(query, 'commandType');
  const last = walker.serverMajor >= FIRST_WITH_MERGE ? MERGE : DELETE;
  if (command < SELECT || command > last)
    throw new Opaque('utility', 'A utility statement has no flows of its own.', 'Report the statement.');
  return command;
}

function openScope(query: TreeNode, outer: Scope | null, bound: readonly BoundArgument[] | null): Scope {
  const commonTables = new Map();
  const conflict = nodeAt(query, 'onConflict');
  const scope: Scope = {
    query,
    outer,
    bound,
    rangeTable: nodesAt(query, 'rtable'),
    resolved: new Map(),
    commonTables,
    excluded: conflict === null ? 0 : numberAt(conflict, 'exclRelIndex'),
    written: null,
    changed: null,
  };
  for (const [name, table] of openCommonTables(query, scope)) commonTables.set(name, table);
  return scope;
}

function levelFlow(walker: Walker, command: number, query: TreeNode, scope: Scope): QueryFlow {
  const unsorted = levelOrder(walker, query, scope);
  const needed = command !== SELECT || needsOrder(query);
  const rows = union(levelRows(walker, query, scope), needed ? unsorted : NO_SOURCES);
  if (command !== SELECT) return walkDataChange(walker, command, query, scope, rows);
  // One row has no order.
  const order = booleanAt(query, 'hasAggs') && nodesAt(query, 'groupClause').length === 0 ? NO_SOURCES : unsorted;
  const answer = nodesAt(query, 'targetList').filter((entry) => !booleanAt(entry, 'resjunk'));
  const names = answer.map((entry) => nameAt(entry, 'resname') ?? '?column?');
  const setOperations = nodeAt(query, 'setOperations');
  if (setOperations !== null) {
    const combined = walkSetOperation(walker, setOperations, scope);
    walker.findings.carry(combined.columns);
    if (combined.columns.length < answer.length)
      throw new Opaque('set-operation', 'A set operation with fewer columns than its answer.', 'Report the statement.');
    return {
      names,
      width: answer.length,
      column: (index) => combined.columns[index] ?? union(...combined.columns),
      rows: union(rows, combined.rows),
      order,
    };
  }
  const targets = withFixedTables(walker, scope);
  const column = lazyColumns(walker, answer.length, (index) => {
    const entry = answer[index];
    const fixed = entry === undefined ? null : fixedRowSources(walker, nodeAt(entry, 'expr') ?? undefined, scope);
    return fixed ?? walker.expression(entry?.fields.get('expr'), targets);
  });
  const distinct = nodesAt(query, 'distinctClause').length > 0;
  // What the server computes even if nobody reads it, and what must be refused wherever it stands.
  for (const [index, entry] of answer.entries()) if (distinct || isComputedAnyway(entry)) column(index);
  return { names, width: answer.length, column, rows, order };
}

/** What decides the order of the rows of FROM; nothing when this level sorts them. */
function levelOrder(walker: Walker, query: TreeNode, scope: Scope): Sources {
  const from = nodeAt(query, 'jointree');
  return from === null || nodesAt(query, 'sortClause').length > 0 ? NO_SOURCES : joinOrder(walker, from, scope);
}

function joinOrder(walker: Walker, node: TreeNode, scope: Scope): Sources {
  switch (node.tag) {
    case 'FROMEXPR':
      return union(...nodesAt(node, 'fromlist').map((item) => joinOrder(walker, item, scope)));
    case 'JOINEXPR':
      return union(
        joinOrder(walker, neededNode(node, 'larg'), scope),
        joinOrder(walker, neededNode(node, 'rarg'), scope),
      );
    case 'RANGETBLREF':
      return walker.entry(numberAt(node, 'rtindex'), scope).order ?? NO_SOURCES;
    default:
      return NO_SOURCES;
  }
}

/** Does the order of rows decide more than their order: which are kept, or what is made of them? */
function needsOrder(query: TreeNode): boolean {
  if (
    nodeAt(query, 'limitCount') !== null ||
    nodeAt(query, 'limitOffset') !== null ||
    booleanAt(query, 'hasWindowFuncs')
  )
    return true;
  if (booleanAt(query, 'hasDistinctOn')) return true;
  return (
    booleanAt(query, 'hasAggs') &&
    [...query.fields.entries()].some(
      ([field, value]) => field !== 'rtable' && field !== 'cteList' && collectsInOrder(value),
    )
  );
}

/** Aggregates whose result does not depend on the order of their input. */
const ORDERLESS: ReadonlySet<string> = new Set([
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'bool_and',
  'bool_or',
  'every',
  'bit_and',
  'bit_or',
  'bit_xor',
  'variance',
  'stddev',
]);

function collectsInOrder(value: TreeValue | undefined): boolean {
  for (const node of childNodes(value)) {
    if (
      node.tag === 'AGGREF' &&
      nodesAt(node, 'aggorder').length === 0 &&
      !ORDERLESS.has(builtInFunction(numberAt(node, 'aggfnoid'))?.name ?? '')
    )
      return true;
    for (const child of node.fields.values()) if (collectsInOrder(child)) return true;
  }
  return false;
}

/** Expressions with effects, sets, or a place in GROUP BY or ORDER BY. Functions of users count as having effects. */
function isComputedAnyway(entry: TreeNode): boolean {
  return numberAt(entry, 'ressortgroupref') !== 0 || hasEffects(entry);
}

const HARMLESS: ReadonlySet<string> = new Set(['total', 'faultable', 'reads']);

function hasEffects(value: TreeValue | undefined): boolean {
  for (const node of childNodes(value)) {
    if (node.tag === 'NEXTVALUEEXPR' || booleanAt(node, 'funcretset') || booleanAt(node, 'opretset')) return true;
    for (const field of ['funcid', 'opfuncid', 'aggfnoid', 'winfnoid']) {
      const oid = numberOr(node, field, -1);
      if (oid < 0) continue;
      const known = builtInFunction(oid);
      if (known === undefined || !HARMLESS.has(known.class) || isVolatileBuiltIn(known.name)) return true;
    }
    for (const child of node.fields.values()) if (hasEffects(child)) return true;
  }
  return false;
}

const SORTING_CLAUSES = [
  ['groupClause', 'GROUP BY'],
  ['distinctClause', 'DISTINCT'],
  ['sortClause', 'ORDER BY'],
] as const;

/** What decides which rows this level yields, how many and in which order. */
function levelRows(walker: Walker, query: TreeNode, scope: Scope): Sources {
  const found: Sources[] = [];
  for (const table of scope.commonTables.values()) {
    // Runs whether or not it is read.
    if (numberAt(table.query, 'commandType') !== SELECT) found.push(walker.commonTable(table).rows);
  }
  const { places } = walker.findings;
  const from = nodeAt(query, 'jointree');
  if (from !== null) found.push(joinRows(walker, from, scope));
  found.push(places.shapes('HAVING', walker.expression(nodeAt(query, 'havingQual'), scope)));
  for (const [field, words] of SORTING_CLAUSES) {
    const decided = decidedByKey(walker, query, field);
    for (const clause of nodesAt(query, field)) {
      const sources = sortClauseSources(walker, clause, scope);
      if (!decided.has(numberAt(clause, 'tleSortGroupRef'))) found.push(places.shapes(words, sources));
      // How many values there are decides how it is planned.
      else walker.findings.carry([sources]);
    }
  }
  // The sort below a window function is the order of the answer when nothing else orders it.
  for (const window of nodesAt(query, 'windowClause'))
    found.push(places.shapes('a window', windowSources(walker, window, scope)));
  for (const field of ['limitOffset', 'limitCount']) {
    const bound = walker.expression(nodeAt(query, field), scope);
    if (bound.size > 0) walker.findings.fault(bound, 'LIMIT');
    found.push(places.shapes('LIMIT', bound));
  }
  if (booleanAt(query, 'hasTargetSRFs')) {
    for (const entry of nodesAt(query, 'targetList'))
      found.push(places.shapes('a function that returns rows', setReturningSources(walker, entry, scope)));
  }
  for (const entry of scope.rangeTable) {
    found.push(places.shapes('row security', walker.expression(entry.fields.get('securityQuals'), scope)));
  }
  for (const option of nodesAt(query, 'withCheckOptions')) {
    walker.findings.fault(walker.expression(nodeAt(option, 'qual'), scope), 'a condition on what may be written');
  }
  return union(...found);
}

/** FROM: joins and their conditions, and the rows of everything joined. */
export function joinRows(walker: Walker, node: TreeNode, scope: Scope): Sources {
  switch (node.tag) {
    case 'FROMEXPR':
      return union(
        ...nodesAt(node, 'fromlist').map((item) => joinRows(walker, item, scope)),
        walker.findings.places.shapes('WHERE', walker.expression(nodeAt(node, 'quals'), scope)),
      );
    case 'JOINEXPR':
      return union(
        joinRows(walker, neededNode(node, 'larg'), scope),
        joinRows(walker, neededNode(node, 'rarg'), scope),
        walker.findings.places.shapes('JOIN', walker.expression(nodeAt(node, 'quals'), scope)),
      );
    case 'RANGETBLREF':
      return walker.entry(numberAt(node, 'rtindex'), scope).rows;
    default:
      throw new Opaque('join-tree', `FROM holds a ${node.tag}.`, 'Report the statement.');
  }
}

/** Functions that return sets in the target list multiply rows: all that goes into them shapes the answer. */
function setReturningSources(walker: Walker, node: TreeNode, scope: Scope): Sources {
  if (booleanAt(node, 'funcretset') || booleanAt(node, 'opretset')) return walker.expression(node, scope);
  if (node.tag === 'SUBLINK' || node.tag === 'QUERY') return union();
  const found: Sources[] = [];
  for (const value of node.fields.values()) {
    if (isNode(value)) found.push(setReturningSources(walker, value, scope));
    else if (Array.isArray(value))
      for (const item of value) if (isNode(item)) found.push(setReturningSources(walker, item, scope));
  }
  return union(...found);
}
