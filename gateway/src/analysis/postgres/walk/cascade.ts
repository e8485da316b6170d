/** Foreign keys that point at changed rows: they forbid the change, or change other rows with it. */
import type { ColumnKey } from '../../flows.ts';
import type { ForeignKeyFacts, RelationFacts } from '../facts.ts';
import { type RowWrite, storedValue } from './row-write.ts';
import { openStoredScope } from './stored-scope.ts';
import { NO_SOURCES, Opaque, type Sources, union, type Walker } from './walker.ts';

/** Foreign keys followed one after the other, at most. */
const MAX_CASCADE_DEPTH = 16;

/** How the rows of a referencing relation change. */
export type ApplyCascade = (relation: RelationFacts, caused: RowWrite, cascade: Cascade) => void;

/** Changes already followed, with the sources they were followed for: a table may refer to itself. */
export type Cascade = { readonly depth: number; readonly followed: Map<string, Set<ColumnKey>> };

export function openCascade(): Cascade {
  return { depth: 0, followed: new Map() };
}

/** `pg_constraint.confdeltype` and `confupdtype` */
const NO_ACTION = 'a';
const RESTRICT = 'r';
const CASCADE = 'c';
const SET_DEFAULT = 'd';

export function followReferences(
  walker: Walker,
  relation: RelationFacts,
  write: RowWrite,
  cascade: Cascade,
  apply: ApplyCascade,
): void {
  for (const key of relation.referencedBy) {
    if (write.events.delete) followReference(walker, key, 'delete', write, cascade, apply);
    if (write.events.update && key.referencedAttributes.some((attribute) => write.updated.has(attribute)))
      followReference(walker, key, 'update', write, cascade, apply);
  }
}

function followReference(
  walker: Walker,
  key: ForeignKeyFacts,
  event: 'delete' | 'update',
  write: RowWrite,
  cascade: Cascade,
  apply: ApplyCascade,
): void {
  const matched = union(
    ...key.attributes.map((attribute) => storedValue(walker, key.relation, attribute)),
    ...key.referencedAttributes.map((attribute) => storedValue(walker, key.referenced, attribute)),
  );
  walker.findings.fault(union(matched, write.rows), 'a foreign key');
  const action = event === 'delete' ? key.onDelete : key.onUpdate;
  if (action === NO_ACTION || action === RESTRICT) return;
  const facts = walker.facts.relation(key.relation);
  if (facts === undefined) return;
  if (facts === null)
    throw new Opaque(
      'relation-unknown',
      `Relation ${key.relation} is unknown to the server.`,
      'Run the statement again.',
    );
  // The server's own statements are rewritten like any other.
  if (facts.hasRules)
    throw new Opaque(
      'rule',
      `A foreign key changes ${facts.schema}.${facts.name}, which has rewrite rules.`,
      'Change the referencing rows first.',
    );
  const deletes = action === CASCADE && event === 'delete';
  const rows = union(write.rows, matched);
  const written = deletes ? new Map<number, Set<ColumnKey>>() : newKeys(walker, key, facts, action, write, rows);
  const caused: RowWrite = {
    events: { insert: false, update: !deletes, delete: deletes },
    written,
    values: null,
    updated: new Set(written.keys()),
    rows,
    upsert: false,
  };
  if (isFollowed(facts, caused, cascade)) return;
  if (cascade.depth >= MAX_CASCADE_DEPTH)
    throw new Opaque('cascade-depth', 'Foreign keys cascade too far.', 'Delete from the referencing tables first.');
  apply(facts, caused, { ...cascade, depth: cascade.depth + 1 });
}

/** What the referencing columns become: the new key, nothing, or their defaults. */
function newKeys(
  walker: Walker,
  key: ForeignKeyFacts,
  facts: RelationFacts,
  action: string,
  write: RowWrite,
  rows: Sources,
): Map<number, Set<ColumnKey>> {
  const written = new Map<number, Set<ColumnKey>>();
  for (const [index, attribute] of key.attributes.entries()) {
    const value = action === CASCADE ? write.written.get(key.referencedAttributes[index] ?? 0) : undefined;
    const fallback = action === SET_DEFAULT ? defaultOf(walker, facts, attribute) : NO_SOURCES;
    written.set(attribute, new Set(union(value ?? NO_SOURCES, fallback, rows)));
  }
  return written;
}

function defaultOf(walker: Walker, facts: RelationFacts, attribute: number): Sources {
  const column = facts.columns.find((entry) => entry.attribute === attribute);
  if (column === undefined || column.expression === null || column.generated !== null) return NO_SOURCES;
  return walker.expression(
    walker.stored(column.expression),
    openStoredScope(() => NO_SOURCES),
  );
}

/** Sources only grow, so following again for the same ones finds nothing new. */
function isFollowed(facts: RelationFacts, caused: RowWrite, cascade: Cascade): boolean {
  const what = `${facts.oid} ${caused.events.delete ? 'delete' : 'update'} ${[...caused.written.keys()].toSorted((a, b) => a - b).join(' ')}`;
  const known = cascade.followed.get(what);
  const sources = union(caused.rows, ...caused.written.values());
  if (known !== undefined && [...sources].every((source) => known.has(source))) return true;
  cascade.followed.set(what, new Set([...(known ?? []), ...sources]));
  return false;
}
