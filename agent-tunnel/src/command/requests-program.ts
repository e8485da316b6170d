/** `sluice requests …`. */
import type { Command } from 'commander';
import type { Act, Add } from './act.ts';
import { parseRows } from './parse-options.ts';
import { decideRequest, listRequests, showRequest, watchRequests } from './requests.ts';

export function addRequests(requests: Command, add: Add, act: Act): void {
  add(requests, 'ls', 'list them')
    .option('--state <state>', 'pending, approved, denied, expired, consumed or all', 'pending')
    .option('--json', 'as JSON')
    .action(act(listRequests));
  add(requests, 'watch', 'show each as it comes, until Ctrl-C')
    .option('--json', 'one JSON object a line')
    .action(act(watchRequests));
  add(requests, 'show <id>', 'statement, flows and asker of one').option('--json', 'as JSON').action(act(showRequest));
  for (const decision of ['approve', 'deny'] as const) {
    const command = add(
      requests,
      `${decision} <id>`,
      decision === 'approve' ? 'let the statement run, once' : 'refuse the statement',
    )
      .option('--note <text>', 'a word to the asker, recorded', '')
      .option('--yes', 'do not ask back')
      .option('--json', 'as JSON');
    if (decision === 'approve')
      command.option('--max-rows <n>', 'roll it back if it changes more rows than this', parseRows);
    command.action(
      act((cli, id: string, options: { note: string; yes?: boolean; json?: boolean; maxRows?: number }) =>
        decideRequest(cli, id, decision, options),
      ),
    );
  }
}
