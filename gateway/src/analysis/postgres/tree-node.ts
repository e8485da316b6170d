/**
 * Typed reading of node text. A field that is missing or of another shape than expected is a `TreeSurprise`:
 * the server is newer than this analyser, or lies. `analyse` turns it into an opaque analysis.
 */
import { isDatum, isNode, isSequence, type TreeNode, type TreeValue } from './tree-text.ts';

export class TreeSurprise extends Error {}

/** A child node, or null for `<>` and for a field that this version does not have. */
export function nodeAt(node: TreeNode, field: string): TreeNode | null {
  const value = node.fields.get(field);
  if (value === undefined || value === null) return null;
  if (!isNode(value)) throw new TreeSurprise(`${node.tag}.${field} is not a node`);
  return value;
}

export function neededNode(node: TreeNode, field: string): TreeNode {
  const value = nodeAt(node, field);
  if (value === null) throw new TreeSurprise(`${node.tag}.${field} is missing`);
  return value;
}

/** A list, empty for `<>` and for a field that this version does not have. */
export function listAt(node: TreeNode, field: string): readonly TreeValue[] {
  const value = node.fields.get(field);
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new TreeSurprise(`${node.tag}.${field} is not a list`);
  return value;
}

export function nodesAt(node: TreeNode, field: string): readonly TreeNode[] {
  return listAt(node, field).map((item) => {
    if (!isNode(item)) throw new TreeSurprise(`${node.tag}.${field} holds something else than nodes`);
    return item;
  });
}

/** A number that must be there. */
export function numberAt(node: TreeNode, field: string): number {
  const value = node.fields.get(field);
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw new TreeSurprise(`${node.tag}.${field} is not a number`);
  return number;
}

/** A number, or `absent` for a field that this version does not have. */
export function numberOr(node: TreeNode, field: string, absent: number): number {
  return node.fields.has(field) ? numberAt(node, field) : absent;
}

export function booleanAt(node: TreeNode, field: string): boolean {
  const value = node.fields.get(field);
  if (value === 'true') return true;
  if (value === 'false' || value === undefined) return false;
  throw new TreeSurprise(`${node.tag}.${field} is not a boolean`);
}

/** A name, whitespace removed: the printer of notices breaks long names over lines, even inside. Null for `<>`. */
export function nameAt(node: TreeNode, field: string): string | null {
  const value = node.fields.get(field);
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return normaliseName(value);
  if (isSequence(value))
    return value.sequence.map((part) => (typeof part === 'string' ? normaliseName(part) : '')).join('');
  throw new TreeSurprise(`${node.tag}.${field} is not a name`);
}

export function normaliseName(name: string): string {
  return name.replace(/\s+/g, '');
}

/** Numbers of a bare list such as `(i 1 2)`. */
export function numbersAt(node: TreeNode, field: string): readonly number[] {
  return listAt(node, field).map((item) => {
    if (typeof item !== 'string' || !/^-?\d{1,15}$/.test(item))
      throw new TreeSurprise(`${node.tag}.${field} holds something else than numbers`);
    return Number(item);
  });
}

/** The bytes of a Const, null for NULL. Whoever calls this makes the analysis depend on a literal. */
export function constantBytes(node: TreeNode): readonly number[] | null {
  const value = node.fields.get('constvalue');
  if (value === null || value === undefined) return null;
  if (!isSequence(value)) throw new TreeSurprise('CONST.constvalue has no bytes');
  const datum = value.sequence.find((part) => isDatum(part));
  if (datum === undefined || !isDatum(datum)) throw new TreeSurprise('CONST.constvalue has no bytes');
  return datum.bytes;
}

/** Children that are nodes, in whatever field and list they sit. */
export function* childNodes(value: TreeValue | undefined): Generator<TreeNode> {
  if (value === undefined || value === null || typeof value === 'string') return;
  if (isNode(value)) {
    yield value;
  } else if (isSequence(value)) {
    for (const part of value.sequence) yield* childNodes(part);
  } else if (Array.isArray(value)) {
    for (const part of value) yield* childNodes(part);
  }
}
