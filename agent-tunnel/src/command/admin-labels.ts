import type { LabelChange } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import { renderChain } from '../render/flows.ts';
import { paintLabel } from '../render/style.ts';
import { renderTable } from '../render/table.ts';
import { visibleLine } from '../render/visible.ts';
import type { Cli } from './cli.ts';
import type { ListOptions } from './look.ts';

/** Labels that followed the values of approved statements, newest first. */
export async function listLabelChanges(cli: Cli, resource: string, options: ListOptions): Promise<void> {
  const changes = await (await cli.api()).labelChanges(resource);
  if (options.json === true) return cli.json(changes);
  if (changes.length === 0) return cli.note(`No label of ${resource} has followed values.\n`);
  const rows = changes.flatMap((change) =>
    change.columns.map((column) => [
      change.id,
      change.state,
      change.at,
      column.column,
      column.before ?? 'new',
      { text: column.after, paint: () => paintLabel(cli.style, column.after) },
      column.cause === 'name' ? 'its name' : column.sources.join(', '),
      change.requestId,
      renderChain(change.asker),
    ]),
  );
  cli.out(renderTable(['CHANGE', 'STATE', 'AT', 'COLUMN', 'WAS', 'IS', 'BECAUSE OF', 'REQUEST', 'ASKED BY'], rows));
}

/** Takes the labels of one change back: the values are not there any more. */
export async function revertLabels(
  cli: Cli,
  resource: string,
  id: string,
  options: ListOptions & { readonly note?: string },
): Promise<void> {
  if (options.note === undefined || options.note === '')
    throw new SluiceError('USAGE', 'to take labels back needs a reason', { remedy: 'Add `--note`; it is recorded.' });
  const api = await cli.api();
  const known = (await api.labelChanges(resource)).some((change) => change.id === id);
  if (!known) throw new SluiceError('NOT_FOUND', `there is no change of labels ${id} of ${resource}`);
  const change: LabelChange = await api.revertLabels(id, options.note);
  if (options.json === true) return cli.json(change);
  cli.out(`${visibleLine(change.id)}  ${change.state}\n`);
}
