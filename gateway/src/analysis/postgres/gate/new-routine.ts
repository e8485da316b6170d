/** CREATE FUNCTION and CREATE PROCEDURE whose body can be looked at before it exists. Others are held: a person has to look. */
import { type Ast, astAt, flagAt, listOf, namesIn, sameSyntax, stringOf, textAt } from './ast.ts';
import { type Definition, quotedPath } from './definition.ts';
import type { Grammar } from './grammar.ts';
import type { Handling, NewRoutine } from './statement.ts';

/** Options that say how a routine is planned and called, and neither what it does nor with whose rights or settings. */
const PLAIN_OPTIONS: ReadonlySet<string> = new Set([
  'as',
  'language',
  'volatility',
  'strict',
  'cost',
  'rows',
  'parallel',
]);

const MODES: Readonly<Record<string, NewRoutine['parameters'][number]['mode']>> = {
  '': 'i',
  FUNC_PARAM_DEFAULT: 'i',
  FUNC_PARAM_IN: 'i',
  FUNC_PARAM_OUT: 'o',
  FUNC_PARAM_INOUT: 'b',
  FUNC_PARAM_VARIADIC: 'v',
  FUNC_PARAM_TABLE: 't',
};

export function createRoutine(definition: Definition, grammar: Grammar, body: Ast, text: string): Handling {
  for (const item of listOf(body, 'parameters'))
    definition.expression(astAt(item, 'FunctionParameter')?.['defexpr'], null, 'a default');
  const routine = routineOf(grammar, body, text);
  if (routine === null) definition.holds.push('creates or replaces a function');
  const done = definition.done('ddl');
  return routine === null ? done : { handling: 'create-routine', definition: done, routine };
}

/** Null: its body is not in SQL or PL/pgSQL, or something is said of it that is not understood. */
function routineOf(grammar: Grammar, body: Ast, statement: string): NewRoutine | null {
  const options = listOf(body, 'options').map((item) => astAt(item, 'DefElem') ?? {});
  const option = (name: string): Ast | null => {
    const given = options.filter((one) => textAt(one, 'defname') === name);
    return given.length === 1 ? astAt(given[0] ?? {}, 'arg') : null;
  };
  const isSqlBody = body['sql_body'] !== undefined;
  const language = stringOf(option('language') ?? {}).toLowerCase() || (isSqlBody ? 'sql' : '');
  const written = isSqlBody ? sqlBodyText(grammar, body, statement) : null;
  const texts = written === null ? namesIn(astAt(option('as') ?? {}, 'List') ?? {}, 'items') : [written];
  const path = namesIn(body, 'funcname');
  const [text] = texts;
  if (
    (language !== 'sql' && language !== 'plpgsql') ||
    text === undefined ||
    texts.length !== 1 ||
    path.length > 2 ||
    (isSqlBody && (written === null || language !== 'sql')) ||
    !options.every((one) => PLAIN_OPTIONS.has(textAt(one, 'defname')))
  )
    return null;
  const returned = astAt(body, 'returnType');
  const returnType = returned === null ? null : typeText(returned);
  const parameters = listOf(body, 'parameters').map((item) => {
    const parameter = astAt(item, 'FunctionParameter') ?? {};
    const mode = MODES[textAt(parameter, 'mode')];
    const type = typeText(astAt(parameter, 'argType') ?? {});
    return mode === undefined || type === null ? null : { name: textAt(parameter, 'name'), mode, type };
  });
  if ((returned !== null && returnType === null) || parameters.includes(null)) return null;
  return {
    schema: path.length === 2 ? (path[0] ?? null) : null,
    name: path.at(-1) ?? '',
    kind: flagAt(body, 'is_procedure') ? 'p' : 'f',
    language,
    body: text,
    parameters: parameters.filter((parameter) => parameter !== null),
    returnType,
    returnsSet: flagAt(returned ?? {}, 'setof'),
  };
}

/** `RETURN expression` and `BEGIN ATOMIC … END` as statements. Null where the cut text does not read as what stands there. */
function sqlBodyText(grammar: Grammar, body: Ast, statement: string): string | null {
  const tokens = grammar.scan(statement).filter(({ isComment }) => !isComment);
  const bytes = Buffer.from(statement);
  const word = (index: number): string => tokens[index]?.text.toLowerCase() ?? '';
  const returned = astAt(astAt(body, 'sql_body') ?? {}, 'ReturnStmt');
  const found = tokens.map((_, index) => index);
  if (returned !== null) {
    for (const index of found.filter((at) => word(at) === 'return')) {
      const text = `SELECT ${bytes.subarray(tokens[index]?.end ?? 0).toString()}`;
      const [only, ...more] = grammar.parse(text) ?? [];
      const [target] = listOf(astAt(astAt({ only: only?.statement }, 'only') ?? {}, 'SelectStmt') ?? {}, 'targetList');
      const value = astAt(target ?? {}, 'ResTarget')?.['val'];
      if (only !== undefined && more.length === 0 && sameSyntax(value, returned['returnval'])) return text;
    }
    return null;
  }
  const [end] = found.filter((at) => word(at) === 'end').slice(-1);
  for (const index of found.filter((at) => word(at) === 'atomic' && word(at - 1) === 'begin')) {
    const text = bytes.subarray(tokens[index]?.end ?? 0, tokens[end ?? 0]?.start ?? 0).toString();
    const statements = grammar.parse(text)?.map((each) => each.statement) ?? [];
    const block = listOf(astAt(astAt(body, 'sql_body') ?? {}, 'List') ?? {}, 'items').flatMap((item) =>
      listOf(astAt(item, 'List') ?? {}, 'items'),
    );
    if (statements.length > 0 && sameSyntax(statements, block)) return text;
  }
  return null;
}

/** A type's name as the server can look it up; null for `column%TYPE`. */
function typeText(type: Ast): string | null {
  const names = namesIn(type, 'names');
  if (names.length === 0 || flagAt(type, 'pct_type')) return null;
  return quotedPath(names) + (listOf(type, 'arrayBounds').length > 0 ? '[]' : '');
}
