/**
 * Definitions, maintenance and the like. The server prints no tree of them, so they are judged by what they touch:
 * a statement that touches a classified column is put to policy as a flow to a new place, and is held. What changes
 * what others see or run (rules, operators, owners) is held whatever it touches; new functions and triggers are, unless
 * their code can be looked at (new-routine.ts, new-trigger.ts).
 */
import { type Ast, astAt, listOf, namesIn, quoteRangeVar, textAt } from './ast.ts';
import { Definition, quotedPath, rangeVar } from './definition.ts';
import type { Grammar } from './grammar.ts';
import { createRoutine } from './new-routine.ts';
import { createTrigger } from './new-trigger.ts';
import { alterDomain, createExtension, createRange, grant } from './object-definitions.ts';
import type { Handling } from './statement.ts';
import { alterTable, constraint, createTable } from './table-definitions.ts';

/** The verdict for kinds that define or maintain; null for a kind that is not allowed at all. */
export function judgeDefinition(grammar: Grammar, tag: string, body: Ast, text: string): Handling | null {
  const definition = new Definition();
  switch (tag) {
    case 'CreateStmt':
      createTable(definition, body);
      return definition.done('ddl');
    case 'AlterTableStmt':
      alterTable(definition, body);
      return definition.done('ddl');
    case 'RenameStmt':
      rename(definition, body);
      return definition.done('ddl');
    case 'AlterObjectSchemaStmt':
      moved(definition, body, 'moves an object to another schema');
      return definition.done('ddl');
    case 'DropStmt':
      drop(definition, body);
      return definition.done('ddl');
    case 'IndexStmt':
      createIndex(definition, body);
      return definition.done('ddl');
    case 'CreateStatsStmt':
      for (const relation of listOf(body, 'relations')) {
        for (const element of listOf(body, 'exprs')) statisticsElement(definition, element, rangeVar(relation));
      }
      return definition.done('ddl');
    // How many values ANALYZE keeps, as ALTER TABLE … SET STATISTICS.
    case 'AlterStatsStmt':
    case 'CommentStmt':
    case 'CreateSeqStmt':
    case 'AlterSeqStmt':
    case 'CreateEnumStmt':
    case 'AlterEnumStmt':
    case 'CompositeTypeStmt':
      return definition.done('ddl');
    case 'CreateSchemaStmt':
      if (listOf(body, 'schemaElts').length > 0) definition.holds.push('CREATE SCHEMA with objects in it');
      if (astAt(body, 'authrole') !== null) definition.owner(astAt(body, 'authrole'));
      return definition.done('ddl');
    case 'AlterOwnerStmt':
      definition.owner(astAt(body, 'newowner'));
      return definition.done('ddl');
    case 'AlterDomainStmt':
      alterDomain(definition, body);
      return definition.done('ddl');
    case 'CreateRangeStmt':
      createRange(definition, body);
      return definition.done('ddl');
    case 'CreateExtensionStmt':
      createExtension(definition, body);
      return definition.done('ddl');
    case 'CreateDomainStmt':
      for (const item of listOf(body, 'constraints'))
        constraint(definition, astAt(item, 'Constraint') ?? {}, null, 'the check of the domain');
      return definition.done('ddl');
    case 'GrantStmt':
      grant(definition, body);
      return definition.done('ddl');
    case 'CreateFunctionStmt':
      return createRoutine(definition, grammar, body, text);
    case 'CreateTrigStmt':
      return createTrigger(definition, body);
    case 'TruncateStmt':
      for (const relation of listOf(body, 'relations')) definition.touch(rangeVar(relation), []);
      return definition.done('write');
    case 'LockStmt':
    case 'CheckPointStmt':
      return definition.done('maintenance');
    case 'VacuumStmt':
      vacuum(definition, body);
      return definition.done('maintenance');
    case 'ReindexStmt':
      if (astAt(body, 'relation') === null) definition.holds.push('REINDEX of a whole schema or database');
      definition.touch(quoteRangeVar(astAt(body, 'relation') ?? {}), []);
      return definition.done('maintenance');
    case 'ClusterStmt':
      // The order of rows on disk is the order in which they come back. Whatever the index is called, it may be any.
      if (astAt(body, 'relation') === null) definition.holds.push('CLUSTER of every table');
      definition.touch(quoteRangeVar(astAt(body, 'relation') ?? {}), 'every');
      return definition.done('maintenance');
    default:
      return heldOrRefused(definition, tag);
  }
}

/** Kinds that change what others see or run: a person has to look at them. */
const HELD: Readonly<Record<string, string>> = {
  AlterFunctionStmt: 'changes a function',
  RuleStmt: 'creates a rewrite rule',
  CreatePolicyStmt: 'creates a row security policy',
  AlterPolicyStmt: 'changes a row security policy',
  DefineStmt: 'defines an operator, aggregate, type, collation or text search object',
  AlterOperatorStmt: 'changes an operator',
  AlterTypeStmt: 'changes a type',
  AlterDefaultPrivilegesStmt: 'changes default privileges',
  AlterTSConfigurationStmt: 'changes a text search configuration',
  AlterTSDictionaryStmt: 'changes a text search dictionary',
  AlterTableMoveAllStmt: 'moves tables to another tablespace',
  CreateOpClassStmt: 'creates an operator class',
  CreateOpFamilyStmt: 'creates an operator family',
  AlterOpFamilyStmt: 'changes an operator family',
  CreateConversionStmt: 'creates a conversion',
  CreateCastStmt: 'creates a cast',
  SecLabelStmt: 'changes a security label',
};

function heldOrRefused(definition: Definition, tag: string): Handling | null {
  const why = HELD[tag];
  if (why === undefined) return null;
  definition.holds.push(why);
  return definition.done('ddl');
}

