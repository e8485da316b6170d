/**
 * The hot write of the store: a batch of the evidence index in one transaction of prepared statements (a query built and
 * compiled each time costs ten times that).
 */
import { assertNever } from '@sluice/contract/vocabulary';
import type { Database as SqliteDatabase, Statement, Transaction } from 'better-sqlite3';
import type {
  ColumnUsesTable,
  HoldTable,
  IndexHeadTable,
  PlanTable,
  RequestEntryTable,
  SessionPartyTable,
  SessionTable,
  StatementPlacesTable,
  WorkflowEntryTable,
} from './schema.ts';

/** Statements of one session in one batch, with the highest label among them as rank. */
export type StatementsRecorded = StatementPlacesTable & Pick<SessionTable, 'label_rank'>;
export type SessionClosed = Pick<SessionTable, 'session_id' | 'closed_at_us' | 'close_reason' | 'closed_sequence'>;

/** One step of the projection, in the order of the log. */
export type IndexChange =
  | {
      readonly kind: 'session-opened';
      readonly session: Omit<
        SessionTable,
        | 'closed_at_us'
        | 'close_reason'
        | 'closed_sequence'
        | 'statements'
        | 'label_rank'
        | 'expired_at_us'
        | 'expired_sequence'
        | 'destroyed'
      >;
    }
  | { readonly kind: 'session-party'; readonly party: SessionPartyTable }
  | { readonly kind: 'session-closed'; readonly session: SessionClosed }
  /** The gateway started: what is still open was cut off when it stopped. */
  | {
      readonly kind: 'sessions-interrupted';
      readonly interrupted: Omit<SessionClosed, 'session_id'>;
    }
  | { readonly kind: 'statements-recorded'; readonly statements: StatementsRecorded }
  | {
      readonly kind: 'session-expired';
      readonly session: Pick<SessionTable, 'session_id' | 'expired_at_us' | 'expired_sequence'>;
    }
  | { readonly kind: 'hold-placed'; readonly hold: Omit<HoldTable, 'lifted_at_us'> }
  | { readonly kind: 'hold-lifted'; readonly hold: Pick<HoldTable, 'hold_id' | 'lifted_at_us'> }
  | { readonly kind: 'plan-submitted'; readonly plan: Omit<PlanTable, 'expired_at_us' | 'destroyed'> }
  | { readonly kind: 'plan-expired'; readonly plan: Pick<PlanTable, 'plan_id' | 'expired_at_us'> }
  | { readonly kind: 'workflow-recorded'; readonly recorded: WorkflowEntryTable }
  | { readonly kind: 'request-recorded'; readonly recorded: RequestEntryTable }
  | { readonly kind: 'column-used'; readonly used: ColumnUsesTable };

export type IndexBatch = {
  readonly changes: readonly IndexChange[];
  readonly head: Omit<IndexHeadTable, 'id'>;
  /** Forget the old projection first: the log is projected again from its beginning. */
  readonly fromScratch: boolean;
};

const INSERT_SESSION = `
  insert into sessions (session_id, principal_id, principal_json, resource, protocol, application, from_address, via, opened_at_us,
    opened_sequence, workflow, plan_json)
  values (@session_id, @principal_id, @principal_json, @resource, @protocol, @application, @from_address, @via, @opened_at_us,
    @opened_sequence, @workflow, @plan_json)
  on conflict (session_id) do nothing`;
const INSERT_PARTY = `
  insert into session_parties (principal_id, opened_at_us, session_id) values (@principal_id, @opened_at_us, @session_id)
  on conflict do nothing`;
const CLOSE_SESSION = `
  update sessions set closed_at_us = @closed_at_us, close_reason = @close_reason, closed_sequence = @closed_sequence
  where session_id = @session_id`;
const INTERRUPT_SESSIONS = `
  update sessions set closed_at_us = @closed_at_us, close_reason = @close_reason, closed_sequence = @closed_sequence
  where closed_at_us is null`;
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
const INSERT_PLAN = `
  insert into plans (plan_id, sequence, resource, parties_json, ends_at_us)
  values (@plan_id, @sequence, @resource, @parties_json, @ends_at_us)
  on conflict (plan_id) do nothing`;
