import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from 'kysely';
import type { Database, HoldRow } from './schema.ts';
import type { Store } from './store.ts';

/** Holds in force that cover a session, the oldest first. */
export async function holdsOn(store: Store, sessionId: string, limit: number): Promise<readonly HoldRow[]> {
  return await store.db
    .selectFrom('holds')
    .innerJoin('sessions', (join) => join.on('sessions.session_id', '=', sessionId))
    .selectAll('holds')
    .where('holds.lifted_at_us', 'is', null)
    .where((hold) => covers(hold))
    .orderBy('holds.placed_at_us')
    .limit(limit)
    .execute();
}

/** For a query over `sessions`: whether a hold in force covers the row. */
export function isHeld(
  query: ExpressionBuilder<Database, 'sessions'>,
): ExpressionWrapper<Database, 'sessions', SqlBool> {
  return query.exists(
    query
      .selectFrom('holds')
      .select('holds.hold_id')
      .where('holds.lifted_at_us', 'is', null)
      .where((hold) => covers(hold)),
  );
}

function covers(
  hold: ExpressionBuilder<Database, 'sessions' | 'holds'>,
): ExpressionWrapper<Database, 'sessions' | 'holds', SqlBool> {
  const target = sql.ref<string>('holds.target');
  return hold.or([
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
  ]);
}
