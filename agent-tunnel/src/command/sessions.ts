import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionDetail } from '@sluice/contract/api';
import { readBundle } from '../evidence/read-bundle.ts';
import { renderChain } from '../render/flows.ts';
import { outcomeCell } from '../render/outcome.ts';
import { renderSession, renderStatementSeen, replayDelayMs } from '../render/replay.ts';
import { type ReplaySelection, selectStatements } from '../render/replay-selection.ts';
import { paintEffect, paintLabel } from '../render/style.ts';
import { renderTable } from '../render/table.ts';
import type { Cli } from './cli.ts';
import { untilInterrupted } from './interruption.ts';
import type { ListOptions } from './look.ts';
import { disproved, renderBundle, type TrustOptions, trustOf } from './offline.ts';

/** Longest pause of a replay: an hour without a statement is not worth an hour. */
const MAX_PAUSE_MS = 3_000;

export async function listSessions(cli: Cli, options: ListOptions & { readonly limit: number }): Promise<void> {
  const sessions = await (await cli.api()).sessions(options.limit);
  if (options.json === true) return cli.json(sessions);
  if (sessions.length === 0) return cli.note('There is no session that you can see.\n');
  const rows = sessions.map((session) => [
    session.sessionId,
    session.openedAt,
    session.closedAt ?? 'open',
    session.resource,
    renderChain(session.principal),
    String(session.statements),
    { text: session.highestLabel, paint: () => paintLabel(cli.style, session.highestLabel) },
    session.closeReason ?? '',
  ]);
  const header = ['SESSION', 'OPENED', 'CLOSED', 'RESOURCE', 'BY', 'STATEMENTS', 'HIGHEST LABEL', 'CLOSED BECAUSE'];
  cli.out(renderTable(header, rows));
}

/** The session and a line for each statement. */
export async function showSession(cli: Cli, id: string, options: ListOptions): Promise<void> {
  const detail = await (await cli.api()).session(id);
  if (options.json === true) return cli.json(detail);
  const rows = detail.statements.map((statement) => [
    String(statement.statementId),
    statement.at,
    { text: statement.effect, paint: () => paintEffect(cli.style, statement.effect) },
    outcomeCell(statement.outcome, cli.style),
    String(statement.rows),
    String(statement.maskedCells),
    statement.text.replace(/\s+/g, ' '),
  ]);
  cli.out(
    `${renderSession(detail, cli.style)}\n${renderTable(['#', 'AT', 'EFFECT', 'OUTCOME', 'ROWS', 'MASKED', 'STATEMENT'], rows)}`,
  );
}

export type ReplayOptions = ListOptions & ReplaySelection & TrustOptions & { readonly speed: number };

/**
 * The session as it went: each statement with its result as the principal saw it, at `speed` on a terminal, at once in a
 * pipe. `target` is a session's id, or its bundle in a file, which needs no gateway. Throws `EVIDENCE_BROKEN`, `NOT_FOUND`,
 * `USAGE` and what the gateway answers.
 */
export async function replaySession(cli: Cli, target: string, options: ReplayOptions): Promise<void> {
  const whole = isFile(target) ? await fromBundle(cli, target, options) : await (await cli.api()).session(target);
  const detail = { ...whole, statements: selectStatements(whole.statements, options) };
  if (options.json === true) return cli.json(detail);
  const waits = cli.surroundings.stdout.isTTY === true;
  const interrupted = untilInterrupted();
  try {
    cli.out(`${renderSession(detail, cli.style)}\n`);
    // Where the replay begins there is nothing to wait for.
    const isPart = detail.statements.length < whole.statements.length;
    if (isPart) cli.note(`${detail.statements.length} of ${whole.statements.length} statements\n`);
    let before = isPart ? (detail.statements[0]?.at ?? detail.session.openedAt) : detail.session.openedAt;
    for (const statement of detail.statements) {
      if (waits)
        await sleep(replayDelayMs(before, statement.at, options.speed, MAX_PAUSE_MS), undefined, {
          signal: interrupted.signal,
        });
      before = statement.at;
      cli.out(renderStatementSeen(statement, detail.session, cli.style));
    }
  } catch (error) {
    throw interrupted.signal.aborted ? interrupted.signal.reason : error;
  } finally {
    interrupted.release();
  }
}

/** Ids of sessions have neither a dot nor a slash. */
function isFile(target: string): boolean {
  return /[./\\]/.test(target);
}

/** What the check said goes to stderr: it is about the file, not of the session. */
async function fromBundle(cli: Cli, path: string, options: TrustOptions): Promise<SessionDetail> {
  const { report, detail } = await disproved(path, () => readBundle(path, trustOf(options)));
  cli.note(`${renderBundle(cli, path, report)}\n`);
  return detail;
}