const RENAMED_FREELY: ReadonlySet<string> = new Set([
  'OBJECT_INDEX',
  'OBJECT_SEQUENCE',
  'OBJECT_TABCONSTRAINT',
  'OBJECT_TYPE',
  'OBJECT_DOMAIN',
  'OBJECT_DOMCONSTRAINT',
  'OBJECT_STATISTIC_EXT',
  'OBJECT_POLICY',
]);
/** They run in the order of their names. */
const RENAMED_ON_RELATIONS: ReadonlySet<string> = new Set(['OBJECT_TRIGGER', 'OBJECT_RULE']);
const RENAMED_RELATIONS: ReadonlySet<string> = new Set([
  '',
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_COLUMN',
]);

function rename(definition: Definition, body: Ast): void {
  const kind = textAt(body, 'renameType');
  if (RENAMED_FREELY.has(kind)) return;
  if (RENAMED_ON_RELATIONS.has(kind)) {
    definition.touch(quoteRangeVar(astAt(body, 'relation') ?? {}), 'every');
    return;
  }
  if (kind === 'OBJECT_SCHEMA') {
    definition.renamedSchema = textAt(body, 'subname');
    return;
  }
  if (!RENAMED_RELATIONS.has(kind)) {
    definition.holds.push('renames an object that others call by name');
    return;
  }
  const relation = quoteRangeVar(astAt(body, 'relation') ?? {});
  // Labels in a file name columns: after a rename they would be looked for in vain when the gateway starts again.
  definition.touch(relation, kind === 'OBJECT_COLUMN' ? [textAt(body, 'subname')] : 'every');
  if (kind === 'OBJECT_COLUMN')
    definition.made = { how: 'rename', relation, from: textAt(body, 'subname'), to: textAt(body, 'newname') };
}

/** Types can be made under any name in any schema, and so be moved there. */
const MOVED_FREELY: ReadonlySet<string> = new Set(['OBJECT_TYPE', 'OBJECT_DOMAIN', 'OBJECT_STATISTIC_EXT']);

function moved(definition: Definition, body: Ast, why: string): void {
  if (MOVED_FREELY.has(textAt(body, 'objectType'))) return;
  const relation = astAt(body, 'relation');
  if (relation === null) definition.holds.push(why);
  else definition.touch(quoteRangeVar(relation), 'every');
}

const DROPPED_FREELY: ReadonlySet<string> = new Set([
  'OBJECT_INDEX',
  'OBJECT_SEQUENCE',
  'OBJECT_VIEW',
  'OBJECT_SCHEMA',
  'OBJECT_TYPE',
  'OBJECT_DOMAIN',
  'OBJECT_FUNCTION',
  'OBJECT_PROCEDURE',
  'OBJECT_ROUTINE',
  'OBJECT_AGGREGATE',
  'OBJECT_STATISTIC_EXT',
  'OBJECT_COLLATION',
  'OBJECT_TSCONFIGURATION',
]);

function drop(definition: Definition, body: Ast): void {
  const kind = textAt(body, 'removeType');
  if (DROPPED_FREELY.has(kind)) return;
  // What a trigger or rule does to an open table is open, and is not done any more.
  if (kind === 'OBJECT_TRIGGER' || kind === 'OBJECT_RULE') {
    for (const object of listOf(body, 'objects'))
      definition.touch(quotedPath(namesIn(astAt(object, 'List') ?? {}, 'items').slice(0, -1)), 'every');
    return;
  }
  if (kind !== 'OBJECT_TABLE' && kind !== 'OBJECT_MATVIEW') {
    definition.holds.push('drops an object that protects or feeds others');
    return;
  }
  for (const object of listOf(body, 'objects'))
    definition.touch(quotedPath(namesIn(astAt(object, 'List') ?? {}, 'items')), 'every');
}

function createIndex(definition: Definition, body: Ast): void {
  const relation = quoteRangeVar(astAt(body, 'relation') ?? {});
  for (const item of [...listOf(body, 'indexParams'), ...listOf(body, 'indexIncludingParams')]) {
    const element = astAt(item, 'IndexElem') ?? {};
    if (textAt(element, 'name') !== '') definition.touch(relation, [textAt(element, 'name')]);
    definition.expression(element['expr'], relation, 'the index');
    if (listOf(element, 'opclass').length > 0)
      definition.names.push({ kind: 'type', name: namesIn(element, 'opclass').at(-1) ?? '' });
  }
  definition.expression(body['whereClause'], relation, 'the index condition');
}

function statisticsElement(definition: Definition, item: Ast, relation: string): void {
  const element = astAt(item, 'StatsElem') ?? {};
  if (textAt(element, 'name') !== '') definition.touch(relation, [textAt(element, 'name')]);
  definition.expression(element['expr'], relation, 'the statistics');
}

/** VACUUM and ANALYZE answer nothing; VERBOSE prints counts, and FULL rewrites. */
function vacuum(definition: Definition, body: Ast): void {
  const options = listOf(body, 'options').map((item) => textAt(astAt(item, 'DefElem') ?? {}, 'defname').toLowerCase());
  const relations = listOf(body, 'rels').map((item) =>
    quoteRangeVar(astAt(astAt(item, 'VacuumRelation') ?? {}, 'relation') ?? {}),
  );
  const verbose = options.includes('verbose');
  if (verbose && relations.length === 0) definition.holds.push('VERBOSE over the whole database');
  if (relations.length === 0) definition.lookUps.push({ what: 'computing-tables' });
  for (const relation of relations) definition.touch(relation, verbose ? 'every' : []);
}
