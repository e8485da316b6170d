/** Answers to auditors' questions, as tables or as JSON. */
import type { ColumnTouch, ColumnUse } from '@sluice/contract/audit';
import type { PageOptions } from '../client/audit-client.ts';
import { renderTouches } from '../render/audit.ts';
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
  if (answer.found.length === 0) cli.note(`Nothing on record touches ${column} of ${resource} so.\n`);
  else cli.out(renderTouches(answer.found, cli.style));
  more(cli, answer.next);
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
