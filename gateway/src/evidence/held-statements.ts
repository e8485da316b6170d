/** Statements that were held: who decided, how long that took, what came of it. From entries, as the index has copied them. */
import type { RequestHistory } from '@sluice/contract/api';
import type { HeldStatement, HeldStatements } from '@sluice/contract/audit';
import type { RequestRecord } from '@sluice/contract/request-history';
import type { RequestRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import { requestRecords } from './request-records.ts';
import { requestHistories } from './statement-outcomes.ts';

/** Requests of one page. */
export const MAX_HELD_A_PAGE = 200;

export type HeldQuestion = {
  readonly resource: string | null;
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  readonly before: number | null;
  readonly limit: number;
};

/** The text of a request's statement; null when nobody reads it any more. */
export type StatementOf = (request: Pick<RequestRow, 'id' | 'binding_hash' | 'sealed'>) => Promise<string | null>;

export class HeldStatementHistory {
  readonly #store: Store;
  readonly #index: EvidenceIndex;
  readonly #logDirectory: string;
  readonly #statementOf: StatementOf;

  constructor(options: {
    readonly store: Store;
    readonly index: EvidenceIndex;
    readonly logDirectory: string;
    readonly statementOf: StatementOf;
  }) {
    this.#store = options.store;
    this.#index = options.index;
    this.#logDirectory = options.logDirectory;
    this.#statementOf = options.statementOf;
  }

  /** Newest first. */
  async list(question: HeldQuestion): Promise<HeldStatements> {
    await this.#index.flush();
    const { db } = this.#store;
    const limit = Math.min(question.limit, MAX_HELD_A_PAGE);
    let query = db
      .selectFrom('request_entries')
      .selectAll('request_entries')
      .where('kind', '=', 'request.created')
      .orderBy('sequence', 'desc')
      .limit(limit + 1);
    const { before, sinceMs, untilMs, resource } = question;
    if (before !== null) query = query.where('sequence', '<', before);
    if (sinceMs !== null) query = query.where('at_us', '>=', sinceMs * 1000);
    if (untilMs !== null) query = query.where('at_us', '<=', untilMs * 1000 + 999);
    if (resource !== null)
      query = query.where((is) =>
        is.exists(
          is
            .selectFrom('sessions')
            .select('sessions.session_id')
            .where('sessions.resource', '=', resource)
            .whereRef('sessions.session_id', '=', 'request_entries.session_id'),
        ),
      );
    const created = await query.execute();
    const page = created.slice(0, limit);
    const requests = await requestRecords(
      this.#store,
      page.map((row) => row.request_id),
    );
    const histories = await requestHistories({ store: this.#store, logDirectory: this.#logDirectory }, requests);
    const held: HeldStatement[] = [];
    for (const [requestId, { created: first }] of requests) {
      const history = histories.get(requestId);
      if (history !== undefined) held.push(await this.#view(requestId, first, history));
    }
    held.sort((a, b) => b.sequence - a.sequence);
    return { held, next: created.length > limit ? (held.at(-1)?.sequence ?? null) : null };
  }

  async #view(
    requestId: string,
    { sequence, atMs, by: { sessionId, statementId } }: RequestRecord['created'],
    history: RequestHistory,
  ): Promise<HeldStatement> {
    const { db } = this.#store;
    const request = await db.selectFrom('requests').selectAll().where('id', '=', requestId).executeTakeFirst();
    const session = await db.selectFrom('sessions').selectAll().where('session_id', '=', sessionId).executeTakeFirst();
    return {
      ...{ requestId, sequence, at: new Date(atMs).toISOString(), sessionId, statementId },
      principal: session === undefined ? null : JSON.parse(session.principal_json),
      resource: session?.resource ?? request?.resource ?? null,
      statement: request === undefined ? null : await this.#statementOf(request),
      ...history,
    };
  }
}
