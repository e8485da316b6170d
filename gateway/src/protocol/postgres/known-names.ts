/** Longest name that is kept, characters: longer ones are rare, and comparing them costs as much as making them. */
const MAX_KEPT_CHARACTERS = 63;
/** Names kept; a power of two. */
export const MAX_KEPT_NAMES = 32;

/**
 * Names of statements and portals of one connection as they were read before: a client says the same few again and
 * again, and comparing some bytes costs less than making a string. Two names that meet in one place take turns.
 */
export class KnownNames {
  readonly #names: string[] = Array.from({ length: MAX_KEPT_NAMES }, () => '');

  /** The name that `source[start, end)` spells, if it was kept. */
  find(source: Buffer, start: number, end: number): string | null {
    const length = end - start;
    if (length === 0) return '';
    const kept = this.#names[placeOf(length, source[end - 1] ?? 0)] ?? '';
    if (kept.length !== length) return null;
    for (let i = 0; i < length; i++) if (kept.charCodeAt(i) !== source[start + i]) return null;
    return kept;
  }

  /** Keeps a name of ASCII alone, where a character is a byte. Returns it. */
  keep(name: string): string {
    const { length } = name;
    if (length === 0 || length > MAX_KEPT_CHARACTERS) return name;
    for (let i = 0; i < length; i++) if (name.charCodeAt(i) > 0x7f) return name;
    this.#names[placeOf(length, name.charCodeAt(length - 1))] = name;
    return name;
  }
}

function placeOf(length: number, last: number): number {
  return (length * 7 + last) & (MAX_KEPT_NAMES - 1);
}
