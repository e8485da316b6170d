/** Casts that go through text or into a domain: both can raise, and both can run checks that users wrote. */
import { FIRST_USER_OID } from '../facts.ts';
import { isTextLike } from '../functions/text-types.ts';
import { neededNode, numberAt } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { canOutgrow } from './extent.ts';
import { NO_SOURCES, Opaque, type Scope, type Sources, union, type Walker } from './walker.ts';

/** A cast through text. Total only between types whose text forms cannot fail. */
export function coerceViaIo(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const argument = neededNode(node, 'arg');
  const sources = walker.expression(argument, scope);
  const to = numberAt(node, 'resulttype');
  // Every type can be printed; only reading the text back as another type can fail.
  if (!isTextLike(to) || canOutgrow(walker, node, scope)) walker.findings.fault(sources);
  return union(sources, requireKnownType(walker, to, sources, scope));
}

export function coerceToDomain(walker: Walker, node: TreeNode, scope: Scope): Sources {
  const sources = walker.expression(neededNode(node, 'arg'), scope);
  walker.findings.fault(sources);
  return union(sources, requireKnownType(walker, numberAt(node, 'resulttype'), sources, scope));
}

/** The checks of a domain run functions of their own; what those read flows into whether the cast fails. */
export function requireKnownType(walker: Walker, oid: number, sources: Sources, scope: Scope): Sources {
  if (oid < FIRST_USER_OID || walker.callStack.includes(oid)) return NO_SOURCES;
  const type = walker.facts.type(oid);
  if (type === undefined) return NO_SOURCES;
  if (type === null)
    throw new Opaque('type-unknown', 'A cast to a type that the server does not describe.', 'Run the statement again.');
  const found: Sources[] = [];
  walker.callStack.push(oid);
  for (const check of type.checks) found.push(walker.expression(walker.stored(check), scope));
  // A text can be read as an array or a row whose parts are domains.
  found.push(requireKnownType(walker, type.underlying, sources, scope));
  const row = type.relation === 0 ? null : walker.facts.relation(type.relation);
  for (const column of row?.columns ?? [])
    if (!column.dropped) found.push(requireKnownType(walker, column.typeOid, sources, scope));
  walker.callStack.pop();
  if (found.length > 0) walker.findings.fault(union(sources, ...found));
  return union(...found);
}
