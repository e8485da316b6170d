import type { BaselineFlowView, ProposalView, SeenFlowView, WorkflowDetail } from '@sluice/contract/workflows';
import { renderChain, renderChainIds } from './flows.ts';
import { paintLabel, type Style } from './style.ts';
import { visibleLine } from './visible.ts';

/** A workflow: what is in force, what is new and who brought it in, what is proposed, and what was before. */
export function renderWorkflow({ workflow, seen, versions, proposals }: WorkflowDetail, style: Style): string {
  const title = `${style.bold(`Workflow ${visibleLine(workflow.workflow)}`)} on ${visibleLine(workflow.resource)}: ${workflow.state}`;
  const fresh = seen.filter(({ approved }) => !approved);
  const known = seen.filter(({ approved }) => approved);
  return [
    `${title}${workflow.version === null ? '' : `, baseline ${workflow.version}`}\n`,
    section(
      'New',
      fresh.map((flow) => renderSeen(flow, style)),
      style,
    ),
    section(
      'Approved',
      known.map((flow) => renderFlow(flow, style)),
      style,
    ),
    section(
      'Proposals',
      proposals.map((one) => `  ${visibleLine(one.id)}  ${one.state}  ${one.at}  ${renderChain(one.by)}\n`),
      style,
    ),
    section(
      'Baselines',
      versions.map(({ version, approvedAt, approvedBy, flows, revoked }) => {
        const by = approvedBy.map(renderChain).join(', ');
        const end = revoked === null ? '' : `, revoked ${revoked.at} by ${renderChain(revoked.by)}`;
        return `  ${version}  ${flows.length} flows, approved ${approvedAt} by ${by}${end}\n`;
      }),
      style,
    ),
  ].join('');
}

function section(title: string, lines: readonly string[], style: Style): string {
  return lines.length === 0 ? '' : `\n${style.bold(title)}\n${lines.join('')}`;
}

function renderSeen(flow: SeenFlowView, style: Style): string {
  const { at, statementId, sessionId, principal, effect } = flow.firstSeen;
  const first = `first seen ${at} in statement ${statementId} of session ${visibleLine(sessionId)} by ${renderChain(principal)}, ${effect}`;
  return `${renderFlow(flow, style)}      ${style.dim(first)}\n`;
}

function renderFlow(flow: BaselineFlowView, style: Style): string {
  return `  ${visibleLine(flow.id)}  ${visibleLine(flow.words)}  [${paintLabel(style, flow.label)}]\n`;
}

/** What a proposal changes: what an approver decides upon. */
export function renderProposal(proposal: ProposalView, style: Style): string {
  const added = new Set(proposal.added);
  const line = (mark: string, flow: BaselineFlowView): string => `${mark}${renderFlow(flow, style)}`;
  const note = proposal.note === '' ? '' : `Note         “${visibleLine(proposal.note)}”\n`;
  return (
    `${style.bold(`Proposal ${visibleLine(proposal.id)}`)} for ${visibleLine(proposal.workflow)} on ${visibleLine(proposal.resource)}  ${proposal.state}\n` +
    `Proposed by  ${renderChain(proposal.by)}\n` +
    `             ${style.dim(renderChainIds(proposal.by))}\n` +
    `Touches      ${paintLabel(style, proposal.label)} data\n` +
    `Created      ${proposal.at}, expires ${proposal.expiresAt}; ${proposal.approvals} of ${proposal.approvalsNeeded} approvals\n${note}\n` +
    proposal.flows
      .filter(({ id }) => added.has(id))
      .map((flow) => line(style.red('+'), flow))
      .join('') +
    proposal.removed.map((flow) => line(style.green('-'), flow)).join('') +
    proposal.flows
      .filter(({ id }) => !added.has(id))
      .map((flow) => line(' ', flow))
      .join('')
  );
}
