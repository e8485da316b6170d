/**
 * Expressions: which columns can reach their value. Terms are those of primnodes.h.
 *
 * node-rules.ts says how each node is treated. Nodes whose inputs are elsewhere than in their children (a Var, a window
 * function's window, a sub-query's parameter) have functions of their own here.
 */
import { assertNever } from '@sluice/contract/vocabulary';
import { FIRST_USER_OID } from '../facts.ts';
import { isRecord } from '../functions/conditions.ts';
import {
  booleanAt,
  childNodes,
  nameAt,
  neededNode,
  nodeAt,
  nodesAt,
  numberAt,
  numberOr,
  numbersAt,
} from '../tree-node.ts';
import type { TreeNode, TreeValue } from '../tree-text.ts';
import { coerceToDomain, coerceViaIo, requireKnownType } from './casts.ts';
import { collationRaises } from './collation.ts';
import { caseExpression, coalesceExpression, conditional } from './conditional.ts';
import { canMeetInfinity } from './date-range.ts';
import { canOutgrow } from './extent.ts';
import { isCounterThere } from './fixed-rows.ts';
import { canMeetForeignValue } from './foreign-value.ts';
import { guard } from './guard.ts';
import { canOverflow } from './integer-range.ts';
import { jsonConstructorRaises } from './json-constructor.ts';
import { jsonPlace } from './json-place.ts';
import { nodeRule } from './node-rules.ts';
import { canLeaveRange } from './number-range.ts';
import { comparisonCanRaise, requireKnownOperator } from './operators.ts';
import { multiAssignment, sublink } from './sublink.ts';
import { NO_SOURCES, Opaque, type Scope, type Sources, union, type Walker } from './walker.ts';

export function walkExpression(walker: Walker, value: TreeValue | undefined, scope: Scope): Sources {
  const found: Sources[] = [];
  for (const node of childNodes(value)) found.push(walkNode(walker, node, scope));
  return union(...found);
}

function walkNode(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const { findings } = walker;
  const outer = findings.node;
  findings.node = node;
  const sources = walkByRule(walker, node, scope);
  if (collationRaises(node)) findings.fault(sources);
  // Not restored after a refusal: it is about this node.
  findings.node = outer;
  return sources;
}

function walkByRule(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const rule = nodeRule(node.tag);
  switch (rule) {
    case 'value':
      return NO_SOURCES;
    case 'sum':
    case 'conditional':
    case 'function':
    case 'raising':
    case undefined:
      return operation(walker, node, scope, rule ?? 'raising');
    case 'own':
      return ownRule(walker, node, scope);
    case 'part':
    case 'foreign':
      throw new Opaque(
        'misplaced-node',
        `A ${node.tag} stands where an expression was expected.`,
        'Report the statement.',
      );
    default:
      return assertNever(rule);
  }
}

/** Nodes whose inputs are not, or not only, their children. */
function ownRule(walker: Walker, node: TreeNode, scope: Scope): Sources {
  switch (node.tag) {
    case 'VAR':
      return variable(walker, node, scope);
    case 'CURRENTOFEXPR':
      return currentOf(walker, node, scope);
    case 'NEXTVALUEEXPR':
      walker.findings.effect('a sequence', NO_SOURCES);
      return NO_SOURCES;
    case 'PARAM':
      return parameter(walker, node, scope);
    case 'SORTGROUPCLAUSE':
      for (const field of ['eqop', 'sortop']) requireKnownOperator(walker, numberOr(node, field, 0));
      return NO_SOURCES;
    case 'SUBLINK':
      return sublink(walker, node, scope);
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
    case 'MERGESUPPORTFUNC':
      // merge_action() tells which action was taken.
      return changedRows(scope);
    case 'MINMAXEXPR':
      return extremum(walker, node, scope);
    case 'ROWCOMPAREEXPR':
      for (const operator of numbersAt(node, 'opnos')) requireKnownOperator(walker, operator);
      // `(a, b) < (c, d)` computes b and d only where a equals c.
      return conditional(walker, () => {
        const sources = children(walker, node, scope);
        if (comparisonCanRaise(node, nodesAt(node, 'largs'))) walker.findings.fault(sources);
        return sources;
      });
    default:
      throw new Opaque('node-rule', `A ${node.tag} has no rule.`, 'Report the statement.');
  }
}

