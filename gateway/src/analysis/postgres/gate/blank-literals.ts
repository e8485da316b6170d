/**
 * A statement's text for eyes that may not see its values: every literal and parameter is a `?`, comments are left out,
 * names stay. Null when it is not certain where the literals are.
 *
 * Strings are read as with `standard_conforming_strings`, which is pinned. Left alone (null) is what could be read in
 * another way: any backslash (escape strings), dollar quotes, comments within comments, characters outside ASCII other
 * than in strings and quoted names, and whatever does not end.
 */

/** Longer texts are rare and not worth it. */
const MAX_BLANKED_CHARACTERS = 65_536;

/** One token at a time; no two alternatives begin alike but `--` and `-`, `/*` and `/`, and the longer ones come first. */
const TOKEN = new RegExp(
  [
    "(?<literal>'(?:[^']|'')*'|(?<![\\w$])\\$\\d+(?![\\w$])|\\.?\\d[\\w.]*)",
    '(?<comment>--[^\\n\\r]*|\\/\\*(?:[^*/]|\\*(?!\\/)|\\/(?!\\*))*\\*\\/)',
    '(?<kept>"(?:[^"]|"")*"|[A-Za-z_]\\w*|[\\t\\n\\r ]+|\\/(?!\\*)|[!#%&()*+,\\-.:;<=>?@[\\]^`{|}~])',
  ].join('|'),
  'y',
);

export function blankLiterals(text: string): string | null {
  if (text.length > MAX_BLANKED_CHARACTERS || text.includes('\\')) return null;
  let blanked = '';
  for (let at = 0; at < text.length; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return null;
    const { literal, comment } = match.groups ?? {};
    if (literal !== undefined) blanked += '?';
    else if (comment !== undefined) blanked += ' ';
    else blanked += match[0];
    at = TOKEN.lastIndex;
  }
  return blanked.trim();
}
