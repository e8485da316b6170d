/** `sluice completion SHELL`. */
import { Argument, type Command } from 'commander';
import type { Act, Add } from './act.ts';
import type { Cli } from './cli.ts';
import { completionScript, SHELLS, type Shell } from './completion-scripts.ts';
import { completionTree } from './completion-tree.ts';
import { examples } from './help.ts';

/** Whoever pressed Tab does not wait longer, milliseconds. */
const NAMES_WITHIN_MS = 3_000;
/** Nothing that a shell reads otherwise than as a word. */
const PLAIN_NAME = /^[A-Za-z0-9][\w.-]{0,199}$/;

export function addCompletion(program: Command, add: Add, act: Act): void {
  add(program, 'completion', 'a script that completes commands, options and names of resources')
    .addArgument(new Argument('<shell>', SHELLS.join(', ')).choices([...SHELLS, 'resources']))
    .usage('[options] <bash|zsh|fish>')
    .addHelpText(
      'after',
      examples(
        'source <(sluice completion bash)                                      # in ~/.bashrc',
        'source <(sluice completion zsh)                                       # in ~/.zshrc, after compinit',
        'sluice completion fish > ~/.config/fish/completions/sluice.fish',
      ),
    )
    .action(
      act((cli, asked: Shell | 'resources') => {
        if (asked === 'resources') return printNames(cli);
        cli.out(completionScript(asked, completionTree(program)));
        return Promise.resolve();
      }),
    );
}

/** Names of the resources that one may know of, one a line; none when there is no answer: a prompt is no place for errors. */
async function printNames(cli: Cli): Promise<void> {
  try {
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('late')), NAMES_WITHIN_MS).unref();
    });
    const resources = await Promise.race([cli.api().then((api) => api.resources()), late]);
    for (const { name } of resources) if (PLAIN_NAME.test(name)) cli.out(`${name}\n`);
  } catch {
    // Not signed in, or not reachable: then there is nothing to complete.
    cli.out('');
  }
}
