/**
 * Bodies of SQL functions that are kept as text. Names of arguments are replaced by parameters, so that the server can
 * parse each statement by itself; the walker checks afterwards that no column or table had that name.
 */
import type { FunctionFacts } from '../facts.ts';
import { type Ast, astAt, isAst, listOf, stringOf, unwrap } from './ast.ts';
import type { Grammar } from './grammar.ts';

export type PreparedStatement = {
  readonly text: string;
  readonly parameterTypes: readonly number[];
  readonly replaced: readonly string[];
};

/** Statements of a body, at most. */
const MAX_STATEMENTS = 32;
/** Pseudo-types stand for whatever the caller passes: the body has no tree of its own. */
const POLYMORPHIC: ReadonlySet<number> = new Set([
  2276, 2277, 2283, 2776, 3500, 3831, 4537, 5077, 5078, 5079, 5080, 4538, 2249, 2287,
]);
const ANALYSABLE: ReadonlySet<string> = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt']);

/** The statements of the body, or null when it is not plain SQL over its arguments. */
export function prepareSqlBody(grammar: Grammar, facts: FunctionFacts): readonly PreparedStatement[] | null {
  if (facts.language !== 'sql' || facts.argumentTypes.some((type) => POLYMORPHIC.has(type))) return null;
  const parsed = grammar.parse(facts.body);
  if (parsed === null || parsed.length === 0 || parsed.length > MAX_STATEMENTS) return null;
  const bytes = Buffer.from(facts.body);
  const prepared: PreparedStatement[] = [];
  for (const { statement, startByte, endByte } of parsed) {
    const { tag, body } = unwrap(statement);
    if (!ANALYSABLE.has(tag) || astAt(body, 'intoClause') !== null) return null;
    const edits = argumentReferences(statement, facts);
    if (edits === null) return null;
    const text = replaceAt(grammar, bytes, startByte, endByte, edits);
    if (text === null) return null;
    prepared.push({
      text,
      parameterTypes: facts.argumentTypes,
      replaced: [...new Set(edits.map((edit) => edit.name))],
    });
  }
  return prepared;
}

export type Edit = {
  readonly byte: number;
  readonly name: string /** How many tokens are replaced: 1, or 3 for `record.field`. */;
  readonly tokens: number;
  readonly replacement: string;
};

/** Every ColumnRef whose first name is an argument's, or `function.argument`. */
function argumentReferences(statement: unknown, facts: FunctionFacts): readonly Edit[] | null {
  const edits: Edit[] = [];
  const visit = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.every(visit);
    if (!isAst(value)) return true;
    const reference = astAt(value, 'ColumnRef');
    if (reference !== null) {
      const edit = editOf(reference, facts);
      if (edit === null) return false;
      if (edit !== undefined) edits.push(edit);
      return true;
    }
    return Object.values(value).every(visit);
  };
  return visit(statement) ? edits : null;
}

/** Undefined: not an argument. Null: an argument in a form that is not handled. */
function editOf(reference: Ast, facts: FunctionFacts): Edit | null | undefined {
  const fields = listOf(reference, 'fields');
  const byte = typeof reference['location'] === 'number' ? reference['location'] : 0;
  const names = fields.map(stringOf);
  const [first = '', second = ''] = names;
  const position = facts.argumentNames.indexOf(first);
  if (position >= 0 && first !== '') {
    if (fields.length === 1) return { byte, name: first, tokens: 1, replacement: `$${position + 1}` };
    // A field of a row argument: ($1).field keeps what follows the dot.
    return fields.length === 2 ? { byte, name: first, tokens: 1, replacement: `($${position + 1})` } : null;
  }
  if (first === facts.name && fields.length >= 2 && facts.argumentNames.includes(second) && second !== '') return null;
  return undefined;
}

export function replaceAt(
  grammar: Grammar,
  bytes: Buffer,
  startByte: number,
  endByte: number,
  edits: readonly Edit[],
): string | null {
  const tokens = grammar.scan(bytes.toString()).filter((token) => !token.isComment);
  const byStart = new Map(tokens.map((token, index) => [token.start, index]));
  const pieces: Buffer[] = [];
  let at = startByte;
  for (const edit of [...edits].sort((left, right) => left.byte - right.byte)) {
    const index = byStart.get(edit.byte) ?? -1;
    const [first, last] = [tokens[index], tokens[index + edit.tokens - 1]];
    if (first === undefined || last === undefined || edit.byte < at) return null;
    pieces.push(bytes.subarray(at, first.start), Buffer.from(` ${edit.replacement} `));
    at = last.end;
  }
  pieces.push(bytes.subarray(at, endByte));
  return Buffer.concat(pieces).toString();
}
