/**
 * Which outputs are a stored column as it is: what a mask that shows something of the value may be used for.
 * Conservative: what is not followed here counts as an expression.
 */
import { columnKey, type OutputFlow } from '../../flows.ts';
import { booleanAt, listAt, nameAt, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import { isNode, type TreeNode, type TreeValue } from '../tree-text.ts';
import { returningList } from './data-change.ts';
import type { Walker } from './walker.ts';

const SELECT = 1;
/** UPDATE, INSERT, DELETE. */
const WRITES: ReadonlySet<number> = new Set([2, 3, 4]);
/** Views in views, and sub-queries in sub-queries, that are followed. */
const MAX_LEVELS = 50;

/** RTEKind (parsenodes.h). */
const RELATION = 0;
const SUBQUERY = 1;
const JOIN = 2;
const CTE = 6;
const GROUP = 9;

type Level = { readonly query: TreeNode; readonly outer: Level | null; readonly depth: number };
type Origin = { readonly relation: number; readonly attribute: number };

/** The outputs, marked where they are unchanged. `query`: the one query of the statement, null when there are more. */
export function markUnchanged(
  walker: Walker,
  query: TreeNode | null,
  outputs: readonly OutputFlow[],
): readonly OutputFlow[] {
  if (query === null) return outputs;
  const level: Level = { query, outer: null, depth: 0 };
  return outputs.map((output, index) =>
    isOwnValue(walker, originOfAnswer(level, index), output) ? { ...output, unchanged: true } : output,
  );
}

/** A row as it was written is returned from its columns; what was written into them is among the sources of the output. */
function originOfAnswer(level: Level, index: number): Origin | null {
  if (!WRITES.has(numberAt(level.query, 'commandType'))) return originOfTarget(level, index);
  const answer = returningList(level.query).filter((entry) => !booleanAt(entry, 'resjunk'));
  return originOf(answer[index]?.fields.get('expr'), level);
}

/**
 * A column of its own, and nothing but it: a generated column shows an expression over others, and its sources say so.
 * The same column of partitions and children belongs to it, since their rows are read through it.
 */
function isOwnValue(walker: Walker, origin: Origin | null, output: OutputFlow): boolean {
  const facts = origin === null ? null : walker.facts.relation(origin.relation);
  if (origin === null || facts === null || facts === undefined || !['r', 'p', 'f'].includes(facts.kind)) return false;
  const column = facts.columns.find((entry) => entry.attribute === origin.attribute);
  if (column === undefined || column.dropped || column.generated !== null) return false;
  const own = new Set([columnKey(origin.relation, origin.attribute)]);
  for (const oid of [...facts.ancestors, ...facts.descendants]) {
    const same = walker.facts.relation(oid)?.columns.find((entry) => !entry.dropped && entry.name === column.name);
    if (same !== undefined) own.add(columnKey(oid, same.attribute));
  }
  // What a statement computes from columns and writes is an expression, also where it is read back from the column.
  const isComputed = walker.findings.writes.some(
    ({ target, sources }) => target !== null && own.has(target) && sources.size > 0,
  );
  return !isComputed && [...output.sources].every((source) => own.has(source));
}

function originOfTarget(level: Level, index: number): Origin | null {
  const { query, depth } = level;
  // A set operation mixes columns; a set-returning function or a grouping set makes rows of its own.
  if (depth > MAX_LEVELS || numberAt(query, 'commandType') !== SELECT || nodeAt(query, 'setOperations') !== null)
    return null;
  const answer = nodesAt(query, 'targetList').filter((entry) => !booleanAt(entry, 'resjunk'));
  return originOf(answer[index]?.fields.get('expr'), level);
}

function originOf(expression: TreeValue | undefined, level: Level | null): Origin | null {
  if (level === null || expression === undefined || !isNode(expression) || expression.tag !== 'VAR') return null;
  let scope: Level | null = level;
  for (let up = numberAt(expression, 'varlevelsup'); up > 0 && scope !== null; up--) scope = scope.outer;
  const attribute = numberAt(expression, 'varattno');
  if (scope === null || attribute <= 0) return null;
  const entry = nodesAt(scope.query, 'rtable')[numberAt(expression, 'varno') - 1];
  return entry === undefined ? null : originOfEntry(entry, attribute, scope);
}

function originOfEntry(entry: TreeNode, attribute: number, scope: Level): Origin | null {
  switch (numberAt(entry, 'rtekind')) {
    case RELATION:
      return { relation: numberAt(entry, 'relid'), attribute };
    case SUBQUERY:
      return inQuery(nodeAt(entry, 'subquery'), scope, attribute);
    case JOIN:
      return originOf(listAt(entry, 'joinaliasvars')[attribute - 1], deeper(scope));
    case GROUP:
      return originOf(listAt(entry, 'groupexprs')[attribute - 1], deeper(scope));
    case CTE:
      return originOfCommonTable(entry, attribute, scope);
    default:
      return null;
  }
}

function originOfCommonTable(entry: TreeNode, attribute: number, scope: Level): Origin | null {
  const name = nameAt(entry, 'ctename');
  let owner: Level | null = scope;
  for (let up = numberOr(entry, 'ctelevelsup', 0); up > 0 && owner !== null; up--) owner = owner.outer;
  const table = owner === null ? [] : nodesAt(owner.query, 'cteList').filter((one) => nameAt(one, 'ctename') === name);
  const [only] = table;
  if (owner === null || only === undefined || table.length > 1) return null;
  return inQuery(nodeAt(only, 'ctequery'), { ...owner, depth: scope.depth }, attribute);
}

function inQuery(query: TreeNode | null, outer: Level, attribute: number): Origin | null {
  return query === null || query.tag !== 'QUERY'
    ? null
    : originOfTarget({ query, outer, depth: outer.depth + 1 }, attribute - 1);
}

/** The same level again, one step further: an alias of an alias of itself ends somewhere. */
function deeper(level: Level): Level | null {
  return level.depth > MAX_LEVELS ? null : { ...level, depth: level.depth + 1 };
}
