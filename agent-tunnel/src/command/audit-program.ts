/** The questions of auditors, one command each (docs/auditing.md). */
import { COLUMN_USES, type ColumnUse } from '@sluice/contract/audit';
import { type Command, InvalidArgumentError } from 'commander';
import type { Act, Add } from './act.ts';
import { auditActor, auditColumn, auditHolds, auditRetention, auditSeen, auditWorkflow } from './audit.ts';
import { parseInstant, parseSequence } from './parse-options.ts';

export function addAudit(audit: Command, add: Add, act: Act): void {
  paged(add(audit, 'column <resource> <schema.table.column>', 'who touched a column, raw or masked'))
    .option('--use <uses>', `only ${COLUMN_USES.join(', ')}; several apart by commas`, parseUses)
    .addHelpText(
      'after',
      '\nExamples:\n  sluice audit column orders-db shop.customers.ssn --use raw --since 30d\n  sluice audit column orders-db shop.customers.ssn --use written --json\n',
    )
    .action(act(auditColumn));
  add(audit, 'workflow <workflow> <resource> [schema.table.column]', 'who first brought a column into a workflow')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  sluice audit workflow nightly orders-db shop.customers.ssn\n')
    .action(act(auditWorkflow));
  paged(add(audit, 'actor <principal>', 'what an agent (or a person) did, session by session'))
    .option('--for <person>', 'only on behalf of this person')
    .option('--resource <name>', 'only there')
    .addHelpText('after', '\nExample:\n  sluice audit actor nightly-executor --for ann --since 7d\n')
    .action(act(auditActor));
  paged(add(audit, 'seen <person>', 'what somebody saw: statements with their results as they went out'))
    .option('--resource <name>', 'only there')
    .addHelpText('after', '\nExample:\n  sluice audit seen ann --since 2026-11-01 --until 2026-11-02\n')
    .action(act(auditSeen));
  paged(add(audit, 'holds', 'which statements were held, who decided, and how long that took'))
    .option('--resource <name>', 'only there')
    .action(act(auditHolds));
  paged(add(audit, 'retention', 'what is kept how long, and why'))
    .option('--session <id>', 'this one, with the statement that its label is from')
    .option('--resource <name>', 'only there')
    .action(act(auditRetention));
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

function parseLimit(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= 10_000) return limit;
  throw new InvalidArgumentError('a number from 1 to 10000.');
}
