/** Commands about a session while it lasts: watch, kill. */
import { renderSession } from '../render/replay.ts';
import { renderWatchEvent, type WatchedSoFar } from '../render/watch.ts';
import type { Cli } from './cli.ts';
import { confirm } from './confirm.ts';
import { untilInterrupted } from './interruption.ts';
import type { ListOptions } from './look.ts';

/** Shows what happens in a live session, until it closes or Ctrl-C. `--json`: one event a line. */
export async function watchSession(cli: Cli, id: string, options: ListOptions): Promise<void> {
  const api = await cli.api();
  const interrupted = untilInterrupted();
  const soFar: WatchedSoFar = { columns: new Map(), rows: new Map() };
  let closed = false;
  try {
    if (options.json !== true) cli.out(`${renderSession(await api.session(id), cli.style)}\n`);
    cli.progress('Watching; that you do is on record. Ctrl-C ends it.\n');
    for await (const event of api.watchSession(id, interrupted.signal)) {
      if (options.json === true) cli.out(`${JSON.stringify(event)}\n`);
      else cli.out(renderWatchEvent(event, soFar, cli.style));
      closed = event.kind === 'closed';
    }
    if (!closed) cli.note('The stream ended; the session may go on.\n');
  } catch (error) {
    throw interrupted.signal.aborted ? interrupted.signal.reason : error;
  } finally {
    interrupted.release();
  }
}

/** Ends a live session; its client is told in its own protocol. */
export async function killSession(
  cli: Cli,
  id: string,
  options: ListOptions & { readonly reason: string; readonly yes?: boolean },
): Promise<void> {
  const api = await cli.api();
  if (options.yes !== true)
    await confirm(cli, {
      shown: renderSession(await api.session(id), cli.style),
      question: 'End this session?',
      without: 'somebody has to say yes to the end of a session',
      otherwise: '`sluice sessions watch ID` only looks on.',
    });
  const killed = await api.killSession(id, options.reason);
  if (options.json === true) return cli.json(killed);
  cli.out(`${killed.sessionId}  ${killed.ended ? 'ended' : 'is ending'}  entry ${killed.sequence}\n`);
}
