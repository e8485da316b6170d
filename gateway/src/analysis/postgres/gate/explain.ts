/** The options of EXPLAIN, and the same statement with fewer of them. */
import { type Ast, astAt, listOf, stringOf, textAt } from './ast.ts';
import type { Grammar } from './grammar.ts';
import type { ExplainOptions } from './statement.ts';

/** As the server reads them: the last one of a name counts, and what cannot be read counts as on. */
export function explainOptions(body: Ast): ExplainOptions {
  const given = new Map(
    listOf(body, 'options').map((option): [string, boolean] => {
      const element = astAt(option, 'DefElem') ?? {};
      return [textAt(element, 'defname').toLowerCase(), !isOff(astAt(element, 'arg'))];
    }),
  );
  return {
    executes: given.has('analyze'),
    costs: given.get('costs') ?? true,
    buffers: given.get('buffers') === true || given.get('memory') === true ? true : (given.get('buffers') ?? null),
    memory: given.has('memory'),
    generic: given.get('generic_plan') === true,
  };
}

/** `defGetBoolean`: a word, or the number 0, which protobuf leaves out. */
function isOff(argument: Ast | null): boolean {
  if (argument === null) return false;
  const number = astAt(argument, 'Integer');
  if (number !== null) return (number['ival'] ?? 0) === 0;
  return ['false', 'off'].includes(stringOf(argument).toLowerCase());
}

/**
 * EXPLAIN without what tells how large tables are: of the options of one name the last counts, so they are added behind
 * the client's own. Null where nothing is to be left out, or could be.
 */
export function withoutSizes(
  grammar: Grammar,
  text: string,
  hasOptions: boolean,
  { executes, costs, buffers, memory }: ExplainOptions,
): string | null {
  if (executes || !(costs || buffers === true)) return null;
  const off = `COSTS OFF, BUFFERS OFF${memory ? ', MEMORY OFF' : ''}`;
  const tokens = grammar.scan(text).filter((token) => !token.isComment);
  const bytes = Buffer.from(text);
  const [explain, second] = tokens;
  if (explain === undefined || second === undefined) return null;
  const cut = (start: number, end?: number): string => bytes.subarray(start, end).toString();
  // `EXPLAIN (SELECT …)` has none.
  if (!hasOptions) return `EXPLAIN (${off}) ${cut(explain.end)}`;
  if (second.text.toLowerCase() === 'verbose') return `EXPLAIN (VERBOSE, ${off}) ${cut(second.end)}`;
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(') depth += 1;
    if (token.text === ')' && --depth === 0) return `${cut(0, token.start)}, ${off}${cut(token.start)}`;
  }
  return null;
}

const FORMATS: ReadonlySet<string> = new Set(['text', 'xml', 'json', 'yaml']);

/**
 * EXPLAIN ANALYZE as EXPLAIN: the plan, with nothing measured and nothing run. `explained`: the text behind the options.
 * Null for a format that no tested version has.
 */
export function withoutAnalyze(body: Ast, explained: string): string | null {
  const options = listOf(body, 'options').map((option) => astAt(option, 'DefElem') ?? {});
  const named = (name: string) => options.filter((one) => textAt(one, 'defname').toLowerCase() === name).at(-1);
  const format = named('format');
  const word = format === undefined ? 'text' : stringOf(astAt(format, 'arg') ?? {}).toLowerCase();
  if (!FORMATS.has(word)) return null;
  const kept = ['verbose', 'settings'].filter((name) => {
    const option = named(name);
    return option !== undefined && !isOff(astAt(option, 'arg'));
  });
  return `EXPLAIN (${[...kept.map((name) => name.toUpperCase()), `FORMAT ${word.toUpperCase()}`, 'COSTS OFF'].join(', ')}) ${explained}`;
}
