/** Longest name in a message, characters. PostgreSQL's have up to 63 bytes. */
const MAX_NAME = 80;

/**
 * A name as it may stand in a message: whoever creates objects chooses names, and a name must not break a line of a
 * log, colour a terminal, or turn the words around it.
 */
export function visibleName(name: string): string {
  const visible = name.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return visible.length <= MAX_NAME ? visible : `${visible.slice(0, MAX_NAME)}…`;
}
