import type { PlannedColumn } from './planned-column.ts';

/** What a text may be in a column. */
export type TextColumn = {
  /** Most characters. */
  readonly maxCharacters: number;
  /** Most bytes of UTF-8. */
  readonly maxBytes: number;
  /** Values are filled up with blanks to this many characters; 0 where they are not. */
  readonly padTo: number;
  /** Blanks at the end of a value mean nothing. */
  readonly ignoresBlanks: boolean;
};

export const UNBOUNDED_TEXT: TextColumn = Object.freeze({
  maxCharacters: Number.POSITIVE_INFINITY,
  maxBytes: Number.POSITIVE_INFINITY,
  padTo: 0,
  ignoresBlanks: false,
});

const TEXT = 25;
const NAME = 19;
const BPCHAR = 1042;
const VARCHAR = 1043;
/** `name` has 64 bytes, the last one NUL. */
const MAX_NAME_BYTES = 63;
/** Bytes that a type modifier counts with the characters. */
const HEADER = 4;
/** A mask in a wider `char(n)` is not filled up: no client relies on it, and each row would carry the blanks. */
const MAX_PADDED_CHARACTERS = 256;

/**
 * Built-in types whose value is text, with the same bytes in text and in binary format; null for others. citext and
 * enums have OIDs of their own in each database: not known to be text. (Domains are described as their base type.)
 */
export function textColumn({ typeOid, typeModifier = -1 }: PlannedColumn): TextColumn | null {
  const declared = typeModifier > HEADER ? typeModifier - HEADER : null;
  switch (typeOid) {
    case TEXT:
      return UNBOUNDED_TEXT;
    case NAME:
      return { ...UNBOUNDED_TEXT, maxCharacters: MAX_NAME_BYTES, maxBytes: MAX_NAME_BYTES };
    case VARCHAR:
      return declared === null ? UNBOUNDED_TEXT : { ...UNBOUNDED_TEXT, maxCharacters: declared };
    case BPCHAR:
      if (declared === null) return { ...UNBOUNDED_TEXT, ignoresBlanks: true };
      return {
        ...UNBOUNDED_TEXT,
        maxCharacters: declared,
        padTo: declared <= MAX_PADDED_CHARACTERS ? declared : 0,
        ignoresBlanks: true,
      };
    default:
      return null;
  }
}

/** A constant as the column would hold it: cut to its width, filled up where values are. */
export function fitText(text: string, column: TextColumn): string {
  let characters = Array.from(text).slice(0, column.maxCharacters);
  while (Buffer.byteLength(characters.join('')) > column.maxBytes) characters = characters.slice(0, -1);
  return characters.join('') + ' '.repeat(Math.max(0, column.padTo - characters.length));
}
