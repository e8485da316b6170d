import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import type { SessionTerms } from '../client/api-client.ts';
import { libpqEnvironment, MISLEADING_VARIABLES } from '../tunnel/connection-settings.ts';
import type { OpenResource } from '../tunnel/open-resource.ts';
import { makeSocketDirectory, removeSocketDirectory } from '../tunnel/socket-directory.ts';
import {
  assertDistinct,
  childEnvironment,
  passFileText,
  type SecretPlace,
  serviceFileText,
  type Wired,
} from './child-environment.ts';
import type { Cli } from './cli.ts';
import { open } from './connect.ts';

/** How a child ended: its status, or the signal that killed it. */
export type ChildOutcome = number | NodeJS.Signals;

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];
/** What a terminal sends to every process in the foreground: the child has it already. */
const SENT_BY_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);

export type RunOptions = { readonly terms: SessionTerms; readonly secrets: SecretPlace };

/**
 * Runs a command with tunnels to one or several resources, wired by its environment (docs/cli.md). Everything is
 * closed when the command ends.
 */
export async function run(
  cli: Cli,
  resources: readonly string[],
  { terms, secrets }: RunOptions,
  command: readonly string[],
): Promise<ChildOutcome> {
  const [program, ...args] = command;
  if (program === undefined)
    throw new SluiceError('USAGE', 'there is no command after --', {
      remedy: 'For example: sluice run orders-db -- python3 report.py',
    });
  assertDistinct(resources);
  return withResources(cli, resources, { application: program, terms }, async (opened) => {
    const wired = opened.map(({ session, settings }) => ({ resource: session.resource, settings }));
    return withFiles(cli, wired, (files) =>
      spawnAndWait(cli, program, args, { ...inherited(cli), ...childEnvironment(wired, files, secrets) }),
    );
  });
}

/** Password and service file in a private directory, gone afterwards. */
async function withFiles<T>(
  cli: Cli,
  wired: readonly Wired[],
  work: (files: { readonly passFile: string; readonly serviceFile: string }) => Promise<T>,
): Promise<T> {
  const directory = await makeSocketDirectory(cli.settings.runtimeDirectory, cli.settings.uid);
  try {
    const files = { passFile: path.join(directory, 'pgpass'), serviceFile: path.join(directory, 'pg_service.conf') };
    await writeFile(files.passFile, passFileText(wired), { mode: 0o600, flag: 'wx' });
    await writeFile(files.serviceFile, serviceFileText(wired), { mode: 0o600, flag: 'wx' });
    return await work(files);
  } finally {
    await removeSocketDirectory(directory);
  }
}

/** The person's own psql, wired. Its secret comes from a password file, so that neither `ps` nor `\\! env` shows it. */
export async function psql(cli: Cli, resource: string, args: readonly string[]): Promise<ChildOutcome> {
  return withResources(cli, [resource], { application: 'psql' }, async ([opened]) => {
    if (opened === undefined) throw new SluiceError('INTERNAL', 'no resource was opened');
    return spawnAndWait(cli, 'psql', args, {
      ...inherited(cli),
      ...libpqEnvironment(opened.settings),
      PGPASSFILE: opened.passFile,
    });
  });
}

async function withResources<T>(
  cli: Cli,
  resources: readonly string[],
  session: { readonly application: string; readonly terms?: SessionTerms },
  work: (opened: readonly OpenResource[]) => Promise<T>,
): Promise<T> {
  const opened: OpenResource[] = [];
  try {
    for (const resource of resources) opened.push(await open(cli, resource, { ...session, tcpPort: null }));
    return await work(opened);
  } finally {
    await Promise.all(opened.map((resource) => resource.close()));
  }
}

function inherited(cli: Cli): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(cli.settings.environment))
    if (value !== undefined) environment[name] = value;
  for (const name of MISLEADING_VARIABLES) delete environment[name];
  return environment;
}

async function spawnAndWait(
  cli: Cli,
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<ChildOutcome> {
  const child = spawn(program, args, { stdio: 'inherit', env });
  const forward = (name: NodeJS.Signals) => {
    if (cli.surroundings.stdin.isTTY === true && SENT_BY_TERMINAL.has(name)) return;
    child.kill(name);
  };
  for (const name of FORWARDED) process.on(name, forward);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', (error: NodeJS.ErrnoException) => reject(notStarted(program, error)));
      child.on('exit', (status, signal) => resolve(signal ?? status ?? 0));
    });
  } finally {
    for (const name of FORWARDED) process.off(name, forward);
  }
}

function notStarted(program: string, error: NodeJS.ErrnoException): SluiceError {
  const why =
    error.code === 'ENOENT' ? 'it was not found' : error.code === 'EACCES' ? 'it may not be executed' : error.message;
  return new SluiceError('NOT_FOUND', `${program} did not start: ${why}`, {
    cause: error,
    remedy: 'Install it, or give its full path.',
  });
}
