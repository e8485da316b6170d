/** CREATE TABLE and ALTER TABLE: columns, defaults, constraints, partitions. */
import { type Ast, astAt, flagAt, isAst, listOf, namesIn, newRelation, quoteRangeVar, textAt, unwrap } from './ast.ts';
import { type Definition, rangeVar } from './definition.ts';

export function createTable(definition: Definition, body: Ast): void {
  // Rows of a child are read through its parent: the parent must carry the label.
  for (const parent of listOf(body, 'inhRelations'))
    definition.touch(rangeVar(parent), flagAt(body, 'partbound') || astAt(body, 'partbound') !== null ? [] : 'every');
  const columns: string[] = [];
  const like: string[] = [];
  for (const element of listOf(body, 'tableElts')) {
    const { tag, body: part } = unwrap(element);
    if (tag === 'ColumnDef') {
      columnDefinition(definition, part, null);
      columns.push(textAt(part, 'colname'));
    } else if (tag === 'Constraint') constraint(definition, part, null, 'a constraint');
    else if (tag === 'TableLikeClause') {
      const model = quoteRangeVar(astAt(part, 'relation') ?? {});
      definition.touch(model, 'every');
      like.push(model);
    } else definition.holds.push(`CREATE TABLE with ${tag}`);
  }
  // The columns of a partition are its parent's, also those that it lists.
  if (astAt(body, 'partbound') === null)
    definition.made = { how: 'create', makes: newRelation(astAt(body, 'relation') ?? {}), columns, like };
  for (const item of listOf(body, 'constraints'))
    constraint(definition, astAt(item, 'Constraint') ?? {}, null, 'a constraint');
  definition.expression(
    body['partbound'] === undefined ? undefined : partitionBounds(body),
    null,
    'the partition bound',
  );
  for (const parameter of listOf(astAt(body, 'partspec') ?? {}, 'partParams')) {
    definition.expression(astAt(parameter, 'PartitionElem')?.['expr'], null, 'the partition key');
  }
  if (astAt(body, 'ofTypename') !== null) definition.holds.push('CREATE TABLE of a type');
}

function partitionBounds(body: Ast): unknown {
  const bound = astAt(body, 'partbound') ?? {};
  return [bound['listdatums'], bound['lowerdatums'], bound['upperdatums']].filter((list) => list !== undefined);
}

function columnDefinition(definition: Definition, column: Ast, relation: string | null): void {
  definition.expression(column['raw_default'], relation, 'a default');
  for (const item of listOf(column, 'constraints'))
    constraint(definition, astAt(item, 'Constraint') ?? {}, relation, 'a column constraint');
}

export function constraint(definition: Definition, body: Ast, relation: string | null, where: string): void {
  const keys = (field: string): readonly string[] => namesIn(body, field);
  switch (textAt(body, 'contype')) {
    case 'CONSTR_FOREIGN':
      // Every new row asks whether its key exists there.
      definition.touch(
        quoteRangeVar(astAt(body, 'pktable') ?? {}),
        keys('pk_attrs').length === 0 ? 'primary-key' : keys('pk_attrs'),
      );
      if (relation !== null) definition.touch(relation, keys('fk_attrs'));
      return;
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
      if (relation !== null) definition.touch(relation, textAt(body, 'indexname') === '' ? keys('keys') : 'every');
      return;
    case 'CONSTR_EXCLUSION':
      exclusion(definition, body, relation);
      return;
    default:
      definition.expression(body['raw_expr'], relation, where);
  }
}

/** EXCLUDE: an index whose operators are named. Rows that are there are compared with each other, as later ones will be. */
function exclusion(definition: Definition, body: Ast, relation: string | null): void {
  if (relation !== null) definition.touch(relation, 'every');
  for (const item of listOf(body, 'exclusions')) {
    const [element, operator] = listOf(astAt(item, 'List') ?? {}, 'items');
    const indexed = astAt(element ?? {}, 'IndexElem') ?? {};
    const path = namesIn(astAt(operator ?? {}, 'List') ?? {}, 'items');
    if (path.length !== 1 || listOf(indexed, 'opclass').length > 0)
      definition.holds.push('an exclusion constraint by an operator or operator class of its own');
    definition.names.push({ kind: 'operator', name: path.at(-1) ?? '' });
    definition.expression(indexed['expr'], relation, 'the exclusion constraint');
  }
  definition.expression(body['where_clause'], relation, 'the condition of the exclusion constraint');
}

