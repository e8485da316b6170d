/** `sluice schema` and `sluice plan …`: what a planner does. */
import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { SluiceError } from '@sluice/contract/errors';
import type { PlanView } from '@sluice/contract/workflows';
import { renderChain, renderChainIds } from '../render/flows.ts';
import { renderStatement } from '../render/request.ts';
import { paintLabel } from '../render/style.ts';
import { renderTable } from '../render/table.ts';
import { visibleLine } from '../render/visible.ts';
import type { Cli } from './cli.ts';
import type { ListOptions } from './look.ts';

export async function showSchema(cli: Cli, resource: string, options: ListOptions): Promise<void> {
  const schema = await (await cli.api()).schema(resource);
  if (options.json === true) return cli.json(schema);
  const rows = schema.tables.flatMap(({ schema: name, table, kind, columns }) =>
    columns.map((column) => [
      `${name}.${table}.${column.name}`,
      kind,
      column.label === null
        ? 'of the tables below'
        : { text: column.label, paint: () => (column.label === null ? '' : paintLabel(cli.style, column.label)) },
      column.category ?? '-',
    ]),
  );
  cli.out(renderTable(['COLUMN', 'OF', 'LABEL', 'CATEGORY'], rows));
}

export async function submitPlan(
  cli: Cli,
  file: string,
  options: ListOptions & { readonly resource: string; readonly workflow?: string; readonly note: string },
): Promise<void> {
  const { resource, workflow = null, note } = options;
  const plan = await (await cli.api()).submitPlan({ resource, workflow, note, text: await read(cli, file) });
  if (options.json === true) return cli.json(plan);
  const of = workflow === null ? '' : `--workflow ${workflow} `;
  cli.out(`${visibleLine(plan.id)}\n`);
  cli.note(
    `${plan.statements.length} statements, until ${plan.expiresAt}. An executor runs them with: sluice run --plan ${plan.id} ${of}${resource} -- COMMAND\n`,
  );
}

async function read(cli: Cli, file: string): Promise<string> {
  try {
    return file === '-' ? await readAll(cli.surroundings.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new SluiceError('USAGE', `the plan cannot be read from ${file}`, { cause: error });
  }
}

export async function listPlans(cli: Cli, options: ListOptions): Promise<void> {
  const plans = await (await cli.api()).plans();
  if (options.json === true) return cli.json(plans);
  if (plans.length === 0) return cli.note('There is no plan that you may know of.\n');
  const rows = plans.map((plan) => [
    plan.id,
    plan.resource,
    plan.workflow ?? '-',
    String(plan.statements.length),
    renderChain(plan.by),
    plan.expiresAt,
  ]);
  cli.out(renderTable(['PLAN', 'RESOURCE', 'WORKFLOW', 'STATEMENTS', 'BY', 'EXPIRES'], rows));
}

export async function showPlan(cli: Cli, id: string, options: ListOptions): Promise<void> {
  const plan = await (await cli.api()).plan(id);
  if (options.json === true) return cli.json(plan);
  cli.out(renderPlan(cli, plan));
}

function renderPlan({ style }: Cli, plan: PlanView): string {
  const note = plan.note === '' ? '' : `Note         “${visibleLine(plan.note)}”\n`;
  return (
    `${style.bold(`Plan ${visibleLine(plan.id)}`)}\n` +
    `Made by      ${renderChain(plan.by)}\n` +
    `             ${style.dim(renderChainIds(plan.by))}\n` +
    `Resource     ${visibleLine(plan.resource)}${plan.workflow === null ? '' : `, workflow ${visibleLine(plan.workflow)}`}\n` +
    `Submitted    ${plan.submittedAt}, expires ${plan.expiresAt}\n${note}\n` +
    plan.statements.map((statement) => renderStatement(statement, style)).join('\n')
  );
}
