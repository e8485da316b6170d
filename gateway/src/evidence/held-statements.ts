/** Statements that were held: who decided, how long that took, what came of it. From entries, as the index has copied them. */
import type { ApprovalUse } from '@sluice/contract/api';
import type { HeldStatement, HeldStatements } from '@sluice/contract/audit';
import type { RequestEntryTable, RequestRow, SessionRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Entry } from './entry.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import { outcomesOfUses, statementKey, usersOf } from './statement-outcomes.ts';

/** Requests of one page. */
export const MAX_HELD_A_PAGE = 200;

type RequestEntry = Extract<Entry, { kind: `request.${string}` }>;
type Read = { readonly sequence: number; readonly atMs: number; readonly entry: RequestEntry };

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
    const uses = await this.#usesOf(page.map((row) => row.request_id));
    const held: HeldStatement[] = [];
    for (const row of page) held.push(await this.#view(row, uses.get(row.request_id) ?? null));
    return { held, next: created.length > limit ? (held.at(-1)?.sequence ?? null) : null };
  }

  async #usesOf(requestIds: readonly string[]): Promise<ReadonlyMap<string, ApprovalUse>> {
    const sources = { store: this.#store, logDirectory: this.#logDirectory };
    const users = await usersOf(this.#store, requestIds);
    const outcomes = await outcomesOfUses(sources, [...users.values()]);
    return new Map(
      [...users].map(([requestId, use]) => [
        requestId,
        {
          sessionId: use.sessionId,
          statementId: use.statementId,
          outcome: outcomes.get(statementKey(use)) ?? 'unknown',
        },
      ]),
    );
  }

  async #view(created: RequestEntryTable, use: ApprovalUse | null): Promise<HeldStatement> {
    const { db } = this.#store;
    const rows = await db
      .selectFrom('request_entries')
      .selectAll()
      .where('request_id', '=', created.request_id)
      .orderBy('sequence')
      .execute();
    const request = await db.selectFrom('requests').selectAll().where('id', '=', created.request_id).executeTakeFirst();
    const first = readRow(created);
    if (first.entry.kind !== 'request.created') throw new Error('the query asks for these alone');
    const { sessionId } = first.entry;
    const session = await db.selectFrom('sessions').selectAll().where('session_id', '=', sessionId).executeTakeFirst();
    const statement = request === undefined ? null : await this.#statementOf(request);
    return heldView(first, first.entry, rows.map(readRow), { request, statement, session, use });
  }
}

function heldView(
  { sequence, atMs }: Read,
  { requestId, sessionId, statementId }: Extract<Entry, { kind: 'request.created' }>,
  entries: readonly Read[],
  {
    request,
    statement,
    session,
    use,
  }: {
    readonly request: RequestRow | undefined;
    readonly statement: string | null;
    readonly session: SessionRow | undefined;
    readonly use: ApprovalUse | null;
  },
): HeldStatement {
  const decisions = entries.flatMap(({ sequence: number, atMs: decidedAtMs, entry }) => {
    if (entry.kind !== 'request.decided') return [];
    const { id, kind, name } = entry.by;
    const when = { sequence: number, at: new Date(decidedAtMs).toISOString(), waitedMs: decidedAtMs - atMs };
    return [{ ...when, by: { id, kind, name }, decision: entry.decision, note: entry.note }];
  });
  const end = lastOf(entries);
  const settled = entries.find(({ entry }) => entry.kind === 'request.expired') ?? null;
  const settledAtMs = decisions.at(-1)?.waitedMs ?? (settled === null ? null : settled.atMs - atMs);
  return {
    ...{ requestId, sequence, at: new Date(atMs).toISOString(), sessionId, statementId },
    principal: session === undefined ? null : JSON.parse(session.principal_json),
    resource: session?.resource ?? request?.resource ?? null,
    statement,
    decisions,
    outcome: end?.outcome ?? 'pending',
    outcomeEntry: end?.sequence ?? null,
    waitedMs: end === null ? null : settledAtMs,
    consumedBy: use,
  };
}

/** What came of it: the last entry that settles something. A single yes of several settles nothing. */
function lastOf(
  entries: readonly Read[],
): { readonly outcome: HeldStatement['outcome']; readonly sequence: number } | null {
  for (const { sequence, entry } of entries.toReversed()) {
    if (entry.kind === 'request.consumed') return { outcome: 'consumed', sequence };
    if (entry.kind === 'request.expired') return { outcome: 'expired', sequence };
    if (entry.kind === 'request.approved') return { outcome: 'approved', sequence };
    if (entry.kind === 'request.decided' && entry.decision === 'denied') return { outcome: 'denied', sequence };
  }
  return null;
}

function readRow({ sequence, at_us, entry_json }: RequestEntryTable): Read {
  return { sequence: Number(sequence), atMs: Math.floor(Number(at_us) / 1000), entry: JSON.parse(entry_json) };
}
