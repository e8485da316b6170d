import type { RequestView } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import { keepAlive } from '../client/reconnect.ts';
import { renderChain } from '../render/flows.ts';
import { paintState, renderRequest } from '../render/request.ts';
import { paintLabel } from '../render/style.ts';
import { renderTable } from '../render/table.ts';
import { visibleLine } from '../render/visible.ts';
import type { Cli } from './cli.ts';
import { confirm } from './confirm.ts';
import { untilInterrupted } from './interruption.ts';
import type { ListOptions } from './look.ts';

const STATES: readonly RequestView['state'][] = ['pending', 'approved', 'denied', 'expired', 'consumed'];

export async function listRequests(cli: Cli, options: ListOptions & { readonly state: string }): Promise<void> {
  const state = options.state === 'all' ? null : STATES.find((known) => known === options.state);
  if (state === undefined)
    throw new SluiceError('USAGE', `there is no state "${options.state}"`, {
      remedy: `Choose one of all, ${STATES.join(', ')}.`,
    });
  const requests = await (await cli.api()).requests(state);
  if (options.json === true) return cli.json(requests);
  if (requests.length === 0)
    return cli.note(`There is no ${state ?? ''} request that you can see.\n`.replace('  ', ' '));
  const rows = requests.map((request) => [
    request.id,
    { text: request.state, paint: () => paintState(request.state, cli.style) },
    { text: request.label, paint: () => paintLabel(cli.style, request.label) },
    request.resource,
    renderChain(request.asker),
    request.expiresAt,
    firstLine(request.statement),
  ]);
  cli.out(renderTable(['REQUEST', 'STATE', 'LABEL', 'RESOURCE', 'ASKED BY', 'EXPIRES', 'STATEMENT'], rows));
}

export async function showRequest(cli: Cli, id: string, options: ListOptions): Promise<void> {
  const request = await (await cli.api()).request(id);
  if (options.json === true) return cli.json(request);
  cli.out(renderRequest(request, cli.style));
}

/** Pending requests, then each change as it comes, until Ctrl-C. With `--json` one object a line. */
export async function watchRequests(cli: Cli, options: ListOptions): Promise<void> {
  const interrupted = untilInterrupted();
  const api = await cli.api();
  const seen = new Map<string, RequestView['state']>();
  const tell = (request: RequestView) => {
    // After a reconnect the list repeats what was told before.
    if (seen.get(request.id) === request.state) return;
    if (request.state === 'pending') seen.set(request.id, request.state);
    else seen.delete(request.id);
    cli.out(options.json === true ? `${JSON.stringify(request)}\n` : renderChange(cli, request));
  };
  const follow = async (live: () => void) => {
    const stop = new AbortController();
    try {
      await followOnce(AbortSignal.any([interrupted.signal, stop.signal]), live);
    } finally {
      // Whatever broke off, its connection does not stay behind.
      stop.abort(new Error('the stream is opened anew'));
    }
  };
  const followOnce = async (signal: AbortSignal, live: () => void) => {
    const connected = Promise.withResolvers<void>();
    const events = api.requestEvents(signal, connected.resolve);
    const first = events.next();
    // Live first, list second: what changes in between comes in both and is told once.
    await Promise.race([connected.promise, first]);
    live();
    const pending = await api.requests('pending');
    for (const request of pending) tell(request);
    // Decided while the stream was down: no longer in the list, and never announced.
    for (const id of seen.keys()) if (!pending.some((request) => request.id === id)) tell(await api.request(id));
    for (let next = await first; next.done !== true; next = await events.next()) tell(next.value);
  };
  try {
    cli.progress('Watching requests; Ctrl-C ends it.\n');
    await keepAlive(follow, interrupted.signal);
  } finally {
    interrupted.release();
  }
}

/** Decides about a request exactly as it was shown: its binding goes along, and another one is not decided. */
export async function decideRequest(
  cli: Cli,
  id: string,
  decision: 'approve' | 'deny',
  options: ListOptions & { readonly note: string; readonly yes?: boolean; readonly maxRows?: number },
): Promise<void> {
  const api = await cli.api();
  const request = await api.request(id);
  if (request.state !== 'pending')
    throw new SluiceError('REQUEST_STATE', `request ${id} is ${request.state}, not pending`);
  if (decision === 'approve' && options.yes !== true)
    await confirm(cli, {
      shown: renderRequest(request, cli.style),
      question: 'Let this statement run, once?',
      without: 'an approval needs somebody who has read the statement',
      otherwise: '`sluice requests deny ID` refuses it.',
    });
  const decided = await api.decide(id, decision, options.note, request.bindingHash, options.maxRows);
  if (options.json === true) return cli.json(decided);
  const missing = decided.approvalsNeeded - decided.approvals;
  const more = decided.state === 'pending' && missing > 0 ? `, ${missing} more to approve` : '';
  const bound = decided.rowBound === null ? '' : `, at most ${decided.rowBound} rows`;
  cli.out(`${visibleLine(decided.id)}  ${paintState(decided.state, cli.style)}${more}${bound}\n`);
}

function renderChange(cli: Cli, request: RequestView): string {
  const { style } = cli;
  return `${paintState(request.state, style)}  ${visibleLine(request.id)}  ${paintLabel(style, request.label)}  ${visibleLine(request.resource)}  ${renderChain(request.asker)}  ${firstLine(request.statement)}\n`;
}

function firstLine(statement: string): string {
  const line = visibleLine(statement.replace(/\s+/g, ' ').trim());
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
