/**
 * What a program in PL/pgSQL consists of, as far as it is SQL and plain control flow: its expressions, its variables, and
 * which of them are assigned by what. Programs with anything else are not read at all.
 */
import type { FunctionFacts } from '../facts.ts';
import { type Ast, astAt, flagAt, isAst, listOf, textAt, unwrap } from './ast.ts';
import type { Grammar } from './grammar.ts';

/** Expressions of a program, at most. */
const MAX_EXPRESSIONS = 128;
const TRIGGER = 2279;
const VOID = 2278;

/**
 * Statements whose whole meaning is in their expressions and the variables that they assign. Not here: dynamic SQL,
 * cursors, calls of procedures, ends of transactions.
 */
const PLAIN: ReadonlySet<string> = new Set([
  'PLpgSQL_function',
  'PLpgSQL_expr',
  'PLpgSQL_var',
  'PLpgSQL_rec',
  'PLpgSQL_recfield',
  'PLpgSQL_row',
  'PLpgSQL_type',
  'PLpgSQL_stmt_block',
  'PLpgSQL_stmt_assign',
  'PLpgSQL_stmt_if',
  'PLpgSQL_if_elsif',
  'PLpgSQL_stmt_case',
  'PLpgSQL_case_when',
  'PLpgSQL_stmt_loop',
  'PLpgSQL_stmt_while',
  'PLpgSQL_stmt_fori',
  'PLpgSQL_stmt_fors',
  'PLpgSQL_stmt_foreach_a',
  'PLpgSQL_stmt_exit',
  'PLpgSQL_stmt_return',
  'PLpgSQL_stmt_return_next',
  'PLpgSQL_stmt_return_query',
  'PLpgSQL_stmt_raise',
  'PLpgSQL_raise_option',
  'PLpgSQL_stmt_assert',
  'PLpgSQL_stmt_execsql',
  'PLpgSQL_stmt_perform',
  'PLpgSQL_stmt_getdiag',
  'PLpgSQL_diag_item',
  'PLpgSQL_stmt_null',
  'PLpgSQL_exception_block',
  'PLpgSQL_exception',
  'PLpgSQL_condition',
]);

const LOOPS: ReadonlySet<string> = new Set([
  'PLpgSQL_stmt_loop',
  'PLpgSQL_stmt_while',
  'PLpgSQL_stmt_fori',
  'PLpgSQL_stmt_fors',
  'PLpgSQL_stmt_foreach_a',
]);

/** A variable as declared; `type` as the program spells it, empty for a row without a type of its own. */
export type Declared = { readonly name: string; readonly type: string };

export type Expression = {
  readonly query: string;
  /** RawParseMode: 0 a statement, 2 an expression, 3 to 5 an assignment. */
  readonly mode: number;
  /** The row variable without a type that takes its rows. */
  readonly fills: string | null;
};

export type Program = {
  readonly expressions: readonly Expression[];
  readonly variables: readonly Declared[];
  /** Columns of NEW that a trigger assigns. */
  readonly assigns: readonly string[] | 'every';
  /** Something in it may run more than once. */
  readonly repeats: boolean;
};

/** Null when the body holds more than that. */
export function readProgram(grammar: Grammar, facts: FunctionFacts): Program | null {
  // An option line, such as #variable_conflict, changes what names mean.
  if (facts.body.includes('#')) return null;
  const parsed = grammar.parsePlpgsql(declaration(facts));
  const functions = isAst(parsed) ? listOf(parsed, 'plpgsql_funcs') : [];
  const body = astAt(functions[0] ?? {}, 'PLpgSQL_function');
  if (functions.length !== 1 || body === null) return null;
  const reader = new Reader(listOf(body, 'datums').map((datum) => unwrap(datum)));
  reader.read(body);
  if (!reader.ok || reader.expressions.length > MAX_EXPRESSIONS) return null;
  return {
    expressions: reader.expressions,
    variables: reader.variables(),
    assigns: reader.assignsEvery ? 'every' : [...reader.assigns],
    repeats: reader.repeats,
  };
}

