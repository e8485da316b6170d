/**
 * Sessions and statements as the API shows them, put together from the index (which), the log (what was decided)
 * and the recordings (what was seen).
 */

import type { SessionDetail, SessionView, StatementView } from '@sluice/contract/api';
import { LABELS, type Label } from '@sluice/contract/vocabulary';
import type { SessionRow, StatementRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Entry } from './entry.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import { readEntriesAt } from './read-log.ts';
import type { SeenStatement } from './read-recording.ts';
import type { Recordings } from './recordings.ts';

/** Sessions of one list. */
export const MAX_SESSIONS_LISTED = 500;
/** Statements of one detail; `after` asks for the next ones. */
export const MAX_STATEMENTS_SHOWN = 1_000;

export type SessionHistoryOptions = {
  readonly store: Store;
  readonly index: EvidenceIndex;
  readonly recordings: Recordings;
  /** Directory of the evidence log. */
  readonly logDirectory: string;
};

type Decided = Extract<Entry, { kind: 'statement.decided' }>;

export class SessionHistory {
  readonly #options: SessionHistoryOptions;

  constructor(options: SessionHistoryOptions) {
    this.#options = options;
  }

  /** Newest first; only those in whose chain `partyId` is, unless it is null. */
  async list(filter: { readonly partyId: string | null; readonly limit: number }): Promise<readonly SessionView[]> {
    await this.#options.index.flush();
    const { db } = this.#options.store;
    const limit = Math.min(filter.limit, MAX_SESSIONS_LISTED);
    const rows =
      filter.partyId === null
        ? await db.selectFrom('sessions').selectAll().orderBy('opened_at_us', 'desc').limit(limit).execute()
        : await db
            .selectFrom('session_parties')
            .innerJoin('sessions', 'sessions.session_id', 'session_parties.session_id')
            .selectAll('sessions')
            .where('session_parties.principal_id', '=', filter.partyId)
            .orderBy('session_parties.opened_at_us', 'desc')
            .limit(limit)
            .execute();
    return rows.map(toSessionView);
  }

  /** Null when there is no such session, or `partyId` (unless null) is not in its chain. Statements after `after`, in order. */
  async show(
    sessionId: string,
    options: { readonly partyId: string | null; readonly after?: number; readonly limit?: number },
  ): Promise<SessionDetail | null> {
    await this.#options.index.flush();
    const { db } = this.#options.store;
    const session = await db.selectFrom('sessions').selectAll().where('session_id', '=', sessionId).executeTakeFirst();
    if (session === undefined) return null;
    const view = toSessionView(session);
    const { partyId } = options;
    if (partyId !== null && ![view.principal, ...view.principal.chain].some((actor) => actor.id === partyId))
      return null;
    const rows = await db
      .selectFrom('statements')
      .selectAll()
      .where('session_id', '=', sessionId)
      .where('statement_id', '>', options.after ?? -1)
      .orderBy('statement_id')
      .limit(Math.min(options.limit ?? MAX_STATEMENTS_SHOWN, MAX_STATEMENTS_SHOWN))
      .execute();
    const places = rows.map((row) => ({ segment: row.segment, offset: Number(row.segment_offset) }));
    const entries = await readEntriesAt(this.#options.logDirectory, places);
    const recording = await this.#options.recordings.read(sessionId);
    const statements = rows.flatMap((row, position) => {
      const entry = entries[position];
      return entry?.kind === 'statement.decided'
        ? [toStatementView(row, entry, recording?.statements.get(row.statement_id))]
        : [];
    });
    return { session: view, statements };
  }
}

function toSessionView(row: SessionRow): SessionView {
  return {
    sessionId: row.session_id,
    principal: JSON.parse(row.principal_json),
    resource: row.resource,
    protocol: row.protocol,
    application: row.application,
    from: row.from_address,
    via: row.via === 'tunnel' ? 'tunnel' : 'native',
    openedAt: toInstant(row.opened_at_us),
    closedAt: row.closed_at_us === null ? null : toInstant(row.closed_at_us),
    closeReason: row.close_reason,
    statements: row.statements,
    highestLabel: labelOfRank(row.label_rank),
  };
}

function toStatementView(row: StatementRow, decided: Decided, seen: SeenStatement | undefined): StatementView {
  return {
    statementId: row.statement_id,
    at: toInstant(row.at_us),
    text: decided.text,
    effect: decided.effect,
    reasons: [...decided.reasons],
    flows: [...decided.flows],
    requestId: row.request_id,
    tag: row.tag,
    rows: Number(row.rows),
    maskedCells: Number(row.masked_cells),
    durationUs: row.duration_us === null ? null : Number(row.duration_us),
    error: row.error,
    columns: (seen?.columns ?? []).map(({ name, masked }) => ({ name, masked })),
    seen: (seen?.rows ?? []).map((cells) => [...cells]),
    truncated: seen === undefined ? Number(row.rows) > 0 : seen.truncated || !seen.ended,
  };
}

function toInstant(microseconds: number): string {
  return new Date(Math.floor(Number(microseconds) / 1000)).toISOString();
}

function labelOfRank(rank: number): Label {
  // A rank that is no label can only be damage: the strictest label is the safe reading.
  return LABELS[rank] ?? 'regulated';
}
