/** Judges a definition by facts: which OIDs and columns it touches, whether its names are all built in. */
import { CHANGED_DEFINITION, type Flows } from '../flows.ts';
import type { StatementAnalysis } from './analyse.ts';
import type { NeededFacts, RelationFacts, SchemaFacts } from './facts.ts';
import type { Handling, Touched } from './gate/statement.ts';
import { NO_NEEDS } from './needs.ts';
import { TreeSurprise } from './tree-node.ts';
import { openWalker } from './walk/open-walker.ts';
import { partitionAttributes } from './walk/row-write.ts';
import { checkedAgain } from './walk/stored-again.ts';
import { openStoredScope } from './walk/stored-scope.ts';
import { type Declarations, NO_SOURCES, Opaque, type Sources, union, type Walker } from './walk/walker.ts';

type Definition = Extract<Handling, { handling: 'definition' }>;

const ON_TRUNCATE = 32;

/** Kinds that build indexes of their tables anew, or look whether stored rows keep a constraint. */
const COMPUTE_AGAIN: ReadonlySet<string> = new Set(['AlterTableStmt', 'ReindexStmt', 'ClusterStmt', 'VacuumStmt']);

/** Flows of a definition, or the facts that are missing. `treeHash` is empty: there is no tree. */
export function definitionAnalysis(
  definition: Definition,
  statementKind: string,
  facts: SchemaFacts,
  declarations: Declarations,
  serverMajor: number,
): StatementAnalysis {
  const missing = missingNames(definition, facts);
  if (missing !== null) return { kind: 'needs', needs: missing };
  const walker = openWalker(facts, declarations, serverMajor);
  const holds = new Set(
    definition.holds.map((why) =>
      /^(creates|changes|defines|drops|moves|grants|renames)/.test(why)
        ? `The statement ${why}.`
        : `Of the statement, ${why}.`,
    ),
  );
  for (const { kind, name } of definition.names) {
    if (facts.userNames(kind, name) === true)
      holds.add(`The statement uses the ${kind} ${name}, which is user-defined.`);
  }
  try {
    const touched = definition.touches.map((touch) => touchedSources(walker, touch, facts, definition, holds));
    const changed = changedColumns(definition);
    if (COMPUTE_AGAIN.has(statementKind))
      for (const { relation } of definition.touches)
        checkAgain(walker, facts.relationNamed(relation), statementKind === 'AlterTableStmt' ? changed : 0);
    if (walker.facts.incomplete) return { kind: 'needs', needs: walker.facts.needed() };
    const sources = union(...touched);
    const flows: Flows = {
      statementClass: definition.statementClass,
      statementKind,
      outputs: [],
      shaping: NO_SOURCES,
      writes: [
        ...walker.findings.writes,
        ...(sources.size === 0 ? [] : [{ target: null, targetName: CHANGED_DEFINITION, sources }]),
      ],
      faultable: walker.findings.faultable,
      relations: walker.findings.relations,
      ...(walker.findings.removed.size === 0 ? {} : { removed: walker.findings.removed }),
      holds: [...holds],
    };
    return { kind: 'flows', flows, treeHash: '', userFunctions: [...walker.facts.used], constantFree: false };
  } catch (error) {
    if (error instanceof Opaque)
      return { kind: 'opaque', rule: error.rule, message: error.message, remedy: error.remedy };
    if (error instanceof TreeSurprise)
      return {
        kind: 'opaque',
        rule: 'tree-surprise',
        message: `A stored tree is not as expected: ${error.message}.`,
        remedy: 'Report the object.',
      };
    throw error;
  }
}

/** Columns that an ALTER TABLE adds or may change, at most. */
function changedColumns({ made, touches }: Definition): number {
  return (made === undefined || made.how === 'rename' ? 0 : made.columns.length) + touches.length;
}

function checkAgain(walker: Walker, oid: number | null | undefined, changed: number): void {
  const relation = oid === null || oid === undefined ? null : walker.facts.relation(oid);
  if (relation !== null && relation !== undefined) checkedAgain(walker, relation, changed);
}

