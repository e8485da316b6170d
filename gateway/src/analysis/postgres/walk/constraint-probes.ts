/**
 * What the server looks at when it stores a row, and says by raising: unique and exclusion indexes, checks, foreign
 * keys, bounds of partitions, and expressions of indexes. A client can probe stored values with them.
 */
import type { RelationFacts, UniqueFacts } from '../facts.ts';
import { canOutgrowPage } from './row-size.ts';
import { attributeIn, given, newValue, partitionAttributes, type RowWrite, storedValue } from './row-write.ts';
import { openStoredScope } from './stored-scope.ts';
import { callsUsers } from './user-calls.ts';
import { NO_SOURCES, type Sources, union, type Walker } from './walker.ts';

/** Records what can raise; returns what decides whether rows conflicted. */
export function constraintProbes(walker: Walker, relation: RelationFacts, write: RowWrite): Sources {
  const conflicts = write.written.size === 0 ? NO_SOURCES : uniqueProbes(walker, relation, write);
  if (write.events.insert || write.events.update)
    for (const check of relation.checks) checkProbe(walker, relation, check, write);
  if (canOutgrowPage(relation)) rowSizeProbe(walker, relation, write);
  if (write.written.size > 0) {
    for (const key of relation.foreignKeys) {
      if (!key.attributes.some((attribute) => write.written.has(attribute))) continue;
      const referenced = key.referencedAttributes.map((attribute) => storedValue(walker, key.referenced, attribute));
      walker.findings.fault(union(given(write, key.attributes), ...referenced), 'a foreign key');
    }
    partitionProbes(walker, relation, write);
    for (const text of relation.indexExpressions) indexProbe(walker, relation, text, write);
  }
  for (const oid of relation.indexFunctions)
    walker.call(
      oid,
      { sources: given(write, write.written.keys()), arguments: [] },
      openStoredScope(() => NO_SOURCES),
    );
  walker.findings.fault(conflicts, 'a unique key');
  return write.upsert ? walker.findings.places.shapes('ON CONFLICT', conflicts) : NO_SOURCES;
}

function uniqueProbes(walker: Walker, relation: RelationFacts, write: RowWrite): Sources {
  return union(...relation.uniques.map((unique) => uniqueProbe(walker, relation, unique, write)));
}

function uniqueProbe(walker: Walker, relation: RelationFacts, unique: UniqueFacts, write: RowWrite): Sources {
  const inside = [...unique.attributes, ...storedAttributes(walker, unique.expressions)];
  const touched = inside.filter((attribute) => write.written.has(attribute));
  // A NULL equals nothing: an INSERT that leaves out one column of the key cannot collide.
  const inserted = write.events.insert && (touched.length === inside.length || unique.nullsNotDistinct);
  // A new version of a row has a new entry in every index: one that is not valid may hold another of the same value.
  const moved = write.events.update && (!unique.valid || inside.some((attribute) => write.updated.has(attribute)));
  if (!inserted && !moved) return NO_SOURCES;
  const keys = [...inside, ...storedAttributes(walker, unique.predicate)];
  return union(...keys.map((attribute) => storedValue(walker, relation.oid, attribute)), given(write, inside));
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

/**
 * All checks are computed for every row that is stored. One over columns that the client does not write tells about their
 * stored values; one that calls functions of users may say something else than when the row was stored.
 */
function checkProbe(
  walker: Walker,
  relation: RelationFacts,
  check: RelationFacts['checks'][number],
  write: RowWrite,
): void {
  const concerned =
    check.attributes.length === 0 ||
    callsUsers(walker, check.expression) ||
    check.attributes.some((attribute) => write.written.has(attribute)) ||
    (!check.validated && write.events.update);
  if (!concerned) return;
  const row = openStoredScope((attribute) => newValue(walker, relation, write, attribute));
  walker.findings.fault(walker.expression(walker.stored(check.expression), row), 'a check of the table');
}

/** "row is too big": a new version of a row has everything in it that stood there. */
function rowSizeProbe(walker: Walker, relation: RelationFacts, write: RowWrite): void {
  if (!write.events.insert && !write.events.update) return;
  const live = relation.columns.filter(({ dropped }) => !dropped);
  walker.findings.fault(
    union(...live.map(({ attribute }) => newValue(walker, relation, write, attribute))),
    'the size of a row',
  );
}

/** "no partition of relation … found for row", "new row … violates partition constraint" */
function partitionProbes(walker: Walker, relation: RelationFacts, write: RowWrite): void {
  const ancestors = relation.ancestors.flatMap((oid) => walker.facts.relation(oid) ?? []);
  for (const partitioned of [relation, ...ancestors]) {
    const keys = partitionAttributes(partitioned).flatMap((key) => attributeIn(relation, partitioned, key) ?? []);
    if (!keys.some((key) => write.written.has(key))) continue;
    walker.findings.fault(
      union(...keys.map((key) => newValue(walker, relation, write, key))),
      'the choice of a partition',
    );
  }
}

/** Computed for the new row. Over stored values alone it cannot fail: it did not when they were stored. */
function indexProbe(walker: Walker, relation: RelationFacts, text: string, write: RowWrite): void {
  const reads = storedAttributes(walker, text);
  if (!reads.some((attribute) => write.written.has(attribute))) return;
  walker.expression(
    walker.stored(text),
    openStoredScope((attribute) => newValue(walker, relation, write, attribute)),
  );
}
