/**
 * Expressions of which some parts are computed only when others say so: whether a part raises, or has effects, tells
 * what decided about it.
 */
import { nodeAt, nodesAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { guard } from './guard.ts';
import { NO_SOURCES, type Scope, type Sources, union, type Walker } from './walker.ts';

/**
 * The conditions are computed in order up to the first that holds, then its result and no other: they alone decide
 * what is computed. What a result is decides nothing about the rest.
 */
export function caseExpression(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const faultsBefore = walker.findings.faults;
  const writesBefore = walker.findings.writes.length;
  const whens = nodesAt(node, 'args');
  const conditions = union(
    walker.expression(nodeAt(node, 'arg'), scope),
    ...whens.map((when) => walker.expression(nodeAt(when, 'expr'), scope)),
  );
  const results = union(
    ...whens.map((when) => walker.expression(nodeAt(when, 'result'), scope)),
    walker.expression(nodeAt(node, 'defresult'), scope),
  );
  guard(walker, conditions, faultsBefore, writesBefore);
  return union(conditions, results);
}

/** The arguments are computed in order up to the first that is not NULL: each depends on those before it. */
export function coalesceExpression(walker: Walker, node: TreeNode, scope: Scope): Sources {
  let before: Sources = NO_SOURCES;
  for (const argument of nodesAt(node, 'args')) {
    const faultsBefore = walker.findings.faults;
    const writesBefore = walker.findings.writes.length;
    const sources = walker.expression(argument, scope);
    guard(walker, before, faultsBefore, writesBefore);
    before = union(before, sources);
  }
  return before;
}

/** Whether one part of what is walked is computed depends on the values of all of it. */
export function conditional(walker: Walker, walk: () => Sources): Sources {
  const faultsBefore = walker.findings.faults;
  const writesBefore = walker.findings.writes.length;
  const sources = walk();
  guard(walker, sources, faultsBefore, writesBefore);
  return sources;
}
