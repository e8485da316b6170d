/** Places in a statement for people: names of functions, and positions in its text. */
import type { ColumnKey, FlowPlaces } from '../../flows.ts';
import { FIRST_ASSIGNED_OID } from '../facts.ts';
import { builtInFunction } from '../functions/built-in.ts';
import { childNodes } from '../tree-node.ts';
import type { TreeNode, TreeValue } from '../tree-text.ts';
import type { Operation } from './use-places.ts';
import type { Walker } from './walker.ts';

/** The places that a finished walk has found. */
export function placesInWords(walker: Walker): FlowPlaces {
  const { shaping, faultable } = walker.findings.places;
  return {
    shaping: eachInWords(shaping, (clause) => clause),
    faultable: eachInWords(faultable, (operation) => operationInWords(walker, operation)),
  };
}

function eachInWords<Place>(
  places: ReadonlyMap<ColumnKey, ReadonlySet<Place>>,
  inWords: (place: Place) => string,
): ReadonlyMap<ColumnKey, readonly string[]> {
  return new Map([...places].map(([column, found]) => [column, [...new Set([...found].map(inWords))]]));
}

function operationInWords(walker: Walker, operation: Operation): string {
  if (typeof operation === 'string') return operation;
  if (operation < FIRST_ASSIGNED_OID)
    return builtInInWords(builtInFunction(operation)?.name ?? `function ${operation}`);
  const facts = walker.facts.function(operation);
  return facts === null || facts === undefined ? `function ${operation}` : facts.signature;
}

/** Names of functions behind `+`, `-`, `*`, `/` and `%`, after the type: `int4pl`, `date_pli`, `numeric_div_trunc`. */
const ARITHMETIC =
  /^(?:int\d+|float\d+|numeric|date|time|timetz|timestamp|timestamptz|interval|cash)_?(pl|add|mi|sub|mul|div|mod)/;
const SYMBOLS: ReadonlyMap<string, string> = new Map([
  ['pl', '+'],
  ['add', '+'],
  ['mi', '-'],
  ['sub', '-'],
  ['mul', '*'],
  ['div', '/'],
  ['mod', '%'],
]);

function builtInInWords(name: string): string {
  const symbol = SYMBOLS.get(ARITHMETIC.exec(name)?.[1] ?? '');
  return symbol === undefined ? `${name}()` : `arithmetic with ${symbol} (${name})`;
}

/**
 * Where a node begins, in bytes of the text that the server parsed. Null for a node that is not in these trees (of a
 * function's body, or from the catalog: their positions are those of other texts) and for one without a position.
 */
export function byteOf(queries: readonly TreeNode[], node: TreeNode | null): number | null {
  if (node === null || !queries.some((query) => holds(query, node))) return null;
  return firstLocation(node);
}

function holds(value: TreeValue | undefined, wanted: TreeNode): boolean {
  for (const node of childNodes(value)) {
    if (node === wanted) return true;
    for (const child of node.fields.values()) if (holds(child, wanted)) return true;
  }
  return false;
}

/** A node's own position, else the first one inside it. */
function firstLocation(node: TreeNode): number | null {
  const own = node.fields.get('location');
  if (typeof own === 'string' && /^\d{1,9}$/.test(own)) return Number(own);
  for (const value of node.fields.values()) {
    for (const child of childNodes(value)) {
      const inside = firstLocation(child);
      if (inside !== null) return inside;
    }
  }
  return null;
}
