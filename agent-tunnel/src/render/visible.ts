/**
 * Text from elsewhere, made safe and honest for a terminal: nothing invisible stays invisible, nothing moves the
 * cursor, nothing reorders what the reader sees.
 */

/**
 * Controls, format characters (bidirectional overrides, zero-width, tags), separators other than the plain space,
 * private use, surrogates, unassigned, variation selectors, and letters that draw nothing (Hangul fillers, Braille blank).
 */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}\u115F\u1160\u3164\uFFA0\u2800]|\u034F|(?! )\p{Zs}/gu;
const HIDDEN_BUT_LINES = new RegExp(`(?![\\n\\t])(?:${HIDDEN.source})`, 'gu');

/** One line: every hidden character as `‹U+202E›`, line breaks and tabs included. */
export function visibleLine(text: string): string {
  return text.replace(HIDDEN, mark);
}

/** Several lines: as {@link visibleLine}, but line feeds and tabs stay. */
export function visibleText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(HIDDEN_BUT_LINES, mark);
}

/** How many hidden characters a text holds, ordinary line breaks and tabs aside. */
export function countHidden(text: string): number {
  return text.replaceAll('\r\n', '\n').match(HIDDEN_BUT_LINES)?.length ?? 0;
}

/** Whether one word mixes Latin letters with their look-alikes of another alphabet, as `pаyments` with a Cyrillic а does. */
export function mixesAlphabets(text: string): boolean {
  const words = text.match(/[\p{L}\p{N}_]+/gu) ?? [];
  return words.some(
    (word) =>
      /\p{Script=Latin}/u.test(word) &&
      /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u.test(word),
  );
}

function mark(character: string): string {
  return `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`;
}
