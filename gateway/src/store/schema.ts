/**
 * The tables, as Kysely types. Times are whole microseconds since 1970 (`…_us`) or milliseconds (`…_ms`); labels are ranks 0 to 3,
 * so that a maximum is a maximum; `…_json` holds one value of a contract schema. Both dialects use these types.
 */
import type { Generated, Selectable } from 'kysely';

/** One row a session: a projection of the log, rebuilt from it at will. */
export type SessionTable = {
  session_id: string;
  principal_id: string;
  principal_json: string;
  resource: string;
  protocol: string;
  application: string;
  from_address: string;
  via: string;
  opened_at_us: number;
  closed_at_us: number | null;
  close_reason: string | null;
  opened_sequence: number | null;
  /** Of `session.closed`, or of the `gateway.started` that found it open. */
  closed_sequence: number | null;
  workflow: string | null;
  /** `{ id, by }` of the plan that it was bound to. */
  plan_json: string | null;
  statements: number;
  label_rank: number;
  /** When its retention ended; null while it is kept. */
  expired_at_us: number | null;
  expired_sequence: number | null;
  /** 1: what the expiry announces is done. Not from the log: done again after the log is projected anew. */
  destroyed: number;
};

/** Everybody in a session's delegation chain: who may see it. */
export type SessionPartyTable = { principal_id: string; opened_at_us: number; session_id: string };

/**
 * Where the statements of one session lie in the log: one row a session and batch, since a row a statement would cost
 * more than the log itself. What they say is read there.
 */
export type StatementPlacesTable = {
  session_id: string;
  first_sequence: number;
  /** Smallest and largest statement id among the places. */
  first_statement: number;
  last_statement: number;
  /** evidence/statement-places.ts */
  places: Uint8Array;
};

/** One row: up to where the log has been projected, and the hash there. */
export type IndexHeadTable = {
  id: number;
  log_id: string;
  next_sequence: number;
  hash: string;
  /** Which tables there were to project into, evidence/project.ts; an older one projects the log again. */
  projection: number;
};

/** Who used a column: one row a resource, column and batch, with what evidence/column-uses.ts packs. */
export type ColumnUsesTable = {
  resource: string;
  /** `schema.table.column`; `*` for statements that may have used any. */
  column_name: string;
  first_sequence: number;
  last_sequence: number;
  first_at_us: number;
  last_at_us: number;
  /** All bits of the row. */
  uses: number;
  places: Uint8Array;
};

/** Entries about requests, copied from the log. */
export type RequestEntryTable = {
  sequence: number;
  at_us: number;
  request_id: string;
  /** Of `request.created`. */
  session_id: string | null;
  kind: string;
  entry_json: string;
};

export type RequestTable = {
  id: string;
  state: 'pending' | 'approved' | 'denied' | 'expired' | 'consumed';
  binding_hash: string;
  resource: string;
  session_id: string;
  statement_id: number;
  asker_id: string;
  asker_json: string;
  flows_json: string;
  /** What may quote values, approval/held-texts.ts; null once its retention is over. */
  sealed: string | null;
  /** Three members and `reasons_json`, of an older gateway, in the clear: approval/seal-old-requests.ts empties them. */
  statement: string;
  reasons_json: string;
  preview_json: string | null;
  quotation: string | null;
  label_rank: number;
  /** Groups whose members may decide, as configured when the request was made. */
  approver_groups_json: string;
  /** How many different people have to approve. */
  approvals_needed: number;
  created_at_ms: number;
  expires_at_ms: number;
  decided_by_json: string | null;
  decided_at_ms: number | null;
  note: Generated<string>;
  /** Most rows that it may change: the policy's bound, or a lower one of an approver. */
  row_bound: number | null;
  /** 1: its rows can be counted, so they can be bounded. */
  counts_rows: number | null;
  not_before_ms: number | null;
  approvers_json: string | null;
  /** Set once approved; approval/approval-hash.ts. */
  approval_hash: string | null;
};

/** One approver's yes. The primary key makes a second yes of the same person count once. */
export type RequestVoteTable = { request_id: string; approver_id: string; approver_json: string; at_ms: number };

/** Values that were compared with a classified column, at the expense of one subject's budget. */
export type ProbeTable = {
  subject: string;
  resource: string;
  column_key: string;
  use: 'probe' | 'count';
  at_ms: number;
  /** When it counts no longer, by the window of that moment. */
  expires_at_ms: number;
  spent: number;
};