const EXPIRE_PLAN = 'update plans set expired_at_us = @expired_at_us where plan_id = @plan_id';
const INSERT_REQUEST_ENTRY = `
  insert into request_entries (sequence, at_us, request_id, session_id, kind, entry_json)
  values (@sequence, @at_us, @request_id, @session_id, @kind, @entry_json) on conflict (sequence) do nothing`;
const INSERT_COLUMN_USES = `
  insert into column_uses (resource, column_name, first_sequence, last_sequence, first_at_us, last_at_us, uses, places)
  values (@resource, @column_name, @first_sequence, @last_sequence, @first_at_us, @last_at_us, @uses, @places)
  on conflict (resource, column_name, first_sequence) do update set last_sequence = excluded.last_sequence,
    first_at_us = excluded.first_at_us, last_at_us = excluded.last_at_us, uses = excluded.uses, places = excluded.places`;
const EXPIRE_SESSION = `
  update sessions set expired_at_us = @expired_at_us, expired_sequence = @expired_sequence
  where session_id = @session_id`;
const INSERT_HOLD = `
  insert into holds (hold_id, kind, target, by_json, reason, placed_at_us, placed_sequence)
  values (@hold_id, @kind, @target, @by_json, @reason, @placed_at_us, @placed_sequence)
  on conflict (hold_id) do nothing`;
const LIFT_HOLD = 'update holds set lifted_at_us = @lifted_at_us where hold_id = @hold_id';
const SET_HEAD = `
  insert into index_head (id, log_id, next_sequence, hash, projection)
  values (1, @log_id, @next_sequence, @hash, @projection)
  on conflict (id) do update set log_id = excluded.log_id, next_sequence = excluded.next_sequence, hash = excluded.hash,
    projection = excluded.projection`;

/** Tables that are the projection, and nothing else. */
const PROJECTED = [
  ...['sessions', 'session_parties', 'statement_places', 'workflow_entries'],
  ...['request_entries', 'column_uses', 'holds', 'plans'],
];

export class SqliteIndexWriter {
  readonly #insertSession: Statement;
  readonly #insertParty: Statement;
  readonly #closeSession: Statement;
  readonly #interruptSessions: Statement;
  readonly #countStatements: Statement;
  readonly #insertPlaces: Statement;
  readonly #insertWorkflowEntry: Statement;
  readonly #insertPlan: Statement;
  readonly #expirePlan: Statement;
  readonly #insertRequestEntry: Statement;
  readonly #insertColumnUses: Statement;
  readonly #expireSession: Statement;
  readonly #insertHold: Statement;
  readonly #liftHold: Statement;
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
    this.#expireSession = database.prepare(EXPIRE_SESSION);
    this.#insertHold = database.prepare(INSERT_HOLD);
    this.#liftHold = database.prepare(LIFT_HOLD);
    this.#insertPlan = database.prepare(INSERT_PLAN);
    this.#expirePlan = database.prepare(EXPIRE_PLAN);
    this.#insertRequestEntry = database.prepare(INSERT_REQUEST_ENTRY);
    this.#insertColumnUses = database.prepare(INSERT_COLUMN_USES);
    this.#setHead = database.prepare(SET_HEAD);
    this.#forget = PROJECTED.map((table) => database.prepare(`delete from ${table}`));
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
      case 'session-expired':
        this.#expireSession.run(change.session);
        return;
      case 'hold-placed':
        this.#insertHold.run(change.hold);
        return;
      case 'hold-lifted':
        this.#liftHold.run(change.hold);
        return;
      case 'plan-submitted':
        this.#insertPlan.run(change.plan);
        return;
      case 'plan-expired':
        this.#expirePlan.run(change.plan);
        return;
      case 'workflow-recorded':
        this.#insertWorkflowEntry.run(change.recorded);
        return;
      case 'request-recorded':
        this.#insertRequestEntry.run(change.recorded);
        return;
      case 'column-used':
        this.#insertColumnUses.run(change.used);
        return;
      default:
        assertNever(change);
    }
  }
}
