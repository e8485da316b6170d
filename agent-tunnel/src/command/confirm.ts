import { createInterface } from 'node:readline/promises';
import { SluiceError } from '@sluice/contract/errors';
import type { Cli } from './cli.ts';

/** Asks a person who has read what was shown. Throws USAGE when there is none, or they do not type yes. */
export async function confirm(
  cli: Cli,
  about: { readonly shown: string; readonly question: string; readonly without: string; readonly otherwise: string },
): Promise<void> {
  const { stdin, stderr } = cli.surroundings;
  if (stdin.isTTY !== true)
    throw new SluiceError('USAGE', `${about.without}, and this is no terminal`, {
      remedy: 'Read it first, then add `--yes`.',
    });
  cli.note(`${about.shown}\n`);
  const question = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await question.question(`${about.question} Type yes to approve: `);
    if (answer.trim() !== 'yes') throw new SluiceError('USAGE', 'nothing was decided', { remedy: about.otherwise });
  } finally {
    question.close();
  }
}
