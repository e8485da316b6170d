/**
 * Bodies in PL/pgSQL, as far as they are made of SQL and plain control flow. Every expression becomes a statement that
 * the server can parse, with variables as parameters. A name that is both a variable and a column is an error when the
 * function runs (`plpgsql.variable_conflict`), so replacing it cannot hide a column.
 */
import type { FunctionFacts, RelationFacts } from '../facts.ts';
import { type Ast, astAt, isAst, listOf, stringOf, textAt, unwrap } from './ast.ts';
import type { Grammar } from './grammar.ts';
import { type Edit, type PreparedStatement, replaceAt } from './sql-body.ts';

/** Expressions of a body, at most. */
const MAX_EXPRESSIONS = 64;
const TRIGGER = 2279;
const VOID = 2278;
const TEXT = 25;

/** Statements whose whole meaning is in their expressions. Dynamic SQL, cursors, exceptions and diagnostics are not here. */
const PLAIN: ReadonlySet<string> = new Set([
  'PLpgSQL_stmt_block',
  'PLpgSQL_stmt_assign',
  'PLpgSQL_stmt_if',
  'PLpgSQL_if_elsif',
  'PLpgSQL_stmt_case',
  'PLpgSQL_case_when',
  'PLpgSQL_stmt_loop',
  'PLpgSQL_stmt_while',
  'PLpgSQL_stmt_fori',
  'PLpgSQL_stmt_exit',
  'PLpgSQL_stmt_return',
  'PLpgSQL_stmt_raise',
  'PLpgSQL_raise_option',
  'PLpgSQL_stmt_execsql',
  'PLpgSQL_stmt_perform',
  'PLpgSQL_stmt_null',
  'PLpgSQL_var',
  'PLpgSQL_rec',
  'PLpgSQL_recfield',
  'PLpgSQL_row',
  'PLpgSQL_type',
  'PLpgSQL_expr',
  'PLpgSQL_function',
]);
const ANALYSABLE: ReadonlySet<string> = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt']);

/** Types that a local variable may have, by the names that declarations use. */
const LOCAL_TYPES: ReadonlyMap<string, number> = new Map([
  ['boolean', 16],
  ['bool', 16],
  ['smallint', 21],
  ['int', 23],
  ['integer', 23],
  ['int4', 23],
  ['bigint', 20],
  ['int8', 20],
  ['text', 25],
  ['varchar', 1043],
  ['character varying', 1043],
  ['numeric', 1700],
  ['date', 1082],
  ['timestamp', 1114],
  ['timestamptz', 1184],
  ['jsonb', 3802],
  ['json', 114],
  ['uuid', 2950],
  ['double precision', 701],
  ['real', 700],
  ['name', 19],
  ['oid', 26],
  ['text[]', 1009],
]);

export type PreparedProgram = {
  readonly statements: readonly PreparedStatement[];
  /** Parameters after the arguments (or NEW and OLD): local variables. */
  readonly locals: number;
  /** Columns of NEW that a trigger assigns. */
  readonly assigns: readonly string[];
};

/** The expressions of the body as statements; null when it holds more than that. */
export function preparePlpgsqlBody(
  grammar: Grammar,
  facts: FunctionFacts,
  relation: RelationFacts | null,
): PreparedProgram | null {
  if (facts.body.includes('#')) return null;
  const program = grammar.parsePlpgsql(declaration(facts));
  if (program === null) return null;
  const found: Found = { expressions: [], ok: true };
  collect(program, found);
  if (!found.ok || found.expressions.length > MAX_EXPRESSIONS) return null;
  const names = new Names(facts, relation, program);
  const statements: PreparedStatement[] = [];
  const assigns: string[] = [];
  for (const { query, mode } of found.expressions) {
    const text = asStatement(grammar, query, mode, assigns);
    const prepared = text === null ? null : names.replace(grammar, text);
    if (prepared === null) return null;
    statements.push(prepared);
  }
  return { statements, locals: names.locals.length, assigns };
}

/** What the parser of PL/pgSQL wants to see. Types of arguments do not matter to it; the server gets the real ones. */
function declaration(facts: FunctionFacts): string {
  const names = facts.argumentNames.map(
    (name, index) => `"${(name === '' ? `argument ${index + 1}` : name).replaceAll('"', '""')}" text`,
  );
  const returns =
    facts.returnType === TRIGGER
      ? 'trigger'
      : facts.returnType === VOID
        ? 'void'
        : `${facts.returnsSet ? 'SETOF ' : ''}text`;
  let tag = '$body$';
  while (facts.body.includes(tag)) tag = `$${tag.slice(1, -1)}x$`;
  return `CREATE FUNCTION f(${facts.returnType === TRIGGER ? '' : names.join(', ')}) RETURNS ${returns} LANGUAGE plpgsql AS ${tag}${facts.body}${tag}`;
}

type Found = { readonly expressions: { readonly query: string; readonly mode: number }[]; ok: boolean };

function collect(value: unknown, found: Found): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
    return;
  }
  if (!isAst(value)) return;
  for (const [tag, body] of Object.entries(value)) {
    if (tag.startsWith('PLpgSQL_') && !PLAIN.has(tag)) found.ok = false;
    if (tag === 'exceptions') found.ok = false;
    if (tag === 'PLpgSQL_expr' && isAst(body))
      found.expressions.push({
        query: textAt(body, 'query'),
        mode: typeof body['parseMode'] === 'number' ? body['parseMode'] : 0,
      });
    else collect(body, found);
  }
}

