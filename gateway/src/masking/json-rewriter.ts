/** The masked text of a value; null for JSON's null. */
export type CellMaskOf = (value: string) => string | null;

/** A place in a document: masked, or a way to places below it. */
export type Place = {
  readonly mask: CellMaskOf | null;
  readonly members: ReadonlyMap<string, Place>;
  /** Of every element of an array. */
  readonly every: Place | null;
};

/** Deepest nesting of a document. */
export const MAX_JSON_DEPTH = 64;

/** The document is not as JSON, or not as a path expects it. */
class Unexpected extends Error {}

/**
 * Reads a document once, from the start to the end, copying what is not masked as it stands: numbers keep their digits,
 * and of equal keys each one is rewritten.
 */
export class JsonRewriter {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Null when the document is not as expected, or too deep. */
  rewrite(root: Place): string | null {
    try {
      this.#space();
      const rewritten = this.#value(root, 0);
      this.#space();
      return this.#at === this.#text.length ? rewritten : null;
    } catch (error) {
      if (error instanceof Unexpected) return null;
      throw error;
    }
  }

  #value(place: Place, depth: number): string {
    if (depth > MAX_JSON_DEPTH) throw new Unexpected();
    const first = this.#text.charAt(this.#at);
    if (first === '{' && place.members.size > 0 && place.every === null) return this.#object(place, depth);
    if (first === '[' && place.every !== null && place.members.size === 0) return this.#array(place.every, depth);
    const value = this.#skip(depth);
    // There is nothing in a null.
    if (value === 'null') return value;
    throw new Unexpected();
  }

  #object(place: Place, depth: number): string {
    const kept: string[] = [];
    const masked = new Map<string, string>();
    this.#at++;
    for (let isFirst = true; !this.#ends('}', isFirst); isFirst = false) {
      const start = this.#at;
      const key = this.#key();
      const child = place.members.get(key);
      if (child?.mask !== null && child !== undefined) masked.set(key, this.#skip(depth + 1));
      else if (child !== undefined) kept.push(`${JSON.stringify(key)}: ${this.#value(child, depth + 1)}`);
      else {
        this.#skip(depth + 1);
        kept.push(this.#text.slice(start, this.#at));
      }
    }
    for (const [key, { mask }] of place.members) {
      if (mask !== null) kept.push(`${JSON.stringify(key)}: ${maskedJson(mask, masked.get(key))}`);
    }
    return `{${kept.join(', ')}}`;
  }

  #array(every: Place, depth: number): string {
    const elements: string[] = [];
    this.#at++;
    for (let isFirst = true; !this.#ends(']', isFirst); isFirst = false) {
      elements.push(
        every.mask === null ? this.#value(every, depth + 1) : maskedJson(every.mask, this.#skip(depth + 1)),
      );
    }
    return `[${elements.join(', ')}]`;
  }

  /** Whether the object or array ends here; takes the comma between its parts. */
  #ends(close: string, isFirst: boolean): boolean {
    this.#space();
    if (this.#text.charAt(this.#at) === close) {
      this.#at++;
      return true;
    }
    if (!isFirst) this.#take(',');
    this.#space();
    return false;
  }

  #key(): string {
    const start = this.#at;
    this.#string();
    const key = decoded(this.#text.slice(start, this.#at));
    this.#space();
    this.#take(':');
    this.#space();
    return key;
  }

  /** Any value; returns its text. */
  #skip(depth: number): string {
    const start = this.#at;
    let open = 0;
    do {
      const character = this.#text.charAt(this.#at);
      if (character === '"') this.#string();
      else if (character === '{' || character === '[') {
        if (depth + ++open > MAX_JSON_DEPTH) throw new Unexpected();
        this.#at++;
      } else if (character === '}' || character === ']') {
        open--;
        this.#at++;
      } else if (open > 0 && (character === ',' || character === ':' || isSpace(character))) this.#at++;
      else this.#word();
    } while (open > 0);
    return this.#text.slice(start, this.#at);
  }

  #string(): void {
    this.#take('"');
    for (;;) {
      const character = this.#text.charAt(this.#at);
      if (character === '') throw new Unexpected();
      this.#at += character === '\\' ? 2 : 1;
      if (character === '"') return;
    }
  }

  /** A number, true, false or null. */
  #word(): void {
    const start = this.#at;
    while (/[-+.0-9A-Za-z]/.test(this.#text.charAt(this.#at))) this.#at++;
    if (this.#at === start) throw new Unexpected();
  }

  #take(character: string): void {
    if (this.#text.charAt(this.#at) !== character) throw new Unexpected();
    this.#at++;
  }

  #space(): void {
    while (isSpace(this.#text.charAt(this.#at))) this.#at++;
  }
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}

/** A text as it is, a number or a boolean as it is spelled; anything else, and what is not there, counts as the empty text. */
function maskedJson(mask: CellMaskOf, value: string | undefined): string {
  const plain = value === undefined || value === 'null' || /^[[{]/.test(value) ? '' : value;
  const shown = mask(plain.startsWith('"') ? decoded(plain) : plain);
  return shown === null ? 'null' : JSON.stringify(shown);
}

function decoded(string: string): string {
  try {
    const value: unknown = JSON.parse(string);
    if (typeof value === 'string') return value;
  } catch {
    // json (not jsonb) keeps escapes that stand for nothing, such as half a surrogate pair: masked whole.
  }
  throw new Unexpected();
}
