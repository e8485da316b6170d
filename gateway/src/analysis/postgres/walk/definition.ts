/** What a column of FROM stands for: the expressions that it is computed by, through sub-queries and WITH. */
import { childNodes, listAt, nameAt, neededNode, nodeAt, nodesAt, numberAt } from '../tree-node.ts';
import { isNode, type TreeNode } from '../tree-text.ts';
import type { Scope } from './walker.ts';

/** A query level: what `varlevelsup` climbs. */
export type Level = Pick<Scope, 'query'> & { readonly outer: Level | null };

/** An expression, and the level whose range table its columns refer to. */
export type Located = { readonly node: TreeNode; readonly level: Level };

export type Definition =
  /** A column of a stored relation, or a row of one. */
  | { readonly kind: 'stored'; readonly wholeRow: boolean }
  /** One of these, or a row of them. */
  | { readonly kind: 'computed'; readonly by: readonly Located[] }
  /** Made by a function in FROM out of these. */
  | { readonly kind: 'made'; readonly by: readonly Located[] }
  /** Not followed: recursive queries, what data changes return. */
  | { readonly kind: 'unknown' };

const UNKNOWN: Definition = { kind: 'unknown' };

/** CmdType */
const SELECT = 1;
/** RTEKind */
const RELATION = 0;
const SUBQUERY = 1;
const JOIN = 2;
const VALUES = 5;
const COMMON_TABLE = 6;
const GROUP = 9;

/** The item of FROM that a Var names, and the level that it is in; null for none. */
export function entryOf(variable: TreeNode, from: Level): { readonly entry: TreeNode; readonly level: Level } | null {
  const level = climb(from, numberAt(variable, 'varlevelsup'));
  const entry = level === null ? undefined : nodesAt(level.query, 'rtable')[numberAt(variable, 'varno') - 1];
  return level === null || entry === undefined ? null : { entry, level };
}

/** Of a Var. */
export function definitionOf(variable: TreeNode, from: Level): Definition {
  const found = entryOf(variable, from);
  if (found === null) return UNKNOWN;
  const { entry, level } = found;
  const attribute = numberAt(variable, 'varattno');
  switch (numberAt(entry, 'rtekind')) {
    case RELATION:
      return { kind: 'stored', wholeRow: attribute === 0 };
    case SUBQUERY:
      return columnOf(neededNode(entry, 'subquery'), attribute, level);
    case COMMON_TABLE:
      return commonTable(entry, attribute, level);
    case JOIN:
      return computed(chosen(listAt(entry, 'joinaliasvars').filter(isNode), attribute), level);
    case GROUP:
      return computed(chosen(listAt(entry, 'groupexprs').filter(isNode), attribute), level);
    case VALUES: {
      const lists = listAt(entry, 'values_lists').map((row) => (Array.isArray(row) ? row.filter(isNode) : []));
      return computed(
        lists.flatMap((row) => chosen(row, attribute)),
        level,
      );
    }
    default:
      return {
        kind: 'made',
        by: [...entry.fields.values()].flatMap((value) => [...childNodes(value)].map((node) => ({ node, level }))),
      };
  }
}

/** A column of a query's answer, counted from 1; 0 is the whole row. */
export function columnOf(query: TreeNode, attribute: number, outer: Level): Definition {
  if (numberAt(query, 'commandType') !== SELECT) return UNKNOWN;
  const level: Level = { query, outer };
  if (nodeAt(query, 'setOperations') === null) {
    const targets = nodesAt(query, 'targetList').filter(
      (target) => attribute === 0 || numberAt(target, 'resno') === attribute,
    );
    return computed(
      targets.map((target) => neededNode(target, 'expr')),
      level,
    );
  }
  const arms = nodesAt(query, 'rtable').filter((entry) => numberAt(entry, 'rtekind') === SUBQUERY);
  const found = arms.map((arm) => columnOf(neededNode(arm, 'subquery'), attribute, level));
  if (found.some((one) => one.kind !== 'computed')) return UNKNOWN;
  return { kind: 'computed', by: found.flatMap((one) => (one.kind === 'computed' ? one.by : [])) };
}

function computed(nodes: readonly TreeNode[], level: Level): Definition {
  return { kind: 'computed', by: nodes.map((node) => ({ node, level })) };
}

function commonTable(entry: TreeNode, attribute: number, from: Level): Definition {
  const level = climb(from, numberAt(entry, 'ctelevelsup'));
  const name = nameAt(entry, 'ctename');
  const found = level === null ? [] : nodesAt(level.query, 'cteList');
  const table = found.find((one) => nameAt(one, 'ctename') === name);
  if (table === undefined || level === null || table.fields.get('cterecursive') === 'true') return UNKNOWN;
  return columnOf(neededNode(table, 'ctequery'), attribute, level);
}

function climb(from: Level, levels: number): Level | null {
  let level: Level | null = from;
  for (let up = levels; up > 0 && level !== null; up--) level = level.outer;
  return level;
}

function chosen(items: readonly TreeNode[], attribute: number): readonly TreeNode[] {
  return attribute === 0 ? items : items.slice(attribute - 1, attribute);
}
