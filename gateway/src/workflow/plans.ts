/**
 * Plans that planners have handed in. Each is an entry of the log before it can be run.
 */
import { randomBytes } from 'node:crypto';
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import { partiesOf } from '../approval/approver.ts';
import type { EvidenceLog } from '../evidence/entry.ts';
import { mayNotRun, type Plan } from './plan.ts';
import type { WorkflowEntry } from './workflow-entry.ts';

/** Plans that may be alive at once, of one principal and of all. */
export const MAX_PLANS_PER_PRINCIPAL = 50;
export const MAX_PLANS = 1_000;
/** Longest life of a plan, milliseconds. */
export const MAX_PLAN_LIFE_MS = 7 * 24 * 60 * 60_000;

type Submitted = Extract<WorkflowEntry, { kind: 'plan.submitted' }>;

export class Plans {
  readonly #log: EvidenceLog;
  readonly #now: () => number;
  readonly #plans = new Map<string, Plan>();

  /** @param past entries of the log, in order */
  constructor(options: { readonly log: EvidenceLog; readonly now: () => number }, past: Iterable<Submitted>) {
    this.#log = options.log;
    this.#now = options.now;
    for (const entry of past) this.#add(entry);
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
    const nowMs = this.#now();
    const entry: Submitted = {
      kind: 'plan.submitted',
      planId: `plan_${randomBytes(12).toString('base64url')}`,
      ...{ resource, workflow, statements, by, note },
      at: new Date(nowMs).toISOString(),
      expiresAt: new Date(nowMs + Math.min(lifeMs, MAX_PLAN_LIFE_MS)).toISOString(),
    };
    await this.#log.append(entry, 'fsync');
    return this.#add(entry);
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

  /** For who made it, who may run it, and auditors. Throws NOT_FOUND. */
  show(viewer: Principal, id: string, seesAll: boolean): Plan {
    const plan = this.#live(id);
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
    return plan !== undefined && Date.parse(plan.expiresAt) > this.#now() ? plan : null;
  }

  #forgetExpired(): void {
    for (const [id, { expiresAt }] of this.#plans) if (Date.parse(expiresAt) <= this.#now()) this.#plans.delete(id);
  }

  #add({ planId, at, resource, workflow, statements, by, note, expiresAt }: Submitted): Plan {
    const plan: Plan = { id: planId, submittedAt: at, resource, workflow, statements, by, note, expiresAt };
    this.#plans.set(planId, plan);
    return plan;
  }
}

/** Those in its chain, and those who act for somebody in it: the executor of the same person. */
function concerns(plan: Plan, viewer: Principal): boolean {
  const parties = partiesOf(plan.by);
  return [...partiesOf(viewer)].some((id) => parties.has(id));
}
