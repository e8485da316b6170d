import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** What one statement is to spend of one budget. */
export type ProbeSpending = {
  readonly subject: string;
  readonly resource: string;
  readonly columnKey: string;
  readonly use: 'probe' | 'count';
  readonly values: number;
  readonly budget: { readonly count: number; readonly windowMs: number };
};

/**
 * Spends all of it, or nothing: false when one budget has not enough left, or the table would have more than `maxRows`.
 * One statement, so that checking and spending cannot be torn apart. A clock that was set back makes older rows lie in
 * the future: they still count.
 */
export async function spendBudgets(
  db: Kysely<Database>,
  spendings: readonly ProbeSpending[],
  { nowMs, maxRows }: { readonly nowMs: number; readonly maxRows: number },
): Promise<boolean> {
  const wanted = sql.join(
    spendings.map(
      ({ subject, resource, columnKey, use, values, budget }) =>
        sql`(${subject}, ${resource}, ${columnKey}, ${use}, ${values}, ${budget.count}, ${nowMs - budget.windowMs}, ${nowMs + budget.windowMs})`,
    ),
  );
  const result = await sql`
    with wanted(subject, resource, column_key, use, spent, budget, since_ms, expires_at_ms) as (values ${wanted})
    insert into probes (subject, resource, column_key, use, at_ms, expires_at_ms, spent)
    select subject, resource, column_key, use, ${nowMs}, expires_at_ms, spent from wanted
    where (select count(*) from probes) + ${spendings.length} <= ${maxRows}
      and not exists (
        select 1 from wanted w
        where w.spent + (
          select coalesce(sum(p.spent), 0) from probes p
          where p.subject = w.subject and p.resource = w.resource and p.column_key = w.column_key
            and p.use = w.use and p.at_ms > w.since_ms
        ) > w.budget
      )`.execute(db);
  return (result.numAffectedRows ?? 0n) > 0n;
}
