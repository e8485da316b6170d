import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_SECRET_BYTES, readSecret } from './secret-value.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-secret-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const environment = (name: string): string | undefined => (name === 'PASSWORD' ? 'from env' : undefined);

function file(text: string): { kind: 'file'; path: string } {
  const path = join(directory, 'secret');
  writeFileSync(path, text);
  return { kind: 'file', path };
}

describe('a secret is read from', () => {
  it('the first line of a file, anew each time', async () => {
    expect((await readSecret(file('one\r\ncomment\n'), environment)).reveal()).toBe('one');
    expect((await readSecret(file('two'), environment)).reveal()).toBe('two');
  });

  it('an environment variable', async () => {
    expect((await readSecret({ kind: 'env', name: 'PASSWORD' }, environment)).reveal()).toBe('from env');
  });

  it('the first line that a program prints, without a shell', async () => {
    const argv = [process.execPath, '-p', 'process.argv[1]', '$(id); `id`'] as const;
    expect((await readSecret({ kind: 'command', argv }, environment)).reveal()).toBe('$(id); `id`');
  });
});

describe('a secret that cannot be read', () => {
  const program = (script: string) => ({ kind: 'command', argv: [process.execPath, '-e', script] }) as const;

  it.each([
    ['is not there', () => ({ kind: 'file', path: join(directory, 'none') }) as const, 'ENOENT'],
    ['is empty', () => file('\nsecond line'), 'is empty'],
    ['is not set', () => ({ kind: 'env', name: 'OTHER' }) as const, 'variable OTHER is empty'],
    ['is too long', () => file('x'.repeat(MAX_SECRET_BYTES + 1)), 'is longer than 65536 bytes'],
    ['comes from a program that fails', () => program('process.exit(3)'), 'it ended with code 3'],
    [
      'comes from a program that is not there',
      () => ({ kind: 'command', argv: ['/nowhere/program'] }) as const,
      'ENOENT',
    ],
    [
      'comes from a program that prints without end',
      () => program("for(;;)console.log('x'.repeat(99999))"),
      'MAXBUFFER',
    ],
  ])('because it %s: an error of the configuration', async (_, source, message) => {
    await expect(readSecret(source(), environment)).rejects.toThrow(message);
  });

  it('does not show what the program printed', async () => {
    const failing = readSecret(program("console.log('hunter2');console.error('hunter2');process.exit(1)"), environment);
    const error: unknown = await failing.catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(JSON.stringify([String(error), error])).not.toContain('hunter2');
  });

  it('is not waited for after an abort', async () => {
    await expect(readSecret(program('setInterval(() => {}, 1000)'), environment, AbortSignal.abort())).rejects.toThrow(
      /cannot be read/,
    );
  });
});
