/**
 * PostgreSQL's node text: what `nodeToString` (outfuncs.c) prints, in a notice's DETAIL and in catalog columns
 * such as `pg_rewrite.ev_action`, `pg_proc.prosqlbody`, `pg_attrdef.adbin`, `pg_constraint.conbin`.
 *
 * ```text
 * node    {TAG :field value :field value …}
 * list    (value value …)      lists of numbers and bit sets start with a bare marker: (i 1 2) (o 25) (x 9) (b 1 2)
 * string  "text"               in lists; a field prints a bare token; both escape with a backslash
 * null    <>
 * datum   24 [ 1 0 0 0 … ]     a length and its bytes; one field may therefore hold several values
 *                              a bracket that starts a field's first value, or a list's, belongs to a name
 * ```
 * The printer of notices (`format_node_dump`) breaks lines at 78 characters, even inside names: a name read here is
 * good for comparison only after `normaliseName`.
 */

import { currentTag } from './node-tags.ts';

export type TreeNode = { readonly tag: string; readonly fields: ReadonlyMap<string, TreeValue> };
/** A bare token or a string. `null` is `<>`. */
export type TreeValue = string | null | TreeNode | TreeDatum | TreeList | TreeSequence;
export type TreeList = readonly TreeValue[];
/** The bytes of a constant, as decimal numbers. */
export type TreeDatum = { readonly bytes: readonly number[] };
/** Several values in one field (a datum with its length, an array of numbers). */
export type TreeSequence = { readonly sequence: readonly TreeValue[] };

export type TreeParse =
  | { readonly kind: 'tree'; readonly value: TreeValue }
  | { readonly kind: 'malformed'; readonly offset: number; readonly problem: string };

/** Longest text that is parsed, in UTF-16 units. A 256 KB statement over wide tables stays well below. */
export const MAX_TREE_LENGTH = 16 * 1024 * 1024;
/** Deepest nesting of nodes and lists. */
export const MAX_TREE_DEPTH = 2_000;

class Malformed extends Error {
  readonly offset: number;
  constructor(problem: string, offset: number) {
    super(problem);
    this.offset = offset;
  }
}

/** Parses one value that fills the whole text. Total: bad input is an answer, never an exception. */
export function parseTree(text: string): TreeParse {
  if (text.length > MAX_TREE_LENGTH)
    return { kind: 'malformed', offset: MAX_TREE_LENGTH, problem: 'longer than the bound' };
  try {
    return { kind: 'tree', value: new TreeReader(text).whole() };
  } catch (error) {
    if (error instanceof Malformed) return { kind: 'malformed', offset: error.offset, problem: error.message };
    throw error;
  }
}

export function isNode(value: TreeValue | undefined): value is TreeNode {
  return typeof value === 'object' && value !== null && 'tag' in value;
}

export function isDatum(value: TreeValue | undefined): value is TreeDatum {
  return typeof value === 'object' && value !== null && 'bytes' in value;
}

export function isSequence(value: TreeValue | undefined): value is TreeSequence {
  return typeof value === 'object' && value !== null && 'sequence' in value;
}

const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN_PAREN = 0x28;
const CLOSE_PAREN = 0x29;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

