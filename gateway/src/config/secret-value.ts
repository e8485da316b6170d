import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { SluiceError } from '@sluice/contract/errors';
import type { SecretSource } from './documents/secret-source.ts';
import type { Environment } from './environment.ts';
import { Secret } from './secret.ts';

/** Longest output of a secret's source, in bytes. */
export const MAX_SECRET_BYTES = 65_536;
/** How long a command may take to print a secret, in milliseconds. */
export const SECRET_COMMAND_TIMEOUT_MS = 10_000;

const run = promisify(execFile);

/**
 * Reads a secret from its source, anew each time, so that a rotated one is found. The first line counts, without
 * its end.
 * @throws SluiceError CONFIG_INVALID, which names the source and never its content
 */
export async function readSecret(
  source: SecretSource,
  environment: Environment,
  signal?: AbortSignal,
): Promise<Secret> {
  const text = await readSource(source, environment, signal);
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line === '')
    throw new SluiceError('CONFIG_INVALID', `the secret of ${nameOf(source)} is empty`, {
      remedy: 'Put the secret on the first line.',
    });
  return new Secret(line);
}

async function readSource(
  source: SecretSource,
  environment: Environment,
  signal: AbortSignal | undefined,
): Promise<string> {
  const failed = (why: string): SluiceError =>
    new SluiceError('CONFIG_INVALID', `the secret of ${nameOf(source)} cannot be read: ${why}`);
  switch (source.kind) {
    case 'env':
      return environment(source.name) ?? '';
    case 'file': {
      const bytes = await readFile(source.path).catch((cause: unknown) => {
        throw failed(codeOf(cause));
      });
      if (bytes.length > MAX_SECRET_BYTES) throw failed(`it is longer than ${MAX_SECRET_BYTES} bytes`);
      return bytes.toString('utf8');
    }
    case 'command': {
      const [program, ...args] = source.argv;
      const options = {
        timeout: SECRET_COMMAND_TIMEOUT_MS,
        maxBuffer: MAX_SECRET_BYTES,
        ...(signal === undefined ? {} : { signal }),
      };
      // The error of execFile carries the program's output, so it is neither kept as a cause nor shown.
      const { stdout } = await run(program, args, options).catch((cause: unknown) => {
        throw failed(codeOf(cause));
      });
      return stdout;
    }
  }
}

function nameOf(source: SecretSource): string {
  switch (source.kind) {
    case 'env':
      return `the environment variable ${source.name}`;
    case 'file':
      return source.path;
    case 'command':
      return `the command ${source.argv[0]}`;
  }
}

function codeOf(cause: unknown): string {
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (typeof code === 'number') return `it ended with code ${code}`;
  return typeof code === 'string' ? code : 'it failed';
}
