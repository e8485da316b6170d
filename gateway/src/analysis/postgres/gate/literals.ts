/**
 * The literals of a text, and its shape: the text without them. Two texts of one shape are the same statement for the
 * gate, which looks at no literal of a plain query; so its answer for one serves the other.
 *
 * Deliberately narrow: plain numbers, and strings in single quotes without a backslash, prefix or doubled quote. A text
 * with a comment, dollar, backslash, double quote or a character outside ASCII has no shape (null): whatever could make
 * the grammar read a literal as something else is left to the grammar. Strings are read as with
 * `standard_conforming_strings`, which is pinned.
 */
export type Literal = {
  /** Position of its first character; a sign in front of it is no part of it. */
  readonly start: number;
  readonly end: number;
  /** What it says: without the quotes. */
  readonly value: string;
};

export type TextWithLiterals = { readonly shape: string; readonly literals: readonly Literal[] };

/** Longer texts are rare and not worth it. */
const MAX_SHAPED_CHARACTERS = 4_096;
/** Comments, dollar quotes and parameters, backslashes, quoted identifiers, control and non-ASCII characters, doubled quotes. */
const UNSAFE = /--|\/\*|[$\\"]|[^\t\n\r -~]|''/;
/**
 * A string behind a space, bracket, comma or operator; or a number that is no part of a word. Integers of at most nine
 * digits are of type `integer`, whatever they are; the type of longer ones depends on their value, and they stay in the shape.
 */
const LITERAL = /(?<=[\s(,=<>+*/%|[-])'([^']*)'|(?<![\w.])(?:(\d+\.\d+)|(\d{1,9}))(?![\w.])/g;
const INTEGER = '\u0001';
const DECIMAL = '\u0002';
const STRING = '\u0003';

export function withoutLiterals(text: string): TextWithLiterals | null {
  if (text.length > MAX_SHAPED_CHARACTERS || UNSAFE.test(text)) return null;
  const literals: Literal[] = [];
  const shape = text.replace(
    LITERAL,
    (whole: string, string: string | undefined, decimal: string | undefined, _integer: unknown, start: number) => {
      literals.push({ start, end: start + whole.length, value: string ?? whole });
      return string !== undefined ? STRING : decimal !== undefined ? DECIMAL : INTEGER;
    },
  );
  // A quote is left: of a string with a prefix (E, U&, B, X, N), or one that is not closed.
  return shape.includes("'") ? null : { shape, literals };
}
