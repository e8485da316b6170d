import { CommanderError } from 'commander';
import { makeStyle } from '../render/style.ts';
import type { Outcome } from './act.ts';
import type { Surroundings } from './cli.ts';
import { Interrupted } from './interruption.ts';
import { makeProgram } from './program.ts';
import { exitStatusOf, renderError } from './report-error.ts';

const USAGE_STATUS = 64;
/** What shells report for a program that Ctrl-C ended. */
const SIGNAL_STATUS = 128;
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** Runs one `sluice` command line, reports its error, and tells how the process has to end. Never throws. */
export async function runSluice(argv: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  const dashes = argv.indexOf('--');
  const before = dashes === -1 ? argv : argv.slice(0, dashes);
  const after = dashes === -1 ? null : argv.slice(dashes + 1);
  let outcome: Outcome = 0;
  const program = makeProgram(surroundings, after, (finished) => {
    outcome = finished;
  });
  for (const command of [program, ...program.commands, ...program.commands.flatMap((group) => group.commands)]) {
    command.exitOverride();
    command.configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      writeErr: (text) => surroundings.stderr.write(text),
    });
  }
  try {
    await program.parseAsync([...before], { from: 'user' });
    return outcome;
  } catch (error) {
    // commander has said what was wrong; asking for help is nothing wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_STATUS;
    if (error instanceof Interrupted) return SIGNAL_STATUS + (SIGNAL_NUMBERS[error.by] ?? 0);
    const style = makeStyle(surroundings.stderr.isTTY === true && !surroundings.environment['NO_COLOR']);
    surroundings.stderr.write(renderError(error, style));
    return exitStatusOf(error);
  }
}
