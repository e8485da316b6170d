import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commandsOf } from './command-examples.ts';
import { completionTree } from './completion-tree.ts';
import { makeProgram } from './program.ts';

const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
const program = makeProgram({ ...streams, environment: {} }, null, () => undefined);
const all = commandsOf(program);
const tree = completionTree(program);

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

/** Lines below "Examples:" that call sluice, from there to the end of its own words. */
const examplesOf = (command: Command): readonly string[] =>
  (helpOf(command).split(/\nExamples?:\n/)[1] ?? '')
    .split('\n')
    .flatMap((line) => /\bsluice (.*)$/.exec(line)?.[1] ?? [])
    .map((line) => line.split(/ -- | [|>#]/)[0] ?? '');

describe.each(all.map(({ command, path }) => [path === '' ? 'sluice' : path, command] as const))(
  '%s',
  (_path, command) => {
    it('teaches by an example', () => {
      expect(examplesOf(command)).not.toEqual([]);
    });

    it('uses in its examples only commands and options that there are', () => {
      for (const example of examplesOf(command)) {
        // Words of the path come first; quoted texts hold no options of ours.
        const words = example
          .replace(/'[^']*'|"[^"]*"/g, 'text')
          .trim()
          .split(/\s+/);
        const node = tree
          .filter(({ path }) => path === '' || `${words.join(' ')} `.startsWith(`${path} `))
          .sort((a, b) => b.path.length - a.path.length)[0];
        expect(node?.commands.map(({ name }) => name) ?? []).not.toContain(words[0]);
        // After a resource, psql's arguments are its own.
        const flags = node?.path === 'psql' ? [] : words.filter((word) => word.startsWith('-') && word !== '-');
        const known = node?.options.flatMap((option) => option.flags) ?? [];
        expect({ example, unknown: flags.filter((flag) => !known.includes(flag)) }).toEqual({ example, unknown: [] });
      }
    });
  },
);

it('says of everything what it is for', () => {
  for (const { command } of all) expect(command.description()).not.toBe('');
  for (const { options } of tree) for (const { description } of options) expect(description).not.toBe('');
});