function missingNames(definition: Definition, facts: SchemaFacts): NeededFacts | null {
  const relationNames = [...new Set(definition.touches.map((touch) => touch.relation))].filter(
    (name) => facts.relationNamed(name) === undefined,
  );
  const userNames = definition.names.filter(({ kind, name }) => facts.userNames(kind, name) === undefined);
  return relationNames.length + userNames.length === 0 ? null : { ...NO_NEEDS, relationNames, userNames };
}

function touchedSources(
  walker: Walker,
  touch: Touched,
  facts: SchemaFacts,
  definition: Definition,
  holds: Set<string>,
): Sources {
  const oid = facts.relationNamed(touch.relation);
  // There is no such relation: the server says so, or IF EXISTS makes it nothing.
  if (oid === null || oid === undefined) return NO_SOURCES;
  const relation = walker.facts.relation(oid);
  if (relation === undefined || relation === null) return NO_SOURCES;
  walker.findings.relations.add(oid);
  if (definition.statementClass === 'write') holdTruncateTriggers(walker, relation, holds, new Set());
  if (definition.statementClass === 'maintenance') computeStored(walker, relation);
  if (relation.kind === 'i' || relation.kind === 'I' || relation.kind === 'S' || relation.kind === 'c')
    return NO_SOURCES;
  const base = walker.base(oid, true);
  // TRUNCATE of a partition tells those who count the rest which rows it had.
  const emptied = definition.statementClass === 'write' ? base.rows : NO_SOURCES;
  return union(emptied, ...attributesOf(touch, relation, definition).map((attribute) => base.column(attribute)));
}

/** TRUNCATE of a relation, its partitions and children, and with CASCADE of all that refer to it. */
function holdTruncateTriggers(
  walker: Walker,
  relation: RelationFacts,
  holds: Set<string>,
  seen: Set<number>,
  isKin = false,
): void {
  if (seen.has(relation.oid)) return;
  seen.add(relation.oid);
  walker.findings.relations.add(relation.oid);
  if (!isKin) walker.findings.removed.add(relation.oid);
  if (relation.triggers.some((trigger) => (trigger.type & ON_TRUNCATE) !== 0))
    holds.add(`TRUNCATE of ${relation.schema}.${relation.name} fires a trigger.`);
  const next = (oid: number, asKin: boolean): void => {
    const other = walker.facts.relation(oid);
    if (other !== undefined && other !== null) holdTruncateTriggers(walker, other, holds, seen, asKin);
  };
  for (const { relation: oid } of relation.referencedBy) next(oid, false);
  for (const oid of relation.descendants) next(oid, true);
}

/** ANALYZE computes the expressions of extended statistics over stored rows, which may be the first time that they fail. */
function computeStored(walker: Walker, relation: RelationFacts): void {
  const kin = relation.descendants.flatMap((oid) => walker.facts.relation(oid) ?? []);
  for (const each of [relation, ...kin]) {
    const row = openStoredScope((attribute) => walker.base(each.oid, false).column(attribute));
    for (const text of each.statistics) walker.expression(walker.stored(text), row);
    for (const oid of each.indexFunctions) walker.call(oid, { sources: NO_SOURCES, arguments: [] }, row);
  }
}

function attributesOf(touch: Touched, relation: RelationFacts, definition: Definition): readonly number[] {
  const live = relation.columns.filter((column) => !column.dropped);
  // A partition made beside a default one: the server looks in that for rows that belong to the new one.
  if (definition.statementClass === 'ddl' && isNewPartition(touch, relation)) return partitionAttributes(relation);
  if (touch.columns === 'every') return live.map((column) => column.attribute);
  if (touch.columns === 'primary-key')
    return relation.uniques.filter((unique) => unique.primary).flatMap((unique) => [...unique.attributes]);
  const { columns } = touch;
  return live.filter((column) => columns.includes(column.name)).map((column) => column.attribute);
}

function isNewPartition(touch: Touched, relation: RelationFacts): boolean {
  return relation.kind === 'p' && touch.columns !== 'every' && touch.columns.length === 0;
}
