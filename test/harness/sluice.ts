/** Runs the real `sluice` command as a person's process, with a home directory of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ProgramResult, runProgram } from './program.ts';

/** The command's own file. */
export const MAIN = path.join(import.meta.dirname, '../../agent-tunnel/src/main.ts');

export type Home = {
  readonly directory: string;
  /** Parent of the tunnels' private directories. */
  readonly runtime: string;
  readonly environment: Readonly<Record<string, string>>;
  sluice(
    args: readonly string[],
    options?: { readonly env?: Record<string, string>; readonly input?: string },
  ): Promise<ProgramResult>;
  /** Starts one that stays up. */
  start(args: readonly string[], env?: Record<string, string>): RunningSluice;
  remove(): Promise<void>;
};

export type RunningSluice = {
  readonly child: ChildProcess;
  readonly pid: number;
  output(): { readonly stdout: string; readonly stderr: string };
  /** Waits for a match in what it prints. Rejects when it ends first. */
  until(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal and waits for its end. */
  end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
};

/** `settings` come on top of a home without any. */
export async function makeHome(settings: Readonly<Record<string, string>>): Promise<Home> {
  const directory = await mkdtemp(path.join(tmpdir(), 'sluice-home-'));
  const runtime = path.join(directory, 'run');
  const unset = { XDG_CONFIG_HOME: '', XDG_RUNTIME_DIR: '', SLUICE_TOKEN_FILE: '', PGHOST: '', PGPASSWORD: '' };
  const environment = {
    ...unset,
    HOME: directory,
    SLUICE_CREDENTIALS: 'file',
    SLUICE_RUNTIME_DIR: runtime,
    ...settings,
  };
  return {
    directory,
    runtime,
    environment,
    sluice: (args, { env = {}, input = '' } = {}) =>
      runProgram(process.execPath, [MAIN, ...args], { env: { ...environment, ...env }, input }),
    start: (args, env = {}) => startSluice(args, { ...environment, ...env }),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

function startSluice(args: readonly string[], env: Record<string, string>): RunningSluice {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    printed.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    printed.stderr += chunk.toString();
  });
  let isClosed = false;
  child.once('close', () => {
    isClosed = true;
  });
  return {
    child,
    pid: child.pid ?? 0,
    output: () => ({ ...printed }),
    until: (stream, pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(printed[stream]);
          if (found === null) return;
          child[stream].off('data', look);
          resolve(found);
        };
        child[stream].on('data', look);
        const ended = () => reject(new Error(`it ended without ${pattern}:\n${printed.stdout}${printed.stderr}`));
        child.once('close', ended);
        look();
        // It may have ended before we asked: no event will come.
        if (isClosed) ended();
      }),
    end: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) {
        const closed = once(child, 'close');
        child.kill(signal);
        await closed;
      }
      return { code: child.exitCode, signal: child.signalCode };
    },
  };
}
