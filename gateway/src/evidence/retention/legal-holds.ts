/**
 * Legal holds: what one covers does not expire (EVIDENCE-AND-TRUST §4). They are entries; the store's table is a
 * projection of these, so a store that is lost brings none of them down.
 */
import type { HoldView } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import type { HoldRow } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { EvidenceLog } from '../entry.ts';
import type { EvidenceIndex } from '../evidence-index.ts';
import type { Turns } from './turns.ts';

/** Holds that are in force at once. */
export const MAX_HOLDS = 10_000;
/** Of one list, newest first. */
const MAX_LISTED = 1_000;

export type HoldOn = HoldView['on'];

export type LegalHoldsOptions = {
  readonly store: Store;
  readonly log: EvidenceLog;
  readonly index: EvidenceIndex;
  /** Whose members may place and lift. */
  readonly adminGroups: readonly string[];
  readonly newId: () => string;
  /** Shared with the expiry: a hold that was acknowledged is seen by it. */
  readonly turns: Turns;
};

export class LegalHolds {
  readonly #options: LegalHoldsOptions;

  constructor(options: LegalHoldsOptions) {
    this.#options = options;
  }

  /** Throws REFUSED_BY_POLICY, NOT_FOUND for a session that there is not, LIMIT_REACHED. */
  async place(by: Principal, on: HoldOn, reason: string): Promise<HoldView> {
    this.#assertAdmin(by);
    return await this.#options.turns.take(async () => {
      const { log, index, newId } = this.#options;
      await index.flush();
      await this.#assertRoom();
      if (on.kind === 'session') await this.#assertSession(on.target);
      const holdId = newId();
      const session = on.kind === 'session' ? { sessionId: on.target } : {};
      await log.append({ kind: 'hold.placed', holdId, ...session, on, by, reason }, 'fsync');
      await index.flush();
      return await this.#show(holdId);
    });
  }

  /** Throws REFUSED_BY_POLICY, NOT_FOUND, REQUEST_STATE when it is lifted already. */
  async lift(by: Principal, holdId: string, reason: string): Promise<HoldView> {
    this.#assertAdmin(by);
    return await this.#options.turns.take(async () => {
      const { log, index } = this.#options;
      await index.flush();
      const { on, liftedAt } = await this.#show(holdId);
      if (liftedAt !== null) throw new SluiceError('REQUEST_STATE', `The hold ${holdId} is lifted already.`);
      const session = on.kind === 'session' ? { sessionId: on.target } : {};
      await log.append({ kind: 'hold.lifted', holdId, ...session, by, reason }, 'fsync');
      await index.flush();
      return await this.#show(holdId);
    });
  }

  /** Newest first. */
  async list(): Promise<readonly HoldView[]> {
    await this.#options.index.flush();
    const rows = await this.#options.store.db
      .selectFrom('holds')
      .selectAll()
      .orderBy('placed_at_us', 'desc')
      .limit(MAX_LISTED)
      .execute();
    return rows.map(viewOf);
  }

  async #show(holdId: string): Promise<HoldView> {
    const { db } = this.#options.store;
    const row = await db.selectFrom('holds').selectAll().where('hold_id', '=', holdId).executeTakeFirst();
    if (row === undefined) throw new SluiceError('NOT_FOUND', `There is no hold ${holdId}.`);
    return viewOf(row);
  }

  #assertAdmin(by: Principal): void {
    // Their own membership only: an administrator's tool is no administrator.
    if (by.groups.some((group) => this.#options.adminGroups.includes(group))) return;
    throw new SluiceError('REFUSED_BY_POLICY', 'Only administrators may place or lift a hold.', {
      remedy: `Ask a member of ${this.#options.adminGroups.join(' or ')}.`,
    });
  }

  async #assertRoom(): Promise<void> {
    const { count } = await this.#options.store.db
      .selectFrom('holds')
      .select((query) => query.fn.countAll<number>().as('count'))
      .where('lifted_at_us', 'is', null)
      .executeTakeFirstOrThrow();
    if (Number(count) >= MAX_HOLDS) throw new SluiceError('LIMIT_REACHED', `There are ${MAX_HOLDS} holds already.`);
  }

  /** A hold on a misspelt session would protect nothing. */
  async #assertSession(sessionId: string): Promise<void> {
    const { db } = this.#options.store;
    const row = await db
      .selectFrom('sessions')
      .select('expired_at_us')
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
    if (row === undefined) throw new SluiceError('NOT_FOUND', `There is no session ${sessionId}.`);
    if (row.expired_at_us !== null) throw new SluiceError('NOT_FOUND', `Session ${sessionId} has expired already.`);
  }
}

function viewOf(row: HoldRow): HoldView {
  return {
    holdId: row.hold_id,
    on: { kind: row.kind, target: row.target },
    by: JSON.parse(row.by_json),
    reason: row.reason,
    placedAt: instantOf(row.placed_at_us),
    liftedAt: row.lifted_at_us === null ? null : instantOf(row.lifted_at_us),
  };
}

function instantOf(microseconds: number): string {
  return new Date(Math.floor(Number(microseconds) / 1_000)).toISOString();
}