/** What the parser of PL/pgSQL wants to see. Types do not matter to it; the server gets the real ones. */
function declaration(facts: FunctionFacts): string {
  const isTrigger = facts.returnType === TRIGGER;
  const table = facts.parameters.filter(({ mode }) => mode === 't');
  const given = facts.parameters.filter(({ mode }) => mode !== 't');
  const outputs = given.filter(({ mode }) => mode === 'o' || mode === 'b').length;
  const names = given.map(({ name, mode }, index) => {
    const word = mode === 'o' ? 'OUT ' : mode === 'b' ? 'INOUT ' : '';
    return `${word}${quoted(name === '' ? `argument ${index + 1}` : name)} text`;
  });
  const set = facts.returnsSet ? 'SETOF ' : '';
  const returns = isTrigger
    ? 'trigger'
    : table.length > 0
      ? `TABLE(${table.map(({ name }) => `${quoted(name)} text`).join(', ')})`
      : outputs > 1
        ? `${set}record`
        : facts.returnType === VOID && outputs === 0
          ? 'void'
          : `${set}text`;
  let tag = '$body$';
  while (facts.body.includes(tag)) tag = `$${tag.slice(1, -1)}x$`;
  return `CREATE FUNCTION f(${isTrigger ? '' : names.join(', ')}) RETURNS ${returns} LANGUAGE plpgsql AS ${tag}${facts.body}${tag}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

type Datum = { readonly tag: string; readonly body: Ast };

class Reader {
  readonly expressions: Expression[] = [];
  readonly assigns = new Set<string>();
  assignsEvery = false;
  repeats = false;
  ok = true;
  readonly #datums: readonly Datum[];

  constructor(datums: readonly Datum[]) {
    this.#datums = datums;
  }

  variables(): readonly Declared[] {
    return this.#datums.flatMap(({ tag, body }) => {
      if (tag !== 'PLpgSQL_var' && tag !== 'PLpgSQL_rec') return [];
      const type = textAt(astAt(astAt(body, 'datatype') ?? {}, 'PLpgSQL_type') ?? {}, 'typname');
      return [{ name: textAt(body, 'refname'), type: type === 'record' ? '' : type }];
    });
  }

  read(value: unknown): void {
    if (Array.isArray(value)) {
      for (const item of value) this.read(item);
      return;
    }
    if (!isAst(value)) return;
    for (const [tag, body] of Object.entries(value)) {
      if (tag.startsWith('PLpgSQL_')) {
        if (!PLAIN.has(tag)) this.ok = false;
        if (LOOPS.has(tag)) this.repeats = true;
        if (isAst(body)) this.#node(tag, body);
      } else this.read(body);
    }
  }

  #node(tag: string, body: Ast): void {
    // RETURN QUERY EXECUTE; what an error said, with the row that it prints.
    if ('dynquery' in body || flagAt(body, 'is_stacked')) this.ok = false;
    switch (tag) {
      case 'PLpgSQL_expr':
        this.#expression(body, null);
        return;
      case 'PLpgSQL_stmt_assign':
        this.#assigned(numberAt(body, 'varno'));
        break;
      case 'PLpgSQL_stmt_foreach_a':
        this.#assigned(numberAt(body, 'varno'));
        break;
      case 'PLpgSQL_diag_item':
        this.#assigned(numberAt(body, 'target'));
        break;
      case 'PLpgSQL_stmt_fors':
        this.#filled(astAt(body, 'var'), astAt(body, 'query'));
        this.read(body['body']);
        return;
      case 'PLpgSQL_stmt_execsql':
        this.#filled(astAt(body, 'target'), astAt(body, 'sqlstmt'));
        return;
      case 'PLpgSQL_stmt_return':
        this.#returned(body);
        break;
      default:
        break;
    }
    for (const inside of Object.values(body)) this.read(inside);
  }

  #expression(body: Ast, fills: string | null): void {
    this.expressions.push({ query: textAt(body, 'query'), mode: numberAt(body, 'parseMode'), fills });
  }

  /** A statement and what takes its rows: a row variable, or a list of variables. */
  #filled(target: Ast | null, statement: Ast | null): void {
    const row = astAt(target ?? {}, 'PLpgSQL_row');
    const record = astAt(target ?? {}, 'PLpgSQL_rec');
    for (const field of listOf(row ?? {}, 'fields')) this.#assigned(numberAt(field, 'varno'));
    if (record !== null) this.#assigned(numberAt(record, 'dno'));
    const expression = astAt(statement ?? {}, 'PLpgSQL_expr');
    if (expression === null) this.ok = false;
    else this.#expression(expression, record === null ? null : textAt(record, 'refname'));
  }

  #assigned(index: number): void {
    const datum = this.#datums[index];
    if (datum === undefined) {
      this.ok = false;
    } else if (datum.tag === 'PLpgSQL_rec' && textAt(datum.body, 'refname') === 'new') {
      this.assignsEvery = true;
    } else if (datum.tag === 'PLpgSQL_recfield') {
      const parent = this.#datums[numberAt(datum.body, 'recparentno')];
      if (parent !== undefined && textAt(parent.body, 'refname') === 'new')
        this.assigns.add(textAt(datum.body, 'fieldname'));
    }
  }

  /** A trigger may return another row than NEW or OLD, which is stored in its place. */
  #returned(body: Ast): void {
    const expression = textAt(astAt(astAt(body, 'expr') ?? {}, 'PLpgSQL_expr') ?? {}, 'query');
    if (expression !== '') {
      if (expression.trim().toLowerCase() !== 'null') this.assignsEvery = true;
    } else if ('retvarno' in body) {
      const name = textAt(this.#datums[numberAt(body, 'retvarno')]?.body ?? {}, 'refname');
      if (name !== 'new' && name !== 'old') this.assignsEvery = true;
    }
  }
}

function numberAt(body: Ast, field: string): number {
  const value = body[field];
  return typeof value === 'number' ? value : 0;
}
