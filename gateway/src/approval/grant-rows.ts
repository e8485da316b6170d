/**
 * Grants in the store: each function is one statement, so that its effect is all or nothing.
 */
import type { GrantView } from '@sluice/contract/api';
import type { Principal } from '@sluice/contract/vocabulary';
import type { GrantRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

export type StoredGrant = {
  readonly view: GrantView;
  readonly chainJson: string;
  readonly windowMs: number;
  /** Milliseconds since 1970; null: not granted. */
  readonly endsAtMs: number | null;
  readonly askExpiresAtMs: number;
};

/** It counts for exactly this chain: a grant to a person is none to their agents, and the other way round. */
export function chainJson(principal: Principal): string {
  return JSON.stringify(principal.chain.map(({ id }) => id));
}

export async function insertGrant(
  store: Store,
  grant: {
    readonly id: string;
    readonly name: string;
    readonly resource: string | null;
    readonly group: string;
    readonly asker: Principal;
    readonly reason: string;
    readonly windowMs: number;
    readonly granterGroups: readonly string[];
    readonly grantsNeeded: number;
    readonly askedAtMs: number;
    readonly askExpiresAtMs: number;
  },
): Promise<void> {
  await store.db
    .insertInto('grants')
    .values({
      id: grant.id,
      state: 'asked',
      name: grant.name,
      resource: grant.resource,
      group_name: grant.group,
      asker_id: grant.asker.id,
      asker_json: JSON.stringify(grant.asker),
      chain_json: chainJson(grant.asker),
      reason: grant.reason,
      window_ms: grant.windowMs,
      granter_groups_json: JSON.stringify(grant.granterGroups),
      grants_needed: grant.grantsNeeded,
      asked_at_ms: grant.askedAtMs,
      ask_expires_at_ms: grant.askExpiresAtMs,
      note: '',
    })
    .execute();
}

function selectGrants(store: Store) {
  return store.db
    .selectFrom('grants')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('grant_votes')
        .select(({ fn }) => fn.countAll<number>().as('votes'))
        .whereRef('grant_votes.grant_id', '=', 'grants.id')
        .as('votes'),
    );
}

export async function findGrant(store: Store, id: string): Promise<StoredGrant | null> {
  const row = await selectGrants(store).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** Newest first. */
export async function listGrants(store: Store, limit: number): Promise<readonly StoredGrant[]> {
  const rows = await selectGrants(store).orderBy('asked_at_ms', 'desc').orderBy('id').limit(limit).execute();
  return rows.map(fromRow);
}

/** Those whose window is open at this moment, of one chain when given. */
export async function openGrants(
  store: Store,
  filter: { readonly nowMs: number; readonly chainJson?: string },
): Promise<readonly StoredGrant[]> {
  let query = selectGrants(store).where('state', '=', 'granted').where('ends_at_ms', '>', filter.nowMs);
  if (filter.chainJson !== undefined) query = query.where('chain_json', '=', filter.chainJson);
  return (await query.execute()).map(fromRow);
}

/** How many of one asker, and of all, are asked for or open. */
export async function countLiveGrants(
  store: Store,
  filter: { readonly askerId: string; readonly nowMs: number },
): Promise<{ readonly all: number; readonly ofAsker: number }> {
  const rows = await store.db
    .selectFrom('grants')
    .select('asker_id')
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'asked'), eb('ask_expires_at_ms', '>', filter.nowMs)]),
        eb.and([eb('state', '=', 'granted'), eb('ends_at_ms', '>', filter.nowMs)]),
      ]),
    )
    .execute();
  return { all: rows.length, ofAsker: rows.filter((row) => row.asker_id === filter.askerId).length };
}

/** Asked for too long ago, or their window is over, and not marked yet. */
export async function dueGrants(
  store: Store,
  nowMs: number,
  limit: number,
): Promise<readonly { readonly id: string; readonly state: 'lapsed' | 'ended' }[]> {
  const rows = await store.db
    .selectFrom('grants')
    .select(['id', 'state'])
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'asked'), eb('ask_expires_at_ms', '<=', nowMs)]),
        eb.and([eb('state', '=', 'granted'), eb('ends_at_ms', '<=', nowMs)]),
      ]),
    )
    .limit(limit)
    .execute();
  return rows.map(({ id, state }) => ({ id, state: state === 'asked' ? 'lapsed' : 'ended' }));
}

