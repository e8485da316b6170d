/**
 * What a write causes that its tree does not show: generated columns, inheritance, constraints that look at stored
 * values, foreign-key actions, triggers. Everything not understood here is a refusal.
 */
import { type ColumnKey, columnKey } from '../../flows.ts';
import type { ForeignKeyFacts, RelationFacts, TriggerFacts } from '../facts.ts';
import { openStoredScope } from './stored-scope.ts';
import { NO_SOURCES, Opaque, type Sources, union, type Walker } from './walker.ts';

export type Write = {
  readonly target: number;
  readonly events: { readonly insert: boolean; readonly update: boolean; readonly delete: boolean };
  /** Sources by written attribute. Grows by generated columns. */
  readonly written: Map<number, Set<ColumnKey>>;
  readonly rows: Sources;
  /** With ON CONFLICT, a duplicate decides what happens instead of raising. */
  readonly upsert: boolean;
};

/** Foreign keys followed one after the other, at most. */
const MAX_CASCADE_DEPTH = 16;

/** Adds the consequences to the findings; returns what decides whether rows conflicted. */
export function closeWrite(walker: Walker, write: Write): Sources {
  const facts = walker.facts.relation(write.target);
  if (facts === undefined) return NO_SOURCES;
  if (facts === null)
    throw new Opaque(
      'relation-unknown',
      `Relation ${write.target} is unknown to the server.`,
      'Run the statement again.',
    );
  walker.findings.relations.add(facts.oid);
  if (facts.hasRules && walker.storedDepth > 0)
    throw new Opaque(
      'rule',
      `${facts.schema}.${facts.name} has rewrite rules.`,
      'Ask the administrator to declare the function.',
    );
  const kin = facts.descendants.flatMap((oid) => walker.facts.relation(oid) ?? []);
  addGenerated(walker, facts, write);
  const conflicts: Sources[] = [];
  for (const relation of [facts, ...kin]) {
    const local = localWrite(write, facts, relation);
    // Triggers may assign to NEW: what follows sees the row as they leave it.
    for (const trigger of relation.triggers) if (fires(trigger, local)) walker.trigger(trigger, relation, local);
    addGenerated(walker, relation, local);
    recordColumns(walker, relation, local);
    conflicts.push(constraintProbes(walker, relation, local));
    followReferences(walker, relation, local, 0);
  }
  return union(...conflicts);
}

/** The same write seen from a child, whose columns have numbers of their own. */
function localWrite(write: Write, parent: RelationFacts, relation: RelationFacts): Write {
  if (relation === parent) return write;
  const written = new Map<number, Set<ColumnKey>>();
  for (const [attribute, sources] of write.written) {
    const name = parent.columns.find((column) => column.attribute === attribute)?.name;
    const same = relation.columns.find((column) => !column.dropped && column.name === name);
    if (same !== undefined) written.set(same.attribute, sources);
  }
  return { ...write, written };
}

function recordColumns(walker: Walker, relation: RelationFacts, write: Write): void {
  for (const [attribute, sources] of write.written) {
    const column = relation.columns.find((entry) => entry.attribute === attribute);
    const targetName = `${relation.schema}.${relation.name}.${column?.name ?? attribute}`;
    walker.findings.writes.push({ target: columnKey(relation.oid, attribute), targetName, sources: new Set(sources) });
    // "null value in column … violates not-null constraint"
    if (column?.notNull === true) walker.findings.fault(sources);
  }
}

/** A stored generated column receives what its expression reads. */
function addGenerated(walker: Walker, facts: RelationFacts, write: Write): void {
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
    if ([...read].some((attribute) => write.written.has(attribute)))
      write.written.set(column.attribute, new Set(sources));
  }
}

/** Unique indexes, checks and foreign keys compare the new row with stored values: a client can probe with them. */
function constraintProbes(walker: Walker, relation: RelationFacts, write: Write): Sources {
  const probes: Sources[] = [];
  const keys = (attributes: readonly number[]): Sources =>
    new Set(attributes.map((attribute) => columnKey(relation.oid, attribute)));
  const given = (attributes: readonly number[]): Sources =>
    union(...attributes.map((attribute) => write.written.get(attribute) ?? NO_SOURCES));
  if (write.written.size > 0) {
    for (const unique of relation.uniques) {
      const inside = [...unique.attributes, ...storedAttributes(walker, unique.expressions)];
      const touched = inside.filter((attribute) => write.written.has(attribute));
      // A NULL equals nothing: an INSERT that leaves out one column of the key cannot collide.
      const collides = write.events.update
        ? touched.length > 0
        : touched.length === inside.length || unique.nullsNotDistinct;
      if (collides) probes.push(union(keys([...inside, ...storedAttributes(walker, unique.predicate)]), given(inside)));
    }
    for (const check of relation.checks)
      checkProbe(walker, relation, check.expression, check.attributes, check.validated, write);
    for (const key of relation.foreignKeys) {
      if (!key.attributes.some((attribute) => write.written.has(attribute))) continue;
      walker.findings.fault(
        union(
          given(key.attributes),
          new Set(key.referencedAttributes.map((attribute) => columnKey(key.referenced, attribute))),
        ),
      );
    }
  }
  for (const oid of relation.indexFunctions)
    walker.call(
      oid,
      { sources: given([...write.written.keys()]), arguments: [] },
      openStoredScope(() => NO_SOURCES),
    );
  const all = union(...probes);
  walker.findings.fault(all);
  return write.upsert ? all : NO_SOURCES;
}

