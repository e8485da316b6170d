/**
 * Functions that run a query given as text: `crosstab`, `ts_stat`, `query_to_xml` and the like. When the text is a
 * literal, the server parses it as it will when it runs, and its flows are those of the call. The functions raise by
 * what the query answers, so whatever it reads may decide whether they do.
 */

import { booleanAt, numberAt } from '../tree-node.ts';
import { joinPrintedLines, parseTree } from '../tree-text.ts';
import { queriesIn } from './function-body.ts';
import { literalText } from './literals.ts';
import { columnsOf, type FunctionCall, Opaque, type Sources, union, type Walker } from './walker.ts';

/** Which arguments are queries, by the name of the function; the first where it is not listed. */
const QUERY_ARGUMENTS: ReadonlyMap<string, readonly number[]> = new Map([
  ['crosstab', [0, 1]],
  ['ts_rewrite', [1]],
]);
const TEXT = 25;
/** CmdType */
const SELECT = 1;

export function walkQueryText(
  walker: Walker,
  runner: { readonly oid: number; readonly name: string },
  call: FunctionCall,
): { readonly columns: readonly Sources[]; readonly rows: Sources } {
  const found: Sources[] = [call.sources];
  for (const position of QUERY_ARGUMENTS.get(runner.name) ?? [0]) {
    const argument = call.arguments[position];
    // crosstab(text) and the number of columns in crosstab(text, integer).
    if (
      position > 0 &&
      (argument === undefined || (argument.tag === 'CONST' && numberAt(argument, 'consttype') !== TEXT))
    )
      continue;
    const bytes = literalText(walker, argument);
    if (bytes === null)
      throw new Opaque(
        'query-text',
        `${runner.name}() runs a query that is not written in the statement.`,
        'Write the query as a literal.',
      );
    found.push(textSources(walker, runner, new TextDecoder().decode(Uint8Array.from(bytes))));
  }
  const everything = union(...found);
  walker.findings.fault(everything);
  return { columns: [everything], rows: everything };
}

function textSources(walker: Walker, runner: { readonly oid: number; readonly name: string }, sql: string): Sources {
  const trees = walker.facts.text(sql, runner.oid);
  if (trees === undefined) return union();
  const found: Sources[] = [];
  const queries = (trees ?? []).flatMap((text) => {
    const parsed = parseTree(joinPrintedLines(text) ?? '');
    return parsed.kind === 'malformed' ? [] : [...queriesIn(parsed.value)];
  });
  const [only] = queries;
  if (
    queries.length !== 1 ||
    only === undefined ||
    numberAt(only, 'commandType') !== SELECT ||
    booleanAt(only, 'hasModifyingCTE')
  )
    throw new Opaque(
      'query-text',
      `${runner.name}() runs something else than one SELECT, or one that the server does not accept.`,
      'Give it one SELECT.',
    );
  const flow = walker.query(only, null, []);
  found.push(...columnsOf(flow), flow.rows, flow.order);
  return union(...found);
}
