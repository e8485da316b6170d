/**
 * Definitions among the statements of an anonymous block. The server reads each statement of a block when it comes to it,
 * the gateway reads all of them before the first runs; so what one of them defines must mean nothing to any other,
 * whatever their order. Variables have no say: PL/pgSQL does not replace them in definitions.
 */
import { builtInClasses } from '../functions/built-in.ts';
import { type Ast, astAt, isAst, namesIn, textAt, unwrap } from './ast.ts';
import { judgeDefinition } from './definitions.ts';
import type { Grammar } from './grammar.ts';
import type { Declared, Expression } from './plpgsql-program.ts';
import type { DefinitionHandling } from './statement.ts';

/** Definitions of one block, at most: for each of them the catalogs are looked at anew. */
const MAX_DEFINITIONS = 16;

/** Kinds that may stand beside others in a block: they take no name away, and change what rows of others mean to nobody. */
const BESIDE_OTHERS: ReadonlySet<string> = new Set([
  'CreateStmt',
  'AlterTableStmt',
  'IndexStmt',
  'CreateEnumStmt',
  'AlterEnumStmt',
  'CreateDomainStmt',
  'CompositeTypeStmt',
  'CreateSeqStmt',
  'AlterSeqStmt',
  'CommentStmt',
  'GrantStmt',
]);
/** Kinds that may be the only definition of a block. */
const ALONE: ReadonlySet<string> = new Set(['RenameStmt', 'DropStmt', 'CreateExtensionStmt', 'CreateSchemaStmt']);

export type BlockDefinition = {
  /** The grammar's name of the statement. */
  readonly kind: string;
  readonly handling: DefinitionHandling;
};

type Found = BlockDefinition & {
  /** Names that mean something else once it has run. */
  readonly changes: ReadonlySet<string>;
  /** Names that it uses. */
  readonly uses: ReadonlySet<string>;
};

export type SplitBlock = { readonly definitions: readonly Found[]; readonly others: readonly Expression[] };

/** Puts aside the definitions that are judged as when sent alone. All else is left among the others. */
export function splitBlock(grammar: Grammar, expressions: readonly Expression[]): SplitBlock {
  const definitions: Found[] = [];
  const others: Expression[] = [];
  for (const expression of expressions) {
    const found = definitionIn(grammar, expression);
    if (found === null) others.push(expression);
    else definitions.push(found);
  }
  return { definitions, others };
}

function definitionIn(grammar: Grammar, { query, mode }: Expression): Found | null {
  const [only, ...more] = mode === 0 ? (grammar.parse(query) ?? []) : [];
  if (only === undefined || more.length > 0) return null;
  const { tag, body } = unwrap(only.statement);
  if (!BESIDE_OTHERS.has(tag) && !ALONE.has(tag)) return null;
  // Functions of the schema could come into the path.
  if (tag === 'RenameStmt' && textAt(body, 'renameType') === 'OBJECT_SCHEMA') return null;
  const handling = judgeDefinition(grammar, tag, body, query);
  if (handling?.handling !== 'definition' || handling.statementClass !== 'ddl') return null;
  const uses = namesUsed(only.statement);
  return { kind: tag, handling, uses, changes: namesChanged(tag, body, uses) };
}

/**
 * Whether each definition means nothing to any other statement. `texts` are those of the other statements, with parameters
 * in place of variables: they may only look at the catalogs, by functions of the server's own that tell of nothing else.
 */
export function areIndependent(
  grammar: Grammar,
  definitions: readonly Found[],
  texts: readonly string[],
  variables: readonly Declared[],
): boolean {
  if (definitions.length > MAX_DEFINITIONS) return false;
  if (definitions.length > 1 && !definitions.every(standsBesideOthers)) return false;
  const changed = (self: Found | null): ReadonlySet<string> =>
    new Set(definitions.flatMap((each) => (each === self ? [] : [...each.changes])));
  if (!definitions.every((each) => areDisjoint(each.uses, changed(each)))) return false;
  const all = changed(null);
  if (!variables.every(({ type }) => areDisjoint(wordsIn(type), all))) return false;
  return texts.every((text) =>
    (grammar.parse(text) ?? []).every(
      ({ statement }) => looksAtCatalogs(statement) && areDisjoint(namesUsed(statement), all),
    ),
  );
}

function areDisjoint(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return ![...left].some((name) => right.has(name));
}

