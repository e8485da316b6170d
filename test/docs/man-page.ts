/** `agent-tunnel/man/sluice.1`, from the tree of commands and the tables of docs/cli.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { commandsOf } from '../../agent-tunnel/src/command/command-examples.ts';
import { completionTree } from '../../agent-tunnel/src/command/completion-tree.ts';
import { makeProgram } from '../../agent-tunnel/src/command/program.ts';
import { VERSION } from '../../agent-tunnel/src/version.ts';

export const MAN_PAGE = join(import.meta.dirname, '../../agent-tunnel/man/sluice.1');
const CLI = join(import.meta.dirname, '../../docs/cli.md');

export function renderManPage(): string {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const program = makeProgram({ ...streams, environment: {} }, null, () => undefined);
  const options = new Map(completionTree(program).map((node) => [node.path, node.options]));
  const common = new Set((options.get('') ?? []).flatMap(({ flags }) => flags));
  const cli = readFileSync(CLI, 'utf8');
  const sections = commandsOf(program)
    .slice(1)
    .map(({ command, path }) => {
      const own = (options.get(path) ?? []).filter(({ flags }) => !flags.some((flag) => common.has(flag)));
      return [
        `.SS ${quoted(`sluice ${path} ${command.usage().replace(/^\[options\] ?/, '')}`.trim())}`,
        text(sentence(command.description())),
        ...own.flatMap(({ flags, description, choices, value }) => [
          '.TP',
          `.B ${text(flags.join(', '))}${value === 'none' ? '' : ' \\fIvalue\\fR'}`,
          text(sentence(`${description}${choices.length > 0 ? ` (${choices.join(', ')})` : ''}`)),
        ]),
        ...example(command),
      ].join('\n');
    });
  return `${[
    '.\\" Written by npm run docs; do not edit.',
    `.TH SLUICE 1 "" ${quoted(`sluice ${VERSION}`)} "User Commands"`,
    '.SH NAME',
    text('sluice - the enforced path to your databases: tunnels, approvals, records'),
    '.SH SYNOPSIS',
    '.B sluice',
    text('command [options] [arguments]'),
    '.SH DESCRIPTION',
    text(
      'Opens tunnels to databases behind a Sluice gateway, wires programs and agents to them, and shows what was decided, approved and recorded. Errors say what happened, why, and what to do.',
    ),
    ...example(program),
    '.SH OPTIONS OF EVERY COMMAND',
    ...(options.get('') ?? []).flatMap(({ flags, description }) => [
      '.TP',
      `.B ${text(flags.join(', '))}`,
      text(sentence(description)),
    ]),
    '.SH COMMANDS',
    ...sections,
    '.SH ENVIRONMENT',
    ...rows(cli, '## Settings').flatMap(([option = '', variable = '', file = '', meaning = '']) =>
      variable.includes('SLUICE_')
        ? ['.TP', `.B ${text(variable)}`, text(sentence(beside(option, file, meaning)))]
        : [],
    ),
    '.SH EXIT STATUS',
    ...rows(cli, '## Exit status').flatMap(([status = '', meaning = '']) => [
      '.TP',
      `.B ${text(status)}`,
      text(sentence(meaning)),
    ]),
    '.SH FILES',
    '.TP',
    `.I ${text('~/.config/sluice/config.json')}`,
    'Settings, as sluice login writes them.',
    '.TP',
    `.I ${text('~/.config/sluice/profiles/*.yaml')}`,
    'Profiles of tunnels.',
    '.SH SEE ALSO',
    text('psql(1), the documentation in docs/ of the repository'),
  ].join('\n')}\n`;
}

function beside(option: string, file: string, meaning: string): string {
  const others = [option, file === '–' || file === '' ? '' : `settings file: ${file}`].filter(
    (one) => one !== '' && one !== '–',
  );
  return others.length === 0 ? meaning : `${meaning} (${others.join('; ')})`;
}

type Command = ReturnType<typeof makeProgram>;

function example(command: Command): readonly string[] {
  let help = '';
  command.configureOutput({ writeOut: (part) => (help += part) });
  command.outputHelp();
  const lines = (help.split(/\nExamples?:\n/)[1] ?? '').split('\n').filter((line) => line.startsWith('  '));
  return lines.length === 0 ? [] : ['.PP', '.nf', ...lines.map(text), '.fi'];
}

/** Body rows of the first table below a heading, without marks of Markdown. */
function rows(markdown: string, heading: string): readonly (readonly string[])[] {
  const section = markdown.slice(markdown.indexOf(`${heading}\n`)).split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) =>
          cell
            .trim()
            .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
            .replaceAll('`', ''),
        ),
    );
}

function sentence(words: string): string {
  const first = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** Text of man(7): no request by accident, hyphens that can be copied. */
function text(words: string): string {
  const escaped = words.replaceAll('\\', '\\e').replaceAll('-', '\\-');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

function quoted(words: string): string {
  return `"${text(words).replaceAll('"', '\\(dq')}"`;
}
