/**
 * What a write causes that its tree does not show: triggers, generated columns, inheritance and partitions, constraints
 * that look at stored values, foreign-key actions. Everything not understood here is a refusal.
 */
import { columnKey } from '../../flows.ts';
import type { RelationFacts, TriggerFacts } from '../facts.ts';
import { type Cascade, followReferences, openCascade } from './cascade.ts';
import { constraintProbes } from './constraint-probes.ts';
import { localWrite, newValue, partitionAttributes, type RowWrite } from './row-write.ts';
import { openStoredScope } from './stored-scope.ts';
import { NO_SOURCES, Opaque, type Sources, union, type Walker } from './walker.ts';

/** Adds the consequences to the findings; returns what decides whether rows conflicted. */
export function closeWrite(walker: Walker, target: number, write: RowWrite): Sources {
  const facts = walker.facts.relation(target);
  if (facts === undefined) return NO_SOURCES;
  if (facts === null)
    throw new Opaque('relation-unknown', `Relation ${target} is unknown to the server.`, 'Run the statement again.');
  if (facts.hasRules && walker.storedDepth > 0)
    throw new Opaque(
      'rule',
      `${facts.schema}.${facts.name} has rewrite rules.`,
      'Ask the administrator to declare the function.',
    );
  return changeRows(walker, facts, write, openCascade());
}

/** Rows of a relation change, and with them those of its partitions and children. */
function changeRows(walker: Walker, facts: RelationFacts, write: RowWrite, cascade: Cascade): Sources {
  walker.findings.relations.add(facts.oid);
  walker.findings.changed.add(facts.oid);
  if (write.events.delete) walker.findings.removed.add(facts.oid);
  const kin = facts.descendants.flatMap((oid) => walker.facts.relation(oid) ?? []);
  addGenerated(walker, facts, write);
  const moves = write.events.update && [facts, ...kin].some((relation) => writesPartitionKey(facts, relation, write));
  const conflicts = [facts, ...kin].map((relation) => {
    const local = localWrite(write, facts, relation);
    // A row whose partition key changes is deleted from one partition and inserted into another.
    const moved = moves && relation !== facts ? { insert: true, update: true, delete: true } : local.events;
    return changeOne(walker, relation, { ...local, events: moved }, cascade);
  });
  return union(...conflicts);
}

function changeOne(walker: Walker, relation: RelationFacts, write: RowWrite, cascade: Cascade): Sources {
  // Triggers may assign to NEW: what follows sees the row as they leave it.
  for (const trigger of relation.triggers) if (fires(trigger, write)) walker.trigger(trigger, relation, write);
  addGenerated(walker, relation, write);
  recordColumns(walker, relation, write);
  const conflicts = constraintProbes(walker, relation, write);
  followReferences(walker, relation, write, cascade, (referencing, caused, deeper) => {
    changeRows(walker, referencing, caused, deeper);
  });
  return conflicts;
}

function writesPartitionKey(facts: RelationFacts, relation: RelationFacts, write: RowWrite): boolean {
  const local = localWrite(write, facts, relation);
  return partitionAttributes(relation).some((attribute) => local.updated.has(attribute));
}

function recordColumns(walker: Walker, relation: RelationFacts, write: RowWrite): void {
  for (const [attribute, sources] of write.written) {
    const column = relation.columns.find((entry) => entry.attribute === attribute);
    const targetName = `${relation.schema}.${relation.name}.${column?.name ?? attribute}`;
    const target = columnKey(relation.oid, attribute);
    const decides = decidingOnly(relation, write, attribute);
    walker.findings.writes.push({
      target,
      targetName,
      sources: new Set(sources),
      ...(decides !== null && { decides }),
    });
    // "null value in column … violates not-null constraint"
    if (column?.notNull === true) walker.findings.fault(sources, 'NOT NULL');
  }
  // Whatever is updated in a row, all its columns are looked at.
  if (!write.events.update) return;
  for (const attribute of relation.uncheckedNotNulls)
    walker.findings.fault(newValue(walker, relation, write, attribute), 'NOT NULL');
}

/** What decides which rows change and is no source of the value; null where a trigger may have assigned, or nobody looked. */
function decidingOnly(relation: RelationFacts, write: RowWrite, attribute: number): Sources | null {
  const value = write.values?.get(attribute);
  if (value === undefined || relation.triggers.length > 0) return null;
  return new Set([...write.rows].filter((key) => !value.has(key)));
}

/** A generated column receives what its expression reads. */
function addGenerated(walker: Walker, facts: RelationFacts, write: RowWrite): void {
  const current = (attribute: number): Sources =>
    union(
      write.written.get(attribute) ?? NO_SOURCES,
      write.events.update ? new Set([columnKey(facts.oid, attribute)]) : NO_SOURCES,
    );
  for (const column of facts.columns) {
    if (column.generated === null || column.expression === null || column.dropped) continue;
    const read = new Set<number>();
    const sources = walker.expression(
      walker.stored(column.expression),
      openStoredScope((attribute) => {
        read.add(attribute);
        return current(attribute);
      }),
    );
    if ([...read].some((attribute) => attribute === 0 || write.written.has(attribute)))
      write.written.set(column.attribute, new Set(sources));
    if ([...read].some((attribute) => attribute === 0 || write.updated.has(attribute)))
      write.updated.add(column.attribute);
  }
}

/** TriggerFacts.type */
const ON_INSERT = 4;
const ON_DELETE = 8;
const ON_UPDATE = 16;

function fires(trigger: TriggerFacts, write: RowWrite): boolean {
  if (write.events.insert && (trigger.type & ON_INSERT) !== 0) return true;
  if (write.events.delete && (trigger.type & ON_DELETE) !== 0) return true;
  if (!write.events.update || (trigger.type & ON_UPDATE) === 0) return false;
  return trigger.attributes.length === 0 || trigger.attributes.some((attribute) => write.updated.has(attribute));
}
