/**
 * The end of a plan's retention: the key of its statements is destroyed, and what the log has of them is noise. What a plan
 * would have touched is known only once it runs, so all are kept as long as regulated data demand, from the moment at which
 * they could not be run any more.
 */
import { isPlanHeld } from '../../store/held-plans.ts';
import type { Store } from '../../store/store.ts';
import type { EvidenceLog } from '../entry.ts';
import type { EvidenceIndex } from '../evidence-index.ts';
import type { OwnTexts } from '../sealing/own-texts.ts';

/** Plans of one turn. */
const PLANS_A_TURN = 100;

export type PlanExpiryOptions = {
  readonly store: Store;
  readonly log: EvidenceLog;
  readonly index: EvidenceIndex;
  readonly texts: OwnTexts;
  readonly retentionMs: number;
  readonly now: () => number;
};

export class PlanExpiry {
  readonly #options: PlanExpiryOptions;

  constructor(options: PlanExpiryOptions) {
    this.#options = options;
  }

  /** Announces what is due, then destroys it; what was cut off in between is destroyed now. */
  async turn(): Promise<void> {
    const { log, index, retentionMs } = this.#options;
    await index.flush();
    const due = await this.#due();
    for (const { plan_id: planId, ends_at_us: endsAtUs } of due) {
      const endedAt = new Date(Math.floor(Number(endsAtUs) / 1_000)).toISOString();
      await log.append({ kind: 'plan.expired', planId, retentionMs, endedAt }, 'fsync');
    }
    if (due.length > 0) await index.flush();
    await this.#finish();
  }

  async #due() {
    const { store, retentionMs, now } = this.#options;
    return await store.db
      .selectFrom('plans')
      .select(['plan_id', 'ends_at_us'])
      .where('destroyed', '=', 0)
      .where('ends_at_us', '<=', (now() - retentionMs) * 1_000)
      .where('expired_at_us', 'is', null)
      .where((query) => query.not(isPlanHeld()))
      .orderBy('ends_at_us')
      .limit(PLANS_A_TURN)
      .execute();
  }

  /** Idempotent. */
  async #finish(): Promise<void> {
    const { store, texts } = this.#options;
    const rows = await store.db
      .selectFrom('plans')
      .select('plan_id')
      .where('destroyed', '=', 0)
      .where('expired_at_us', 'is not', null)
      .limit(PLANS_A_TURN)
      .execute();
    for (const { plan_id: planId } of rows) {
      await texts.destroy(planId);
      await store.db.updateTable('plans').set({ destroyed: 1 }).where('plan_id', '=', planId).execute();
    }
  }
}
