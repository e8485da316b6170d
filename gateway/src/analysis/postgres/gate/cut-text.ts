/**
 * Cuts the query out of EXPLAIN, COPY, DECLARE and their like. The cut text is right if the grammar reads it as the
 * syntax that it read inside; where to cut is only a guess, tried from left to right.
 */
import { type Ast, astAt, isAst, listOf, sameSyntax, unwrap } from './ast.ts';
import type { Grammar, Token } from './grammar.ts';

/** Pairs of ends that are tried, at most. Real statements need one or two. */
const MAX_ATTEMPTS = 64;
const QUERY_STARTS: ReadonlySet<string> = new Set([
  'select',
  'with',
  'values',
  'table',
  'insert',
  'update',
  'delete',
  'merge',
  '(',
]);

/** The text of `inner` inside `text`; null when it cannot be found. */
export function cutQuery(grammar: Grammar, text: string, inner: Ast): string | null {
  const bytes = Buffer.from(text);
  const tokens = grammar.scan(text).filter((token) => !token.isComment);
  let attempts = 0;
  for (const [index, token] of tokens.entries()) {
    if (index === 0 || !QUERY_STARTS.has(token.text.toLowerCase())) continue;
    for (const end of ends(tokens, index)) {
      if (++attempts > MAX_ATTEMPTS) return null;
      const cut = bytes.subarray(token.start, end).toString();
      const parsed = grammar.parse(cut);
      const [only] = parsed ?? [];
      if (parsed?.length === 1 && only !== undefined && sameSyntax(only.statement, inner)) return cut;
    }
  }
  return null;
}

/** The end of the text; before WITH [NO] DATA or WITH … CHECK OPTION; before a parenthesis that closes what was open. */
function* ends(tokens: readonly Token[], start: number): Generator<number> {
  const last = tokens.at(-1);
  if (last === undefined) return;
  yield last.end;
  let depth = 0;
  for (let index = start; index < tokens.length; index++) {
    const token = tokens[index];
    const before = tokens[index - 1];
    if (token === undefined) return;
    if (token.text === '(') depth++;
    if (token.text === ')' && --depth < 0) {
      if (before !== undefined) yield before.end;
      return;
    }
    if (depth === 0 && index > start && before !== undefined && token.text.toLowerCase() === 'with') yield before.end;
  }
}

/** The text from the first such word that stands in no parentheses; null when there is none. */
export function fromWord(grammar: Grammar, text: string, word: string): string | null {
  let depth = 0;
  for (const token of grammar.scan(text).filter(({ isComment }) => !isComment)) {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth === 0 && token.text.toLowerCase() === word) return Buffer.from(text).subarray(token.start).toString();
  }
  return null;
}

/** SELECT … INTO target … without its INTO clause; null when it cannot be found. */
export function cutInto(grammar: Grammar, text: string, select: Ast): string | null {
  const { intoClause: _, ...rest } = select;
  const bytes = Buffer.from(text);
  const tokens = grammar.scan(text).filter((token) => !token.isComment);
  let attempts = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.text.toLowerCase() !== 'into') continue;
    // INTO [TEMP|UNLOGGED|…] [TABLE] name[.name[.name]]: up to eight tokens.
    for (let length = 2; length <= 8; length++) {
      const last = tokens[index + length - 1];
      if (last === undefined || ++attempts > MAX_ATTEMPTS) break;
      const cut = `${bytes.subarray(0, token.start).toString()} ${bytes.subarray(last.end).toString()}`;
      const parsed = grammar.parse(cut);
      const [only] = parsed ?? [];
      if (parsed?.length === 1 && only !== undefined && sameSyntax(only.statement, { SelectStmt: rest })) return cut;
    }
  }
  return null;
}

/** The types between the parentheses of `PREPARE name (type, …) AS`, as texts. */
export function cutTypes(grammar: Grammar, text: string, count: number): readonly string[] | null {
  const bytes = Buffer.from(text);
  const tokens = grammar.scan(text).filter((token) => !token.isComment);
  if (count === 0) return [];
  const types: string[] = [];
  let depth = 0;
  let start: number | null = null;
  for (const [index, token] of tokens.entries()) {
    if (index < 2) continue;
    if (token.text === '(' && ++depth === 1) {
      start = token.end;
      continue;
    }
    const closes = token.text === ')' && --depth === 0;
    if ((closes || (token.text === ',' && depth === 1)) && start !== null) {
      types.push(bytes.subarray(start, token.start).toString().trim());
      start = token.end;
    }
    if (closes) return types.length === count ? types : null;
  }
  return null;
}

/** `SELECT` of the arguments of `EXECUTE name (argument, …)`; null when they cannot be found. */
export function cutArguments(grammar: Grammar, text: string, values: readonly Ast[]): string | null {
  const bytes = Buffer.from(text);
  const tokens = grammar.scan(text).filter((token) => !token.isComment);
  let attempts = 0;
  for (const [index, opening] of tokens.entries()) {
    if (opening.text !== '(') continue;
    for (let last = tokens.length - 1; last > index; last--) {
      const closing = tokens[last];
      if (closing?.text !== ')') continue;
      if (++attempts > MAX_ATTEMPTS) return null;
      const cut = `SELECT ${bytes.subarray(opening.end, closing.start).toString()}`;
      const [only, ...more] = grammar.parse(cut) ?? [];
      if (only === undefined || more.length > 0) continue;
      const targets = listOf(unwrap(only.statement).body, 'targetList');
      const same = targets.every((target, at) => {
        const column = astAt(target, 'ResTarget') ?? {};
        const value = values[at];
        return isAst(column['val']) && value !== undefined && sameSyntax(column['val'], value);
      });
      if (targets.length === values.length && same) return cut;
    }
  }
  return null;
}
