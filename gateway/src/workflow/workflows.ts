/**
 * Workflows and their baselines: learned from runs, proposed, approved by another person, enforced. docs/workflows.md.
 *
 * ```text
 * learning ─▶ (proposed ─▶ approved) ─▶ enforced ─▶ (proposed ─▶ approved) ─▶ enforced …
 *                                          └─▶ revoked ─▶ (proposed ─▶ approved) ─▶ enforced
 * ```
 * Every change is an entry on the disk before it counts. What this holds in memory is those entries, applied in order.
 */
import { randomBytes } from 'node:crypto';
import { SluiceError } from '@sluice/contract/errors';
import type { Label, Principal } from '@sluice/contract/vocabulary';
import type { ApproversFor } from '../approval/approvals.ts';
import type { ApproverTerms } from '../approval/approver.ts';
import { NO_APPROVERS } from '../approval/approver.ts';
import { KeyedLock } from '../approval/keyed-lock.ts';
import type { Kinship } from '../approval/kinship.ts';
import type { EvidenceLog } from '../evidence/entry.ts';
import type { SessionRequest } from '../session/open.ts';
import type { Work } from '../session/work.ts';
import { BoundWork } from './bound-work.ts';
import type { BaselineFlow } from './column-flows.ts';
import type { Plans } from './plans.ts';
import {
  baseOf,
  mayDecideProposal,
  type ProposalContent,
  proposalHash,
  proposalLabel,
  proposalState,
  proposedFlows,
} from './proposal.ts';
import type { WorkflowEntry } from './workflow-entry.ts';
import { type Proposal, WorkflowState } from './workflow-state.ts';

/** Proposals of one workflow on one resource that may wait at once. */
export const MAX_PENDING_PROPOSALS = 20;

export type WorkflowTerms = {
  readonly name: string;
  readonly resources: readonly string[];
  readonly unapproved: 'learn' | 'hold';
};

