/**
 * Regular expressions that the server compiles whatever the text is, and runs in time that grows with the text: plain
 * characters, classes, groups, alternatives and repetition, without look-around and back references. A small part of
 * what PostgreSQL knows (manual, "Regular Expression Details"); what is not in it counts as one that may raise.
 */

const LONGEST_PATTERN = 200;
const DEEPEST_GROUP = 3;
const MOST_REPETITIONS = 100;
/** Where there are groups, which multiply. */
const MOST_WITH_GROUPS = 10;

/** Plain characters, escaped punctuation, `\\d` and its kin, `.`, `[a-z_]`. */
const ATOM =
  /^(?:[A-Za-z0-9 @_,:;/#%&=<>~"'!-]|\\[.*+?()[\]{}|^$\\/@_-]|\\[dDsSwW]|\.|\[\^?(?:[A-Za-z]-[A-Za-z]|[0-9]-[0-9]|[A-Za-z0-9 @_.,/]|\\[dsw])+-?\])/;
const REPETITION = /^(?:[*+?]|\{(\d{1,3})(?:,(\d{1,3})?)?\})\??/;
const ANCHOR = /^[\^$]/;
const GROUP = /^\((?:\?:)?/;

/** Null, which is no pattern at all, is none of these. */
export function isPlainPattern(pattern: string | null): boolean {
  if (pattern === null || pattern.length > LONGEST_PATTERN) return false;
  if (!areRanges(pattern) || !isSmall(pattern)) return false;
  return alternatives(pattern, 0) === '';
}

/** Flags of regexp_replace: all matches, in either case. */
export function isFlags(flags: string | null): boolean {
  return flags !== null && /^[gi]{0,2}$/.test(flags);
}

/** What is left behind the alternatives at the start; null when they are not plain. */
function alternatives(text: string, depth: number): string | null {
  let rest = branch(text, depth);
  while (rest?.startsWith('|')) rest = branch(rest.slice(1), depth);
  return rest;
}

function branch(text: string, depth: number): string | null {
  let rest = text;
  while (rest !== '' && !rest.startsWith('|') && !rest.startsWith(')')) {
    const anchor = ANCHOR.exec(rest);
    if (anchor !== null) {
      rest = rest.slice(anchor[0].length);
      continue;
    }
    const after = piece(rest, depth);
    if (after === null) return null;
    rest = repeated(after) ?? after;
    if (REPETITION.test(rest)) return null;
  }
  return rest.length === text.length ? null : rest;
}

function piece(text: string, depth: number): string | null {
  const group = GROUP.exec(text);
  if (group !== null) {
    const rest = depth === DEEPEST_GROUP ? null : alternatives(text.slice(group[0].length), depth + 1);
    return rest?.startsWith(')') ? rest.slice(1) : null;
  }
  const atom = ATOM.exec(text);
  return atom === null ? null : text.slice(atom[0].length);
}

/** Null when no repetition follows, or one that the server might not take. */
function repeated(text: string): string | null {
  const found = REPETITION.exec(text);
  if (found === null) return null;
  const [all, least, most] = found;
  const [from, to] = [Number(least ?? 0), Number(most ?? least ?? 0)];
  return from > MOST_REPETITIONS || to > MOST_REPETITIONS || to < from ? null : text.slice(all.length);
}

/** Whether `[z-a]` and its like are not in it. */
function areRanges(pattern: string): boolean {
  return [...pattern.matchAll(/([A-Za-z0-9])-([A-Za-z0-9])/g)].every(([, from = '', to = '']) => from <= to);
}

function isSmall(pattern: string): boolean {
  if (!pattern.includes('(')) return true;
  return [...pattern.matchAll(/\d+/g)].every(
    ([digits]) => Number(digits) <= MOST_WITH_GROUPS || !pattern.includes('{'),
  );
}
