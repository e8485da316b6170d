/**
 * Expressions: which columns can reach their value. Terms are those of primnodes.h.
 *
 * A node that is not named here is the union of its children and may raise: safe for whatever a later version adds,
 * because a new expression node has its inputs as children. Nodes whose inputs are elsewhere (a Var, a window
 * function's window, a sub-query's parameter) are named.
 */
import { FIRST_USER_OID } from '../facts.ts';
import { isTextLike } from '../functions/text-types.ts';
import { booleanAt, childNodes, constantBytes, neededNode, nodeAt, nodesAt, numberAt, numberOr, numbersAt } from '../tree-node.ts';
import type { TreeNode, TreeValue } from '../tree-text.ts';
import { columnsOf, NO_SOURCES, Opaque, type Scope, type Sources, union, type Walker } from './walker.ts';

/** Nodes that cannot raise by themselves: their value is made of their children. */
const TOTAL_NODES: ReadonlySet<string> = new Set([
  'ARRAYEXPR', 'ARRAY', 'ROWEXPR', 'ROW', 'NULLTEST', 'BOOLEANTEST', 'RELABELTYPE', 'COLLATEEXPR', 'COLLATE', 'NAMEDARGEXPR',
  'TARGETENTRY', 'CASEWHEN', 'WHEN', 'GROUPINGFUNC', 'FIELDSTORE', 'CONVERTROWTYPEEXPR', 'FROMEXPR', 'RETURNINGEXPR',
  'ARRAYCOERCEEXPR', 'INFERENCEELEM', 'MINMAXEXPR', 'MINMAX', 'SORTGROUPCLAUSE',
]);

/** Nodes that evaluate some children only when others say so: whether one raises depends on all of them. */
const CONDITIONAL_NODES: ReadonlySet<string> = new Set(['CASEEXPR', 'CASE', 'COALESCEEXPR', 'COALESCE', 'BOOLEXPR']);

export function walkExpression(walker: Walker, value: TreeValue | undefined, scope: Scope): Sources {
  const found: Sources[] = [];
  for (const node of childNodes(value)) found.push(walkNode(walker, node, scope));
  return union(...found);
}

function walkNode(walker: Walker, node: TreeNode, scope: Scope): Sources {
  switch (node.tag) {
    case 'VAR':
      return variable(walker, node, scope);
    case 'CONST':
    case 'CASETESTEXPR':
    case 'COERCETODOMAINVALUE':
    case 'SETTODEFAULT':
    case 'SQLVALUEFUNCTION':
      return NO_SOURCES;
    case 'CURRENTOFEXPR':
      throw new Opaque('current-of', 'WHERE CURRENT OF is not analysed.', 'Name the row by its key.');
    case 'NEXTVALUEEXPR':
      walker.findings.effect('a sequence', NO_SOURCES);
      return NO_SOURCES;
    case 'PARAM':
      return parameter(walker, node, scope);
    case 'SORTGROUPCLAUSE':
      for (const field of ['eqop', 'sortop']) requireBuiltInOperator(numberOr(node, field, 0));
      return NO_SOURCES;
    case 'SUBLINK':
      return sublink(walker, node, scope);
    case 'QUERY':
      throw new Opaque('query-in-expression', 'A query stands where an expression was expected.', 'Report the statement.');
    case 'WINDOWFUNC':
      return windowFunction(walker, node, scope);
    case 'FIELDSELECT':
      return fieldSelect(walker, node, scope);
    case 'COERCEVIAIO':
      return coerceViaIo(walker, node, scope);
    case 'COERCETODOMAIN':
      return coerceToDomain(walker, node, scope);
    case 'SUBSCRIPTINGREF':
      return subscript(walker, node, scope);
    case 'ROWCOMPAREEXPR':
    case 'ROWCOMPARE':
      for (const operator of numbersAt(node, 'opnos')) requireBuiltInOperator(operator);
      return children(walker, node, scope);
    default:
      return operation(walker, node, scope);
  }
}

