/**
 * The hot write of the store: a batch of the evidence index in one transaction of prepared statements (about 2 µs a row;
 * a query built and compiled each time costs ten times that).
 */
import { assertNever } from '@sluice/contract/vocabulary';
import type { Database as SqliteDatabase, Statement, Transaction } from 'better-sqlite3';
import type { IndexHeadTable, SessionPartyTable, SessionTable, StatementTable } from './schema.ts';

export type StatementOutcome = Pick<
  StatementTable,
  'session_id' | 'statement_id' | 'tag' | 'rows' | 'masked_cells' | 'duration_us' | 'error'
>;
export type StatementDecided = Omit<StatementTable, keyof StatementOutcome> &
  Pick<StatementTable, 'session_id' | 'statement_id'>;
export type SessionClosed = Pick<SessionTable, 'session_id' | 'closed_at_us' | 'close_reason'>;

/** One step of the projection, in the order of the log. */
export type IndexChange =
  | {
      readonly kind: 'session-opened';
      readonly session: Omit<SessionTable, 'closed_at_us' | 'close_reason' | 'statements' | 'label_rank'>;
    }
  | { readonly kind: 'session-party'; readonly party: SessionPartyTable }
  | { readonly kind: 'session-closed'; readonly session: SessionClosed }
  /** The gateway started: what is still open was cut off when it stopped. */
  | {
      readonly kind: 'sessions-interrupted';
      readonly interrupted: Pick<SessionClosed, 'closed_at_us' | 'close_reason'>;
    }
  | { readonly kind: 'statement-decided'; readonly statement: StatementDecided }
  | { readonly kind: 'statement-completed'; readonly outcome: StatementOutcome };

export type IndexBatch = {
  readonly changes: readonly IndexChange[];
  readonly head: Omit<IndexHeadTable, 'id'>;
  /** Forget the old projection first: the log is projected again from its beginning. */
  readonly fromScratch: boolean;
};

const INSERT_SESSION = `
  insert into sessions (session_id, principal_id, principal_json, resource, protocol, application, from_address, via, opened_at_us)
  values (@session_id, @principal_id, @principal_json, @resource, @protocol, @application, @from_address, @via, @opened_at_us)
  on conflict (session_id) do nothing`;
const INSERT_PARTY = `
  insert into session_parties (principal_id, opened_at_us, session_id) values (@principal_id, @opened_at_us, @session_id)
  on conflict do nothing`;
const CLOSE_SESSION =
  'update sessions set closed_at_us = @closed_at_us, close_reason = @close_reason where session_id = @session_id';
const INTERRUPT_SESSIONS =
  'update sessions set closed_at_us = @closed_at_us, close_reason = @close_reason where closed_at_us is null';
const COUNT_STATEMENT = `
  update sessions set statements = max(statements, @statement_id), label_rank = max(label_rank, @label_rank)
  where session_id = @session_id`;
// A statement may be decided again (at Execute, or once approved): the last decision stands.
const INSERT_STATEMENT = `
  insert into statements (session_id, statement_id, sequence, segment, segment_offset, at_us, effect, statement_kind, label_rank, request_id)
  values (@session_id, @statement_id, @sequence, @segment, @segment_offset, @at_us, @effect, @statement_kind, @label_rank, @request_id)
  on conflict (session_id, statement_id) do update set sequence = excluded.sequence, segment = excluded.segment,
    segment_offset = excluded.segment_offset, at_us = excluded.at_us, effect = excluded.effect,
    statement_kind = excluded.statement_kind, label_rank = max(label_rank, excluded.label_rank),
    request_id = coalesce(excluded.request_id, request_id)`;
const COMPLETE_STATEMENT = `
  update statements set tag = @tag, rows = @rows, masked_cells = @masked_cells, duration_us = @duration_us, error = @error
  where session_id = @session_id and statement_id = @statement_id`;
const SET_HEAD = `
  insert into index_head (id, log_id, next_sequence, hash) values (1, @log_id, @next_sequence, @hash)
  on conflict (id) do update set log_id = excluded.log_id, next_sequence = excluded.next_sequence, hash = excluded.hash`;

export class SqliteIndexWriter {
  readonly #insertSession: Statement;
  readonly #insertParty: Statement;
  readonly #closeSession: Statement;
  readonly #interruptSessions: Statement;
  readonly #countStatement: Statement;
  readonly #insertStatement: Statement;
  readonly #completeStatement: Statement;
  readonly #setHead: Statement;
  readonly #forget: readonly Statement[];
  readonly #transaction: Transaction<(batch: IndexBatch) => void>;

  constructor(database: SqliteDatabase) {
    this.#insertSession = database.prepare(INSERT_SESSION);
    this.#insertParty = database.prepare(INSERT_PARTY);
    this.#closeSession = database.prepare(CLOSE_SESSION);
    this.#interruptSessions = database.prepare(INTERRUPT_SESSIONS);
    this.#countStatement = database.prepare(COUNT_STATEMENT);
    this.#insertStatement = database.prepare(INSERT_STATEMENT);
    this.#completeStatement = database.prepare(COMPLETE_STATEMENT);
    this.#setHead = database.prepare(SET_HEAD);
    this.#forget = ['sessions', 'session_parties', 'statements'].map((table) =>
      database.prepare(`delete from ${table}`),
    );
    this.#transaction = database.transaction((batch: IndexBatch) => this.#apply(batch));
  }

  write(batch: IndexBatch): void {
    // IMMEDIATE: a deferred transaction that must upgrade its lock cannot wait, it fails.
    this.#transaction.immediate(batch);
  }

  #apply(batch: IndexBatch): void {
    if (batch.fromScratch) for (const statement of this.#forget) statement.run();
    for (const change of batch.changes) this.#applyChange(change);
    this.#setHead.run(batch.head);
  }

  #applyChange(change: IndexChange): void {
    switch (change.kind) {
      case 'session-opened':
        this.#insertSession.run(change.session);
        return;
      case 'session-party':
        this.#insertParty.run(change.party);
        return;
      case 'session-closed':
        this.#closeSession.run(change.session);
        return;
      case 'sessions-interrupted':
        this.#interruptSessions.run(change.interrupted);
        return;
      case 'statement-decided':
        this.#insertStatement.run(change.statement);
        this.#countStatement.run(change.statement);
        return;
      case 'statement-completed':
        this.#completeStatement.run(change.outcome);
        return;
      default:
        assertNever(change);
    }
  }
}
