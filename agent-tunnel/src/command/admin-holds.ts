import type { HoldView } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import { renderChain } from '../render/flows.ts';
import { renderTable } from '../render/table.ts';
import { visibleLine } from '../render/visible.ts';
import type { Cli } from './cli.ts';
import type { ListOptions } from './look.ts';

const KINDS = ['session', 'principal', 'resource'] as const;

/** Legal holds, newest first: those in force, or all. */
export async function listHolds(cli: Cli, options: ListOptions & { readonly all?: boolean }): Promise<void> {
  const holds = (await (await cli.api()).holds()).filter(({ liftedAt }) => options.all === true || liftedAt === null);
  if (options.json === true) return cli.json(holds);
  if (holds.length === 0) return cli.note('Nothing is held.\n');
  const rows = holds.map(({ holdId, on, by, reason, placedAt, liftedAt }) => [
    ...[holdId, on.kind, visibleLine(on.target), placedAt, renderChain(by), liftedAt ?? '', visibleLine(reason)],
  ]);
  cli.out(renderTable(['HOLD', 'ON', 'WHICH', 'SINCE', 'BY', 'LIFTED', 'REASON'], rows));
}

/** Keeps a session, or all of a principal or a resource, from expiring until the hold is lifted. */
export async function addHold(
  cli: Cli,
  kind: string,
  target: string,
  options: ListOptions & { readonly reason?: string },
): Promise<void> {
  const known = KINDS.find((name) => name === kind);
  if (known === undefined)
    throw new SluiceError('USAGE', `nothing of the kind "${kind}" can be held`, {
      remedy: `Choose one of ${KINDS.join(', ')}.`,
    });
  const reason = reasonOf(options);
  show(cli, options, await (await cli.api()).placeHold({ kind: known, target }, reason));
}

/** Lifts a hold: what it covered expires when its time is over. */
export async function removeHold(
  cli: Cli,
  holdId: string,
  options: ListOptions & { readonly reason?: string },
): Promise<void> {
  const reason = reasonOf(options);
  show(cli, options, await (await cli.api()).liftHold(holdId, reason));
}

function reasonOf({ reason }: { readonly reason?: string }): string {
  if (reason !== undefined && reason.trim() !== '') return reason;
  throw new SluiceError('USAGE', 'a hold needs a reason', { remedy: 'Add `--reason`; it is recorded.' });
}

function show(cli: Cli, options: ListOptions, hold: HoldView): void {
  if (options.json === true) return cli.json(hold);
  const state = hold.liftedAt === null ? 'holds' : 'no longer holds';
  cli.out(`${visibleLine(hold.holdId)}  ${state} ${hold.on.kind} ${visibleLine(hold.on.target)}\n`);
}