/** Everything with a function behind it, and every node that is only the sum of its children. */
function operation(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const faultsBefore = walker.findings.faults;
  const writesBefore = walker.findings.writes.length;
  let sources = children(walker, node, scope);
  const functionOid = functionOf(node);
  if (functionOid !== null) {
    sources = walker.call(functionOid, { sources, arguments: argumentsOf(node) }, scope);
  } else if (!TOTAL_NODES.has(node.tag) && !CONDITIONAL_NODES.has(node.tag)) {
    walker.findings.fault(sources);
  }
  if (CONDITIONAL_NODES.has(node.tag)) guard(walker, sources, faultsBefore, writesBefore);
  return sources;
}

/** What was evaluated under a condition reveals the condition: by raising or not, by happening or not. */
export function guard(walker: Walker, condition: Sources, faultsBefore: number, writesBefore: number): void {
  if (walker.findings.faults > faultsBefore) walker.findings.fault(condition);
  for (const write of walker.findings.writes.slice(writesBefore)) for (const source of condition) write.sources.add(source);
}

function children(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const found: Sources[] = [];
  for (const value of node.fields.values()) {
    for (const child of childNodes(value)) found.push(walkNode(walker, child, scope));
  }
  return union(...found);
}

/** The function behind a node, null for none. An operator whose function is not filled in cannot be judged. */
function functionOf(node: TreeNode): number | null {
  for (const field of ['funcid', 'opfuncid', 'aggfnoid']) {
    if (!node.fields.has(field)) continue;
    const oid = numberAt(node, field);
    if (oid === 0) throw new Opaque('operator-unresolved', 'An operator without its function.', 'Report the statement.');
    return oid;
  }
  return null;
}

function argumentsOf(node: TreeNode): readonly TreeNode[] {
  return nodesAt(node, 'args').map((argument) => (argument.tag === 'TARGETENTRY' ? neededNode(argument, 'expr') : argument));
}

function variable(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const owner = levelsUp(scope, numberAt(node, 'varlevelsup'));
  return walker.entry(numberAt(node, 'varno'), owner).column(numberAt(node, 'varattno'));
}

export function levelsUp(scope: Scope, levels: number): Scope {
  let level: Scope | null = scope;
  for (let up = levels; up > 0 && level !== null; up--) level = level.outer;
  if (level === null) throw new Opaque('outer-reference', 'A reference to a query level that does not exist.', 'Report the statement.');
  return level;
}

const PARAM_EXTERN = 0;
const PARAM_SUBLINK = 2;
const PARAM_MULTIEXPR = 3;
const SUBLINK_EXISTS = 0;
const SUBLINK_EXPR = 4;
const SUBLINK_MULTIEXPR = 5;

function parameter(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const id = numberAt(node, 'paramid');
  switch (numberAt(node, 'paramkind')) {
    case PARAM_EXTERN: {
      const bound = boundArguments(scope);
      if (bound === null) return NO_SOURCES;
      const argument = bound[id - 1];
      if (argument === undefined) throw new Opaque('function-argument', 'A function body refers to an argument that it does not have.', 'Report the function.');
      if (argument.faulty) walker.findings.faults++;
      return argument.sources;
    }
    case PARAM_SUBLINK:
      // Stands for the sub-query's own column, which `sublink` adds.
      return NO_SOURCES;
    case PARAM_MULTIEXPR:
      return multiAssignment(walker, id, scope);
    default:
      throw new Opaque('parameter-kind', 'A parameter of an unknown kind.', 'Report the statement.');
  }
}

export function boundArguments(scope: Scope): Scope['bound'] {
  for (let level: Scope | null = scope; level !== null; level = level.outer) if (level.bound !== null) return level.bound;
  return null;
}

/** `SET (a, b) = (SELECT …)`: the parameter names a sub-query by number (upper 16 bits) and its column (lower 16). */
function multiAssignment(walker: Walker, id: number, scope: Scope): Sources {
  const link = findMultiAssignment([...scope.query.fields.values()], Math.floor(id / 65_536));
  if (link === null) throw new Opaque('multi-assignment', 'A multiple assignment without its sub-query.', 'Assign the columns one by one.');
  const flow = walker.query(neededNode(link, 'subselect'), scope, null);
  return union(flow.column((id % 65_536) - 1), flow.rows);
}

