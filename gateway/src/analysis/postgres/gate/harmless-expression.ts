/**
 * Expressions in definitions (defaults, checks, USING, index expressions) run when the server likes, and the server
 * prints no tree of them beforehand. They are harmless when they are made of columns, literals, operators and reviewed
 * functions only, and none of those names is user-defined.
 */
import { builtInClasses } from '../functions/built-in.ts';
import { type Ast, isAst, listOf, namesIn, stringOf, textAt } from './ast.ts';
import type { BuiltInName } from './statement.ts';

export type Expression = {
  /** Single column names that it reads; `every` when a reference is qualified or a star. */
  readonly columns: 'every' | readonly string[];
  readonly names: readonly BuiltInName[];
  /** Null when harmless, else what is not, in words. */
  readonly problem: string | null;
};

const PLAIN_NODES: ReadonlySet<string> = new Set([
  'A_Const',
  'BoolExpr',
  'NullTest',
  'BooleanTest',
  'CaseExpr',
  'CaseWhen',
  'CoalesceExpr',
  'MinMaxExpr',
  'A_ArrayExpr',
  'List',
  'String',
  'Integer',
  'Float',
  'SQLValueFunction',
  'CollateClause',
  'A_Indirection',
  'A_Indices',
  'PartitionRangeDatum',
]);

/** Operators behind the kinds of A_Expr whose name does not say all. */
const EXTRA_OPERATORS: readonly string[] = ['=', '<>', '<', '>', '<=', '>='];

export function inspectExpression(expression: unknown): Expression {
  const found: Found = { columns: new Set(), every: false, names: new Map(), problem: null };
  visit(expression, found);
  return {
    columns: found.every ? 'every' : [...found.columns],
    names: [...found.names.values()],
    problem: found.problem,
  };
}

type Found = {
  readonly columns: Set<string>;
  every: boolean;
  readonly names: Map<string, BuiltInName>;
  problem: string | null;
};

function visit(value: unknown, found: Found): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, found);
    return;
  }
  if (!isAst(value)) return;
  for (const [tag, body] of Object.entries(value)) {
    // A capital letter begins a node; other fields are its parts.
    if (!/^[A-Z]/.test(tag)) {
      if (typeof body === 'object') visitField(tag, body, found);
      continue;
    }
    if (isAst(body)) visitNode(tag, body, found);
  }
}

function visitField(field: string, body: unknown, found: Found): void {
  if (field === 'typeName' && isAst(body)) addName(found, 'type', namesIn(body, 'names').at(-1) ?? '');
  else visit(body, found);
}

function visitNode(tag: string, body: Ast, found: Found): void {
  switch (tag) {
    case 'ColumnRef': {
      const fields = listOf(body, 'fields');
      const [only] = fields;
      if (fields.length === 1 && only !== undefined && stringOf(only) !== '') found.columns.add(stringOf(only));
      else found.every = true;
      return;
    }
    case 'A_Expr':
      for (const name of [
        namesIn(body, 'name').at(-1) ?? '',
        ...(textAt(body, 'kind') === 'AEXPR_OP' ? [] : EXTRA_OPERATORS),
      ]) {
        if (!name.startsWith('BETWEEN') && !name.startsWith('NOT BETWEEN')) addName(found, 'operator', name);
      }
      visit(body['lexpr'], found);
      visit(body['rexpr'], found);
      return;
    case 'TypeCast':
      visit(body['arg'], found);
      visitField('typeName', body['typeName'], found);
      return;
    case 'FuncCall':
      functionCall(body, found);
      return;
    default:
      if (!PLAIN_NODES.has(tag)) found.problem ??= `an expression with ${tag}`;
      visit(body, found);
  }
}

const HARMLESS_CLASSES: ReadonlySet<string> = new Set(['total', 'faultable']);

function functionCall(body: Ast, found: Found): void {
  const path = namesIn(body, 'funcname');
  const name = path.at(-1) ?? '';
  const classes = builtInClasses(name);
  const isSequence = name === 'nextval';
  if (
    path.length > 2 ||
    (path.length === 2 && path[0] !== 'pg_catalog') ||
    classes.length === 0 ||
    (!isSequence && classes.some((one) => !HARMLESS_CLASSES.has(one)))
  ) {
    found.problem ??= `a call of ${path.join('.')}()`;
  }
  addName(found, 'function', name);
  for (const field of ['args', 'agg_order', 'agg_filter']) visit(body[field], found);
}

function addName(found: Found, kind: BuiltInName['kind'], name: string): void {
  found.names.set(`${kind}:${name}`, { kind, name });
}