function storedAttributes(walker: Walker, text: string | null): readonly number[] {
  if (text === null) return [];
  const read = new Set<number>();
  walker.expression(
    walker.stored(text),
    openStoredScope((attribute) => {
      read.add(attribute);
      return NO_SOURCES;
    }),
  );
  return [...read];
}

/** A check over columns that the client does not write tells about their stored values. */
function checkProbe(
  walker: Walker,
  relation: RelationFacts,
  expression: string,
  attributes: readonly number[],
  validated: boolean,
  write: Write,
): void {
  const concerned =
    attributes.length === 0 ||
    attributes.some((attribute) => write.written.has(attribute)) ||
    (!validated && write.events.update);
  if (!concerned) return;
  const faultable = walker.expression(
    walker.stored(expression),
    openStoredScope((attribute) => {
      const stored: Sources =
        write.events.update && !write.written.has(attribute)
          ? new Set([columnKey(relation.oid, attribute)])
          : NO_SOURCES;
      return union(stored, write.written.get(attribute) ?? NO_SOURCES);
    }),
  );
  walker.findings.fault(faultable);
}

/** TriggerFacts.type */
const ON_INSERT = 4;
const ON_DELETE = 8;
const ON_UPDATE = 16;

function fires(trigger: TriggerFacts, write: Write): boolean {
  if (write.events.insert && (trigger.type & ON_INSERT) !== 0) return true;
  if (write.events.delete && (trigger.type & ON_DELETE) !== 0) return true;
  if (!write.events.update || (trigger.type & ON_UPDATE) === 0) return false;
  return trigger.attributes.length === 0 || trigger.attributes.some((attribute) => write.written.has(attribute));
}

/** Rows of other tables that point at the changed ones: they forbid the change, or change with it. */
function followReferences(walker: Walker, relation: RelationFacts, write: Write, depth: number): void {
  if (depth > MAX_CASCADE_DEPTH)
    throw new Opaque('cascade-depth', 'Foreign keys cascade too far.', 'Delete from the referencing tables first.');
  for (const key of relation.referencedBy) {
    if (write.events.delete) followReference(walker, key, key.onDelete, write, depth);
    if (write.events.update && key.referencedAttributes.some((attribute) => write.written.has(attribute)))
      followReference(walker, key, key.onUpdate, write, depth);
  }
}

function followReference(walker: Walker, key: ForeignKeyFacts, action: string, write: Write, depth: number): void {
  const matched: Sources = new Set([
    ...key.attributes.map((attribute) => columnKey(key.relation, attribute)),
    ...key.referencedAttributes.map((attribute) => columnKey(key.referenced, attribute)),
  ]);
  walker.findings.fault(union(matched, write.rows));
  if (action === 'a' || action === 'r') return;
  const facts = walker.facts.relation(key.relation);
  if (facts === undefined) return;
  if (facts === null)
    throw new Opaque(
      'relation-unknown',
      `Relation ${key.relation} is unknown to the server.`,
      'Run the statement again.',
    );
  const deletes = action === 'c' && write.events.delete;
  const written = new Map<number, Set<ColumnKey>>();
  if (!deletes) {
    for (const [index, attribute] of key.attributes.entries()) {
      const source = action === 'c' ? write.written.get(key.referencedAttributes[index] ?? 0) : undefined;
      written.set(attribute, new Set(union(source ?? NO_SOURCES, matched, write.rows)));
    }
  }
  const caused: Write = {
    target: facts.oid,
    events: { insert: false, update: !deletes, delete: deletes },
    written,
    rows: union(write.rows, matched),
    upsert: false,
  };
  walker.findings.relations.add(facts.oid);
  recordColumns(walker, facts, caused);
  for (const trigger of facts.triggers) if (fires(trigger, caused)) walker.trigger(trigger, facts, caused);
  followReferences(walker, facts, caused, depth + 1);
}