function findMultiAssignment(values: readonly TreeValue[], id: number): TreeNode | null {
  for (const value of values) {
    for (const node of childNodes(value)) {
      if (node.tag === 'SUBLINK' && numberAt(node, 'subLinkType') === SUBLINK_MULTIEXPR && numberAt(node, 'subLinkId') === id) return node;
      if (node.tag === 'QUERY') continue;
      const inside = findMultiAssignment([...node.fields.values()], id);
      if (inside !== null) return inside;
    }
  }
  return null;
}

/** A sub-query in an expression: its rows decide its value, so their conditions flow into it instead of shaping the answer. */
function sublink(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const faultsBefore = walker.findings.faults;
  const writesBefore = walker.findings.writes.length;
  const flow = walker.query(neededNode(node, 'subselect'), scope, null);
  const columns = columnsOf(flow);
  guard(walker, flow.rows, faultsBefore, writesBefore);
  const kind = numberAt(node, 'subLinkType');
  // "more than one row returned by a subquery"
  if ((kind === SUBLINK_EXPR || kind === SUBLINK_MULTIEXPR) && !yieldsOneRow(neededNode(node, 'subselect'))) walker.findings.fault(flow.rows);
  const test = walker.expression(nodeAt(node, 'testexpr'), scope);
  if (kind === SUBLINK_EXISTS) return union(flow.rows, test);
  return union(...columns, flow.rows, test);
}

/** An aggregate without groups always gives one row. */
function yieldsOneRow(query: TreeNode): boolean {
  return booleanAt(query, 'hasAggs') && !booleanAt(query, 'hasTargetSRFs') && nodesAt(query, 'groupClause').length + nodesAt(query, 'groupingSets').length === 0;
}

/** A window function sees its partition, its order and its frame. */
function windowFunction(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const reference = numberAt(node, 'winref');
  const window = nodesAt(scope.query, 'windowClause').find((clause) => numberAt(clause, 'winref') === reference);
  if (window === undefined) throw new Opaque('window', 'A window function without its window.', 'Report the statement.');
  const sources = union(children(walker, node, scope), windowSources(walker, window, scope));
  return walker.call(numberAt(node, 'winfnoid'), { sources, arguments: argumentsOf(node) }, scope);
}

export function windowSources(walker: Walker, window: TreeNode, scope: Scope): Sources {
  const ordering = [...nodesAt(window, 'partitionClause'), ...nodesAt(window, 'orderClause')];
  const frame = union(walker.expression(nodeAt(window, 'startOffset'), scope), walker.expression(nodeAt(window, 'endOffset'), scope));
  // A negative or null frame offset raises.
  if (nodeAt(window, 'startOffset') !== null || nodeAt(window, 'endOffset') !== null) walker.findings.fault(frame);
  for (const field of ['startInRangeFunc', 'endInRangeFunc']) {
    const oid = numberOr(window, field, 0);
    if (oid !== 0) walker.call(oid, { sources: frame, arguments: [] }, scope);
  }
  return union(frame, ...ordering.map((clause) => sortClauseSources(walker, clause, scope)));
}

/** The target entry that a SortGroupClause points at. Its operators must be built in. */
export function sortClauseSources(walker: Walker, clause: TreeNode, scope: Scope): Sources {
  for (const field of ['eqop', 'sortop']) requireBuiltInOperator(numberOr(clause, field, 0));
  const reference = numberAt(clause, 'tleSortGroupRef');
  for (const entry of nodesAt(scope.query, 'targetList')) {
    if (numberAt(entry, 'ressortgroupref') === reference) return walker.expression(nodeAt(entry, 'expr'), scope);
  }
  throw new Opaque('sort-reference', 'A sort or group clause without its expression.', 'Report the statement.');
}

export function requireBuiltInOperator(oid: number): void {
  if (oid >= FIRST_USER_OID) {
    throw new Opaque('operator-user-defined', 'The statement compares with a user-defined operator.', 'Cast to a built-in type, or ask the administrator to declare its function.');
  }
}