/** Everything with a function behind it, and every node that is only the sum of its children. */
function operation(
  walker: Walker,
  node: TreeNode,
  scope: Scope,
  rule: 'sum' | 'conditional' | 'function' | 'raising',
): Sources {
  if (node.tag === 'CASEEXPR') return caseExpression(walker, node, scope);
  if (node.tag === 'COALESCEEXPR') return coalesceExpression(walker, node, scope);
  if (isCounterThere(node, scope)) return NO_SOURCES;
  const place = jsonPlace(walker, node, scope);
  if (place !== null) return place;
  const faultsBefore = walker.findings.faults;
  const writesBefore = walker.findings.writes.length;
  let sources = children(walker, node, scope);
  // Arguments of an aggregate are computed for the rows that FILTER lets through.
  const filter = nodeAt(node, 'aggfilter');
  if (filter !== null) guard(walker, walker.expression(filter, scope), faultsBefore, writesBefore);
  const functionOid = functionOf(node);
  if (functionOid !== null) {
    // Of percentile_cont(0.5) WITHIN GROUP (ORDER BY x): 0.5.
    const direct = node.fields.has('aggdirectargs') ? nodesAt(node, 'aggdirectargs') : [];
    const given = [...direct, ...argumentsOf(node)];
    sources = walker.call(functionOid, { sources, arguments: given, spread: isSpread(node) }, scope);
  } else if (rule === 'function')
    throw new Opaque('operator-unresolved', `A ${node.tag} without its function.`, 'Report the statement.');
  else if (rule === 'raising' && !(node.tag === 'JSONCONSTRUCTOREXPR' && !jsonConstructorRaises(walker, node)))
    walker.findings.fault(sources);
  if (leavesRange(walker, node, functionOid, scope)) walker.findings.fault(sources);
  if (node.tag === 'AGGREF' && comparisonCanRaise(node, argumentsOf(node))) walker.findings.fault(sources);
  // "multidimensional arrays must have array expressions with matching dimensions"
  if (node.fields.has('multidims') && booleanAt(node, 'multidims')) walker.findings.fault(sources);
  if (rule === 'conditional') guard(walker, sources, faultsBefore, writesBefore);
  return sources;
}

/** A function that is total for values as they are stored, given others. */
function leavesRange(walker: Walker, node: TreeNode, functionOid: number | null, scope: Scope): boolean {
  if (canOutgrow(walker, node, scope)) return true;
  if (functionOid === null) return false;
  const given = argumentsOf(node);
  return (
    canMeetForeignValue(walker, functionOid, given, scope) ||
    canLeaveRange(walker, functionOid, given, scope) ||
    canOverflow(walker, functionOid, given, scope) ||
    canMeetInfinity(walker, functionOid, given, scope)
  );
}

/** In RETURNING of MERGE: what decided which action each row met. */
function changedRows(scope: Scope): Sources {
  for (let level: Scope | null = scope; level !== null; level = level.outer)
    if (level.changed !== null) return level.changed;
  throw new Opaque('merge-action', 'merge_action() outside of a MERGE.', 'Report the statement.');
}

/** GREATEST and LEAST compare with the default operators of the type, which the node does not name. */
function extremum(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const sources = children(walker, node, scope);
  const type = numberAt(node, 'minmaxtype');
  if (type >= FIRST_USER_OID || isRecord(type)) walker.findings.fault(sources);
  return sources;
}

function children(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const found: Sources[] = [];
  for (const value of node.fields.values()) {
    for (const child of childNodes(value)) found.push(walkNode(walker, child, scope));
  }
  return union(...found);
}

/**
 * The rewriter of CYCLE (`rewriteSearchCycle.c`) leaves out the functions of its two operators: `boolean <> boolean`
 * is boolne (of text marks textne), `record = record` is record_eq.
 */
const CYCLE_OPERATORS: ReadonlyMap<number, number> = new Map([
  [85, 84],
  [531, 157],
  [2988, 2981],
]);

/** The row at which a cursor stands: what decides which one that is comes from where the cursor was opened. */
function currentOf(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const name = nameAt(node, 'cursor_name');
  if (scope.bound !== null || numberAt(node, 'cursor_param') !== 0 || name === null)
    throw new Opaque('current-of', 'WHERE CURRENT OF is not analysed here.', 'Name the row by its key.');
  walker.findings.cursors.add(name);
  // The name may stand for another cursor next time.
  walker.findings.readConstant = true;
  return NO_SOURCES;
}

