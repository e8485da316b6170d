/** Each node and each statement of the grammars of 14 to 18 has a declared rule. */
import { describe, expect, it } from 'vitest';
import type { Grammar } from '../../gateway/src/analysis/postgres/gate/grammar.ts';
import { judge } from '../../gateway/src/analysis/postgres/gate/judge.ts';
import { nodeRule } from '../../gateway/src/analysis/postgres/walk/node-rules.ts';
import { everyNode, MAJORS, nodesOf } from './node-names.ts';

/** Kinds that the gate refuses whatever they say. */
const REFUSED = `AlterCollationStmt AlterDatabaseRefreshCollStmt AlterDatabaseSetStmt AlterDatabaseStmt AlterEventTrigStmt
  AlterExtensionContentsStmt AlterExtensionStmt AlterFdwStmt AlterForeignServerStmt AlterObjectDependsStmt
  AlterPublicationStmt AlterRoleSetStmt AlterRoleStmt AlterSubscriptionStmt AlterSystemStmt AlterTableSpaceOptionsStmt
  AlterUserMappingStmt CreateAmStmt CreateEventTrigStmt CreateFdwStmt
  CreateForeignServerStmt CreateForeignTableStmt CreatePLangStmt CreatePublicationStmt CreateRoleStmt
  CreateSubscriptionStmt CreateTableSpaceStmt CreateTransformStmt CreateUserMappingStmt CreatedbStmt DropOwnedStmt
  DropRoleStmt DropSubscriptionStmt DropTableSpaceStmt DropUserMappingStmt DropdbStmt GrantRoleStmt
  ImportForeignSchemaStmt LoadStmt PLAssignStmt RawStmt ReassignOwnedStmt ReplicaIdentityStmt ReturnStmt
  SetOperationStmt`;
/** Kinds that a person has to look at, or that are refused, whatever they touch. */
const HELD = `AlterDefaultPrivilegesStmt AlterFunctionStmt AlterOpFamilyStmt AlterOperatorStmt
  AlterPolicyStmt AlterTSConfigurationStmt AlterTSDictionaryStmt AlterTableMoveAllStmt
  AlterTypeStmt CreateCastStmt CreateConversionStmt CreateFunctionStmt CreateOpClassStmt CreateOpFamilyStmt
  CreatePolicyStmt CreateTrigStmt DefineStmt RuleStmt SecLabelStmt`;
/** Kinds that are judged by what they say. */
const JUDGED = `AlterDomainStmt AlterEnumStmt AlterObjectSchemaStmt AlterOwnerStmt AlterSeqStmt AlterStatsStmt AlterTableStmt CallStmt
  CheckPointStmt ClosePortalStmt ClusterStmt CommentStmt CompositeTypeStmt ConstraintsSetStmt CopyStmt
  CreateDomainStmt CreateEnumStmt CreateExtensionStmt CreateRangeStmt CreateSchemaStmt
  CreateSeqStmt CreateStatsStmt CreateStmt CreateTableAsStmt DeallocateStmt DeclareCursorStmt DeleteStmt DiscardStmt
  DoStmt DropStmt ExecuteStmt ExplainStmt FetchStmt GrantStmt IndexStmt InsertStmt ListenStmt LockStmt MergeStmt NotifyStmt
  PrepareStmt RefreshMatViewStmt ReindexStmt RenameStmt SelectStmt TransactionStmt TruncateStmt UnlistenStmt UpdateStmt
  VacuumStmt VariableSetStmt VariableShowStmt ViewStmt`;

const words = (text: string): readonly string[] => text.split(/\s+/);
const NO_GRAMMAR: Grammar = { parse: () => null, parsePlpgsql: () => null, scan: () => [] };
const verdictOf = (kind: string) => judge(NO_GRAMMAR, { [kind]: {} }, '').verdict;

describe('nodes of an analysed tree', () => {
  it.each(MAJORS)('every node of PostgreSQL %i has a rule', (major) => {
    const without = [...nodesOf(major)].filter((name) => nodeRule(name.toUpperCase()) === undefined);
    expect(without).toEqual([]);
  });

  it('a node that no version has is no part and no statement: it counts as an expression that may raise', () => {
    expect(nodeRule('SOMETHINGNEW')).toBeUndefined();
  });
});

describe('statements of the grammar', () => {
  const statements = [...everyNode()].filter((name) => name.endsWith('Stmt'));

  it('every kind of every version is in exactly one list', () => {
    expect([...words(REFUSED), ...words(HELD), ...words(JUDGED)].toSorted()).toEqual(statements.toSorted());
  });

  it.each(words(REFUSED))('%s is refused', (kind) => {
    expect(verdictOf(kind)).toMatchObject({ handling: 'refuse' });
  });

  it.each(words(HELD))('%s is held or refused', (kind) => {
    const verdict = verdictOf(kind);
    expect(verdict.handling === 'refuse' || (verdict.handling === 'definition' && verdict.holds.length > 0)).toBe(true);
  });

  it.each(words(JUDGED))('%s has a rule of its own', (kind) => {
    const verdict = verdictOf(kind);
    expect(verdict.handling === 'refuse' ? verdict.rule : '').not.toBe('statement-kind');
  });

  it('a kind that no version has is refused', () => {
    expect(verdictOf('SomethingNewStmt')).toMatchObject({ handling: 'refuse', rule: 'statement-kind' });
  });
});
