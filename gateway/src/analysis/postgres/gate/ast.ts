/** Reading libpg-query's JSON. Protobuf leaves out defaults: a missing field is '', 0, false or an empty list. */

export type Ast = Readonly<Record<string, unknown>>;

export function isAst(value: unknown): value is Ast {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function astAt(node: Ast, field: string): Ast | null {
  const value = node[field];
  return isAst(value) ? value : null;
}

export function listOf(node: Ast, field: string): readonly Ast[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isAst) : [];
}

export function textAt(node: Ast, field: string): string {
  const value = node[field];
  return typeof value === 'string' ? value : '';
}

export function flagAt(node: Ast, field: string): boolean {
  return node[field] === true;
}

/** `{ SelectStmt: {…} }` → its tag and body. */
export function unwrap(node: Ast): { readonly tag: string; readonly body: Ast } {
  const [tag = ''] = Object.keys(node);
  return { tag, body: astAt(node, tag) ?? {} };
}

/** The text of a `{ String: { sval } }` node. */
export function stringOf(node: Ast): string {
  const body = astAt(node, 'String');
  return body === null ? '' : textAt(body, 'sval');
}

/** `[String, String]` → the names. */
export function namesIn(node: Ast, field: string): readonly string[] {
  return listOf(node, field).map(stringOf);
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A RangeVar, quoted. A catalog name (another database) is kept: the server will refuse it. */
export function quoteRangeVar(relation: Ast): string {
  return ['catalogname', 'schemaname', 'relname']
    .map((field) => textAt(relation, field))
    .filter((part) => part !== '')
    .map(quoteIdentifier)
    .join('.');
}

/** Where a relation is made; the schema null where search_path decides. Temporary ones are in `pg_temp`. */
export type NewRelation = { readonly schema: string | null; readonly relation: string };

export function newRelation(relation: Ast): NewRelation {
  const schema = textAt(relation, 'relpersistence') === 't' ? 'pg_temp' : textAt(relation, 'schemaname');
  return { schema: schema === '' ? null : schema, relation: textAt(relation, 'relname') };
}

const POSITION_FIELDS: ReadonlySet<string> = new Set([
  'location',
  'stmt_location',
  'stmt_len',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
]);

/** The same syntax, positions apart? */
export function sameSyntax(left: unknown, right: unknown): boolean {
  if (Array.isArray(left))
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => sameSyntax(item, right[index]))
    );
  if (!isAst(left) || !isAst(right)) return left === right;
  const fields = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const field of fields) if (!POSITION_FIELDS.has(field) && !sameSyntax(left[field], right[field])) return false;
  return true;
}
