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
