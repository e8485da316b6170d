/**
 * The hot write of the store: a batch of the evidence index in one transaction of prepared statements (a query built and
 * compiled each time costs ten times that).
 */
import { assertNever } from '@sluice/contract/vocabulary';
import type { Database as SqliteDatabase, Statement, Transaction } from 'better-sqlite3';
import type {
  IndexHeadTable,
  SessionPartyTable,
  SessionTable,
  StatementPlacesTable,
  WorkflowEntryTable,
} from './schema.ts';

/** Statements of one session in one batch, with the highest label among them as rank. */
export type StatementsRecorded = StatementPlacesTable & Pick<SessionTable, 'label_rank'>;
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
  | { readonly kind: 'statements-recorded'; readonly statements: StatementsRecorded }
  | { readonly kind: 'workflow-recorded'; readonly recorded: WorkflowEntryTable };

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
const COUNT_STATEMENTS = `
  update sessions set statements = max(statements, @last_statement), label_rank = max(label_rank, @label_rank)
  where session_id = @session_id`;
const INSERT_PLACES = `
  insert into statement_places (session_id, first_sequence, first_statement, last_statement, places)
  values (@session_id, @first_sequence, @first_statement, @last_statement, @places)
  on conflict (session_id, first_sequence) do update set first_statement = excluded.first_statement,
    last_statement = excluded.last_statement, places = excluded.places`;
const INSERT_WORKFLOW_ENTRY = `
  insert into workflow_entries (sequence, kind, workflow, resource, entry_json)
  values (@sequence, @kind, @workflow, @resource, @entry_json) on conflict (sequence) do nothing`;
const SET_HEAD = `
  insert into index_head (id, log_id, next_sequence, hash) values (1, @log_id, @next_sequence, @hash)
  on conflict (id) do update set log_id = excluded.log_id, next_sequence = excluded.next_sequence, hash = excluded.hash`;

export class SqliteIndexWriter {
  readonly #insertSession: Statement;
  readonly #insertParty: Statement;
  readonly #closeSession: Statement;
  readonly #interruptSessions: Statement;
  readonly #countStatements: Statement;
  readonly #insertPlaces: Statement;
  readonly #insertWorkflowEntry: Statement;
  readonly #setHead: Statement;
  readonly #forget: readonly Statement[];
  readonly #transaction: Transaction<(batch: IndexBatch) => void>;

  constructor(database: SqliteDatabase) {
    this.#insertSession = database.prepare(INSERT_SESSION);
    this.#insertParty = database.prepare(INSERT_PARTY);
    this.#closeSession = database.prepare(CLOSE_SESSION);
    this.#interruptSessions = database.prepare(INTERRUPT_SESSIONS);
    this.#countStatements = database.prepare(COUNT_STATEMENTS);
    this.#insertPlaces = database.prepare(INSERT_PLACES);
    this.#insertWorkflowEntry = database.prepare(INSERT_WORKFLOW_ENTRY);
    this.#setHead = database.prepare(SET_HEAD);
    this.#forget = ['sessions', 'session_parties', 'statement_places', 'workflow_entries'].map((table) =>
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
      case 'statements-recorded':
        this.#insertPlaces.run(change.statements);
        this.#countStatements.run(change.statements);
        return;
      case 'workflow-recorded':
        this.#insertWorkflowEntry.run(change.recorded);
        return;
      default:
        assertNever(change);
    }
  }
}
