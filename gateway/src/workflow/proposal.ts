/**
 * A baseline on its way: what a proposal holds, and who may decide about it. Pure.
 */
import { createHash } from 'node:crypto';
import { SluiceError } from '@sluice/contract/errors';
import { type Label, labelRank, type Principal } from '@sluice/contract/vocabulary';
import { type MayDecide, mayDecide, type PartiesOf, partiesOf } from '../approval/approver.ts';
import { changesOf, MAX_BASELINE_FLOWS } from './baseline.ts';
import type { BaselineFlow } from './column-flows.ts';
import type { Proposal, WorkflowState } from './workflow-state.ts';

/** What somebody wants the next baseline to be, relative to the one in force, or to an earlier version. */
export type ProposalContent = {
  /** Ids of flows to add; `learned`: every flow that came with a statement that was not held. */
  readonly add: readonly string[] | 'learned';
  readonly remove: readonly string[];
  /** Start from this version instead of the one in force: the way back to an earlier one. */
  readonly version: number | null;
};

export type ProposalState = 'pending' | 'approved' | 'denied' | 'expired' | 'superseded';

/** The flows of a proposal, as labelled now. Throws USAGE for ids that are unknown, LIMIT_REACHED beyond the bound. */
export function proposedFlows(
  state: WorkflowState,
  content: ProposalContent,
  labelledNow: (flow: BaselineFlow) => BaselineFlow,
): readonly BaselineFlow[] {
  const flows = new Map(startOf(state, content.version).map((flow) => [flow.id, flow]));
  for (const flow of added(state, content.add)) flows.set(flow.id, flow);
  for (const id of content.remove) if (!flows.delete(id)) throw unknownFlow(state, id);
  if (flows.size > MAX_BASELINE_FLOWS)
    throw new SluiceError('LIMIT_REACHED', `a baseline has at most ${MAX_BASELINE_FLOWS} flows`);
  return [...flows.values()].map(labelledNow);
}

function startOf(state: WorkflowState, version: number | null): readonly BaselineFlow[] {
  if (version === null) return state.approved;
  const found = state.versions.find((each) => each.version === version);
  if (found === undefined) throw new SluiceError('USAGE', `${state.workflow} has no baseline ${version}`);
  return found.flows;
}

function added(state: WorkflowState, add: ProposalContent['add']): readonly BaselineFlow[] {
  const flows =
    add === 'learned'
      ? // What was held was nothing that the workflow did by itself: whoever wants it in names it.
        [...state.seen.values()].filter(({ firstSeen }) => firstSeen.effect !== 'hold')
      : add.map((id) => {
          const flow = state.seen.get(id);
          if (flow === undefined) throw unknownFlow(state, id);
          return flow;
        });
  return flows.map(({ id, kind, masked, source, target, label }) => ({ id, kind, masked, source, target, label }));
}

function unknownFlow({ workflow, resource }: WorkflowState, id: string): SluiceError {
  return new SluiceError('USAGE', `${workflow} knows no flow ${id} on ${resource}`, {
    remedy: `sluice workflows show ${workflow} ${resource} lists them.`,
  });
}

/** The label whose approvers decide: the highest of what changes, and of a baseline that changes nothing, of all. */
export function proposalLabel(before: readonly BaselineFlow[], after: readonly BaselineFlow[]): Label {
  const { added: more, removed } = changesOf(before, after);
  const decisive = more.length + removed.length > 0 ? [...more, ...removed] : after;
  return decisive.reduce<Label>((high, { label }) => (labelRank(label) > labelRank(high) ? label : high), 'public');
}

/**
 * Who may approve or deny: whoever may decide about a statement of the proposer, by the same rule, and also about a
 * statement of everybody whose run brought in a flow that it adds. Otherwise a person could have a colleague propose
 * what their own agent has slipped in.
 */
export function mayDecideProposal(
  approver: Principal,
  proposal: Proposal,
  state: WorkflowState,
  approvedBefore: readonly BaselineFlow[],
  kinOf: PartiesOf = partiesOf,
): MayDecide {
  const { by, flows, groups } = proposal.entry;
  const verdict = mayDecide(approver, by, groups, kinOf);
  if (!verdict.allowed) return verdict;
  for (const { id } of changesOf(approvedBefore, flows).added) {
    const bringer = state.seen.get(id)?.firstSeen;
    for (const party of [bringer?.principal, bringer?.plan?.by]) {
      if (party === undefined) continue;
      const ofFlow = mayDecide(approver, party, groups, kinOf);
      if (!ofFlow.allowed)
        return { allowed: false, why: `The flow ${id} was brought in by a run of yours, or on your behalf.` };
    }
  }
  return verdict;
}

/** What a decision is about, so that it is about what was shown: SHA-256, hex. */
export function proposalHash({ entry }: Proposal): string {
  const { workflow, resource, base, flows, proposalId } = entry;
  return createHash('sha256')
    .update('sluice workflow proposal v1\n')
    .update(JSON.stringify([proposalId, workflow, resource, base, flows.map(({ id, label }) => [id, label])]))
    .digest('hex');
}

export function proposalState(proposal: Proposal, state: WorkflowState, nowMs: number): ProposalState {
  const { entry, decisions } = proposal;
  if (decisions.some(({ decision }) => decision === 'denied')) return 'denied';
  if (decisions.some(({ version }) => version !== null)) return 'approved';
  if (Date.parse(entry.expiresAt) <= nowMs) return 'expired';
  // Its approvers would decide about a change of something that is not in force any more.
  return entry.base === baseOf(state) ? 'pending' : 'superseded';
}

/** What a proposal made now is based on: rises with each version and each revocation. */
export function baseOf({ latest }: WorkflowState): number {
  return latest === null ? 0 : latest.version * 2 + (latest.revoked === null ? 0 : 1);
}
