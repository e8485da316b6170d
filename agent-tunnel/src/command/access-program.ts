/** `sluice access …`. */
import type { Command } from 'commander';
import { decideAccess, listAccess, listOffers, requestAccess, showAccess } from './access.ts';
import type { Act, Add } from './act.ts';
import { examples } from './help.ts';
import { parseSeconds } from './parse-options.ts';

export function addAccess(access: Command, add: Add, act: Act): void {
  add(access, 'offers', 'what you may ask for').option('--json', 'as JSON').action(act(listOffers));
  add(access, 'request <name>', 'ask for access for a window of time')
    .option('--reason <text>', 'why you need it, recorded')
    .option('--for <duration>', 'how long: 30m, 2h; the longest that is offered unless given', parseSeconds)
    .option('--json', 'as JSON')
    .addHelpText('after', examples("sluice access request orders-support --for 2h --reason 'ticket 4711'"))
    .action(act(requestAccess));
  add(access, 'ls', 'list grants')
    .option('--state <state>', 'asked, granted, refused, lapsed, ended, revoked or all', 'all')
    .option('--json', 'as JSON')
    .action(act(listAccess));
  add(access, 'show <id>', 'one of them').option('--json', 'as JSON').action(act(showAccess));
  for (const [decision, words] of [
    ['grant', 'open the window'],
    ['refuse', 'do not open it'],
    ['revoke', 'close it before its time'],
  ] as const) {
    const command = add(access, `${decision} <id>`, words)
      .option('--note <text>', 'a word to the asker, recorded', '')
      .option('--json', 'as JSON');
    if (decision === 'grant') command.option('--for <duration>', 'a shorter window than was asked for', parseSeconds);
    command.action(
      act((cli, id: string, options: { note: string; json?: boolean; for?: number }) =>
        decideAccess(cli, id, decision, options),
      ),
    );
  }
}
