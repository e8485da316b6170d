/** `sluice sessions …`. */
import type { Command } from 'commander';
import type { Act, Add } from './act.ts';
import { examples } from './help.ts';
import { killSession, watchSession } from './live-sessions.ts';
import { collect, parseCount, parseFactor, parseInstant, parseSequence } from './parse-options.ts';
import { listSessions, replaySession, showSession } from './sessions.ts';

export function addSessions(sessions: Command, add: Add, act: Act): void {
  add(sessions, 'ls', 'list them, newest first')
    .option('--limit <n>', 'how many', parseCount, 50)
    .option('--json', 'as JSON')
    .action(act(listSessions));
  add(sessions, 'show <id>', 'one line for each statement').option('--json', 'as JSON').action(act(showSession));
  add(
    sessions,
    'replay <session>',
    'each statement with its result as it was seen; of a bundle in a file without a gateway',
  )
    .option('--speed <factor>', 'how much faster than it went', parseFactor, 1)
    .option('--search <text>', 'only statements with this in their text, error or seen cells')
    .option('--from <n>', 'begin with this statement', parseSequence)
    .option('--at <time>', 'begin at this instant: 2026-11-01T14:00:00Z', parseInstant)
    .option('--key <vkey>', 'of a bundle: verifier key of a log or a witness that you trust; repeat it', collect, [])
    .option('--witnesses <n>', 'of a bundle: how many of the known witnesses have to have cosigned', parseCount)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        'sluice sessions replay c_1234 --speed 10',
        'sluice sessions replay c_1234 --search ssn --json',
        'sluice sessions replay c_1234.sluice-bundle --key sluice/0001…+87e7b609+AYqI…',
      ),
    )
    .action(act(replaySession));
  add(sessions, 'watch <id>', 'statements and masked rows as they happen, on record, until Ctrl-C')
    .option('--json', 'one JSON object a line')
    .action(act(watchSession));
  add(sessions, 'kill <id>', 'end it: its client is told in its own protocol, and the record says who and why')
    .option('--reason <text>', 'why, told to the client and recorded', '')
    .option('--yes', 'do not ask back')
    .option('--json', 'as JSON')
    .action(act(killSession));
}