/** All tables of a schema are other ones when one is made beside. */
function standsBesideOthers({ kind, handling: { lookUps = [] } }: Found): boolean {
  return BESIDE_OTHERS.has(kind) && lookUps.every(({ what }) => what === 'owner');
}

/** Fields that hold a name as plain text. The schema of a relation is none of them: no definition beside others changes schemas. */
const NAME_FIELDS: ReadonlySet<string> = new Set([
  'relname',
  'colname',
  'name',
  'newname',
  'subname',
  'idxname',
  'indexname',
  'conname',
  'extname',
  'aliasname',
]);

function namesUsed(statement: Ast): ReadonlySet<string> {
  const names = new Set<string>();
  collect(statement, names);
  return names;
}

function collect(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, names);
    return;
  }
  if (!isAst(value)) return;
  for (const [field, inside] of Object.entries(value)) {
    if (typeof inside === 'string') {
      if (NAME_FIELDS.has(field) || (field === 'sval' && Object.keys(value).length === 1)) names.add(inside);
    } else if (field !== 'A_Const' && field !== 'vals') collect(inside, names);
  }
}

function namesChanged(tag: string, body: Ast, uses: ReadonlySet<string>): ReadonlySet<string> {
  const relation = textAt(astAt(body, 'relation') ?? {}, 'relname');
  switch (tag) {
    case 'CreateStmt': {
      const names = new Set([relation]);
      collect(body['inhRelations'], names);
      return names;
    }
    case 'AlterTableStmt':
      return new Set([relation, ...namesOfCommands(body['cmds'])]);
    case 'IndexStmt':
      return new Set([textAt(body, 'idxname')]);
    case 'CreateEnumStmt':
    case 'AlterEnumStmt':
      return lastOf(namesIn(body, 'typeName'));
    case 'CreateDomainStmt':
      return lastOf(namesIn(body, 'domainname'));
    case 'CompositeTypeStmt':
      return new Set([textAt(astAt(body, 'typevar') ?? {}, 'relname')]);
    case 'CreateSeqStmt':
    case 'AlterSeqStmt':
      return new Set([textAt(astAt(body, 'sequence') ?? {}, 'relname')]);
    case 'CommentStmt':
    case 'GrantStmt':
      return new Set();
    default:
      return uses;
  }
}

function lastOf(path: readonly string[]): ReadonlySet<string> {
  return new Set(path.slice(-1));
}

/** Relations and constraints, which may be indexes, that ALTER TABLE speaks of besides the table. */
function namesOfCommands(commands: unknown): readonly string[] {
  if (Array.isArray(commands)) return commands.flatMap(namesOfCommands);
  if (!isAst(commands)) return [];
  return Object.entries(commands).flatMap(([field, inside]) => {
    if (typeof inside !== 'string') return field === 'pktable' ? [] : namesOfCommands(inside);
    return ['relname', 'conname', 'indexname', 'name'].includes(field) ? [inside] : [];
  });
}

/** Names in a type as a program spells it, as they are and in lower case. */
function wordsIn(type: string): ReadonlySet<string> {
  const words = type.match(/"[^"]*"|[\w$\u0080-\uffff]+/g) ?? [];
  return new Set(words.flatMap((word) => (word.startsWith('"') ? [word.slice(1, -1)] : [word, word.toLowerCase()])));
}

const CATALOGS: ReadonlySet<string> = new Set(['pg_catalog', 'information_schema']);
/** Functions that neither read what others store, nor leave a trace, nor run a text. */
const HARMLESS_CLASSES: ReadonlySet<string> = new Set(['total', 'faultable']);

function looksAtCatalogs(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(looksAtCatalogs);
  if (!isAst(value)) return true;
  return Object.entries(value).every(([field, inside]) => {
    if (!isAst(inside)) return looksAtCatalogs(inside);
    if (field === 'RangeVar' && !isCatalog(inside)) return false;
    if (field === 'FuncCall' && !isHarmlessCall(inside)) return false;
    return looksAtCatalogs(inside);
  });
}

function isCatalog(relation: Ast): boolean {
  const schema = textAt(relation, 'schemaname');
  return CATALOGS.has(schema) || (schema === '' && textAt(relation, 'relname').startsWith('pg_'));
}

function isHarmlessCall(call: Ast): boolean {
  const path = namesIn(call, 'funcname');
  const classes = builtInClasses(path.at(-1) ?? '');
  const isQualified = path.length === 2 && path[0] === 'pg_catalog';
  return (path.length === 1 || isQualified) && classes.length > 0 && classes.every((one) => HARMLESS_CLASSES.has(one));
}