/** Adds one person's yes; a second one of the same person changes nothing. */
export async function addGrantVote(
  store: Store,
  vote: { readonly grantId: string; readonly granter: Principal; readonly atMs: number },
): Promise<void> {
  await store.db
    .insertInto('grant_votes')
    .values({
      grant_id: vote.grantId,
      granter_id: vote.granter.id,
      granter_json: JSON.stringify(vote.granter),
      at_ms: vote.atMs,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function granterIds(store: Store, grantId: string): Promise<readonly string[]> {
  const rows = await store.db.selectFrom('grant_votes').select('granter_id').where('grant_id', '=', grantId).execute();
  return rows.map((row) => row.granter_id);
}

/** Shortens the window of what is asked for. */
export async function shortenWindow(store: Store, id: string, windowMs: number): Promise<void> {
  await store.db
    .updateTable('grants')
    .set({ window_ms: windowMs })
    .where('id', '=', id)
    .where('state', '=', 'asked')
    .where('window_ms', '>', windowMs)
    .execute();
}

/** asked → granted or refused. False when it was not asked for any more, or its time was over. */
export async function setGrantDecided(
  store: Store,
  decision: {
    readonly id: string;
    readonly by: Principal;
    readonly atMs: number;
    readonly note: string;
    /** Null: refused. */
    readonly endsAtMs: number | null;
  },
): Promise<boolean> {
  const result = await store.db
    .updateTable('grants')
    .set({
      state: decision.endsAtMs === null ? 'refused' : 'granted',
      decided_by_json: JSON.stringify(decision.by),
      granted_at_ms: decision.endsAtMs === null ? null : decision.atMs,
      ends_at_ms: decision.endsAtMs,
      over_at_ms: decision.endsAtMs === null ? decision.atMs : null,
      note: decision.note,
    })
    .where('id', '=', decision.id)
    .where('state', '=', 'asked')
    .where('ask_expires_at_ms', '>', decision.atMs)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** granted → revoked. False when its window was not open any more. */
export async function setRevoked(
  store: Store,
  revocation: { readonly id: string; readonly by: Principal; readonly atMs: number; readonly note: string },
): Promise<boolean> {
  const result = await store.db
    .updateTable('grants')
    .set({
      state: 'revoked',
      revoked_by_json: JSON.stringify(revocation.by),
      over_at_ms: revocation.atMs,
      note: revocation.note,
    })
    .where('id', '=', revocation.id)
    .where('state', '=', 'granted')
    .where('ends_at_ms', '>', revocation.atMs)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** asked → lapsed, granted → ended, only when its time is over. */
export async function setOver(store: Store, id: string, nowMs: number): Promise<boolean> {
  const lapsed = await store.db
    .updateTable('grants')
    .set({ state: 'lapsed', over_at_ms: nowMs })
    .where('id', '=', id)
    .where('state', '=', 'asked')
    .where('ask_expires_at_ms', '<=', nowMs)
    .executeTakeFirst();
  if (lapsed.numUpdatedRows === 1n) return true;
  const ended = await store.db
    .updateTable('grants')
    .set({ state: 'ended', over_at_ms: nowMs })
    .where('id', '=', id)
    .where('state', '=', 'granted')
    .where('ends_at_ms', '<=', nowMs)
    .executeTakeFirst();
  return ended.numUpdatedRows === 1n;
}

function fromRow(row: GrantRow & { readonly votes: number | null }): StoredGrant {
  const windowMs = Number(row.window_ms);
  return {
    chainJson: row.chain_json,
    windowMs,
    endsAtMs: row.ends_at_ms === null ? null : Number(row.ends_at_ms),
    askExpiresAtMs: Number(row.ask_expires_at_ms),
    view: {
      id: row.id,
      state: row.state,
      name: row.name,
      resource: row.resource,
      group: row.group_name,
      asker: JSON.parse(row.asker_json),
      reason: row.reason,
      windowSeconds: Math.floor(windowMs / 1_000),
      granterGroups: JSON.parse(row.granter_groups_json),
      grantsNeeded: row.grants_needed,
      grants: Number(row.votes ?? 0),
      askedAt: instant(row.asked_at_ms) ?? '',
      askExpiresAt: instant(row.ask_expires_at_ms) ?? '',
      grantedAt: instant(row.granted_at_ms),
      endsAt: instant(row.ends_at_ms),
      decidedBy: row.decided_by_json === null ? null : JSON.parse(row.decided_by_json),
      revokedBy: row.revoked_by_json === null ? null : JSON.parse(row.revoked_by_json),
      note: row.note,
    },
  };
}

function instant(atMs: number | null): string | null {
  return atMs === null ? null : new Date(Number(atMs)).toISOString();
}
