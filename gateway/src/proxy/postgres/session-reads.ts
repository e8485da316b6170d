/** What a statement reads of the session itself, where the gateway keeps things of its own beside the client's. */
export type SessionReads = {
  /** pg_prepared_statements. */
  readonly statements: boolean;
  /** pg_cursors. */
  readonly cursors: boolean;
  /** Settings, one of which may be one that the gateway keeps at another value than the client. */
  readonly settings: boolean;
};

export const READS_NOTHING: SessionReads = Object.freeze({ statements: false, cursors: false, settings: false });

/** Settings that the gateway keeps for the oracle, and what a client expects of them (its own client_min_messages apart). */
export const KEPT_SETTINGS: ReadonlyMap<string, string> = new Map([
  ['client_min_messages', 'notice'],
  ['debug_print_rewritten', 'off'],
  ['debug_pretty_print', 'on'],
]);

/**
 * Calls of built-in functions, whose OIDs are the same in every version: pg_prepared_statement(), pg_cursor(),
 * pg_show_all_settings(). The server wraps the text of a tree where it has a space.
 */
const STATEMENTS = /:funcid\s+2510\s/;
const CURSORS = /:funcid\s+2511\s/;
const ALL_SETTINGS = /:funcid\s+2084\s/;
/** current_setting(text), current_setting(text, boolean), and their first argument when it is a constant. */
const ONE_SETTING = /:funcid\s+(?:2077|3294)\s[^{}]*:args\s+\((?:\{CONST\s[^{}]*:constvalue\s+\d+\s+\[([-\d\s]+)\])?/g;
/** The length word in front of a constant of variable length (`varatt.h`). */
const LENGTH_BYTES = 4;

/**
 * Looks for these functions in the text of trees. A name that looks like one is taken for one, which does no harm:
 * the statement then only runs with more care.
 */
export function readsOfTrees(trees: readonly string[]): SessionReads {
  const has = (mark: RegExp): boolean => trees.some((tree) => mark.test(tree));
  return {
    statements: has(STATEMENTS),
    cursors: has(CURSORS),
    settings: has(ALL_SETTINGS) || trees.some(readsKeptSetting),
  };
}

function readsKeptSetting(tree: string): boolean {
  for (const [, constant] of tree.matchAll(ONE_SETTING)) {
    if (constant === undefined) return true;
    const bytes = constant.trim().split(/\s+/).map(Number).slice(LENGTH_BYTES);
    if (KEPT_SETTINGS.has(Buffer.from(Uint8Array.from(bytes)).toString('utf8').toLowerCase())) return true;
  }
  return false;
}
