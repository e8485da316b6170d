/** DO and CALL: code that runs without a query around it. */
import { type Ast, astAt, isAst, listOf, namesIn, textAt, unwrap } from './ast.ts';
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
  if (tag === 'NamedArgExpr') return isAst(body['arg']) && isPlainArgument(body['arg']);
  if (tag === 'TypeCast')
    return isBuiltInType(astAt(body, 'typeName') ?? {}) && isAst(body['arg']) && isPlainArgument(body['arg']);
  return tag === 'A_Const' || (tag === 'A_ArrayExpr' && listOf(body, 'elements').every(isPlainArgument));
}

/** Types of users may be domains, whose checks run code. Words of the grammar come with their schema; these do not. */
const PLAIN_TYPES: ReadonlySet<string> = new Set([
  'bytea',
  'date',
  'inet',
  'json',
  'jsonb',
  'name',
  'oid',
  'regclass',
  'text',
  'uuid',
]);

function isBuiltInType(typeName: Ast): boolean {
  const names = namesIn(typeName, 'names');
  return names.length === 2 ? names[0] === 'pg_catalog' : PLAIN_TYPES.has(names[0] ?? '');
}
