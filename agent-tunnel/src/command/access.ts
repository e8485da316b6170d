import { GRANT_STATES, type GrantView } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import { renderChain, renderChainIds } from '../render/flows.ts';
import type { Style } from '../render/style.ts';
import { renderTable } from '../render/table.ts';
import { visibleLine, visibleText } from '../render/visible.ts';
import type { Cli } from './cli.ts';
import type { ListOptions } from './look.ts';

/** What may be asked for. */
export async function listOffers(cli: Cli, options: ListOptions): Promise<void> {
  const offers = await (await cli.api()).grantOffers();
  if (options.json === true) return cli.json(offers);
  if (offers.length === 0) return cli.note('There is no access that you may ask for.\n');
  const rows = offers.map((offer) => [
    offer.name,
    offer.resource ?? 'every resource',
    inWords(offer.longestSeconds),
    offer.granterGroups.join(', '),
  ]);
  cli.out(renderTable(['NAME', 'RESOURCE', 'LONGEST', 'GRANTED BY'], rows));
}

export async function requestAccess(
  cli: Cli,
  name: string,
  options: ListOptions & { readonly reason?: string; readonly for?: number },
): Promise<void> {
  if (options.reason === undefined || options.reason.trim() === '')
    throw new SluiceError('USAGE', 'to ask for access needs a reason', { remedy: 'Add `--reason`; it is recorded.' });
  const grant = await (await cli.api()).askGrant(name, options.reason, options.for ?? null);
  if (options.json === true) return cli.json(grant);
  cli.out(`${visibleLine(grant.id)}  ${grant.state}\n`);
  cli.note(`Another person decides with: sluice access grant ${visibleLine(grant.id)}\n`);
}

export async function listAccess(cli: Cli, options: ListOptions & { readonly state: string }): Promise<void> {
  const state = options.state === 'all' ? null : GRANT_STATES.find((known) => known === options.state);
  if (state === undefined)
    throw new SluiceError('USAGE', `there is no state "${options.state}"`, {
      remedy: `Choose one of all, ${GRANT_STATES.join(', ')}.`,
    });
  const grants = await (await cli.api()).grants(state);
  if (options.json === true) return cli.json(grants);
  if (grants.length === 0) return cli.note('There is none that you can see.\n');
  const rows = grants.map((grant) => [
    grant.id,
    grant.state,
    grant.name,
    grant.resource ?? 'every resource',
    renderChain(grant.asker),
    inWords(grant.windowSeconds),
    grant.endsAt ?? '',
    visibleLine(grant.reason),
  ]);
  cli.out(renderTable(['GRANT', 'STATE', 'ACCESS', 'RESOURCE', 'ASKED BY', 'FOR', 'ENDS', 'REASON'], rows));
}

export async function showAccess(cli: Cli, id: string, options: ListOptions): Promise<void> {
  const grant = await (await cli.api()).grant(id);
  if (options.json === true) return cli.json(grant);
  cli.out(renderGrant(grant, cli.style));
}

export async function decideAccess(
  cli: Cli,
  id: string,
  decision: 'grant' | 'refuse' | 'revoke',
  options: ListOptions & { readonly note: string; readonly for?: number },
): Promise<void> {
  const grant = await (await cli.api()).decideGrant(id, decision, options.note, options.for ?? null);
  if (options.json === true) return cli.json(grant);
  const missing = grant.grantsNeeded - grant.grants;
  const more = grant.state === 'asked' && missing > 0 ? `, ${missing} more to grant it` : '';
  const until = grant.state === 'granted' ? ` until ${grant.endsAt ?? ''}` : '';
  cli.out(`${visibleLine(grant.id)}  ${grant.state}${more}${until}\n`);
}

function renderGrant(grant: GrantView, style: Style): string {
  const words = visibleText(grant.reason).split('\n');
  const decided = grant.decidedBy === null ? '' : `Decided by   ${renderChain(grant.decidedBy)}\n`;
  const revoked = grant.revokedBy === null ? '' : `Revoked by   ${renderChain(grant.revokedBy)}\n`;
  const window = grant.endsAt === null ? '' : `Window       ${grant.grantedAt ?? ''} to ${grant.endsAt}\n`;
  const note = grant.note === '' ? '' : `Note         “${visibleLine(grant.note)}”\n`;
  return (
    `${style.bold(`Grant ${visibleLine(grant.id)}`)}  ${grant.state}\n` +
    `Access       ${visibleLine(grant.name)} on ${visibleLine(grant.resource ?? 'every resource')}, as ${visibleLine(grant.group)}\n` +
    `Asked by     ${renderChain(grant.asker)}\n             ${style.dim(renderChainIds(grant.asker))}\n` +
    `For          ${inWords(grant.windowSeconds)}; granted by ${grant.grantsNeeded} of ${visibleLine(grant.granterGroups.join(', '))}\n` +
    `${window}${decided}${revoked}` +
    note +
    `\n${style.bold(`In the words of ${visibleLine(grant.asker.name)}`)}\n${words.map((line) => `  ❝ ${line}\n`).join('')}`
  );
}

/** `2 h`, `90 min`, `45 s`. */
function inWords(seconds: number): string {
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
