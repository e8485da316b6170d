import { type RawBuilder, type SqlBool, sql } from 'kysely';

/**
 * For a query over `plans`: whether a hold in force covers the row, by its resource, by who made it or for whom, or by a
 * session that ran it. SQLite's own words; PostgreSQL will have its own.
 */
export function isPlanHeld(): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select 1 from holds where holds.lifted_at_us is null and (
    (holds.kind = 'resource' and holds.target = plans.resource)
    or (holds.kind = 'principal'
      and exists (select 1 from json_each(plans.parties_json) as party where party.value = holds.target))
    or (holds.kind = 'session' and exists (select 1 from sessions
      where sessions.session_id = holds.target and json_extract(sessions.plan_json, '$.id') = plans.plan_id))))`;
}
