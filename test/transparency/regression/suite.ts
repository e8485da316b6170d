/** Which files the suite has, in which order, and how a file is run with psql. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Suite } from './source.ts';

/** One file ends within this, or counts as hanging, milliseconds. */
const FILE_LIMIT_MS = 900_000;

/** Names of the files in the order of the parallel schedule. */
export function scheduled(suite: Suite): readonly string[] {
  return readFileSync(join(suite.directory, 'parallel_schedule'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('test:'))
    .flatMap((line) => line.slice('test:'.length).trim().split(/\s+/));
}

/**
 * The text of a file. COPY from and to files of the server becomes psql's \copy of the same file, on one line: server
 * files are refused through the gateway, and without their rows most of what follows would compare nothing.
 */
export function textOf(suite: Suite, name: string, buildDirectory: string): string {
  const text = readFileSync(join(suite.directory, 'sql', `${name}.sql`), 'utf8');
  let filename = '';
  return text
    .split('\n')
    .map((line) => {
      const set = /^\\set filename :abs_(srcdir|builddir) '([^']*)'/.exec(line);
      if (set !== null) filename = `${set[1] === 'srcdir' ? suite.directory : buildDirectory}${set[2] ?? ''}`;
      const copy = /^copy (binary )?(.*?) (from|to) :'filename'(.*);\s*$/i.exec(line);
      if (copy === null) return line;
      const [, binary = '', what = '', direction = '', options = ''] = copy;
      return `\\copy ${binary}${what} ${direction} '${filename}'${options}`;
    })
    .join('\n');
}

export type Target = { readonly env: Readonly<Record<string, string>>; readonly buildDirectory: string };

/** Runs a file as the suite's own driver does; everything that psql prints goes to `outputFile`, in its order. */
export async function runFile(suite: Suite, target: Target, inputFile: string, outputFile: string): Promise<number> {
  const input = openSync(inputFile, 'r');
  const output = openSync(outputFile, 'w');
  const child = spawn('psql', ['-X', '-a', '-q'], {
    stdio: [input, output, output],
    timeout: FILE_LIMIT_MS,
    env: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      LC_ALL: 'C',
      PGTZ: 'PST8PDT',
      PGDATESTYLE: 'Postgres, MDY',
      PGOPTIONS: '-c intervalstyle=postgres_verbose',
      PG_ABS_SRCDIR: suite.directory,
      PG_ABS_BUILDDIR: target.buildDirectory,
      PG_LIBDIR: suite.libraryDirectory ?? '/nonexistent',
      PG_DLSUFFIX: '.so',
      ...target.env,
    },
  });
  closeSync(input);
  closeSync(output);
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
}

/** Settings that the suite's driver gives its database. */
export const DATABASE_SETTINGS: readonly string[] = [
  "SET lc_messages TO 'C'",
  "SET lc_monetary TO 'C'",
  "SET lc_numeric TO 'C'",
  "SET lc_time TO 'C'",
  "SET bytea_output TO 'hex'",
  "SET timezone_abbreviations TO 'Default'",
];
