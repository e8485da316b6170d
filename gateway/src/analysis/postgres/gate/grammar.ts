/** The grammar as the gate uses it: libpg-query of the server's version, run by a worker. */
import type { Ast } from './ast.ts';

export type Token = {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly isComment: boolean;
};

export interface Grammar {
  /** Statements with positions in bytes; null when the text is not in the language. */
  parse(
    text: string,
  ): readonly { readonly statement: Ast; readonly startByte: number; readonly endByte: number }[] | null;
  /** The program of `CREATE FUNCTION … LANGUAGE plpgsql`; null when it is not in the language. */
  parsePlpgsql(text: string): unknown;
  /** Tokens with positions in bytes, comments included. */
  scan(text: string): readonly Token[];
}
