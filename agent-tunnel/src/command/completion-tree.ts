import type { Command, Option } from 'commander';
import { commandsOf } from './command-examples.ts';

/** What may follow a command, as a shell needs it. */
export type CompletionNode = {
  /** `requests ls`; empty for the program itself. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly CompletionOption[];
  /** What its arguments are, where that can be completed. */
  readonly takes: 'resource' | 'file' | null;
};

export type CompletionOption = {
  /** `--port`, `-f`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly value: 'none' | 'file' | 'other';
  readonly choices: readonly string[];
};

/** The command line as commander has it: nothing is written twice. */
export function completionTree(program: Command): readonly CompletionNode[] {
  return commandsOf(program).map(({ command, path }) => {
    const help = command.createHelp();
    const names = command.registeredArguments.map((argument) => argument.name());
    return {
      path,
      commands: commandsOf(command)
        .slice(1)
        .filter(({ path: below }) => !below.includes(' '))
        .map(({ command: one }) => ({ name: one.name(), description: one.description() })),
      options: help.visibleOptions(command).map(optionOf),
      takes: names.some((name) => /^resources?$/.test(name))
        ? 'resource'
        : names.some((name) => /^(file|path)$/.test(name))
          ? 'file'
          : null,
    };
  });
}

function optionOf({ short, long, description, required, optional, flags, argChoices }: Option): CompletionOption {
  return {
    flags: [long, short].filter((flag) => flag !== undefined && flag !== null),
    description,
    value: !required && !optional ? 'none' : /<[^>]*(file|path)/.test(flags) ? 'file' : 'other',
    choices: argChoices ?? [],
  };
}