/** `(row).field`: one column when the row can be told apart, else all of it. */
function fieldSelect(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const row = neededNode(node, 'arg');
  const fields = walker.fields(row, scope);
  if (fields === null) return walker.expression(row, scope);
  return fields[numberAt(node, 'fieldnum') - 1] ?? walker.expression(row, scope);
}

export function fieldsOf(walker: Walker, expression: TreeNode, scope: Scope): readonly Sources[] | null {
  switch (expression.tag) {
    case 'VAR': {
      if (numberAt(expression, 'varattno') !== 0) return null;
      const entry = walker.entry(numberAt(expression, 'varno'), levelsUp(scope, numberAt(expression, 'varlevelsup')));
      return entry.columns;
    }
    case 'ROWEXPR':
    case 'ROW':
      return nodesAt(expression, 'args').map((argument) => walker.expression(argument, scope));
    case 'PARAM': {
      if (numberAt(expression, 'paramkind') !== PARAM_EXTERN) return null;
      return boundArguments(scope)?.[numberAt(expression, 'paramid') - 1]?.fields ?? null;
    }
    default:
      return null;
  }
}

/** A cast through text. Total only between types whose text forms cannot fail. */
function coerceViaIo(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const argument = neededNode(node, 'arg');
  const sources = walker.expression(argument, scope);
  const to = numberAt(node, 'resulttype');
  // Every type can be printed; only reading the text back as another type can fail.
  if (!isTextLike(to)) walker.findings.fault(sources);
  return union(sources, requireKnownType(walker, to, sources, scope));
}

function coerceToDomain(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const sources = walker.expression(neededNode(node, 'arg'), scope);
  walker.findings.fault(sources);
  return union(sources, requireKnownType(walker, numberAt(node, 'resulttype'), sources, scope));
}

/** The checks of a domain run functions of their own; what those read flows into whether the cast fails. */
function requireKnownType(walker: Walker, oid: number, sources: Sources, scope: Scope): Sources {
  if (oid < FIRST_USER_OID || walker.callStack.includes(oid)) return NO_SOURCES;
  const type = walker.facts.type(oid);
  if (type === undefined) return NO_SOURCES;
  if (type === null) throw new Opaque('type-unknown', 'A cast to a type that the server does not describe.', 'Run the statement again.');
  const found: Sources[] = [];
  walker.callStack.push(oid);
  for (const check of type.checks) found.push(walker.expression(walker.stored(check), scope));
  // A text can be read as an array or a row whose parts are domains.
  found.push(requireKnownType(walker, type.underlying, sources, scope));
  const row = type.relation === 0 ? null : walker.facts.relation(type.relation);
  for (const column of row?.columns ?? []) if (!column.dropped) found.push(requireKnownType(walker, column.typeOid, sources, scope));
  walker.callStack.pop();
  if (found.length > 0) walker.findings.fault(union(sources, ...found));
  return union(...found);
}

function subscript(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const sources = children(walker, node, scope);
  // Reading outside the bounds gives NULL; assigning can raise.
  if (nodeAt(node, 'refassgnexpr') !== null) walker.findings.fault(sources);
  return sources;
}

/** The integer that a literal holds, null when the node is not an int4 or int8 literal. Marks the analysis as bound to it. */
export function literalInteger(walker: Walker, node: TreeNode | undefined): number | null {
  if (node?.tag !== 'CONST') return null;
  const type = numberAt(node, 'consttype');
  if (type !== 23 && type !== 20) return null;
  walker.findings.readConstant = true;
  const bytes = constantBytes(node);
  if (bytes === null || bytes.length < 8) return null;
  let value = 0n;
  for (const [index, byte] of bytes.slice(0, 8).entries()) value |= BigInt(byte) << BigInt(8 * index);
  return Number(BigInt.asIntN(64, value));
}

/** Bytes of a text-like literal without its length word. */
export function literalText(walker: Walker, node: TreeNode | undefined): readonly number[] | null {
  if (node?.tag !== 'CONST') return null;
  walker.findings.readConstant = true;
  const bytes = constantBytes(node);
  return bytes === null ? null : bytes.slice(4);
}
