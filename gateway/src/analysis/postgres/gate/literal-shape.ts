/**
 * The shape of a text in which only literals vary. Two texts of one shape are the same statement for the gate, which
 * looks at no literal of a plain query; so its answer for one serves the other.
 *
 * Deliberately narrow: plain numbers, and strings in single quotes without a backslash, prefix or doubled quote. A text
 * with a comment, dollar, backslash or double quote has no shape (null): whatever could make the grammar read a
 * literal as something else is left to the grammar. Strings are read as with `standard_conforming_strings`, which is pinned.
 */
export function literalShape(text: string): string | null {
  if (text.length > MAX_SHAPED_CHARACTERS || UNSAFE.test(text)) return null;
  const shape = text.replace(LITERAL, (_literal, before: string | undefined) =>
    before === undefined ? '0' : `${before}\0`,
  );
  // A quote is left: of a string with a prefix (E, U&, B, X, N), or one that is not closed.
  return shape.includes("'") ? null : shape;
}

/** Longer texts are rare and not worth it. */
const MAX_SHAPED_CHARACTERS = 4_096;
/** Comments, dollar quotes and parameters, backslashes, quoted identifiers, control and non-ASCII characters, doubled quotes. */
const UNSAFE = /--|\/\*|[$\\"]|[^\t\n\r -~]|''/;
/** A string behind a space, bracket, comma or operator; or a number that is no part of a word. */
const LITERAL = /([\s(,=<>+*/%|[-])'[^']*'|(?<![\w.])\d+(?:\.\d+)?(?![\w.])/g;
