/**
 * Approval requests in the store: each function is one statement, so that its effect is all or nothing.
 */
import { LABELS, type Label, labelRank, type Principal } from '@sluice/contract/vocabulary';
import type { RequestRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { NO_TEXT } from './held-texts.ts';
import type { NewRequest, RequestView } from './request.ts';

export type StoredRequest = {
  /** Without its text, until `sealed` is opened (held-texts.ts). */
  readonly view: RequestView;
  /** Null once its retention is over. */
  readonly sealed: string | null;
  readonly approverGroups: readonly string[];
  readonly approvalsNeeded: number;
  /** `issuer|subject` of those whose approval was the approval; empty before. */
  readonly approvers: readonly string[];
};

export type RequestToInsert = {
  readonly id: string;
  readonly request: NewRequest;
  /** What `HeldTexts` made of its text. */
  readonly sealed: string;
  readonly bindingHash: string;
  readonly groups: readonly string[];
  readonly count: number;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
};

/** False when another request for the same binding is alive. */
export async function insertRequest(store: Store, insert: RequestToInsert): Promise<boolean> {
  const { request } = insert;
  const result = await store.db
    .insertInto('requests')
    .values({
      id: insert.id,
      state: 'pending',
      binding_hash: insert.bindingHash,
      resource: request.bound.resource,
      session_id: request.bound.sessionId,
      statement_id: request.statementId,
      asker_id: request.asker.id,
      asker_json: JSON.stringify(request.asker),
      sealed: insert.sealed,
      ...{ statement: '', reasons_json: '[]', preview_json: null, quotation: null },
      flows_json: JSON.stringify(request.flows),
      label_rank: labelRank(request.label),
      approver_groups_json: JSON.stringify(insert.groups),
      approvals_needed: insert.count,
      created_at_ms: insert.createdAtMs,
      expires_at_ms: insert.expiresAtMs,
      row_bound: request.rowBound ?? null,
      counts_rows: request.countsRows === true ? 1 : 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function findRequest(store: Store, id: string): Promise<StoredRequest | null> {
  const row = await selectRequests(store).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** The pending or approved, unexpired request of this binding. */
export async function findLive(store: Store, bindingHash: string, nowMs: number): Promise<StoredRequest | null> {
  const row = await selectRequests(store)
    .where('binding_hash', '=', bindingHash)
    .where('state', 'in', ['pending', 'approved'])
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

export async function countPending(
  store: Store,
  filter: { askerId: string; nowMs: number },
): Promise<{ readonly all: number; readonly ofAsker: number }> {
  const row = await store.db
    .selectFrom('requests')
    .select(({ fn, eb }) => [
      fn.countAll<number>().as('all'),
      fn.sum<number | null>(eb.case().when('asker_id', '=', filter.askerId).then(1).else(0).end()).as('ofAsker'),
    ])
    .where('state', '=', 'pending')
    .where('expires_at_ms', '>', filter.nowMs)
    .executeTakeFirstOrThrow();
  return { all: Number(row.all), ofAsker: Number(row.ofAsker ?? 0) };
}

/** Newest first. */
export async function listRequests(store: Store, limit: number): Promise<readonly StoredRequest[]> {
  const query = selectRequests(store).orderBy('created_at_ms', 'desc').orderBy('id').limit(limit);
  return (await query.execute()).map(fromRow);
}

/** Ids of live requests whose time is over; of one binding, when given. */
export async function listDue(
  store: Store,
  filter: { nowMs: number; limit: number; bindingHash?: string },
): Promise<readonly string[]> {
  let query = store.db
    .selectFrom('requests')
    .select('id')
    .where('state', 'in', ['pending', 'approved'])
    .where('expires_at_ms', '<=', filter.nowMs)
    .limit(filter.limit);
  if (filter.bindingHash !== undefined) query = query.where('binding_hash', '=', filter.bindingHash);
  return (await query.execute()).map((row) => row.id);
}

/** Adds one person's yes; a second one of the same person changes nothing. */
export async function addVote(
  store: Store,
  vote: { requestId: string; approver: Principal; atMs: number },
): Promise<void> {
  await store.db
    .insertInto('request_votes')
    .values({
      request_id: vote.requestId,
      approver_id: vote.approver.id,
      approver_json: JSON.stringify(vote.approver),
      at_ms: vote.atMs,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function voterIds(store: Store, requestId: string): Promise<readonly string[]> {
  const rows = await store.db
    .selectFrom('request_votes')
    .select('approver_id')
    .where('request_id', '=', requestId)
    .execute();
  return rows.map((row) => row.approver_id);
}

/** Lowers the bound on rows of a pending request. False when it is not pending, or its bound is as low already. */
export async function lowerRowBound(store: Store, id: string, rowBound: number): Promise<boolean> {
  const result = await store.db
    .updateTable('requests')
    .set({ row_bound: rowBound })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .where((eb) => eb.or([eb('row_bound', 'is', null), eb('row_bound', '>', rowBound)]))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** pending → approved or denied. False when it was not pending any more, or its time was over. */
export async function setDecided(
  store: Store,
  decision: {
    id: string;
    state: 'approved' | 'denied';
    by: Principal;
    atMs: number;
    note: string;
    /** Null: denied. */
    approval: { readonly approvers: readonly string[]; readonly hash: string } | null;
  },
): Promise<boolean> {
  const result = await store.db
    .updateTable('requests')
    .set({
      state: decision.state,
      decided_by_json: JSON.stringify(decision.by),
      decided_at_ms: decision.atMs,
      note: decision.note,
      not_before_ms: decision.approval === null ? null : decision.atMs,
      approvers_json: decision.approval === null ? null : JSON.stringify(decision.approval.approvers),
      approval_hash: decision.approval?.hash ?? null,
    })
    .where('id', '=', decision.id)
    .where('state', '=', 'pending')
    .where('expires_at_ms', '>', decision.atMs)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** pending or approved → expired, only when its time is over. */
export async function setExpired(store: Store, id: string, nowMs: number): Promise<boolean> {
  const result = await store.db
    .updateTable('requests')
    .set({ state: 'expired' })
    .where('id', '=', id)
    .where('state', 'in', ['pending', 'approved'])
    .where('expires_at_ms', '<=', nowMs)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** approved → consumed: the compare-and-set that makes an approval good for one execution, over every handle and process. */
export async function setConsumed(
  store: Store,
  use: { id: string; bindingHash: string; approvalHash: string; nowMs: number },
): Promise<boolean> {
  const result = await store.db
    .updateTable('requests')
    .set({ state: 'consumed' })
    .where('id', '=', use.id)
    .where('state', '=', 'approved')
    .where('binding_hash', '=', use.bindingHash)
    .where('approval_hash', '=', use.approvalHash)
    .where('not_before_ms', '<=', use.nowMs)
    .where('expires_at_ms', '>', use.nowMs)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Requests with how many have approved them. */
function selectRequests(store: Store) {
  return store.db
    .selectFrom('requests')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('request_votes')
        .select(({ fn }) => fn.countAll<number>().as('votes'))
        .whereRef('request_votes.request_id', '=', 'requests.id')
        .as('votes'),
    );
}

function fromRow(row: RequestRow & { readonly votes: number | null }): StoredRequest {
  return {
    view: {
      id: row.id,
      state: row.state,
      bindingHash: row.binding_hash,
      resource: row.resource,
      sessionId: row.session_id,
      asker: JSON.parse(row.asker_json),
      ...NO_TEXT,
      flows: JSON.parse(row.flows_json),
      label: labelOfRank(row.label_rank),
      createdAt: new Date(Number(row.created_at_ms)).toISOString(),
      expiresAt: new Date(Number(row.expires_at_ms)).toISOString(),
      decidedBy: row.decided_by_json === null ? null : JSON.parse(row.decided_by_json),
      decidedAt: row.decided_at_ms === null ? null : new Date(Number(row.decided_at_ms)).toISOString(),
      note: row.note,
      countsRows: row.counts_rows === 1,
      rowBound: row.row_bound === null ? null : Number(row.row_bound),
      approvalsNeeded: row.approvals_needed,
      approvals: Number(row.votes ?? 0),
      notBefore: row.not_before_ms === null ? null : new Date(Number(row.not_before_ms)).toISOString(),
      approvalHash: row.approval_hash,
    },
    sealed: row.sealed,
    approverGroups: JSON.parse(row.approver_groups_json),
    approvalsNeeded: row.approvals_needed,
    approvers: row.approvers_json === null ? [] : JSON.parse(row.approvers_json),
  };
}

function labelOfRank(rank: number): Label {
  // A rank that is no label can only be damage: the strictest label is the safe reading.
  return LABELS[rank] ?? 'regulated';
}
