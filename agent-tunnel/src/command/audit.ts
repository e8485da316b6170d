/** Answers to auditors' questions, as tables or as JSON. */
import type { AuditedSession, ColumnTouch, ColumnUse, HeldStatement, KeptSession } from '@sluice/contract/audit';
import type { PageOptions } from '../client/audit-client.ts';
import { renderActs, renderFirstSeen, renderHeld, renderKept, renderTouches } from '../render/audit.ts';
import { renderSession, renderStatementSeen } from '../render/replay.ts';
import type { Cli } from './cli.ts';
import type { ListOptions } from './look.ts';

/** Answers that one call brings at most. */
const PAGE = 200;

export type PagedOptions = ListOptions & PageOptions & { readonly limit: number };

export async function auditColumn(
  cli: Cli,
  resource: string,
  column: string,
  options: PagedOptions & { readonly use?: readonly ColumnUse[] },
): Promise<void> {
  const { audit } = await cli.api();
  const { use = [] } = options;
  const answer = await pages<ColumnTouch>(options, async (page) => {
    const { touches, next } = await audit.column({ resource, column, uses: use, ...page });
    return { found: touches, next };
  });
  if (options.json === true) return cli.json({ touches: answer.found, next: answer.next });
  if (answer.found.length === 0)
    cli.note(
      `Nobody has used ${column} of ${resource}${options.since === undefined && options.until === undefined && use.length === 0 ? '' : ' in this way and time'}, as far as the record goes.\n`,
    );
  else cli.out(renderTouches(answer.found, cli.style));
  more(cli, answer.next);
}

export async function auditWorkflow(
  cli: Cli,
  workflow: string,
  resource: string,
  column: string | undefined,
  options: ListOptions,
): Promise<void> {
  const { audit } = await cli.api();
  const found = await audit.workflow({ workflow, resource, ...(column === undefined ? {} : { column }) });
  if (options.json === true) return cli.json(found);
  if (found.length === 0) cli.note('No run of this workflow brought such a flow.\n');
  else cli.out(renderFirstSeen(found, cli.style));
}

export async function auditActor(
  cli: Cli,
  party: string,
  options: PagedOptions & { readonly for?: string; readonly resource?: string },
): Promise<void> {
  const answer = await sessionsOf(cli, party, options, false);
  if (options.json === true) return cli.json({ sessions: answer.found, next: answer.next });
  if (answer.found.length === 0) cli.note('There is no such session.\n');
  for (const { session, statements, more: hasMore } of answer.found) {
    cli.out(`${renderSession({ session, statements }, cli.style)}${renderActs(statements, cli.style)}\n`);
    if (hasMore) cli.note(`There are more statements: sluice sessions show ${session.sessionId}\n`);
  }
  more(cli, answer.next);
}

export async function auditSeen(
  cli: Cli,
  party: string,
  options: PagedOptions & { readonly resource?: string },
): Promise<void> {
  const answer = await sessionsOf(cli, party, options, true);
  if (options.json === true) return cli.json({ sessions: answer.found, next: answer.next });
  if (answer.found.length === 0) cli.note('There is no such session.\n');
  for (const { session, statements, more: hasMore } of answer.found) {
    cli.out(`${renderSession({ session, statements }, cli.style)}\n`);
    for (const statement of statements) cli.out(renderStatementSeen(statement, session, cli.style));
    if (hasMore) cli.note(`There are more statements: sluice sessions replay ${session.sessionId}\n`);
  }
  more(cli, answer.next);
}

async function sessionsOf(
  cli: Cli,
  party: string,
  options: PagedOptions & { readonly for?: string; readonly resource?: string },
  seen: boolean,
) {
  const { audit } = await cli.api();
  const about = {
    ...{ party, seen, ...resourceOf(options) },
    ...(options.for === undefined ? {} : { onBehalfOf: options.for }),
  };
  return await pages<AuditedSession>(options, async (page) => {
    const { sessions, next } = await audit.sessions({ ...about, ...page });
    return { found: sessions, next };
  });
}

export async function auditHolds(cli: Cli, options: PagedOptions & { readonly resource?: string }): Promise<void> {
  const { audit } = await cli.api();
  const answer = await pages<HeldStatement>(options, async (page) => {
    const { held, next } = await audit.holds({ ...resourceOf(options), ...page });
    return { found: held, next };
  });
  if (options.json === true) return cli.json({ held: answer.found, next: answer.next });
  if (answer.found.length === 0) cli.note('No statement was held.\n');
  else cli.out(renderHeld(answer.found, cli.style));
  more(cli, answer.next);
}

export async function auditRetention(
  cli: Cli,
  options: PagedOptions & { readonly session?: string; readonly resource?: string },
): Promise<void> {
  const { audit } = await cli.api();
  const about = { ...resourceOf(options), ...(options.session === undefined ? {} : { session: options.session }) };
  const answer = await pages<KeptSession>(options, async (page) => {
    const { sessions, next } = await audit.retention({ ...about, ...page });
    return { found: sessions, next };
  });
  if (options.json === true) return cli.json({ sessions: answer.found, next: answer.next });
  if (answer.found.length === 0) cli.note('There is no such session.\n');
  else cli.out(renderKept(answer.found, cli.style));
  more(cli, answer.next);
}

function resourceOf({ resource }: { readonly resource?: string }): { readonly resource?: string } {
  return resource === undefined ? {} : { resource };
}

/** As many as asked for, page by page. */
async function pages<T>(
  { since, until, before, limit }: PagedOptions,
  ask: (page: PageOptions) => Promise<{ readonly found: readonly T[]; readonly next: number | null }>,
): Promise<{ readonly found: readonly T[]; readonly next: number | null }> {
  const found: T[] = [];
  const bounds = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
  let next = before ?? null;
  do {
    const page = await ask({
      ...bounds,
      ...(next === null ? {} : { before: next }),
      limit: Math.min(PAGE, limit - found.length),
    });
    found.push(...page.found);
    next = page.next;
  } while (next !== null && found.length < limit);
  return { found, next };
}

function more(cli: Cli, next: number | null): void {
  if (next !== null) cli.note(`There may be more: --before ${next}\n`);
}
