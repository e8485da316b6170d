/**
 * Expressions of the catalog that the server computes anew over rows that are there: what a statement does not write was
 * checked once, and can fail now all the same where functions of users say something else meanwhile.
 */
import type { RelationFacts } from '../facts.ts';
import { constraintProbes } from './constraint-probes.ts';
import { canOutgrowPage } from './row-size.ts';
import { openStoredScope } from './stored-scope.ts';
import { callsUsers } from './user-calls.ts';
import { union, type Walker } from './walker.ts';

/**
 * ALTER TABLE, REINDEX, CLUSTER, VACUUM: where it makes rows or types anew, or looks whether a constraint holds, checks
 * and indexes are computed. An index that is not valid was never built: whether its values are all different, and can be
 * computed at all, is told now. `changed`: how many columns its rows may get anew.
 */
export function checkedAgain(walker: Walker, given: RelationFacts, changed: number): void {
  const relation = given.indexOf === null ? given : walker.facts.relation(given.indexOf);
  if (relation === undefined || relation === null) return;
  for (const one of [relation, ...relation.descendants.flatMap((oid) => walker.facts.relation(oid) ?? [])]) {
    const { column } = walker.base(one.oid, false);
    const row = openStoredScope(column);
    if (changed > 0 && canOutgrowPage(one, changed))
      walker.findings.fault(
        union(...one.columns.flatMap(({ attribute, dropped }) => (dropped ? [] : column(attribute)))),
        'the size of a row',
      );
    for (const unique of one.uniques.filter(({ valid }) => !valid))
      walker.findings.fault(union(...unique.attributes.map(column)), 'a unique index that is not valid');
    for (const text of one.unprovenExpressions)
      walker.findings.fault(walker.expression(walker.stored(text), row), 'an index that is not valid');
    const texts = [
      ...one.checks.map((check) => check.expression),
      ...one.indexExpressions,
      ...one.columns.flatMap((column) => (column.generated === null ? [] : (column.expression ?? []))),
    ];
    for (const text of texts.filter((one) => callsUsers(walker, one)))
      walker.findings.fault(walker.expression(walker.stored(text), row), 'a check, an index or a generated column');
  }
}

/** REFRESH MATERIALIZED VIEW: what its query gives is stored as rows of an INSERT are, under the indexes of the view. */
export function refilled(walker: Walker, view: number): void {
  const facts = walker.facts.relation(view);
  if (facts === undefined || facts === null) return;
  const { column } = walker.base(view, false);
  const live = facts.columns.filter(({ dropped }) => !dropped);
  const written = new Map(live.map(({ attribute }) => [attribute, new Set(column(attribute))] as const));
  const events = { insert: true, update: false, delete: false };
  constraintProbes(walker, facts, {
    events,
    written,
    values: null,
    updated: new Set(),
    rows: new Set(),
    upsert: false,
  });
}
