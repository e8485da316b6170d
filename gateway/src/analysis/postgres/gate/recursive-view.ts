/** The query of CREATE RECURSIVE VIEW. */
import { type Ast, astAt, listOf, namesIn, quoteIdentifier, sameSyntax, textAt, unwrap } from './ast.ts';
import { cutQuery } from './cut-text.ts';
import type { Grammar } from './grammar.ts';

/**
 * `CREATE RECURSIVE VIEW name (columns) AS query` stands for `WITH RECURSIVE name (columns) AS (query) SELECT columns
 * FROM name`, which the grammar makes of it (makeRecursiveViewSelect of gram.y) and which is nowhere in the text. Null
 * when `inner` is something else.
 */
export function cutRecursiveView(grammar: Grammar, text: string, inner: Ast): string | null {
  const [table, ...others] = listOf(astAt(unwrap(inner).body, 'withClause') ?? {}, 'ctes');
  const recursive = table === undefined || others.length > 0 ? null : astAt(table, 'CommonTableExpr');
  const query = recursive === null ? null : astAt(recursive, 'ctequery');
  const body = query === null ? null : cutQuery(grammar, text, query);
  if (recursive === null || body === null) return null;
  const name = quoteIdentifier(textAt(recursive, 'ctename'));
  const columns = namesIn(recursive, 'aliascolnames').map(quoteIdentifier);
  const made = `WITH RECURSIVE ${name} (${columns.join(', ')}) AS (${body}) SELECT ${columns.join(', ')} FROM ${name}`;
  const [only, ...more] = grammar.parse(made) ?? [];
  return only !== undefined && more.length === 0 && sameSyntax(only.statement, inner) ? made : null;
}
