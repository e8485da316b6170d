/** Commands that only ask and show: whoami, ls, why. */
import type { Effect } from '@sluice/contract/vocabulary';
import { renderChain, renderChainIds } from '../render/flows.ts';
import { paintEffect } from '../render/style.ts';
import { renderTable } from '../render/table.ts';
import { visibleLine } from '../render/visible.ts';
import { renderWhy } from '../render/why.ts';
import type { Cli } from './cli.ts';

export type ListOptions = { readonly json?: boolean };

export async function whoami(cli: Cli, options: ListOptions): Promise<void> {
  const answer = await (await cli.api()).whoami();
  if (options.json === true) return cli.json(answer);
  const { principal } = answer;
  cli.out(
    `${renderChain(principal)}\n` +
      `Identity   ${cli.style.dim(renderChainIds(principal))}\n` +
      `Groups     ${principal.groups.map(visibleLine).join(', ') || 'none'}\n` +
      (principal.chain.length > 1
        ? `On behalf  ${principal.onBehalfOfGroups.map(visibleLine).join(', ') || 'of somebody without groups'}\n`
        : '') +
      `Token      valid until ${answer.tokenExpiresAt}\n` +
      `Gateway    ${cli.gateway.origin}\n`,
  );
}

export async function listResources(cli: Cli, options: ListOptions): Promise<void> {
  const resources = await (await cli.api()).resources();
  if (options.json === true) return cli.json(resources);
  if (resources.length === 0) return cli.note('There is no resource that you may know of.\n');
  const rows = resources.map(({ name, protocol, database, connect }) => [
    name,
    protocol,
    database ?? '-',
    { text: connect, paint: () => paintEffect(cli.style, connect) },
  ]);
  cli.out(renderTable(['RESOURCE', 'PROTOCOL', 'DATABASE', 'CONNECT'], rows));
}

/** The exit status of a verdict, so that scripts can ask before they run something. */
const STATUS: Readonly<Record<Effect, number>> = { allow: 0, mask: 0, hold: 75, refuse: 77 };

export async function why(cli: Cli, resource: string, statement: string, options: ListOptions): Promise<number> {
  const answer = await (await cli.api()).why(resource, statement);
  if (options.json === true) {
    cli.json(answer);
    return STATUS[answer.effect];
  }
  const where = `on ${visibleLine(resource)}, policy ${visibleLine(answer.policyVersion)}`;
  // A gateway that tells of all statements at once.
  const statements = answer.statements ?? [
    { ...answer, text: statement, line: 1, kind: '', permitted: [], columns: [], parameters: [] },
  ];
  if (statements.length > 1)
    cli.out(`${paintEffect(cli.style, answer.effect)}  ${statements.length} statements ${where}\n\n`);
  cli.out(
    statements
      .map((one) => renderWhy(one, statements.length > 1 ? `at line ${one.line}` : where, cli.style))
      .join('\n'),
  );
  return STATUS[answer.effect];
}
