/**
 * Bodies in PL/pgSQL, as far as they are made of SQL and plain control flow (plpgsql-program.ts). Every expression becomes
 * a statement that the server can parse, with variables as parameters. Outside of its block a variable's name may be that
 * of a column, so the walker checks that nothing else in the statement bears it.
 */
import type { FunctionFacts, RelationFacts } from '../facts.ts';
import { astAt, unwrap } from './ast.ts';
import { areIndependent, type BlockDefinition, splitBlock } from './block-definitions.ts';
import type { Grammar } from './grammar.ts';
import { type PathNames, pathNames } from './path-names.ts';
import { ProgramNames, type UnresolvedType } from './plpgsql-names.ts';
import { type Expression, readProgram } from './plpgsql-program.ts';
import type { PreparedStatement } from './sql-body.ts';

const ANALYSABLE: ReadonlySet<string> = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

export type PreparedProgram = {
  readonly statements: readonly PreparedStatement[];
  /** Parameters after the arguments (or NEW and OLD): local variables. */
  readonly locals: number;
  /** Columns of NEW that a trigger assigns. */
  readonly assigns: readonly string[] | 'every';
  /** Types to look up before the statements can be parsed; their places in `parameterTypes` hold 0. */
  readonly unresolved: readonly UnresolvedType[];
  /** What search_path decides in it. */
  readonly byPath: PathNames;
  /** Of an anonymous block: its definitions, or that they are not independent of what else it does. Missing for none. */
  readonly definitions?: readonly BlockDefinition[] | 'dependent';
};

/** The expressions of the body as statements; null when it holds more than that. */
export function preparePlpgsqlBody(
  grammar: Grammar,
  facts: FunctionFacts,
  relation: RelationFacts | null,
): PreparedProgram | null {
  const program = readProgram(grammar, facts);
  if (program === null) return null;
  const none = { definitions: [], others: program.expressions };
  const { definitions, others } = facts.isBlock === true ? splitBlock(grammar, program.expressions) : none;
  const names = new ProgramNames(grammar, facts, relation, program);
  const statements: PreparedStatement[] = [];
  // Rows are described by the statement that fills them, so that one has to come first.
  for (const expression of [...others].sort(byFilling)) {
    const text = asStatement(grammar, expression);
    const replaced = text === null || !isPlain(grammar, text) ? null : names.replace(text);
    if (replaced === null) return null;
    if (expression.fills !== null) names.filled(expression.fills, replaced.text);
    statements.push({ text: replaced.text, parameterTypes: [], replaced: replaced.names });
  }
  const independent = (): readonly BlockDefinition[] | 'dependent' =>
    !program.repeats && areIndependent(grammar, definitions, textsOf(statements), program.variables)
      ? definitions.map(({ kind, handling }) => ({ kind, handling }))
      : 'dependent';
  return {
    statements: statements.map((one) => ({ ...one, parameterTypes: names.typesIn(one.text) })),
    locals: names.locals,
    assigns: program.assigns,
    unresolved: names.unresolved,
    byPath: withTypes(statementsByPath(grammar, statements), names.unresolved),
    ...(definitions.length === 0 ? {} : { definitions: independent() }),
  };
}

function textsOf(statements: readonly PreparedStatement[]): readonly string[] {
  return statements.map(({ text }) => text);
}

export function statementsByPath(grammar: Grammar, statements: readonly PreparedStatement[]): PathNames {
  const parsed = statements.map(({ text }) => grammar.parse(text));
  const found = pathNames(parsed.flatMap((each) => (each ?? []).map(({ statement }) => statement)));
  return { ...found, relations: found.relations || parsed.includes(null) };
}

/** Types of variables, as the program spells them: `name`, `schema.name`, `table.column`, with what follows. */
function withTypes({ relations, names }: PathNames, unresolved: readonly UnresolvedType[]): PathNames {
  const isBare = ({ kind, name }: UnresolvedType): boolean => name.split('.').length < (kind === 'type' ? 2 : 3);
  const bare = unresolved.filter(isBare);
  return {
    relations: relations || bare.some(({ kind }) => kind === 'column'),
    names: [
      ...names,
      ...bare
        .filter(({ kind }) => kind === 'type')
        .map(({ name }) => ({ kind: 'type' as const, name: typeName(name) })),
    ],
  };
}

function typeName(spelt: string): string {
  const [, quoted, plain = ''] = /^\s*(?:"([^"]*)"|(\w+))/.exec(spelt) ?? [];
  return quoted ?? plain.toLowerCase();
}

/** Keeps the order of the program among those that fill rows, and among the others. */
function byFilling(left: Expression, right: Expression): number {
  return Number(left.fills === null) - Number(right.fills === null);
}

function isPlain(grammar: Grammar, text: string): boolean {
  const parsed = grammar.parse(text);
  const [only] = parsed ?? [];
  if (parsed?.length !== 1 || only === undefined) return false;
  const { tag, body } = unwrap(only.statement);
  return ANALYSABLE.has(tag) && astAt(body, 'intoClause') === null;
}

/** An assignment is the expression on its right; what it assigns, the reader of the program has noted. */
function asStatement(grammar: Grammar, { query, mode }: Expression): string | null {
  if (mode === 0) return query;
  if (mode === 2) return `SELECT ${query}`;
  if (mode < 3 || mode > 5) return null;
  const tokens = grammar.scan(query).filter((token) => !token.isComment);
  const sign = tokens.findIndex((token) => token.text === ':=' || token.text === '=');
  const end = tokens[sign]?.end;
  const target = tokens.slice(0, Math.max(sign, 0)).map((token) => token.text);
  // A subscript on the left is an expression of its own.
  if (end === undefined || target.length === 0 || target.includes('[')) return null;
  return `SELECT ${Buffer.from(query).subarray(end).toString()}`;
}
