/**
 * Plans that planners have handed in. Each is an entry of the log before it can be run.
 */
import { randomBytes } from 'node:crypto';
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import { z } from 'zod';
import { partiesOf } from '../approval/approver.ts';
import type { EvidenceLog } from '../evidence/entry.ts';
import type { OwnTexts } from '../evidence/sealing/own-texts.ts';
import { mayNotRun, type Plan } from './plan.ts';
import type { Submitted } from './workflow-entry.ts';

/** Plans that may be alive at once, of one principal and of all. */
export const MAX_PLANS_PER_PRINCIPAL = 50;
export const MAX_PLANS = 1_000;
/** Longest life of a plan, milliseconds. */
export const MAX_PLAN_LIFE_MS = 7 * 24 * 60 * 60_000;

/** What an entry says in place of a statement of which it is not certain where its values are. */
const SEALED_STATEMENT = 'sealed';

/** How a query begins. Of anything else a bare word may be a value (SET, ALTER ROLE …). */
const QUERY = /^(?:select|insert|update|delete|merge|with|values|table)\b/i;
const StatementsSchema = z.array(z.string());

export type PlansOptions = {
  readonly log: EvidenceLog;
  /** Seals the statements in the record. */
  readonly texts: OwnTexts;
  /** Null when it is not certain where the literals of a text are. */
  readonly withoutLiterals: (text: string) => string | null;
  /** The entry of a plan that is not alive any more; null when there was none. */
  readonly pastPlan: (planId: string) => Promise<Submitted | null>;
  readonly now: () => number;
};

export class Plans {
  readonly #options: PlansOptions;
  readonly #plans = new Map<string, Plan>();

  private constructor(options: PlansOptions) {
    this.#options = options;
  }

  /** @param past entries of the log, in order. A plan whose text cannot be opened any more is not run. */
  static async open(options: PlansOptions, past: Iterable<Submitted>): Promise<Plans> {
    const plans = new Plans(options);
    for (const entry of past) {
      if (Date.parse(entry.expiresAt) <= options.now()) continue;
      const plan = await plans.#opened(entry);
      if (plan !== null) plans.#plans.set(plan.id, plan);
    }
    return plans;
  }

  /** Policy has been asked already. Throws LIMIT_REACHED. */
  async submit(
    by: Principal,
    plan: Pick<Plan, 'resource' | 'workflow' | 'statements' | 'note'> & { readonly lifeMs: number },
  ): Promise<Plan> {
    this.#forgetExpired();
    const own = [...this.#plans.values()].filter((each) => each.by.id === by.id).length;
    if (own >= MAX_PLANS_PER_PRINCIPAL || this.#plans.size >= MAX_PLANS)
      throw new SluiceError('LIMIT_REACHED', 'too many plans are waiting to be run', {
        remedy: 'Wait until earlier ones have expired.',
      });
    const { resource, workflow, statements, note, lifeMs } = plan;
    const { log, texts, withoutLiterals, now } = this.#options;
    const nowMs = now();
    const planId = `plan_${randomBytes(12).toString('base64url')}`;
    const entry: Submitted = {
      kind: 'plan.submitted',
      ...{ planId, resource, workflow, by, note },
      statements: statements.map((text) => (QUERY.test(text) ? withoutLiterals(text) : null) ?? SEALED_STATEMENT),
      sealed: await texts.seal(planId, resource, JSON.stringify(statements)),
      at: new Date(nowMs).toISOString(),
      expiresAt: new Date(nowMs + Math.min(lifeMs, MAX_PLAN_LIFE_MS)).toISOString(),
    };
    await log.append(entry, 'fsync');
    const submitted = planOf(entry, statements);
    this.#plans.set(planId, submitted);
    return submitted;
  }

  /** The plan for a session. Throws `REFUSED_BY_POLICY` when there is none, or not for this principal. */
  toRun(id: string, run: Parameters<typeof mayNotRun>[1]): Plan {
    const plan = this.#live(id);
    const why = plan === null ? `there is no plan ${id}, or it has expired` : mayNotRun(plan, run);
    if (plan !== null && why === null) return plan;
    throw new SluiceError('REFUSED_BY_POLICY', why ?? '', {
      remedy: 'Ask the planner for a plan of yours: sluice plan submit FILE.',
      facts: { policyId: 'engine:plan' },
    });
  }

  /** For who made it, who may run it, and auditors, who see it until the end of its retention. Throws NOT_FOUND. */
  async show(viewer: Principal, id: string, seesAll: boolean): Promise<Plan> {
    const plan = this.#live(id) ?? (seesAll ? await this.#past(id) : null);
    if (plan === null || !(seesAll || concerns(plan, viewer)))
      throw new SluiceError('NOT_FOUND', `There is no plan ${id}, or you may not know of it.`);
    return plan;
  }

  /** Newest first. */
  list(viewer: Principal, seesAll: boolean): readonly Plan[] {
    this.#forgetExpired();
    return [...this.#plans.values()].filter((plan) => seesAll || concerns(plan, viewer)).toReversed();
  }

  #live(id: string): Plan | null {
    const plan = this.#plans.get(id);
    return plan !== undefined && Date.parse(plan.expiresAt) > this.#options.now() ? plan : null;
  }

  #forgetExpired(): void {
    for (const [id, { expiresAt }] of this.#plans)
      if (Date.parse(expiresAt) <= this.#options.now()) this.#plans.delete(id);
  }

  async #past(id: string): Promise<Plan | null> {
    const entry = await this.#options.pastPlan(id);
    return entry === null ? null : await this.#opened(entry);
  }

  async #opened(entry: Submitted): Promise<Plan | null> {
    if (entry.sealed === undefined) return planOf(entry, entry.statements);
    const text = await this.#options.texts.open(entry.planId, entry.resource, entry.sealed);
    return text === null ? null : planOf(entry, StatementsSchema.parse(JSON.parse(text)));
  }
}

function planOf(
  { planId, at, resource, workflow, by, note, expiresAt }: Submitted,
  statements: readonly string[],
): Plan {
  return { id: planId, submittedAt: at, resource, workflow, statements, by, note, expiresAt };
}

/** Those in its chain, and those who act for somebody in it: the executor of the same person. */
function concerns(plan: Plan, viewer: Principal): boolean {
  const parties = partiesOf(plan.by);
  return [...partiesOf(viewer)].some((id) => parties.has(id));
}