/** Subcommands that neither look at values nor move them. */
const PLAIN_ALTERATIONS: ReadonlySet<string> = new Set([
  'AT_DropNotNull',
  'AT_SetStatistics',
  'AT_SetOptions',
  'AT_ResetOptions',
  'AT_SetStorage',
  'AT_SetCompression',
  'AT_SetLogged',
  'AT_SetUnLogged',
  'AT_SetTableSpace',
  'AT_SetRelOptions',
  'AT_ResetRelOptions',
  'AT_DropConstraint',
  'AT_AddIdentity',
  'AT_SetIdentity',
  'AT_DropIdentity',
]);

export function alterTable(definition: Definition, body: Ast): void {
  const relation = quoteRangeVar(astAt(body, 'relation') ?? {});
  const commands = listOf(body, 'cmds').map((item) => astAt(item, 'AlterTableCmd') ?? {});
  for (const command of commands) alteration(definition, command, relation);
  const added = commands.filter((command) => subtypeOf(command) === 'AT_AddColumn');
  if (added.length === 0) return;
  const columns = added.map((command) => textAt(astAt(astAt(command, 'def') ?? {}, 'ColumnDef') ?? {}, 'colname'));
  definition.made = { how: 'add', relation, columns };
}

function subtypeOf(command: Ast): string {
  return textAt(command, 'subtype') === '' ? 'AT_AddColumn' : textAt(command, 'subtype');
}

/** Types of any length whose values never move out of their row (pg_type.dat, storage PLAIN). */
const NEVER_MOVED: ReadonlySet<string> = new Set(['tsquery', 'int2vector', 'oidvector', 'gtsvector']);

/** Whether the new values, which the server may store at once, leave less room for the others of their row. */
function neverMoves(column: Ast): boolean {
  const type = astAt(column, 'typeName') ?? {};
  return NEVER_MOVED.has(namesIn(type, 'names').at(-1) ?? '') && listOf(type, 'arrayBounds').length === 0;
}

function alteration(definition: Definition, command: Ast, relation: string): void {
  const subtype = subtypeOf(command);
  const column = textAt(command, 'name');
  const detail = isAst(command['def']) ? unwrap(command['def']).body : {};
  if (PLAIN_ALTERATIONS.has(subtype)) return;
  switch (subtype) {
    case 'AT_AddColumn':
      if (neverMoves(detail)) definition.touch(relation, 'every');
      columnDefinition(definition, detail, relation);
      return;
    case 'AT_ColumnDefault':
      definition.expression(command['def'], relation, 'the default');
      return;
    case 'AT_SetNotNull':
    case 'AT_DropColumn':
    case 'AT_DropExpression':
      definition.touch(relation, [column]);
      return;
    case 'AT_AlterColumnType':
      definition.touch(relation, neverMoves(detail) ? 'every' : [column]);
      definition.expression(detail['raw_default'], relation, 'USING');
      return;
    case 'AT_AddConstraint':
      constraint(definition, detail, relation, 'the constraint');
      return;
    case 'AT_ChangeOwner':
      definition.owner(astAt(command, 'newowner'));
      return;
    // Of an open table: what its triggers and rules do no longer happens, fewer of its rows are seen, or nothing but the
    // order and form of its rows on disk and the moment of a check changes.
    case 'AT_DisableTrig':
    case 'AT_DisableTrigAll':
    case 'AT_DisableTrigUser':
    case 'AT_DisableRule':
    case 'AT_EnableRowSecurity':
    case 'AT_ForceRowSecurity':
    case 'AT_ReplicaIdentity':
    case 'AT_SetAccessMethod':
    case 'AT_ClusterOn':
    case 'AT_DropCluster':
    case 'AT_AlterConstraint':
    case 'AT_ValidateConstraint':
      definition.touch(relation, 'every');
      return;
    case 'AT_AttachPartition':
    case 'AT_DetachPartition':
    case 'AT_AddInherit':
    case 'AT_DropInherit':
      // Labels come down from parents and up from children: both must be free of them.
      definition.touch(relation, 'every');
      definition.touch(quoteRangeVar(astAt(detail, 'name') ?? detail), 'every');
      return;
    default:
      definition.holds.push(`ALTER … ${subtype.replace(/^AT_/, '')}`);
  }
}
