/**
 * What is known of one workflow on one resource, by applying its entries in order. No clock, no randomness: the log
 * alone decides, so the state after a restart is the one before it.
 */
import type { Effect, Principal } from '@sluice/contract/vocabulary';
import { type Baseline, baselineOf, EMPTY_BASELINE, MAX_BASELINE_FLOWS } from './baseline.ts';
import type { BaselineFlow } from './column-flows.ts';
import type { WorkflowEntry } from './workflow-entry.ts';

export type FirstSeen = {
  readonly at: string;
  readonly sessionId: string;
  readonly statementId: number;
  readonly principal: Principal;
  readonly plan: { readonly id: string; readonly by: Principal } | null;
  readonly effect: Effect;
};

/** A flow with the run that brought it in. */
export type SeenFlow = BaselineFlow & { readonly firstSeen: FirstSeen };

type Proposed = Extract<WorkflowEntry, { kind: 'workflow.proposed' }>;
type Decided = Extract<WorkflowEntry, { kind: 'workflow.proposal-decided' }>;

export type Proposal = {
  readonly entry: Proposed;
  /** Approvals so far, and the denial, if there is one. */
  readonly decisions: readonly Decided[];
};

export type BaselineVersion = {
  readonly version: number;
  readonly proposalId: string;
  readonly flows: readonly BaselineFlow[];
  readonly proposedBy: Principal;
  readonly approvedBy: readonly Principal[];
  readonly approvedAt: string;
  readonly note: string;
  readonly revoked: { readonly at: string; readonly by: Principal; readonly note: string } | null;
};

export class WorkflowState {
  readonly workflow: string;
  readonly resource: string;
  readonly seen = new Map<string, SeenFlow>();
  readonly proposals = new Map<string, Proposal>();
  readonly versions: BaselineVersion[] = [];
  #revision = 0;
  #baseline: Baseline = EMPTY_BASELINE;

  constructor(workflow: string, resource: string) {
    this.workflow = workflow;
    this.resource = resource;
  }

  /** Rises with everything that can change a decision, or its words. */
  get revision(): number {
    return this.#revision;
  }

  /** The newest version, revoked or not; null before the first. */
  get latest(): BaselineVersion | null {
    return this.versions.at(-1) ?? null;
  }

  /** What is approved now: nothing once the newest version was revoked. */
  get baseline(): Baseline {
    return this.#baseline;
  }

  /** Flows of the version in force; none when there is none, or it was revoked. */
  get approved(): readonly BaselineFlow[] {
    const { latest } = this;
    return latest === null || latest.revoked !== null ? [] : latest.flows;
  }

  apply(entry: Exclude<WorkflowEntry, { kind: 'plan.submitted' }>): void {
    this.#revision += 1;
    switch (entry.kind) {
      case 'workflow.flows-first-seen': {
        const { at, sessionId, statementId, principal, effect } = entry;
        const firstSeen = { at, sessionId, statementId, principal, plan: entry.plan ?? null, effect };
        for (const flow of entry.flows) {
          // At the bound, later flows are not remembered: each of them counts as new again.
          if (!this.seen.has(flow.id) && this.seen.size < MAX_BASELINE_FLOWS)
            this.seen.set(flow.id, { ...flow, firstSeen });
        }
        return;
      }
      case 'workflow.proposed':
        this.proposals.set(entry.proposalId, { entry, decisions: [] });
        return;
      case 'workflow.proposal-decided':
        this.#decided(entry);
        return;
      case 'workflow.baseline-revoked': {
        const last = this.versions.pop();
        if (last !== undefined) {
          const { at, by, note } = entry;
          this.versions.push({ ...last, revoked: { at, by, note } });
        }
        this.#baseline = EMPTY_BASELINE;
        return;
      }
    }
  }

  #decided(entry: Decided): void {
    const proposal = this.proposals.get(entry.proposalId);
    if (proposal === undefined) return;
    const decisions = [...proposal.decisions, entry];
    this.proposals.set(entry.proposalId, { ...proposal, decisions });
    if (entry.version === null) return;
    const { flows, by, note } = proposal.entry;
    this.versions.push({
      version: entry.version,
      proposalId: entry.proposalId,
      flows,
      proposedBy: by,
      approvedBy: decisions.filter(({ decision }) => decision === 'approved').map((each) => each.by),
      approvedAt: entry.at,
      note,
      revoked: null,
    });
    this.#baseline = baselineOf(flows);
  }
}