/** What a restart could not find again by name: which column a rule was bound to, or the label of a copy. */
export type LabelBindingTable = {
  resource: string;
  /** System identifier of the server and OID of the database. */
  database_identity: string;
  column_key: string;
  /** The name under which a rule found the column; empty for what was derived. */
  name_json: string;
  label: string | null;
  category: string | null;
};

/** Labels that have followed the values of one approved statement. */
export type LabelChangeTable = {
  id: string;
  resource: string;
  database_identity: string;
  state: 'live' | 'reverted';
  at_ms: number;
  request_id: string;
  session_id: string;
  statement_id: number;
  asker_json: string;
  /** approval/label-changes.ts, ChangedColumn[] */
  columns_json: string;
  reverted_by_json: string | null;
  reverted_at_ms: number | null;
  note: string;
};

/** Access for a window of time: asked for, granted by another person, over at a moment. */
export type GrantTable = {
  id: string;
  state: 'asked' | 'granted' | 'refused' | 'lapsed' | 'ended' | 'revoked';
  name: string;
  /** Null: every resource. */
  resource: string | null;
  group_name: string;
  asker_id: string;
  asker_json: string;
  /** `issuer|subject` of the chain, as JSON: it counts for exactly this chain. */
  chain_json: string;
  reason: string;
  window_ms: number;
  granter_groups_json: string;
  grants_needed: number;
  asked_at_ms: number;
  /** Until when it can be granted. */
  ask_expires_at_ms: number;
  granted_at_ms: number | null;
  /** When the window is over. */
  ends_at_ms: number | null;
  /** The last who said yes, or who said no. */
  decided_by_json: string | null;
  revoked_by_json: string | null;
  over_at_ms: number | null;
  note: string;
};

export type GrantVoteTable = { grant_id: string; granter_id: string; granter_json: string; at_ms: number };

/** Entries about workflows and plans, copied from the log: their state is these, applied in order. */
export type WorkflowEntryTable = {
  sequence: number;
  kind: string;
  workflow: string | null;
  resource: string;
  entry_json: string;
};

/** Plans that were submitted, and whether their text is still there: a projection of the log. */
export type PlanTable = {
  plan_id: string;
  /** Of `plan.submitted`. */
  sequence: number;
  resource: string;
  /** `issuer|subject` of who made it and of everybody in their chain, as a JSON list. */
  parties_json: string;
  /** Until when it can be run. */
  ends_at_us: number;
  /** When its retention ended; null while it is kept. */
  expired_at_us: number | null;
  /** 1: what the expiry announces is done. Not from the log: done again after the log is projected anew. */
  destroyed: number;
};

/** Legal holds: a projection of the log. */
export type HoldTable = {
  hold_id: string;
  kind: 'session' | 'principal' | 'resource';
  target: string;
  by_json: string;
  reason: string;
  placed_at_us: number;
  placed_sequence: number | null;
  lifted_at_us: number | null;
};

/** What was revoked at the issuers, identity/revocation/revocation.ts. */
export type RevocationTable = {
  kind: 'subject' | 'nameless' | 'sign-in' | 'token' | 'floor';
  id: string;
  /** What was issued until then is refused. */
  until_ms: number;
  /** When the gateway heard of it last: the oldest make room. */
  heard_at_ms: number;
};

/** Changes of requests and grants that places are to be told, the newest thousand; written by triggers. */
export type NoticeTable = {
  id: Generated<number>;
  about: 'requests' | 'grants';
  subject: string;
  state: string;
  delivery: Generated<string>;
};

/** Up to which notice a place is done, and how often it was tried with the next one. */
export type NoticePlaceTable = { place: string; settled: number; attempts: number };

export type Database = {
  sessions: SessionTable;
  session_parties: SessionPartyTable;
  statement_places: StatementPlacesTable;
  index_head: IndexHeadTable;
  column_uses: ColumnUsesTable;
  request_entries: RequestEntryTable;
  requests: RequestTable;
  request_votes: RequestVoteTable;
  probes: ProbeTable;
  label_bindings: LabelBindingTable;
  label_changes: LabelChangeTable;
  grants: GrantTable;
  grant_votes: GrantVoteTable;
  workflow_entries: WorkflowEntryTable;
  plans: PlanTable;
  holds: HoldTable;
  revocations: RevocationTable;
  notices: NoticeTable;
  notice_places: NoticePlaceTable;
};

export type SessionRow = Selectable<SessionTable>;
export type HoldRow = Selectable<HoldTable>;
export type GrantRow = Selectable<GrantTable>;
export type LabelChangeRow = Selectable<LabelChangeTable>;
export type RequestRow = Selectable<RequestTable>;
