/** The questions of auditors, one command each (docs/auditing.md). */
import { COLUMN_USES, type ColumnUse } from '@sluice/contract/audit';
import { type Command, InvalidArgumentError } from 'commander';
import { auditColumn } from './audit.ts';
import type { Act, Add } from './program.ts';

export function addAudit(audit: Command, add: Add, act: Act): void {
  paged(add(audit, 'column <resource> <schema.table.column>', 'who touched a column, raw or masked'))
    .option('--use <uses>', `only ${COLUMN_USES.join(', ')}; several apart by commas`, parseUses)
    .addHelpText(
      'after',
      '\nExamples:\n  sluice audit column orders-db shop.customers.ssn --use raw --since 30d\n  sluice audit column orders-db shop.customers.ssn --use written --json\n',
    )
    .action(act(auditColumn));
}

/** Options of every answer that comes in pages. */
function paged(command: Command): Command {
  return command
    .option('--since <time>', 'from then on: 2026-11-01, 2026-11-01T14:00:00Z, or 12h, 30d ago', parseInstant)
    .option('--until <time>', 'up to then', parseInstant)
    .option('--limit <n>', 'how many at most', parseLimit, 50)
    .option('--before <sequence>', 'go on behind an earlier answer', parseSequence)
    .option('--json', 'as JSON');
}

function parseUses(text: string): readonly ColumnUse[] {
  return text.split(',').map((word) => {
    const use = COLUMN_USES.find((known) => known === word.trim());
    if (use === undefined) throw new InvalidArgumentError(`a use is one of ${COLUMN_USES.join(', ')}.`);
    return use;
  });
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** A day, or a day and a time in UTC or with its offset. */
const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** An instant as ISO 8601: of a day its beginning in UTC. */
function parseInstant(text: string): string {
  const [, count = '', unit] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
  if (unit === 'm' || unit === 'h' || unit === 'd')
    return new Date(Date.now() - Number(count) * UNIT_MS[unit]).toISOString();
  const at = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new InvalidArgumentError('a time is a day (2026-11-01), an instant (2026-11-01T14:00:00Z), or 90m, 12h, 30d.');
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= 10_000) return limit;
  throw new InvalidArgumentError('a number from 1 to 10000.');
}

function parseSequence(text: string): number {
  const sequence = Number(text);
  if (/^\d{1,15}$/.test(text)) return sequence;
  throw new InvalidArgumentError('a sequence is a number from 0.');
}
