/** `sluice workflows …`: docs/workflows.md. */
import { SluiceError } from '@sluice/contract/errors';
import type { WorkflowView } from '@sluice/contract/workflows';
import { renderTable } from '../render/table.ts';
import { visibleLine } from '../render/visible.ts';
import { renderProposal, renderWorkflow } from '../render/workflow.ts';
import type { Cli } from './cli.ts';
import { confirm } from './confirm.ts';
import type { ListOptions } from './look.ts';

export async function listWorkflows(cli: Cli, options: ListOptions): Promise<void> {
  const workflows = await (await cli.api()).workflows();
  if (options.json === true) return cli.json(workflows);
  if (workflows.length === 0) return cli.note('There is no workflow that you may know of.\n');
  const rows = workflows.map((one) => [
    one.workflow,
    one.resource,
    { text: one.state, paint: (text: string) => paintState(cli, one.state, text) },
    one.version === null ? '-' : String(one.version),
    String(one.approvedFlows),
    String(one.newFlows),
    String(one.pendingProposals),
  ]);
  cli.out(renderTable(['WORKFLOW', 'RESOURCE', 'STATE', 'VERSION', 'APPROVED', 'NEW', 'PROPOSED'], rows));
}

export async function showWorkflow(cli: Cli, workflow: string, resource: string, options: ListOptions): Promise<void> {
  const detail = await (await cli.api()).workflow(workflow, resource);
  if (options.json === true) return cli.json(detail);
  cli.out(renderWorkflow(detail, cli.style));
}

export type ProposeOptions = ListOptions & {
  readonly learned?: boolean;
  readonly add: string[];
  readonly remove: string[];
  readonly version?: number;
  readonly note: string;
};

export async function proposeBaseline(
  cli: Cli,
  workflow: string,
  resource: string,
  { learned, add, remove, version, note, json }: ProposeOptions,
): Promise<void> {
  if (learned === true && add.length > 0)
    throw new SluiceError('USAGE', '--learned adds every flow that ran; --add adds nothing to that');
  if (learned !== true && add.length + remove.length === 0 && version === undefined)
    throw new SluiceError('USAGE', 'nothing is proposed', {
      remedy: `Add --learned, or flows by --add; sluice workflows show ${workflow} ${resource} lists them.`,
    });
  const proposal = await (await cli.api()).proposeBaseline(workflow, resource, {
    ...{ remove, note, version: version ?? null },
    add: learned === true ? 'learned' : add,
  });
  if (json === true) return cli.json(proposal);
  cli.out(renderProposal(proposal, cli.style));
  cli.note(`Another person approves it: sluice workflows approve ${workflow} ${resource} ${proposal.id}\n`);
}

/** Decides about a proposal exactly as it was shown: its hash goes along. */
export async function decideProposal(
  cli: Cli,
  about: { readonly workflow: string; readonly resource: string; readonly id: string },
  decision: 'approve' | 'deny',
  options: ListOptions & { readonly note: string; readonly yes?: boolean },
): Promise<void> {
  const api = await cli.api();
  const { workflow, resource, id } = about;
  const proposal = (await api.workflow(workflow, resource)).proposals.find((one) => one.id === id);
  if (proposal === undefined)
    throw new SluiceError('NOT_FOUND', `there is no proposal ${id} for ${workflow} on ${resource}`);
  if (decision === 'approve' && options.yes !== true)
    await confirm(cli, {
      shown: renderProposal(proposal, cli.style),
      question: 'Let every run of the workflow do this?',
      without: 'an approval needs somebody who has read the flows',
      otherwise: `sluice workflows deny ${workflow} ${resource} ${id} refuses it.`,
    });
  const decided = await api.decideProposal(proposal, decision, options.note);
  if (options.json === true) return cli.json(decided);
  const missing = decided.approvalsNeeded - decided.approvals;
  const more = decided.state === 'pending' ? `, ${missing} more to approve` : '';
  cli.out(`${visibleLine(decided.id)}  ${decided.state}${more}\n`);
}

export async function revokeBaseline(
  cli: Cli,
  workflow: string,
  resource: string,
  options: ListOptions & { readonly note: string },
): Promise<void> {
  const view = await (await cli.api()).revokeBaseline(workflow, resource, options.note);
  if (options.json === true) return cli.json(view);
  cli.out(`${visibleLine(workflow)} on ${visibleLine(resource)}: baseline ${view.version ?? ''} is revoked\n`);
}

function paintState(cli: Cli, state: WorkflowView['state'], text: string): string {
  const { style } = cli;
  return { learning: style.yellow, holding: style.dim, enforced: style.green, revoked: style.red }[state](text);
}
