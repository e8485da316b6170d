/**
 * Stored relations: which columns the values of one column may come from. Inheritance and partitioning, generated
 * columns, views in trees that were stored before rewriting, and materialised views are resolved here.
 */
import { columnKey } from '../../flows.ts';
import type { RelationFacts } from '../facts.ts';
import { isNode, type TreeNode } from '../tree-text.ts';
import { openStoredScope } from './stored-scope.ts';
import { columnsOf, NO_SOURCES, Opaque, type Relation, type Sources, union, type Walker } from './walker.ts';

const TABLE_OID = -6;
/** `ctid` */
export const TUPLE_ID = -1;

export function baseRelation(walker: Walker, oid: number, inherited: boolean): Relation {
  walker.findings.relations.add(oid);
  const facts = walker.facts.relation(oid);
  // Not fetched yet: the walk goes on and its result is thrown away.
  if (facts === undefined) return { column: () => NO_SOURCES, columns: null, rows: NO_SOURCES };
  if (facts === null)
    throw new Opaque('relation-unknown', `Relation ${oid} is unknown to the server.`, 'Run the statement again.');
  switch (facts.kind) {
    case 'r':
    case 'p':
    case 'f':
    case 'S':
      return table(walker, facts, inherited);
    case 'v':
      return storedQuery(walker, facts, false);
    case 'm':
      return storedQuery(walker, facts, true);
    default:
      throw new Opaque('relation-kind', `${facts.schema}.${facts.name} cannot be read.`, 'Query the table instead.');
  }
}

function table(walker: Walker, facts: RelationFacts, inherited: boolean): Relation {
  if (facts.rowSecurity && walker.storedDepth > 0) {
    throw new Opaque(
      'row-security',
      `${facts.schema}.${facts.name} has row security, which a stored query does not show.`,
      'Ask the administrator to declare the function.',
    );
  }
  const kin = [...facts.ancestors, ...(inherited ? facts.descendants : [])].flatMap(
    (oid) => walker.facts.relation(oid) ?? [],
  );
  const memo = new Map<number, Sources>();
  const column = (attribute: number): Sources => {
    const known = memo.get(attribute);
    if (known !== undefined) return known;
    // A generated column that reads itself cannot exist; the placeholder keeps a lying server from looping us.
    memo.set(attribute, NO_SOURCES);
    const sources =
      attribute < 0 ? systemColumn(facts, kin, attribute, column) : userColumn(walker, facts, kin, attribute, column);
    memo.set(attribute, sources);
    return sources;
  };
  const columns = facts.columns.map((entry) => entry.attribute);
  return {
    column,
    rows: partitionKeys(facts.ancestors.flatMap((oid) => walker.facts.relation(oid) ?? [])),
    order: inherited ? partitionKeys([facts, ...kin]) : NO_SOURCES,
    get columns() {
      return columns.map(column);
    },
  };
}

function userColumn(
  walker: Walker,
  facts: RelationFacts,
  kin: readonly RelationFacts[],
  attribute: number,
  column: (attribute: number) => Sources,
): Sources {
  if (attribute === 0)
    return union(...facts.columns.filter((entry) => !entry.dropped).map((entry) => column(entry.attribute)));
  const entry = facts.columns.find((candidate) => candidate.attribute === attribute);
  if (entry === undefined) {
    throw new Opaque(
      'column-unknown',
      `${facts.schema}.${facts.name} has no column ${attribute} in the facts at hand.`,
      'Run the statement again.',
    );
  }
  const keys = new Set([columnKey(facts.oid, attribute)]);
  for (const relative of kin) {
    for (const same of relative.columns)
      if (!same.dropped && same.name === entry.name) keys.add(columnKey(relative.oid, same.attribute));
  }
  if (entry.generated === null || entry.expression === null) return keys;
  const expression = walker.stored(entry.expression);
  const computed = () => walker.expression(expression, openStoredScope(column));
  return union(keys, entry.generated === 's' ? walker.findings.settled(computed) : computed());
}

/** Which partition a row is in tells the partition key; where it stands there, how long the rows before it are. */
function systemColumn(
  facts: RelationFacts,
  kin: readonly RelationFacts[],
  attribute: number,
  column: (attribute: number) => Sources,
): Sources {
  if (attribute === TABLE_OID) return partitionKeys([facts, ...kin]);
  return attribute === TUPLE_ID ? union(partitionKeys([facts, ...kin]), column(0)) : NO_SOURCES;
}

/** What decides which partition a row goes to, and so which rows a partition has. */
function partitionKeys(relations: readonly RelationFacts[]): Sources {
  const keys = relations.flatMap((relation) =>
    (relation.partitionKey === 'every' ? relation.columns.map((entry) => entry.attribute) : relation.partitionKey).map(
      (key) => columnKey(relation.oid, key),
    ),
  );
  return new Set(keys);
}

/** A view is its query. A materialised view also has a label of its own, and its rows were chosen by its query. */
function storedQuery(walker: Walker, facts: RelationFacts, stored: boolean): Relation {
  if (facts.storedQuery === null)
    throw new Opaque(
      'view-query',
      `The query of ${facts.schema}.${facts.name} cannot be read.`,
      'Ask the administrator to check the role of the gateway.',
    );
  const query = onlyQuery(walker, facts);
  walker.storedDepth++;
  const walk = () => {
    const flow = walker.query(query, null, null);
    return { rows: flow.rows, found: columnsOf(flow) };
  };
  const { rows, found } = stored ? walker.findings.settled(walk) : walk();
  const names = facts.columns.filter((entry) => !entry.dropped);
  walker.storedDepth--;
  const columns = names.map((entry, index) =>
    union(found[index] ?? NO_SOURCES, stored ? new Set([columnKey(facts.oid, entry.attribute)]) : NO_SOURCES),
  );
  return {
    columns,
    rows,
    column: (attribute) => {
      if (attribute < 0) return NO_SOURCES;
      if (attribute === 0) return union(...columns);
      const column = columns[names.findIndex((entry) => entry.attribute === attribute)];
      if (column === undefined)
        throw new Opaque(
          'column-unknown',
          `${facts.schema}.${facts.name} has no column ${attribute}.`,
          'Run the statement again.',
        );
      return column;
    },
  };
}

function onlyQuery(walker: Walker, facts: RelationFacts): TreeNode {
  const tree = walker.stored(facts.storedQuery ?? '');
  const [query] = Array.isArray(tree) ? tree : [];
  if (!isNode(query))
    throw new Opaque(
      'view-query',
      `The query of ${facts.schema}.${facts.name} is not understood.`,
      'Query the tables under it.',
    );
  return query;
}
