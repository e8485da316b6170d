/** A change of rows of one relation, as the parts of the write closure hand it to each other. */
import { type ColumnKey, columnKey } from '../../flows.ts';
import type { RelationFacts } from '../facts.ts';
import { openStoredScope } from './stored-scope.ts';
import { NO_SOURCES, type Sources, union, type Walker } from './walker.ts';

export type WriteEvents = { readonly insert: boolean; readonly update: boolean; readonly delete: boolean };

export type RowWrite = {
  readonly events: WriteEvents;
  /** Sources by written attribute. Grows by what triggers assign and by generated columns. */
  readonly written: Map<number, Set<ColumnKey>>;
  /** Of what is assigned: the sources of the value itself, without what decides which rows change. Null where nobody looked. */
  readonly values: ReadonlyMap<number, Sources> | null;
  /** The written ones that rows which are there already receive: of an upsert or MERGE, what its UPDATE sets. */
  readonly updated: Set<number>;
  /** What decides which rows change. */
  readonly rows: Sources;
  /** With ON CONFLICT, a duplicate decides what happens instead of raising. */
  readonly upsert: boolean;
};

/** Sources of the written ones among these attributes. */
export function given(write: RowWrite, attributes: Iterable<number>): Sources {
  return union(...[...attributes].map((attribute) => write.written.get(attribute) ?? NO_SOURCES));
}

/** What a column of the new row holds: what was written there, or on UPDATE what stood there. */
export function newValue(walker: Walker, relation: RelationFacts, write: RowWrite, attribute: number): Sources {
  const written = write.written.get(attribute) ?? NO_SOURCES;
  return write.events.update && !write.updated.has(attribute)
    ? union(written, storedValue(walker, relation.oid, attribute))
    : written;
}

/** What a column of the rows that are there holds: of a generated one also what it is computed from, which has the label. */
export function storedValue(walker: Walker, relation: number, attribute: number): Sources {
  const own = new Set([columnKey(relation, attribute)]);
  const column = walker.facts.relation(relation)?.columns.find((one) => one.attribute === attribute);
  if (column === undefined || column.generated === null || column.expression === null) return own;
  const expression = walker.stored(column.expression);
  const row = openStoredScope((read) => new Set([columnKey(relation, read)]));
  const computed = (): Sources => walker.expression(expression, row);
  return union(own, column.generated === 's' ? walker.findings.settled(computed) : computed());
}

/** The same write seen from a relative, whose columns have numbers of their own and meet by name. */
export function localWrite(write: RowWrite, parent: RelationFacts, relation: RelationFacts): RowWrite {
  if (relation === parent) return write;
  const written = new Map<number, Set<ColumnKey>>();
  for (const [attribute, sources] of write.written) {
    const same = attributeIn(relation, parent, attribute);
    if (same !== null) written.set(same, sources);
  }
  const updated = [...write.updated].flatMap((attribute) => attributeIn(relation, parent, attribute) ?? []);
  const values = new Map<number, Sources>();
  for (const [attribute, sources] of write.values ?? []) {
    const same = attributeIn(relation, parent, attribute);
    if (same !== null) values.set(same, sources);
  }
  return { ...write, written, values: write.values === null ? null : values, updated: new Set(updated) };
}

/** The attribute of `relation` that bears the name of one of `other`. */
export function attributeIn(relation: RelationFacts, other: RelationFacts, attribute: number): number | null {
  const name = other.columns.find((column) => column.attribute === attribute)?.name;
  return relation.columns.find((column) => !column.dropped && column.name === name)?.attribute ?? null;
}

/** Columns that decide to which partition a row of a partitioned relation goes. */
export function partitionAttributes(relation: RelationFacts): readonly number[] {
  return relation.partitionKey === 'every'
    ? relation.columns.filter((column) => !column.dropped).map((column) => column.attribute)
    : relation.partitionKey;
}