class TreeReader {
  readonly #text: string;
  readonly #length: number;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#length = text.length;
  }

  whole(): TreeValue {
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.#length) this.#fail('text after the end');
    return value;
  }

  #value(): TreeValue {
    this.#skipSpace();
    switch (this.#text.charCodeAt(this.#at)) {
      case OPEN_BRACE:
        return this.#nested(() => this.#node());
      case OPEN_PAREN:
        return this.#nested(() => this.#list());
      case QUOTE:
        return this.#string();
      default:
        return this.#token();
    }
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_TREE_DEPTH) this.#fail('nested too deeply');
    const value = read();
    this.#depth--;
    return value;
  }

  #node(): TreeNode {
    this.#at++;
    this.#skipSpace();
    const tag = currentTag(this.#bareWord());
    const fields = new Map<string, TreeValue>();
    for (;;) {
      this.#skipSpace();
      const next = this.#text.charCodeAt(this.#at);
      if (next === CLOSE_BRACE) {
        this.#at++;
        return { tag, fields };
      }
      if (next !== COLON) this.#fail('expected a field');
      this.#at++;
      const name = this.#bareWord();
      if (fields.has(name)) this.#fail(`field ${name} twice`);
      fields.set(name, this.#fieldValue());
    }
  }

  /** All values up to the next field. No token starts with a colon: the printer escapes nothing there, and needs not to. */
  #fieldValue(): TreeValue {
    const first = this.#value();
    let more: TreeValue[] | null = null;
    for (;;) {
      this.#skipSpace();
      const next = this.#text.charCodeAt(this.#at);
      if (next === COLON || next === CLOSE_BRACE) return more === null ? first : { sequence: more };
      if (this.#at >= this.#length) this.#fail('ends inside a node');
      more ??= [first];
      more.push(next === OPEN_BRACKET ? this.#datum() : this.#value());
    }
  }

  #list(): TreeList {
    this.#at++;
    const items: TreeValue[] = [];
    this.#skipSpace();
    const marker = this.#text.charAt(this.#at);
    const afterMarker = this.#text.charCodeAt(this.#at + 1);
    if ('iobx'.includes(marker) && marker !== '' && (afterMarker <= SPACE || afterMarker === CLOSE_PAREN)) this.#at++;
    for (;;) {
      this.#skipSpace();
      if (this.#at >= this.#length) this.#fail('ends inside a list');
      if (this.#text.charCodeAt(this.#at) === CLOSE_PAREN) {
        this.#at++;
        return items;
      }
      items.push(this.#value());
    }
  }

  #string(): string {
    const start = ++this.#at;
    let text = '';
    let from = start;
    for (;;) {
      if (this.#at >= this.#length) this.#fail('ends inside a string');
      const code = this.#text.charCodeAt(this.#at);
      if (code === QUOTE) {
        text += this.#text.slice(from, this.#at);
        this.#at++;
        return text;
      }
      if (code === BACKSLASH) {
        text += this.#text.slice(from, this.#at);
        from = this.#at + 1;
        this.#at += 2;
      } else this.#at++;
    }
  }

  #datum(): TreeDatum {
    const end = this.#text.indexOf(']', this.#at);
    if (end < 0) this.#fail('ends inside a datum');
    const bytes: number[] = [];
    let at = this.#at + 1;
    while (at < end) {
      if (this.#text.charCodeAt(at) <= SPACE) {
        at++;
        continue;
      }
      const from = at;
      while (at < end && this.#text.charCodeAt(at) > SPACE) at++;
      const byte = Number(this.#text.slice(from, at));
      // The printer casts to a signed char on some platforms: -128 to 255 are all bytes.
      if (!Number.isInteger(byte) || byte < -128 || byte > 255) this.#fail('not a byte in a datum');
      bytes.push(byte & 0xff);
    }
    this.#at = end + 1;
    return { bytes };
  }

  /** A tag or field name: letters, digits, underscores, dots. */
  #bareWord(): string {
    const from = this.#at;
    while (this.#at < this.#length && isWord(this.#text.charCodeAt(this.#at))) this.#at++;
    if (this.#at === from) this.#fail('expected a name');
    return this.#text.slice(from, this.#at);
  }

  #token(): string | null {
    const from = this.#at;
    let text = '';
    let start = from;
    while (this.#at < this.#length) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === BACKSLASH) {
        if (this.#at + 1 >= this.#length) this.#fail('ends inside an escape');
        text += this.#text.slice(start, this.#at);
        start = this.#at + 1;
        this.#at += 2;
        continue;
      }
      if (code <= SPACE || code === OPEN_PAREN || code === CLOSE_PAREN || code === OPEN_BRACE || code === CLOSE_BRACE)
        break;
      this.#at++;
    }
    if (this.#at === from) this.#fail('expected a value');
    text += this.#text.slice(start, this.#at);
    // A name that is literally `<>` is printed with a backslash, so the raw text decides.
    return this.#at - from === 2 && this.#text.startsWith('<>', from) ? null : text;
  }

  #skipSpace(): void {
    while (this.#at < this.#length && this.#text.charCodeAt(this.#at) <= SPACE) this.#at++;
  }

  #fail(problem: string): never {
    throw new Malformed(problem, this.#at);
  }
}

function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2e
  );
}

/** Longest stretch without a space that the notice printer certainly did not break. */
const MAX_UNBROKEN_BYTES = 76;

/**
 * Undoes the line breaks of `format_node_dump`, which turns a space near the 78th byte into a line feed.
 * A stretch without spaces that is as long as a line may have been cut in its middle, between a backslash and the
 * brace that it escapes: a client could then shape the tree with its column aliases. Such a text gives null.
 */
export function joinPrintedLines(detail: string): string | null {
  let stretch = 0;
  for (let at = 0; at < detail.length; at++) {
    const code = detail.charCodeAt(at);
    const ends = code === SPACE || (code === 0x0a && detail.charCodeAt(at - 1) !== BACKSLASH);
    stretch = ends ? 0 : stretch + (code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3);
    if (stretch > MAX_UNBROKEN_BYTES) return null;
  }
  return detail.replaceAll('\n', ' ');
}
