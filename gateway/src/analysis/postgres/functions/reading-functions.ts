/**
 * Built-in functions that answer with what others stored or did (counters, sizes, statements of other sessions, large
 * objects).
 * Each counts as a relation of its own, `pg_catalog."name()"`, whose columns can be labelled: its OID cannot be that of
 * a relation, because built-in OIDs are unique over all catalogs.
 */
import type { RelationFacts } from '../facts.ts';
import { builtInFunction, builtInFunctionsOf } from './built-in.ts';

/** Most output columns of such a function. */
const MAX_COLUMNS = 64;

/** Names of output columns where one needs another label than the rest. */
const COLUMN_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['pg_stat_get_activity', ['datid', 'pid', 'usesysid', 'application_name', 'state', 'query']],
]);

/** Contents of large objects have no column that a label could be bound to; they count as unclassified under this name. */
const LARGE_OBJECTS = { schema: 'large_objects', name: 'content', column: 'data' };

/** Facts of the function as a relation; null when it is not one of these functions. */
export function readingFunctionRelation(oid: number): RelationFacts | null {
  const known = builtInFunction(oid);
  if (known?.class === 'large-object') {
    const { schema, name, column } = LARGE_OBJECTS;
    return virtualRelation({ oid, schema, name, columns: [column] });
  }
  if (known?.class !== 'reads') return null;
  const names = COLUMN_NAMES.get(known.name) ?? [];
  const columns = Array.from({ length: MAX_COLUMNS }, (_, index) => names[index] ?? `column${index + 1}`);
  return virtualRelation({ oid, schema: 'pg_catalog', name: `${known.name}()`, columns });
}

/** A relation that exists for its labels only. */
export function virtualRelation(named: {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}): RelationFacts {
  return {
    ...named,
    kind: 'f',
    columns: named.columns.map((name, index) => ({
      attribute: index + 1,
      name,
      typeOid: 0,
      dropped: false,
      notNull: false,
      generated: null,
      expression: null,
    })),
    ancestors: [],
    descendants: [],
    partitionKey: [],
    storedQuery: null,
    hasRules: false,
    rowSecurity: false,
    triggers: [],
    checks: [],
    uncheckedNotNulls: [],
    uniques: [],
    foreignKeys: [],
    referencedBy: [],
    indexes: [],
    indexExpressions: [],
    unprovenExpressions: [],
    indexOf: null,
    longestRow: 0,
    statistics: [],
    indexFunctions: [],
  };
}

/** The columns of these functions that are classified: all, but for sessions, where only the statement text is. */
export function classifiedReadingColumns(): readonly { readonly table: string; readonly column: string | null }[] {
  return builtInFunctionsOf('reads').map((name) => ({
    table: `${name}()`,
    column: COLUMN_NAMES.has(name) ? 'query' : null,
  }));
}