export type WorkflowOptions = {
  readonly workflows: readonly WorkflowTerms[];
  readonly plans: Plans;
  readonly log: EvidenceLog;
  readonly approversFor: ApproversFor;
  /** Whose accounts and agents belong together. */
  readonly kinship: Kinship;
  /** A flow with the names and labels that its columns have now. */
  readonly labelledNow: (resource: string, flow: BaselineFlow) => BaselineFlow;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

type EntryOfWorkflow = Exclude<WorkflowEntry, { kind: 'plan.submitted' }>;

export class Workflows {
  readonly #options: WorkflowOptions;
  readonly #states = new Map<string, WorkflowState>();
  readonly #changing = new KeyedLock();

  /** @param past entries of the log, in order */
  constructor(options: WorkflowOptions, past: Iterable<EntryOfWorkflow>) {
    this.#options = options;
    for (const { name, resources } of options.workflows)
      for (const resource of resources) this.#states.set(keyOf(name, resource), new WorkflowState(name, resource));
    for (const entry of past) this.#states.get(keyOf(entry.workflow, entry.resource))?.apply(entry);
  }

  /**
   * What a session is bound to; null for nothing. Policy has been asked already whether this principal may run the
   * workflow. Throws `REFUSED_BY_POLICY` for a plan that it may not run.
   */
  work({ principal, resource, terms }: SessionRequest, sessionId: string): Work | null {
    if (terms.workflow === null && terms.plan === null) return null;
    const { plans, now } = this.#options;
    const plan =
      terms.plan === null
        ? null
        : plans.toRun(terms.plan, { principal, resource: resource.name, workflow: terms.workflow });
    return new BoundWork({
      ...{ sessionId, principal, resource: resource.name, plan, now },
      workflow: terms.workflow === null ? null : this.#bound(terms.workflow, resource.name),
      approverGroups: (label) => this.#terms(resource.name, label).groups,
      record: async (entry) => {
        await this.#record(entry, 'write');
      },
    });
  }

  all(): readonly WorkflowState[] {
    return [...this.#states.values()];
  }

  /** Throws NOT_FOUND. */
  state(workflow: string, resource: string): WorkflowState {
    const state = this.#states.get(keyOf(workflow, resource));
    if (state === undefined) throw new SluiceError('NOT_FOUND', `there is no workflow ${workflow} on ${resource}`);
    return state;
  }

  /** What becomes of flows before a baseline was approved. */
  unapproved(workflow: string): 'learn' | 'hold' {
    return this.#options.workflows.find(({ name }) => name === workflow)?.unapproved ?? 'hold';
  }

  flowNow(resource: string, flow: BaselineFlow): BaselineFlow {
    return this.#options.labelledNow(resource, flow);
  }

  /** Throws NOT_FOUND, USAGE, or LIMIT_REACHED. Policy has been asked already. */
  propose(
    by: Principal,
    about: { readonly workflow: string; readonly resource: string; readonly note: string },
    content: ProposalContent,
  ): Promise<Proposal> {
    const { workflow, resource, note } = about;
    const state = this.state(workflow, resource);
    return this.#changing.run(keyOf(workflow, resource), async () => {
      const { now } = this.#options;
      const pending = [...state.proposals.values()].filter(
        (proposal) => proposalState(proposal, state, now()) === 'pending',
      );
      if (pending.length >= MAX_PENDING_PROPOSALS)
        throw new SluiceError('LIMIT_REACHED', `${pending.length} proposals for ${workflow} wait already`);
      const flows = proposedFlows(state, content, (flow) => this.flowNow(resource, flow));
      const label = proposalLabel(state.approved, flows);
      const { groups, count, expiresMs } = this.#terms(resource, label);
      const proposalId = `wp_${randomBytes(12).toString('base64url')}`;
      await this.#record(
        {
          kind: 'workflow.proposed',
          ...{ workflow, resource, proposalId, flows, by, note, label, groups, count },
          base: baseOf(state),
          at: new Date(now()).toISOString(),
          expiresAt: new Date(now() + expiresMs).toISOString(),
        },
        'fsync',
      );
      return this.#proposal(state, proposalId);
    });
  }

  /**
   * Approves or denies. Throws NOT_FOUND, REQUEST_NOT_YOURS when they may not decide, REQUEST_STATE when it does not
   * wait any more or is not what they saw. With several approvals needed it waits until the last.
   */
  decide(
    by: Principal,
    about: { readonly workflow: string; readonly resource: string; readonly proposalId: string },
    decided: { readonly decision: 'approved' | 'denied'; readonly note: string; readonly hash?: string | undefined },
  ): Promise<Proposal> {
    const { workflow, resource, proposalId } = about;
    const state = this.state(workflow, resource);
    return this.#changing.run(keyOf(workflow, resource), async () => {
      const proposal = this.#proposal(state, proposalId);
      const { decision, note, hash } = decided;
      const { kinship } = this.#options;
      const verdict = mayDecideProposal(by, proposal, state, state.approved, (who) => kinship.partiesOf(who));
      if (!verdict.allowed) throw new SluiceError('REQUEST_NOT_YOURS', verdict.why, { facts: { proposalId } });
      const is = proposalState(proposal, state, this.#options.now());
      if (is !== 'pending') throw new SluiceError('REQUEST_STATE', `The proposal ${proposalId} is ${is}.`);
      if (hash !== undefined && hash !== proposalHash(proposal))
        throw new SluiceError('REQUEST_STATE', 'The proposal is not the one that you looked at: the hash differs.');
      const approvals = proposal.decisions.filter((each) => each.decision === 'approved');
      if (decision === 'approved' && approvals.some((each) => kinship.isSamePerson(each.by.id, by.id)))
        throw new SluiceError('REQUEST_STATE', 'You have approved this proposal already; another person has to, too.');
      const inForce = decision === 'approved' && approvals.length + 1 >= proposal.entry.count;
      await this.#record(
        {
          kind: 'workflow.proposal-decided',
          ...{ workflow, resource, proposalId, decision, by, note },
          version: inForce ? (state.latest?.version ?? 0) + 1 : null,
          at: new Date(this.#options.now()).toISOString(),
        },
        'fsync',
      );
      return this.#proposal(state, proposalId);
    });
  }

  /** Withdraws the approval of every flow: from now on each is held. Only takes away, so one person may. Throws REQUEST_STATE. */
  revoke(
    by: Principal,
    about: { readonly workflow: string; readonly resource: string; readonly note: string },
  ): Promise<void> {
    const { workflow, resource, note } = about;
    const state = this.state(workflow, resource);
    return this.#changing.run(keyOf(workflow, resource), async () => {
      const { latest } = state;
      if (latest === null || latest.revoked !== null)
        throw new SluiceError('REQUEST_STATE', `No baseline of ${workflow} is in force on ${resource}.`);
      await this.#record(
        {
          kind: 'workflow.baseline-revoked',
          ...{ workflow, resource, by, note },
          version: latest.version,
          at: new Date(this.#options.now()).toISOString(),
        },
        'fsync',
      );
    });
  }

  #bound(workflow: string, resource: string) {
    const state = this.#states.get(keyOf(workflow, resource));
    // Policy knows the same configuration; without a state there would be no baseline to hold to.
    if (state === undefined)
      throw new SluiceError('REFUSED_BY_POLICY', `there is no workflow ${workflow} on ${resource}`);
    return { state, unapproved: this.unapproved(workflow) };
  }

  #terms(resource: string, label: Label): ApproverTerms {
    return this.#options.approversFor(resource, label) ?? NO_APPROVERS;
  }

  #proposal(state: WorkflowState, proposalId: string): Proposal {
    const proposal = state.proposals.get(proposalId);
    if (proposal === undefined)
      throw new SluiceError(
        'NOT_FOUND',
        `there is no proposal ${proposalId} for ${state.workflow} on ${state.resource}`,
      );
    return proposal;
  }

  async #record(entry: EntryOfWorkflow, durability: 'write' | 'fsync'): Promise<void> {
    await this.#options.log.append(entry, durability);
    this.#states.get(keyOf(entry.workflow, entry.resource))?.apply(entry);
  }
}

function keyOf(workflow: string, resource: string): string {
  return JSON.stringify([workflow, resource]);
}
