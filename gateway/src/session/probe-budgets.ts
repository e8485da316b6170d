/**
 * Budgets of values that may be compared with classified columns, in the store: a restart refills nothing.
 */
import type { ProbeCharge } from '../policy/decision.ts';
import { spendBudgets } from '../store/spend-budgets.ts';
import type { Store } from '../store/store.ts';

/** Rows kept over all budgets; beyond them nothing may be probed until some have expired. */
export const MAX_PROBE_ROWS = 200_000;
/** Charges of one statement. */
export const MAX_CHARGES = 400;

export type Spending =
  | { readonly kind: 'spent' }
  /** `freeAtMs`: when enough of the budget is free again, if nobody spends it meanwhile; null: never, the statement asks for more than the budget. */
  | {
      readonly kind: 'exhausted';
      readonly charge: ProbeCharge;
      readonly used: number;
      readonly freeAtMs: number | null;
    }
  /** The bound of the store is reached. */
  | { readonly kind: 'full' }
  /** The store could not be read or written. */
  | { readonly kind: 'failed' };

export interface ProbeBudgets {
  /** Spends all charges or none, as one step: of two that race for the last one, one gets it. Total. */
  spend(charges: readonly ProbeCharge[]): Promise<Spending>;
}

export type StoredProbeBudgetsOptions = {
  readonly store: Store;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told when the store fails; what was to be spent is refused. */
  readonly onError: (error: unknown) => void;
  readonly maxRows?: number;
};

export class StoredProbeBudgets implements ProbeBudgets {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #maxRows: number;

  constructor({ store, now, onError, maxRows = MAX_PROBE_ROWS }: StoredProbeBudgetsOptions) {
    this.#store = store;
    this.#now = now;
    this.#onError = onError;
    this.#maxRows = maxRows;
  }

  async spend(charges: readonly ProbeCharge[]): Promise<Spending> {
    if (charges.length === 0) return { kind: 'spent' };
    if (charges.length > MAX_CHARGES) return { kind: 'full' };
    try {
      return await this.#spend(charges);
    } catch (error) {
      // Fail closed: what cannot be counted may not be compared.
      this.#onError(error);
      return { kind: 'failed' };
    }
  }

  async #spend(charges: readonly ProbeCharge[]): Promise<Spending> {
    const nowMs = this.#now();
    await this.#store.db.deleteFrom('probes').where('expires_at_ms', '<=', nowMs).execute();
    const spendings = charges.map(({ key, ...charge }) => ({ ...charge, columnKey: key }));
    if (await spendBudgets(this.#store.db, spendings, { nowMs, maxRows: this.#maxRows })) return { kind: 'spent' };
    for (const charge of charges) {
      const exhausted = await this.#exhausted(charge, nowMs);
      if (exhausted !== null) return exhausted;
    }
    return { kind: 'full' };
  }

  /** Null when this budget would do. */
  async #exhausted(charge: ProbeCharge, nowMs: number): Promise<Extract<Spending, { kind: 'exhausted' }> | null> {
    const { budget, values } = charge;
    const rows = await this.#store.db
      .selectFrom('probes')
      .select(['at_ms', 'spent'])
      .where('subject', '=', charge.subject)
      .where('resource', '=', charge.resource)
      .where('column_key', '=', charge.key)
      .where('use', '=', charge.use)
      .where('at_ms', '>', nowMs - budget.windowMs)
      .orderBy('at_ms')
      .execute();
    const used = rows.reduce((sum, row) => sum + row.spent, 0);
    if (used + values <= budget.count) return null;
    let left = used;
    for (const row of rows) {
      left -= row.spent;
      if (left + values <= budget.count)
        return { kind: 'exhausted', charge, used, freeAtMs: row.at_ms + budget.windowMs };
    }
    return { kind: 'exhausted', charge, used, freeAtMs: null };
  }
}
