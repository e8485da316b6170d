/** Longest text that is kept, bytes. */
export const MAX_KEPT_TEXT_BYTES = 1_024;

/**
 * The statement's text that one connection parsed last. Many clients parse the same one each time they run it, and
 * comparing its bytes costs less than making a string, which then has to be hashed to be found.
 */
export class KnownText {
  #bytes: Buffer = EMPTY;
  #text = '';

  /** The text that `source[start, end)` spells, if it was kept. */
  find(source: Buffer, start: number, end: number): string | null {
    const bytes = this.#bytes;
    const { length } = bytes;
    if (length === 0 || length !== end - start) return null;
    for (let i = 0; i < length; i++) if (bytes[i] !== source[start + i]) return null;
    return this.#text;
  }

  /** Keeps a text that was read from `bytes`, unless it is long. Returns it. */
  keep(text: string, bytes: Buffer): string {
    if (bytes.length > MAX_KEPT_TEXT_BYTES) return text;
    this.#bytes = Buffer.from(bytes);
    this.#text = text;
    return text;
  }
}

const EMPTY: Buffer = Buffer.alloc(0);
