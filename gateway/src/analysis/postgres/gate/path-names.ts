/**
 * What search_path decides in a statement: relations that are named without their schema, and the names without one of
 * functions, operators and types. With another path they may be others.
 */
import { type Ast, astAt, flagAt, isAst, listOf, namesIn, textAt, unwrap } from './ast.ts';
import type { BuiltInName } from './statement.ts';

export type PathNames = { readonly relations: boolean; readonly names: readonly BuiltInName[] };

/** Operators that the grammar means without naming them: IN, BETWEEN, CASE x WHEN, USING, ORDER BY, DISTINCT. */
const MEANT: readonly BuiltInName[] = ['=', '<>', '<', '>', '<=', '>='].map((name) => ({ kind: 'operator', name }));

export function pathNames(statements: readonly Ast[]): PathNames {
  const found: Found = { relations: false, names: new Map(MEANT.map((one) => [`operator:${one.name}`, one])) };
  for (const statement of statements) visitStatement(statement, found);
  return { relations: found.relations, names: [...found.names.values()] };
}

type Found = { relations: boolean; readonly names: Map<string, BuiltInName> };

/**
 * Common tables of the outermost WITH are known by name in the statement, and to those that come after them; with
 * RECURSIVE, to all. What a WITH further inside makes known is not followed: such a name counts as a relation's.
 */
function visitStatement(statement: Ast, found: Found): void {
  const { tag, body } = unwrap(statement);
  const { withClause, ...rest } = body;
  const clause = isAst(withClause) ? withClause : {};
  const tables = listOf(clause, 'ctes').map((item) => astAt(item, 'CommonTableExpr') ?? {});
  const all = new Set(tables.map((table) => textAt(table, 'ctename')));
  const before = new Set<string>();
  for (const table of tables) {
    visit(table, flagAt(clause, 'recursive') ? all : before, found);
    before.add(textAt(table, 'ctename'));
  }
  // The target of a data change is never a common table.
  if (isAst(rest['relation'])) relation(rest['relation'], new Set(), found);
  visit({ [tag]: { ...rest, relation: undefined } }, all, found);
}

function visit(value: unknown, tables: ReadonlySet<string>, found: Found): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, tables, found);
    return;
  }
  if (!isAst(value)) return;
  for (const [field, body] of Object.entries(value)) {
    if (typeof body !== 'object' || body === null) continue;
    if (isAst(body)) look(field, body, tables, found);
    visit(body, tables, found);
  }
}

function look(field: string, body: Ast, tables: ReadonlySet<string>, found: Found): void {
  switch (field) {
    case 'RangeVar':
    case 'relation':
      relation(body, tables, found);
      return;
    case 'FuncCall':
      add('function', namesIn(body, 'funcname'), found);
      return;
    case 'A_Expr':
      add('operator', namesIn(body, 'name'), found);
      return;
    case 'SubLink':
      add('operator', namesIn(body, 'operName'), found);
      return;
    case 'SortBy':
      add('operator', namesIn(body, 'useOp'), found);
      return;
    case 'typeName':
    case 'TypeName':
      add('type', namesIn(body, 'names'), found);
      return;
    default:
  }
}

function relation(body: Ast, tables: ReadonlySet<string>, found: Found): void {
  const name = textAt(body, 'relname');
  if (name !== '' && textAt(body, 'schemaname') === '' && !tables.has(name)) found.relations = true;
}

function add(kind: BuiltInName['kind'], path: readonly string[], found: Found): void {
  const [name] = path;
  if (path.length === 1 && name !== undefined) found.names.set(`${kind}:${name}`, { kind, name });
}
