import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from 'kysely';
import type { Database } from './schema.ts';

/** For a query over `sessions`: whether a hold in force covers the row. */
export function isHeld(
  query: ExpressionBuilder<Database, 'sessions'>,
): ExpressionWrapper<Database, 'sessions', SqlBool> {
  const target = sql.ref<string>('holds.target');
  return query.exists(
    query
      .selectFrom('holds')
      .select('holds.hold_id')
      .where('holds.lifted_at_us', 'is', null)
      .where((hold) =>
        hold.or([
          hold.and([hold('holds.kind', '=', 'session'), hold('sessions.session_id', '=', target)]),
          hold.and([hold('holds.kind', '=', 'resource'), hold('sessions.resource', '=', target)]),
          hold.and([
            hold('holds.kind', '=', 'principal'),
            hold.exists(
              hold
                .selectFrom('session_parties')
                .select('session_parties.session_id')
                .whereRef('session_parties.session_id', '=', 'sessions.session_id')
                .where('session_parties.principal_id', '=', target),
            ),
          ]),
        ]),
      ),
  );
}
