/**
 * Places inside stored JSON that an expression singles out by literals: `profile -> 'prefs' ->> 'lang'`,
 * `profile['prefs']['lang']`. What comes out depends on that place alone: of an object the operators look at the named
 * member only (jsonfuncs.c: jsonb_object_field, json get_worker), of anything else they give NULL. Whether a label's
 * path speaks of the place is for whoever knows the labels.
 */
import { type ColumnKey, columnKey, type JsonPlace, placeKey } from '../../flows.ts';
import { constantBytes, listAt, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import { isNode, type TreeNode } from '../tree-text.ts';
import { definitionOf, entryOf, type Located } from './definition.ts';
import { literalText } from './literals.ts';
import type { Scope, Sources, Walker } from './walker.ts';

/** `->` and `->>` of jsonb and json, with a key and with an index (pg_proc.dat). */
const MEMBERS: ReadonlySet<number> = new Set([3478, 3214, 3947, 3948]);
const ELEMENTS: ReadonlySet<number> = new Set([3215, 3216, 3949, 3950]);
const JSON_TYPES: ReadonlySet<number> = new Set([114, 3802]);
const TEXT = 25;
/** As many as a label's path may have. */
const MAX_STEPS = 16;
/** Views in views that are followed. */
const MAX_LEVELS = 50;
const SELECT = 1;
/** RTEKind */
const RELATION = 0;

/** What the place is made of; null when the node singles out none. */
export function jsonPlace(walker: Walker, node: TreeNode, scope: Scope): Sources | null {
  const place = followed(walker, node);
  if (place === null || place.steps.length === 0) return null;
  const { column, steps } = place;
  const owner = ownerOf(column, scope);
  const own = owner === null ? null : storedColumn(walker, column, scope);
  if (owner === null || own === null) return null;
  const sources = walker.entry(numberAt(column, 'varno'), owner).column(numberAt(column, 'varattno'));
  return new Set([...sources].map((key) => (own.has(key) ? placeKey(key, steps) : key)));
}

function ownerOf(column: TreeNode, scope: Scope): Scope | null {
  let level: Scope | null = scope;
  for (let up = numberOr(column, 'varlevelsup', 0); up > 0 && level !== null; up--) level = level.outer;
  return level;
}

type Followed = { readonly column: TreeNode; readonly steps: JsonPlace };

/** `left`: how many operators may still be followed. Without that bound, a long chain would be walked again at each of its ends. */
function followed(walker: Walker, node: TreeNode, left = MAX_STEPS): Followed | null {
  if (left < 0) return null;
  switch (node.tag) {
    case 'VAR':
      return { column: node, steps: [] };
    case 'OPEXPR':
    case 'FUNCEXPR': {
      const oid = numberOr(node, node.tag === 'OPEXPR' ? 'opfuncid' : 'funcid', 0);
      const [document, key] = nodesAt(node, 'args');
      if (!(MEMBERS.has(oid) || ELEMENTS.has(oid)) || document === undefined || key === undefined) return null;
      return deeper(walker, followed(walker, document, left - 1), [key], false);
    }
    case 'SUBSCRIPTINGREF': {
      if (!JSON_TYPES.has(numberAt(node, 'refcontainertype')) || nodeAt(node, 'refassgnexpr') !== null) return null;
      if (listAt(node, 'reflowerindexpr').length > 0) return null;
      const document = nodeAt(node, 'refexpr');
      const keys = listAt(node, 'refupperindexpr').filter(isNode);
      return document === null ? null : deeper(walker, followed(walker, document, left - 1), keys, true);
    }
    default:
      return null;
  }
}

function deeper(
  walker: Walker,
  at: Followed | null,
  keys: readonly TreeNode[],
  areSubscripts: boolean,
): Followed | null {
  if (at === null || at.steps.length + keys.length > MAX_STEPS) return null;
  const steps: (string | null)[] = [...at.steps];
  for (const key of keys) {
    if (key.tag !== 'CONST' || constantBytes(key) === null) return null;
    if (numberAt(key, 'consttype') !== TEXT) {
      steps.push(null);
      continue;
    }
    const bytes = literalText(walker, key);
    if (bytes === null) return null;
    steps.push(stepOf(bytes, areSubscripts));
  }
  return { column: at.column, steps };
}

/** What a subscript that is a number looks for in an array (jsonfuncs.c: jsonb_get_element). */
const INDEX = /^\s*[-+]?\d+$/;

/**
 * Null for what may be any member or element: a name that is not ASCII, since which characters its bytes are depends on
 * the encoding of the database, and a subscript that is a number.
 */
function stepOf(bytes: readonly number[], isSubscript: boolean): string | null {
  if (bytes.some((byte) => byte >= 0x80)) return null;
  const name = Buffer.from(Uint8Array.from(bytes)).toString('latin1');
  return isSubscript && INDEX.test(name) ? null : name;
}

/**
 * The stored column that it is as it is, through views and sub-queries, and the same one of partitions and children; null
 * when it is none. Of data changes none is: what they write into the column may come from another place of it.
 */
function storedColumn(walker: Walker, column: TreeNode, scope: Scope): ReadonlySet<ColumnKey> | null {
  let at: Located = { node: column, level: scope };
  for (let step = 0; step < MAX_LEVELS; step += 1) {
    const found = at.node.tag === 'VAR' ? entryOf(at.node, at.level) : null;
    if (found === null || found.level.query.tag !== 'QUERY') return null;
    if (numberAt(found.level.query, 'commandType') !== SELECT) return null;
    const attribute = numberAt(at.node, 'varattno');
    if (numberAt(found.entry, 'rtekind') === RELATION) return keysOf(walker, numberAt(found.entry, 'relid'), attribute);
    const definition = definitionOf(at.node, at.level);
    const [only, ...more] = definition.kind === 'computed' ? definition.by : [];
    if (attribute <= 0 || only === undefined || more.length > 0) return null;
    at = only;
  }
  return null;
}

function keysOf(walker: Walker, relation: number, attribute: number): ReadonlySet<ColumnKey> | null {
  const facts = walker.facts.relation(relation);
  const column = facts?.columns.find((one) => one.attribute === attribute);
  if (facts === null || facts === undefined || column === undefined || column.dropped) return null;
  if (column.generated !== null || !JSON_TYPES.has(column.typeOid)) return null;
  if (facts.kind !== 'r' && facts.kind !== 'p') return null;
  const own = new Set([columnKey(facts.oid, attribute)]);
  for (const oid of facts.descendants) {
    const same = walker.facts.relation(oid)?.columns.find((one) => !one.dropped && one.name === column.name);
    if (same !== undefined) own.add(columnKey(oid, same.attribute));
  }
  return own;
}