/** RawParseMode: 0 a statement, 2 an expression, 3 to 5 an assignment. */
function asStatement(grammar: Grammar, query: string, mode: number, assigns: string[]): string | null {
  if (mode === 0) return query;
  if (mode === 2) return `SELECT ${query}`;
  if (mode < 3 || mode > 5) return null;
  const tokens = grammar.scan(query).filter((token) => !token.isComment);
  const sign = tokens.findIndex((token) => token.text === ':=' || token.text === '=');
  const end = tokens[sign]?.end;
  const target = tokens.slice(0, Math.max(sign, 0)).map((token) => token.text);
  if (end === undefined) return null;
  if (target[0]?.toLowerCase() === 'new' && target[1] === '.' && target.length === 3)
    assigns.push(target[2]?.replaceAll('"', '') ?? '');
  else if (target.length !== 1) return null;
  return `SELECT ${Buffer.from(query).subarray(end).toString()}`;
}

/** Variables and the parameters that stand for them: arguments, or the columns of NEW and OLD, then local variables. */
class Names {
  readonly locals: readonly { readonly name: string; readonly type: number }[];
  readonly #arguments: readonly string[];
  readonly #relation: RelationFacts | null;
  readonly #types: readonly number[];
  readonly #unknown: ReadonlySet<string>;

  constructor(facts: FunctionFacts, relation: RelationFacts | null, program: unknown) {
    this.#relation = relation;
    this.#arguments = relation === null ? facts.argumentNames : [];
    const width = relation === null ? 0 : Math.max(0, ...relation.columns.map((column) => column.attribute));
    const row = Array.from(
      { length: width },
      (_, index) =>
        relation?.columns.find((column) => column.attribute === index + 1 && !column.dropped)?.typeOid ?? TEXT,
    );
    const variables = variablesOf(program).filter(({ name }) => !this.#arguments.includes(name));
    this.locals = variables.flatMap(({ name, type }) => (type === null ? [] : [{ name, type }]));
    // Rows, and names that mean two things: whoever mentions them is not analysed.
    const counts = Map.groupBy(variables, ({ name }) => name);
    this.#unknown = new Set(
      variables
        .filter(({ name, type }) => type === null || (counts.get(name)?.length ?? 0) > 1)
        .map(({ name }) => name),
    );
    this.#types = [
      ...(relation === null ? facts.argumentTypes : [...row, ...row]),
      ...this.locals.map(({ type }) => type),
    ];
  }

  replace(grammar: Grammar, text: string): PreparedStatement | null {
    const parsed = grammar.parse(text);
    const [only] = parsed ?? [];
    if (parsed?.length !== 1 || only === undefined) return null;
    const { tag, body } = unwrap(only.statement);
    if (!ANALYSABLE.has(tag) || astAt(body, 'intoClause') !== null) return null;
    const edits: Edit[] = [];
    if (!this.#visit(only.statement, edits)) return null;
    const bytes = Buffer.from(text);
    const replaced = replaceAt(grammar, bytes, 0, bytes.length, edits);
    return replaced === null ? null : { text: replaced, parameterTypes: this.#types, replaced: [] };
  }

  #visit(value: unknown, edits: Edit[]): boolean {
    if (Array.isArray(value)) return value.every((item) => this.#visit(item, edits));
    if (!isAst(value)) return true;
    const reference = astAt(value, 'ColumnRef');
    if (reference === null) return Object.values(value).every((item) => this.#visit(item, edits));
    const edit = this.#edit(reference);
    if (edit === null) return false;
    if (edit !== undefined) edits.push(edit);
    return true;
  }

  #edit(reference: Ast): Edit | null | undefined {
    const names = listOf(reference, 'fields').map(stringOf);
    const [first = '', second = ''] = names;
    const byte = typeof reference['location'] === 'number' ? reference['location'] : 0;
    if (this.#relation !== null && (first === 'new' || first === 'old')) {
      const column =
        names.length === 2
          ? this.#relation.columns.find((candidate) => !candidate.dropped && candidate.name === second)
          : undefined;
      const width = (this.#types.length - this.locals.length) / 2;
      return column === undefined
        ? null
        : { byte, name: first, tokens: 3, replacement: `$${column.attribute + (first === 'old' ? width : 0)}` };
    }
    if (this.#unknown.has(first)) return null;
    const argument = first === '' ? -1 : this.#arguments.indexOf(first);
    const local = this.locals.findIndex(({ name }) => name === first);
    const position = argument >= 0 ? argument : local >= 0 ? this.#types.length - this.locals.length + local : -1;
    if (position < 0) return undefined;
    if (names.length > 2) return null;
    return {
      byte,
      name: first,
      tokens: 1,
      replacement: names.length === 1 ? `$${position + 1}` : `($${position + 1})`,
    };
  }
}

function variablesOf(program: unknown): readonly { readonly name: string; readonly type: number | null }[] {
  const functions = isAst(program) ? listOf(program, 'plpgsql_funcs') : [];
  const datums = functions.flatMap((item) => listOf(astAt(item, 'PLpgSQL_function') ?? {}, 'datums'));
  return datums.flatMap((datum) => {
    const { tag, body } = unwrap(datum);
    if (tag === 'PLpgSQL_recfield') return [];
    const type = astAt(astAt(body, 'datatype') ?? {}, 'PLpgSQL_type');
    return [
      {
        name: textAt(body, 'refname'),
        type: tag === 'PLpgSQL_var' ? (LOCAL_TYPES.get(textAt(type ?? {}, 'typname').toLowerCase()) ?? null) : null,
      },
    ];
  });
}