/** The function behind a node, null for none. An operator whose function is not filled in cannot be judged. */
function functionOf(node: TreeNode): number | null {
  for (const field of ['funcid', 'opfuncid', 'aggfnoid']) {
    if (!node.fields.has(field)) continue;
    const oid =
      numberAt(node, field) || (CYCLE_OPERATORS.get(node.fields.has('opno') ? numberAt(node, 'opno') : 0) ?? 0);
    if (oid === 0)
      throw new Opaque('operator-unresolved', 'An operator without its function.', 'Report the statement.');
    return oid;
  }
  return null;
}

function argumentsOf(node: TreeNode): readonly TreeNode[] {
  return nodesAt(node, 'args').map((argument) =>
    argument.tag === 'TARGETENTRY' ? neededNode(argument, 'expr') : argument,
  );
}

/** `f(VARIADIC array)`: how many arguments there are is not known. */
function isSpread(node: TreeNode): boolean {
  return ['funcvariadic', 'aggvariadic'].some((field) => node.fields.has(field) && booleanAt(node, field));
}

function variable(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const owner = levelsUp(scope, numberAt(node, 'varlevelsup'));
  return walker.entry(numberAt(node, 'varno'), owner).column(numberAt(node, 'varattno'));
}

export function levelsUp(scope: Scope, levels: number): Scope {
  let level: Scope | null = scope;
  for (let up = levels; up > 0 && level !== null; up--) level = level.outer;
  if (level === null)
    throw new Opaque('outer-reference', 'A reference to a query level that does not exist.', 'Report the statement.');
  return level;
}

const PARAM_EXTERN = 0;
const PARAM_SUBLINK = 2;
const PARAM_MULTIEXPR = 3;

function parameter(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const id = numberAt(node, 'paramid');
  switch (numberAt(node, 'paramkind')) {
    case PARAM_EXTERN: {
      const bound = boundArguments(scope);
      // Reading the client's text as a value of a domain runs the checks of the domain.
      if (bound === null) return requireKnownType(walker, numberAt(node, 'paramtype'), NO_SOURCES, scope);
      const argument = bound[id - 1];
      if (argument === undefined)
        throw new Opaque(
          'function-argument',
          'A function body refers to an argument that it does not have.',
          'Report the function.',
        );
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
  for (let level: Scope | null = scope; level !== null; level = level.outer)
    if (level.bound !== null) return level.bound;
  return null;
}

/** A window function sees its partition, its order and its frame. */
function windowFunction(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const reference = numberAt(node, 'winref');
  const window = nodesAt(scope.query, 'windowClause').find((clause) => numberAt(clause, 'winref') === reference);
  if (window === undefined)
    throw new Opaque('window', 'A window function without its window.', 'Report the statement.');
  // An argument is computed for rows of the frame, at an offset that another argument gives, and where FILTER says so.
  const inputs = conditional(walker, () => children(walker, node, scope));
  const sources = union(inputs, windowSources(walker, window, scope));
  if (leavesRange(walker, node, numberAt(node, 'winfnoid'), scope)) walker.findings.fault(sources);
  return walker.call(numberAt(node, 'winfnoid'), { sources, arguments: argumentsOf(node) }, scope);
}

export function windowSources(walker: Walker, window: TreeNode, scope: Scope): Sources {
  const ordering = [...nodesAt(window, 'partitionClause'), ...nodesAt(window, 'orderClause')];
  const frame = union(
    walker.expression(nodeAt(window, 'startOffset'), scope),
    walker.expression(nodeAt(window, 'endOffset'), scope),
  );
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
  for (const field of ['eqop', 'sortop']) requireKnownOperator(walker, numberOr(clause, field, 0));
  const reference = numberAt(clause, 'tleSortGroupRef');
  for (const entry of nodesAt(scope.query, 'targetList')) {
    if (numberAt(entry, 'ressortgroupref') === reference) return walker.expression(nodeAt(entry, 'expr'), scope);
  }
  throw new Opaque('sort-reference', 'A sort or group clause without its expression.', 'Report the statement.');
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
      return nodesAt(expression, 'args').map((argument) => walker.expression(argument, scope));
    case 'PARAM': {
      if (numberAt(expression, 'paramkind') !== PARAM_EXTERN) return null;
      return boundArguments(scope)?.[numberAt(expression, 'paramid') - 1]?.fields ?? null;
    }
    default:
      return null;
  }
}

function subscript(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const place = jsonPlace(walker, node, scope);
  if (place !== null) return place;
  // The subscripts of NULL are not computed.
  const sources = conditional(walker, () => children(walker, node, scope));
  // Reading outside the bounds gives NULL; assigning can raise.
  if (nodeAt(node, 'refassgnexpr') !== null) walker.findings.fault(sources);
  return sources;
}
