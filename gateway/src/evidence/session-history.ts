/**
 * Sessions and statements as the API shows them, put together from the index (which), the log (what was decided)
 * and the recordings (what was seen).
 */

import type { ApprovalUse, SessionDetail, SessionView, StatementView } from '@sluice/contract/api';
import { settledView, Timeline, toInstant } from '@sluice/contract/timeline';
import { LABELS, type Label } from '@sluice/contract/vocabulary';
import type { SessionRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import type { ReadEntry } from './read-log.ts';
import type { ReplayedRecording } from './read-recording.ts';
import { readStatements } from './read-statements.ts';
import type { Recordings } from './recordings.ts';
import { requestRecords } from './request-records.ts';
import { requestHistories, requestsOf } from './statement-outcomes.ts';

/** Sessions of one list. */
export const MAX_SESSIONS_LISTED = 500;
/** Statement ids that one detail spans; `after` asks for the next ones. */
export const MAX_STATEMENTS_SHOWN = 1_000;

export type SessionHistoryOptions = {
  readonly store: Store;
  readonly index: EvidenceIndex;
  readonly recordings: Recordings;
  /** Directory of the evidence log. */
  readonly logDirectory: string;
};

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

  /** Null when there is no such session, or `partyId` (unless null) is not in its chain. Statements with `after` < id ≤ `after` + `limit`, in order. */
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
    const after = options.after ?? 0;
    const range = { after, last: after + Math.min(options.limit ?? MAX_STATEMENTS_SHOWN, MAX_STATEMENTS_SHOWN) };
    const entries = await readStatements(this.#options, { sessionId, first: after + 1, last: range.last });
    const recording = await this.#options.recordings.read(sessionId, range);
    const decisions = entries.flatMap(({ entry }) => (entry.kind === 'statement.decided' ? [entry] : []));
    const requests = await requestsOf(this.#options.store, decisions);
    const histories = await requestHistories(this.#options, requests);
    const statements = toStatementViews(entries, recording).map((statement): StatementView => {
      const requestId = statement.requestId ?? '';
      const request = requests.get(requestId) ?? null;
      const history = histories.get(requestId) ?? null;
      return settledView(statement, sessionId, { request, history, sessionIsOver: view.closedAt !== null });
    });
    return { session: view, statements };
  }

  /** How the approval of a request was used, and what became of that; null when nothing on record says that it was. */
  async useOf(requestId: string): Promise<ApprovalUse | null> {
    await this.#options.index.flush();
    const requests = await requestRecords(this.#options.store, [requestId]);
    return (await requestHistories(this.#options, requests)).get(requestId)?.consumedBy ?? null;
  }
}

/** One view a statement, by id. */
function toStatementViews(
  entries: readonly ReadEntry[],
  recording: ReplayedRecording | null,
): readonly StatementView[] {
  const timeline = new Timeline();
  for (const { sequence, atUs, entry } of entries) {
    if (entry.kind === 'statement.decided')
      timeline.decided(entry, { sequence, atUs }, recording?.statements.get(entry.statementId));
    else if (entry.kind === 'statement.completed') timeline.completed(entry, sequence);
  }
  return timeline.views();
}

export function toSessionView(row: SessionRow): SessionView {
  return {
    sessionId: row.session_id,
    principal: JSON.parse(row.principal_json),
    resource: row.resource,
    protocol: row.protocol,
    application: row.application,
    from: row.from_address,
    via: row.via === 'tunnel' ? 'tunnel' : 'native',
    openedAt: toInstant(Number(row.opened_at_us)),
    closedAt: row.closed_at_us === null ? null : toInstant(Number(row.closed_at_us)),
    closeReason: row.close_reason,
    statements: row.statements,
    highestLabel: labelOfRank(row.label_rank),
    workflow: row.workflow,
    plan: row.plan_json === null ? null : JSON.parse(row.plan_json),
    openedEntry: row.opened_sequence,
    closedEntry: row.closed_sequence,
  };
}

function labelOfRank(rank: number): Label {
  // A rank that is no label can only be damage: the strictest label is the safe reading.
  return LABELS[rank] ?? 'regulated';
}
