/**
 * Built-in functions that answer with what others stored or did (counters, sizes, statements of other sessions).
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

/** Facts of the function as a relation; null when it is not one of these functions. */
export function readingFunctionRelation(oid: number): RelationFacts | null {
  const known = builtInFunction(oid);
  if (known?.class !== 'reads') return null;
  const names = COLUMN_NAMES.get(known.name) ?? [];
  return {
    oid,
    schema: 'pg_catalog',
    name: `${known.name}()`,
    kind: 'f',
    columns: Array.from({ length: MAX_COLUMNS }, (_, index) => ({
      attribute: index + 1,
      name: names[index] ?? `column${index + 1}`,
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
    uniques: [],
    foreignKeys: [],
    referencedBy: [],
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
