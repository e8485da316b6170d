/**
 * Budgets of values that may be compared with classified columns, in the store: a restart refills nothing.
 */
import { sql } from 'kysely';
import type { ProbeCharge } from '../policy/decision.ts';
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
    if (await this.#insert(charges, nowMs)) return { kind: 'spent' };
    for (const charge of charges) {
      const exhausted = await this.#exhausted(charge, nowMs);
      if (exhausted !== null) return exhausted;
    }
    return { kind: 'full' };
  }

  /**
   * One statement, so that checking and spending cannot be torn apart. A clock that was set back makes older rows lie
   * in the future: they still count.
   */
  async #insert(charges: readonly ProbeCharge[], nowMs: number): Promise<boolean> {
    const wanted = sql.join(
      charges.map(
        ({ subject, resource, key, use, values, budget }) =>
          sql`(${subject}, ${resource}, ${key as string}, ${use}, ${values}, ${budget.count}, ${nowMs - budget.windowMs}, ${nowMs + budget.windowMs})`,
      ),
    );
    const result = await sql`
      with wanted(subject, resource, column_key, use, spent, budget, since_ms, expires_at_ms) as (values ${wanted})
      insert into probes (subject, resource, column_key, use, at_ms, expires_at_ms, spent)
      select subject, resource, column_key, use, ${nowMs}, expires_at_ms, spent from wanted
      where (select count(*) from probes) + ${charges.length} <= ${this.#maxRows}
        and not exists (
          select 1 from wanted w
          where w.spent + (
            select coalesce(sum(p.spent), 0) from probes p
            where p.subject = w.subject and p.resource = w.resource and p.column_key = w.column_key
              and p.use = w.use and p.at_ms > w.since_ms
          ) > w.budget
        )`.execute(this.#store.db);
    return (result.numAffectedRows ?? 0n) > 0n;
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
