/** DO and CALL: code that runs without a query around it. */
import { type Ast, astAt, isAst, listOf, namesIn, textAt, unwrap } from './ast.ts';
import { isLiteral } from './literal.ts';
import { type Handling, refuse } from './statement.ts';

export function judgeDo(body: Ast): Handling {
  const options = listOf(body, 'args').map((item) => astAt(item, 'DefElem') ?? {});
  const option = (name: string): string =>
    options
      .filter((one) => textAt(one, 'defname') === name)
      .map((one) => textAt(astAt(astAt(one, 'arg') ?? {}, 'String') ?? {}, 'sval'))
      .at(-1) ?? '';
  const language = option('language') || 'plpgsql';
  if (language.toLowerCase() !== 'plpgsql')
    return refuse('do-language', `DO in ${language} is not analysed.`, 'Write it in PL/pgSQL.');
  return { handling: 'do', language, body: option('as') };
}

/** Arguments are expressions; only literals and parameters are known to carry nothing. */
export function judgeCall(body: Ast): Handling {
  const call = astAt(body, 'funccall') ?? {};
  const path = namesIn(call, 'funcname');
  const name = path.at(-1) ?? '';
  if (path.length > 2 || name === '' || !listOf(call, 'args').every(isPlainArgument))
    return refuse(
      'call-arguments',
      'CALL takes literals and parameters only through the gateway.',
      'Write the values as literals, or bind them with the extended protocol.',
    );
  return { handling: 'call', schema: path.length === 2 ? (path[0] ?? null) : null, name };
}

function isPlainArgument(node: Ast): boolean {
  const { tag, body } = unwrap(node);
  if (tag === 'ParamRef') return true;
  if (tag === 'TypeCast' || tag === 'NamedArgExpr') return isAst(body['arg']) && isPlainArgument(body['arg']);
  return isLiteral(node);
}
