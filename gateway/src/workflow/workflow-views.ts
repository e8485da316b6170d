/** Workflows, proposals and plans as the API shows them, with the names and labels of now. */
import type {
  BaselineFlowView,
  BaselineVersionView,
  PlanView,
  ProposalView,
  SeenFlowView,
  WorkflowDetail,
  WorkflowView,
} from '@sluice/contract/workflows';
import { changesOf, covers } from './baseline.ts';
import type { BaselineFlow, FlowEnd } from './column-flows.ts';
import { flowInWords } from './drift-words.ts';
import type { Plan } from './plan.ts';
import { proposalHash, proposalState } from './proposal.ts';
import type { BaselineVersion, Proposal, SeenFlow, WorkflowState } from './workflow-state.ts';

/** Decided and expired proposals that are shown. */
const MAX_PROPOSALS_SHOWN = 50;

export type ViewContext = {
  readonly unapproved: 'learn' | 'hold';
  readonly nowMs: number;
  /** A flow with the names and labels of now. */
  readonly flowNow: (flow: BaselineFlow) => BaselineFlow;
};

export function workflowView(state: WorkflowState, context: ViewContext): WorkflowView {
  const { workflow, resource, latest, baseline } = state;
  const pending = [...state.proposals.values()].filter(
    (proposal) => proposalState(proposal, state, context.nowMs) === 'pending',
  );
  return {
    ...{ workflow, resource },
    state: stateOf(state, context.unapproved),
    version: latest?.version ?? null,
    approvedFlows: baseline.size,
    seenFlows: state.seen.size,
    newFlows: [...state.seen.values()].filter((flow) => !covers(baseline, context.flowNow(flow))).length,
    pendingProposals: pending.length,
  };
}

function stateOf({ latest }: WorkflowState, unapproved: 'learn' | 'hold'): WorkflowView['state'] {
  if (latest !== null) return latest.revoked === null ? 'enforced' : 'revoked';
  return unapproved === 'learn' ? 'learning' : 'holding';
}

export function workflowDetail(state: WorkflowState, context: ViewContext): WorkflowDetail {
  return {
    workflow: workflowView(state, context),
    seen: [...state.seen.values()].map((flow) => seenView(flow, state, context)),
    versions: state.versions.map((version) => versionView(version, context)).toReversed(),
    proposals: [...state.proposals.values()]
      .slice(-MAX_PROPOSALS_SHOWN)
      .map((proposal) => proposalView(proposal, state, context))
      .toReversed(),
  };
}

export function proposalView(proposal: Proposal, state: WorkflowState, context: ViewContext): ProposalView {
  const { entry, decisions } = proposal;
  const before = beforeOf(proposal, state);
  const { added, removed } = changesOf(before, entry.flows);
  return {
    id: entry.proposalId,
    workflow: entry.workflow,
    resource: entry.resource,
    state: proposalState(proposal, state, context.nowMs),
    hash: proposalHash(proposal),
    label: entry.label,
    flows: entry.flows.map((flow) => flowView(flow, context)),
    added: added.map(({ id }) => id),
    removed: removed.map((flow) => flowView(flow, context)),
    by: entry.by,
    note: entry.note,
    at: entry.at,
    expiresAt: entry.expiresAt,
    approvals: decisions.filter(({ decision }) => decision === 'approved').length,
    approvalsNeeded: entry.count,
    decisions: decisions.map(({ decision, by, at, note }) => ({ decision, by, at, note })),
  };
}

/** What was in force when it was made. */
function beforeOf({ entry }: Proposal, state: WorkflowState): readonly BaselineFlow[] {
  // See `baseOf`: two for each version, and one more once that was revoked.
  if (entry.base % 2 === 1) return [];
  return state.versions.find(({ version }) => version === entry.base / 2)?.flows ?? [];
}

function seenView(flow: SeenFlow, { baseline }: WorkflowState, context: ViewContext): SeenFlowView {
  const { at, sessionId, statementId, principal, plan, effect } = flow.firstSeen;
  return {
    ...flowView(flow, context),
    approved: covers(baseline, context.flowNow(flow)),
    firstSeen: { at, sessionId, statementId, principal, plan, effect },
  };
}

function versionView(version: BaselineVersion, context: ViewContext): BaselineVersionView {
  const { flows, approvedBy, ...rest } = version;
  return { ...rest, flows: flows.map((flow) => flowView(flow, context)), approvedBy: [...approvedBy] };
}

function flowView(flow: BaselineFlow, { flowNow }: ViewContext): BaselineFlowView {
  const now = flowNow(flow);
  const { id, kind, masked, label } = now;
  return { id, kind, masked, label, source: endView(now.source), target: endView(now.target), words: flowInWords(now) };
}

function endView(end: FlowEnd | null): BaselineFlowView['source'] {
  return end === null ? null : { name: end.name, column: end.column };
}

export function planView({ statements, ...plan }: Plan): PlanView {
  return { ...plan, statements: [...statements] };
}
