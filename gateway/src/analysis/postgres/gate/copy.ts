/** COPY: where to, of what, in which format. Only the client's end of the wire is allowed. */
import { type Ast, astAt, flagAt, listOf, namesIn, quoteRangeVar, stringOf, textAt } from './ast.ts';
import { cutQuery } from './cut-text.ts';
import type { Grammar } from './grammar.ts';
import { inspectExpression } from './harmless-expression.ts';
import { type CopyOptions, type Handling, refuse } from './statement.ts';

const REMEDY = 'Use COPY … TO STDOUT or COPY … FROM STDIN in UTF-8.';

export function judgeCopy(grammar: Grammar, body: Ast, text: string): Handling {
  if (flagAt(body, 'is_program') || textAt(body, 'filename') !== '')
    return refuse('copy-file', 'COPY may not touch files or programs of the server.', REMEDY);
  const options = copyOptions(body);
  if (typeof options === 'string') return refuse('copy-options', options, REMEDY);
  const query = astAt(body, 'query');
  const relation = astAt(body, 'relation');
  if (query !== null) {
    const innerText = cutQuery(grammar, text, query);
    return innerText === null
      ? refuse('inner-query', 'The query inside COPY could not be singled out.', 'Send the query by itself.')
      : { handling: 'copy-query', innerText, options };
  }
  if (relation === null) return refuse('copy', 'COPY of something unknown.', REMEDY);
  const named = namesIn(body, 'attlist');
  const target = { relation: quoteRangeVar(relation), columns: named.length === 0 ? null : named, options };
  if (!flagAt(body, 'is_from')) return { handling: 'copy-table-out', ...target };
  const where = inspectExpression(body['whereClause']);
  if (where.problem !== null)
    return refuse(
      'copy-where',
      `The WHERE clause of COPY holds ${where.problem}.`,
      'Filter the data before sending it.',
    );
  return { handling: 'copy-table-in', ...target, names: where.names };
}

/** The options, or what is wrong with them. */
function copyOptions(body: Ast): CopyOptions | string {
  let format = 'text';
  let header = false;
  const characters = new Map<string, string>();
  for (const item of listOf(body, 'options')) {
    const option = astAt(item, 'DefElem') ?? {};
    const name = textAt(option, 'defname').toLowerCase();
    const value = optionText(option);
    switch (name) {
      case 'format':
        format = value.toLowerCase();
        break;
      case 'header':
        header = !['false', 'off', '0'].includes(value.toLowerCase());
        break;
      case 'delimiter':
      case 'null':
      case 'quote':
      case 'escape':
        characters.set(name, value);
        break;
      case 'encoding':
        if (!['utf8', 'utf-8', 'unicode'].includes(value.toLowerCase())) return 'COPY must be in UTF-8.';
        break;
      case 'force_quote':
      case 'force_null':
      case 'force_not_null':
      case 'freeze':
      case 'default':
      case 'on_error':
      case 'log_verbosity':
      case 'reject_limit':
        break;
      default:
        return `The COPY option ${name} is not known to the gateway.`;
    }
  }
  if (format === 'binary') return { format };
  if (format === 'text')
    return {
      format,
      delimiter: characters.get('delimiter') ?? '\t',
      nullString: characters.get('null') ?? '\\N',
      header,
    };
  if (format !== 'csv') return `The COPY format ${format} is not known to the gateway.`;
  const quote = characters.get('quote') ?? '"';
  return {
    format,
    delimiter: characters.get('delimiter') ?? ',',
    nullString: characters.get('null') ?? '',
    header,
    quote,
    escape: characters.get('escape') ?? quote,
  };
}

function optionText(option: Ast): string {
  const argument = astAt(option, 'arg');
  if (argument === null) return '';
  const boolean = astAt(argument, 'Boolean');
  if (boolean !== null) return String(flagAt(boolean, 'boolval'));
  const integer = astAt(argument, 'Integer');
  if (integer !== null) return String(typeof integer['ival'] === 'number' ? integer['ival'] : 0);
  return stringOf(argument);
}
