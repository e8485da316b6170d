import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from 'kysely';
import type { Database, SessionRow } from './schema.ts';
import type { Store } from './store.ts';

export type SessionQuestion = {
  readonly session: string | null;
  readonly resource: string | null;
  /** Still open then, or later. */
  readonly sinceMs: number | null;
  /** Opened by then. */
  readonly untilMs: number | null;
  /** Only sessions opened before this entry. */
  readonly before: number | null;
  /** `issuer|subject` of all who have to be in it. */
  readonly parties: readonly string[];
  readonly limit: number;
};

/** Sessions that fit, the newest first. */
export async function findSessions(store: Store, question: SessionQuestion): Promise<readonly SessionRow[]> {
  const { session, resource, sinceMs, untilMs, before, parties, limit } = question;
  let query = store.db
    .selectFrom('sessions')
    .selectAll('sessions')
    .where('opened_sequence', 'is not', null)
    .orderBy('opened_sequence', 'desc')
    .limit(limit);
  if (session !== null) query = query.where('sessions.session_id', '=', session);
  if (resource !== null) query = query.where('sessions.resource', '=', resource);
  if (before !== null) query = query.where('sessions.opened_sequence', '<', before);
  if (untilMs !== null) query = query.where('sessions.opened_at_us', '<=', untilMs * 1000 + 999);
  if (sinceMs !== null)
    query = query.where((is) => is.or([is('closed_at_us', 'is', null), is('closed_at_us', '>=', sinceMs * 1000)]));
  for (const party of parties) query = query.where((is) => isParty(is, party));
  return await query.execute();
}

/** Principals of any session by `issuer|subject`, or by their subject alone. */
export async function principalsCalled(store: Store, name: string, limit: number): Promise<readonly string[]> {
  const rows = await store.db
    .selectFrom('session_parties')
    .select('principal_id')
    .distinct()
    .where((is) =>
      is.or([
        is('principal_id', '=', name),
        is(sql<string>`substr(principal_id, -length(${name}) - 1)`, '=', `|${name}`),
      ]),
    )
    .limit(limit)
    .execute();
  return rows.map(({ principal_id: id }) => id);
}

function isParty(
  is: ExpressionBuilder<Database, 'sessions'>,
  party: string,
): ExpressionWrapper<Database, 'sessions', SqlBool> {
  return is.exists(
    is
      .selectFrom('session_parties')
      .select('session_parties.session_id')
      .whereRef('session_parties.session_id', '=', 'sessions.session_id')
      .where('session_parties.principal_id', '=', party),
  );
}
