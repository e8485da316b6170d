/** Runs a real client program to its end. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export type ProgramResult = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type ProgramOptions = {
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
  /** Ends a program that hangs. Default 60 s. */
  readonly limitMs?: number;
};

export function runProgram(
  command: string,
  args: readonly string[],
  { env = {}, input = '', cwd, limitMs = 60_000 }: ProgramOptions = {},
): Promise<ProgramResult> {
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: limitMs,
  });
  const output: { out: Buffer[]; err: Buffer[] } = { out: [], err: [] };
  child.stdout.on('data', (chunk: Buffer) => output.out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.err.push(chunk));
  // A program that does not read its input to the end is no error of ours.
  child.stdin.on('error', () => child.stdin.destroy());
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({
        code,
        signal,
        stdout: Buffer.concat(output.out).toString('utf8'),
        stderr: Buffer.concat(output.err).toString('utf8'),
      }),
    );
  });
}

/** Runs a program and returns what it printed; throws with its error output when it fails. */
export async function outputOf(command: string, args: readonly string[], options?: ProgramOptions): Promise<string> {
  const { code, signal, stdout, stderr } = await runProgram(command, args, options);
  if (code !== 0) throw new Error(`${command} ended with ${code ?? signal}:\n${stderr}\n${stdout}`);
  return stdout;
}

/** Whether a program of this name is on the PATH. */
export function isOnPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => isExecutable(join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
