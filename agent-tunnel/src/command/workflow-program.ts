/** The commands about workflows, plans and schemas. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Act, Add } from './act.ts';
import type { ListOptions } from './look.ts';
import { listPlans, showPlan, showSchema, submitPlan } from './plans.ts';
import {
  decideProposal,
  listWorkflows,
  type ProposeOptions,
  proposeBaseline,
  revokeBaseline,
  showWorkflow,
} from './workflows.ts';

export function addWorkflows(workflows: Command, add: Add, act: Act): void {
  add(workflows, 'ls', 'list them').option('--json', 'as JSON').action(act(listWorkflows));
  add(workflows, 'show <workflow> <resource>', 'what its runs have brought, what is approved, what is proposed')
    .option('--json', 'as JSON')
    .action(act(showWorkflow));
  add(workflows, 'propose <workflow> <resource>', 'propose the flows of its next baseline')
    .option('--learned', 'add every flow that came with a statement that was not held')
    .option('--add <flow>', 'add this flow; may be repeated', collect, [])
    .option('--remove <flow>', 'leave this flow out; may be repeated', collect, [])
    .option('--version <n>', 'start from this version instead of the one in force', parseVersion)
    .option('--note <text>', 'a word to the approvers, recorded', '')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  sluice workflows propose nightly orders-db --learned\n  sluice workflows propose nightly orders-db --add f_3q2-7wAAAAAAAAAAAAAAAA --note "ticket 4711"\n  sluice workflows propose nightly orders-db --version 2 --note "back to before the release"\n',
    )
    .action(
      act((cli, workflow: string, resource: string, options: ProposeOptions) =>
        proposeBaseline(cli, workflow, resource, options),
      ),
    );
  for (const decision of ['approve', 'deny'] as const) {
    add(
      workflows,
      `${decision} <workflow> <resource> <proposal>`,
      decision === 'approve' ? 'put a proposed baseline into force' : 'refuse a proposed baseline',
    )
      .option('--note <text>', 'a word to the proposer, recorded', '')
      .option('--yes', 'do not ask back')
      .option('--json', 'as JSON')
      .action(
        act(
          (
            cli,
            workflow: string,
            resource: string,
            id: string,
            options: ListOptions & { note: string; yes?: boolean },
          ) => decideProposal(cli, { workflow, resource, id }, decision, options),
        ),
      );
  }
  add(workflows, 'revoke <workflow> <resource>', 'withdraw the baseline: every flow is held until one is approved')
    .option('--note <text>', 'why, recorded', '')
    .option('--json', 'as JSON')
    .action(act(revokeBaseline));
}

export function addPlanning(program: Command, add: Add, act: Act): void {
  add(program, 'schema <resource>', 'tables, columns and labels of a database; no data')
    .option('--json', 'as JSON')
    .action(act(showSchema));
  const plans = add(program, 'plan', 'what a planner hands to an executor');
  add(plans, 'submit <file>', 'hand in the SQL statements of a file (- for standard input)')
    .requiredOption('--resource <name>', 'where they are to run')
    .option('--workflow <name>', 'the workflow whose run they are')
    .option('--note <text>', 'a word to whoever reads it, recorded', '')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  sluice plan submit nightly.sql --resource orders-db --workflow nightly\n')
    .action(act(submitPlan));
  add(plans, 'ls', 'list them, newest first').option('--json', 'as JSON').action(act(listPlans));
  add(plans, 'show <id>', 'its statements, and who made it').option('--json', 'as JSON').action(act(showPlan));
}

function collect(flow: string, before: readonly string[]): readonly string[] {
  return [...before, flow];
}

function parseVersion(text: string): number {
  const version = Number(text);
  if (/^\d{1,9}$/.test(text) && version >= 1) return version;
  throw new InvalidArgumentError('a version is a number from 1.');
}
