/**
 * Places inside stored JSON that an expression singles out by literals: `profile -> 'prefs' ->> 'lang'`,
 * `profile['prefs']['lang']`, `profile #>> '{prefs,lang}'`, `profile -> 'prefs' ? 'news'`,
 * `profile @> '{"lang": "nl"}'`, `profile IS NULL`. What comes out depends on that place alone: of an object the operators look at the named
 * member only (jsonfuncs.c: jsonb_object_field, json get_worker), of anything else they give NULL. Whether a label's
 * path speaks of the place is for whoever knows the labels.
 */
import { type ColumnKey, columnKey, type JsonPlace, placeKey } from '../../flows.ts';
import { booleanAt, constantBytes, listAt, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import { isNode, type TreeNode } from '../tree-text.ts';
import { definitionOf, entryOf, type Located } from './definition.ts';
import { literalText } from './literals.ts';
import { type Scope, type Sources, union, type Walker } from './walker.ts';

/** `->` and `->>` of jsonb and json, with a key and with an index (pg_proc.dat). */
const MEMBERS: ReadonlySet<number> = new Set([3478, 3214, 3947, 3948]);
const ELEMENTS: ReadonlySet<number> = new Set([3215, 3216, 3949, 3950]);
/** `#>` and `#>>` of jsonb and json, and their functions. */
const PATHS: ReadonlySet<number> = new Set([3217, 3940, 3951, 3953]);
/** `?`, `@>`, `<@` of jsonb. */
const EXISTS = 4047;
const CONTAINS = 4046;
const CONTAINED = 4050;
const JSON_TYPES: ReadonlySet<number> = new Set([114, 3802]);
const TEXT = 25;
const TEXTS = 1009;
const JSONB = 3802;
/** jsonb.h: of a container's header and of an entry; the header of an object. */
const COUNT_MASK = 0x0fffffff;
const IS_OBJECT = 0x20000000;
/** As many as a label's path may have. */
const MAX_STEPS = 16;
/** Views in views that are followed. */
const MAX_LEVELS = 50;
const SELECT = 1;
/** RTEKind */
const RELATION = 0;

/** What the place is made of; null when the node singles out none. */
export function jsonPlace(walker: Walker, node: TreeNode, scope: Scope): Sources | null {
  const places = tested(walker, node) ?? [followed(walker, node)];
  const found = places.map((place) =>
    place === null || place.steps.length === 0 ? null : sourcesOf(walker, place, scope),
  );
  const known = found.filter((sources) => sources !== null);
  return known.length < found.length || known.length === 0 ? null : union(...known);
}

/** The column, with the place where it is a document's own. */
function sourcesOf(walker: Walker, { column, steps }: Followed, scope: Scope): Sources | null {
  const owner = ownerOf(column, scope);
  const own = owner === null ? null : storedColumn(walker, column, scope);
  if (owner === null || own === null) return null;
  const sources = walker.entry(numberAt(column, 'varno'), owner).column(numberAt(column, 'varattno'));
  return new Set([...sources].map((key) => (own.has(key) ? placeKey(key, steps) : key)));
}

/**
 * A member that no document has, as a place: what depends on whether there is a document, and not on what is in it. Labels
 * of any member speak of it too.
 */
const NO_MEMBER = '\0';

/** Tests of members of a document, or of the column for NULL: what each of them depends on. Null for anything else. */
function tested(walker: Walker, node: TreeNode): readonly (Followed | null)[] | null {
  if (node.tag === 'NULLTEST') {
    const argument = nodeAt(node, 'arg');
    if (argument?.tag !== 'VAR' || !JSON_TYPES.has(numberAt(argument, 'vartype'))) return null;
    return [{ column: argument, steps: [NO_MEMBER] }];
  }
  if (node.tag !== 'OPEXPR' && node.tag !== 'FUNCEXPR') return null;
  const oid = numberOr(node, node.tag === 'OPEXPR' ? 'opfuncid' : 'funcid', 0);
  const [left, right] = nodesAt(node, 'args');
  if (left === undefined || right === undefined) return null;
  // Of a text and of an array it compares what they hold, so it depends on all that is there.
  if (oid === EXISTS) return [followed(walker, left)];
  if (oid !== CONTAINS && oid !== CONTAINED) return null;
  const [document, contained] = oid === CONTAINS ? [left, right] : [right, left];
  const at = followed(walker, document);
  const keys = memberNames(walker, contained);
  if (at === null || keys === null || at.steps.length >= MAX_STEPS) return null;
  const steps = keys.length === 0 ? [NO_MEMBER] : keys.map((key) => stepOf(key, false));
  return steps.map((step) => ({ column: at.column, steps: [...at.steps, step] }));
}

/** Names of the members of a literal object (jsonb.h: a count word, an entry word for each name and value, the names). */
function memberNames(walker: Walker, literal: TreeNode): readonly (readonly number[])[] | null {
  if (literal.tag !== 'CONST' || numberAt(literal, 'consttype') !== JSONB) return null;
  const stored = Buffer.from(Uint8Array.from(literalText(walker, literal) ?? []));
  if (stored.length < 4) return null;
  const header = stored.readUInt32LE(0);
  const count = header & COUNT_MASK;
  const start = 4 + 8 * count;
  if ((header & ~COUNT_MASK) !== IS_OBJECT || start > stored.length) return null;
  const names: (readonly number[])[] = [];
  let end = 0;
  for (let index = 0; index < count; index++) {
    const entry = stored.readUInt32LE(4 + 4 * index);
    const from = end;
    end = (entry & 0x80000000) !== 0 ? entry & COUNT_MASK : from + (entry & COUNT_MASK);
    if (end < from || start + end > stored.length) return null;
    names.push([...stored.subarray(start + from, start + end)]);
  }
  return names;
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
      if (PATHS.has(oid) && document !== undefined && key !== undefined) {
        const path = pathTexts(walker, key);
        return path === null ? null : throughPath(followed(walker, document, left - 1), path);
      }
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

function throughPath(at: Followed | null, path: readonly (readonly number[])[]): Followed | null {
  if (at === null || at.steps.length + path.length > MAX_STEPS) return null;
  return { column: at.column, steps: [...at.steps, ...path.map((name) => stepOf(name, true))] };
}

/** The texts of `'{a,b}'` or `ARRAY['a', 'b']`; null for NULL among them, and for what is no literal. */
function pathTexts(walker: Walker, path: TreeNode): readonly (readonly number[])[] | null {
  if (path.tag === 'ARRAYEXPR' || path.tag === 'ARRAY') {
    const elements = nodesAt(path, 'elements');
    const texts = elements.map((one) =>
      one.tag === 'CONST' && numberAt(one, 'consttype') === TEXT ? literalText(walker, one) : null,
    );
    const known = texts.filter((text) => text !== null);
    return known.length === elements.length && !booleanAt(path, 'multidims') ? known : null;
  }
  if (path.tag !== 'CONST' || numberAt(path, 'consttype') !== TEXTS) return null;
  return arrayTexts(Buffer.from(Uint8Array.from(literalText(walker, path) ?? [])));
}

/**
 * An array as it is stored (array.h): dimensions, where the data begins or 0 when nothing is NULL, type of the elements,
 * length and lower bound of each dimension; then the texts, each behind its length word and at a multiple of 4 bytes.
 */
function arrayTexts(stored: Buffer): readonly (readonly number[])[] | null {
  if (stored.length < 12 || stored.readInt32LE(4) !== 0 || stored.readInt32LE(8) !== TEXT) return null;
  const dimensions = stored.readInt32LE(0);
  if (dimensions === 0) return [];
  if (dimensions !== 1 || stored.length < 20) return null;
  const texts: (readonly number[])[] = [];
  for (let at = 20, left = stored.readInt32LE(12); left > 0; left--) {
    if (at + 4 > stored.length) return null;
    const word = stored.readUInt32LE(at);
    const length = word >>> 2;
    // Neither compressed nor short.
    if ((word & 3) !== 0 || length < 4 || at + length > stored.length) return null;
    texts.push([...stored.subarray(at + 4, at + length)]);
    at += length + ((4 - (length % 4)) % 4);
  }
  return texts;
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
