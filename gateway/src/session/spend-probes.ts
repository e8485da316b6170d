/** The obligation `spend-probes`: spent before the statement is recorded and runs, or the statement is refused. */
import type { Reason } from '@sluice/contract/vocabulary';
import type { SpentProbe } from '../evidence/entry.ts';
import { budgetInWords } from '../policy/bound-annotations.ts';
import type { Decision, ProbeCharge } from '../policy/decision.ts';
import { columnInWords } from '../policy/reasons.ts';
import type { ProbeBudgets, Spending } from './probe-budgets.ts';

export type Spent = {
  readonly decision: Decision;
  /** For the record; empty when the statement costs nothing. */
  readonly probes: readonly SpentProbe[];
};

/** What a decision costs; nothing when it refuses. */
export function chargesOf(decision: Decision): readonly ProbeCharge[] {
  if (decision.effect === 'refuse') return [];
  return decision.obligations.flatMap((obligation) => (obligation.kind === 'spend-probes' ? obligation.charges : []));
}

/** Whether a decision that does not refuse costs anything. */
export function isCharged({ obligations }: Decision): boolean {
  for (const obligation of obligations)
    if (obligation.kind === 'spend-probes' && obligation.charges.length > 0) return true;
  return false;
}

/** Spends what a decision costs. Total: what cannot be spent or counted makes a refusal. */
export async function spendProbes(
  decision: Decision,
  charges: readonly ProbeCharge[],
  budgets: ProbeBudgets,
): Promise<Spent> {
  const spending = await budgets.spend(charges);
  if (spending.kind === 'spent') return { decision, probes: charges.map(spentProbe) };
  return { decision: refused(decision, reasonOf(spending, charges)), probes: [] };
}

function spentProbe({ subject, column, use, values, budget, policyId }: ProbeCharge): SpentProbe {
  const { schema, table, column: name } = column;
  return {
    subject,
    column: `${schema}.${table}.${name}`,
    use,
    values,
    budget: budget.count,
    windowMs: budget.windowMs,
    policyId,
  };
}

const UNCOUNTED: Reason = {
  effect: 'refuse',
  policyId: 'engine:probe-store',
  message: 'comparisons with classified columns cannot be counted at the moment, so none is made',
  remedy: 'Try again; if it stays so, ask the administrator to look at the store of the gateway.',
  columns: [],
};

function reasonOf(spending: Exclude<Spending, { kind: 'spent' }>, charges: readonly ProbeCharge[]): Reason {
  if (spending.kind === 'failed') return UNCOUNTED;
  if (spending.kind === 'full') {
    return {
      effect: 'refuse',
      policyId: 'engine:probe-store-full',
      message: 'more comparisons with classified columns are counted already than the gateway keeps',
      remedy: 'Compare fewer values in one statement, or wait until earlier ones have expired.',
      columns: charges.map(({ column }) => column).slice(0, 1),
    };
  }
  const { charge, used, freeAtMs } = spending;
  const { column, budget, values } = charge;
  const said = `${columnInWords(column)} may be compared with ${budgetInWords(budget)} values, of which ${used} are used`;
  if (freeAtMs === null) {
    return {
      effect: 'refuse',
      policyId: charge.policyId,
      message: `${said}; the statement compares ${values}, more than the budget ever allows`,
      remedy: `Compare at most ${budget.count} values in one statement.`,
      columns: [column],
    };
  }
  return {
    effect: 'refuse',
    policyId: charge.policyId,
    message: `${said}; the budget allows ${values === 1 ? 'the next' : `${values} more`} at ${instant(freeAtMs)}`,
    remedy: 'Wait until then. Everything that you and the agents acting for you compare counts, in whatever session.',
    columns: [column],
  };
}

function instant(ms: number): string {
  return new Date(Math.ceil(ms / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');
}

function refused(decision: Decision, reason: Reason): Decision {
  return { ...decision, effect: 'refuse', obligations: [], reasons: [reason] };
}
