/**
 * Sessions and statements as the API shows them, put together from the index (which), the log (what was decided)
 * and the recordings (what was seen).
 */

import type { ApprovalUse, SessionDetail, SessionView, StatementView } from '@sluice/contract/api';
import { LABELS, type Label } from '@sluice/contract/vocabulary';
import type { SessionRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import type { ReadEntry } from './read-log.ts';
import type { ReplayedRecording, SeenStatement } from './read-recording.ts';
import { readStatements } from './read-statements.ts';
import type { Completed, Decided } from './recorded-entry.ts';
import type { Recordings } from './recordings.ts';
import { approvalsUsedBy, outcomeOf, outcomesOfUses, statementKey, usersOf } from './statement-outcomes.ts';

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

/** Command tags whose row count is that of an answer, not of rows changed. */
const RETURNS_ROWS = /^(SELECT|FETCH|COPY)/;

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
    const used = await approvalsUsedBy(this.#options.store, decisions);
    const statements = toStatementViews(entries, recording).map((statement): StatementView => {
      const facts = {
        usedApproval: used.has(statementKey({ sessionId, statementId: statement.statementId })),
        sessionIsOver: view.closedAt !== null,
      };
      return {
        ...statement,
        outcome: outcomeOf(statement, statement.completedEntry === null ? null : statement, facts),
      };
    });
    return { session: view, statements };
  }

  /** How the approval of a request was used, and what became of that; null when nothing on record says that it was. */
  async useOf(requestId: string): Promise<ApprovalUse | null> {
    await this.#options.index.flush();
    const use = (await usersOf(this.#options.store, [requestId])).get(requestId);
    if (use === undefined) return null;
    const outcome = (await outcomesOfUses(this.#options, [use])).get(statementKey(use));
    return { sessionId: use.sessionId, statementId: use.statementId, outcome: outcome ?? 'unknown' };
  }
}

/** One view a statement, by id. Decided more than once (at Execute, or once approved): the last decision stands. */
function toStatementViews(entries: readonly ReadEntry[], recording: ReplayedRecording | null): StatementView[] {
  const views = new Map<number, StatementView>();
  for (const { sequence, atUs, entry } of entries) {
    if (entry.kind === 'statement.decided') {
      const decidedBefore = views.get(entry.statementId);
      const seen = recording?.statements.get(entry.statementId);
      const requestId = decidedBefore?.requestId ?? null;
      views.set(entry.statementId, decidedView(entry, { sequence, atUs, seen, requestId }));
    } else if (entry.kind === 'statement.completed') {
      const view = views.get(entry.statementId);
      if (view !== undefined) views.set(entry.statementId, completedView(view, sequence, entry));
    }
  }
  return [...views.values()].sort((a, b) => a.statementId - b.statementId);
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
    openedAt: toInstant(row.opened_at_us),
    closedAt: row.closed_at_us === null ? null : toInstant(row.closed_at_us),
    closeReason: row.close_reason,
    statements: row.statements,
    highestLabel: labelOfRank(row.label_rank),
    workflow: row.workflow,
    plan: row.plan_json === null ? null : JSON.parse(row.plan_json),
    openedEntry: row.opened_sequence,
    closedEntry: row.closed_sequence,
  };
}

function decidedView(
  entry: Decided,
  context: {
    readonly sequence: number;
    readonly atUs: number;
    readonly seen: SeenStatement | undefined;
    readonly requestId: string | null;
  },
): StatementView {
  const { seen } = context;
  return {
    statementId: entry.statementId,
    at: toInstant(context.atUs),
    text: entry.text,
    effect: entry.effect,
    reasons: [...entry.reasons],
    flows: [...entry.flows],
    requestId: entry.requestId ?? context.requestId,
    tag: null,
    rows: 0,
    maskedCells: 0,
    durationUs: null,
    error: null,
    columns: (seen?.columns ?? []).map(({ name, masked }) => ({ name, masked })),
    seen: (seen?.rows ?? []).map((cells) => [...cells]),
    truncated: seen !== undefined && (seen.truncated || !seen.ended),
    decidedEntry: context.sequence,
    completedEntry: null,
  };
}

function completedView(view: StatementView, completedEntry: number, completed: Completed): StatementView {
  const { tag, rows, maskedCells, durationUs, error } = completed;
  // Without any recording of them, rows that went out are rows that are missing here.
  const isUnrecorded = view.columns.length === 0 && view.seen.length === 0 && rows > 0 && RETURNS_ROWS.test(tag);
  const truncated = view.truncated || isUnrecorded;
  return { ...view, completedEntry, tag, rows, maskedCells, durationUs, error, truncated };
}

function toInstant(microseconds: number): string {
  return new Date(Math.floor(Number(microseconds) / 1000)).toISOString();
}

function labelOfRank(rank: number): Label {
  // A rank that is no label can only be damage: the strictest label is the safe reading.
  return LABELS[rank] ?? 'regulated';
}
