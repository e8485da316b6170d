import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const ACCEPTANCE = join(import.meta.dirname, '../acceptance');
const scratch = mkdtempSync(join(tmpdir(), 'sluice-cases-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function acceptance(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  const child = spawn(process.execPath, [join(ACCEPTANCE, 'run.ts'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 70)));
  return { code, output: Buffer.concat(chunks).toString('utf8') };
}

function caseFile(name: string, content: string): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

describe('the acceptance corpus', () => {
  it('finds nothing in every tenth of our own cases', { timeout: 600_000 }, async () => {
    const { code, output } = await acceptance(
      '--corpus',
      join(ACCEPTANCE, 'kit'),
      '--cases',
      ['cases', 'manual'].map((folder) => join(ACCEPTANCE, folder)).join(','),
      '--tenth',
    );
    expect(output.trimEnd().split('\n').at(-1)).toMatch(/^leaks=0 copied=0 overmask=0 refused=0 cases=\d{3}/);
    expect(code).toBe(0);
  });

  it.each([
    ['nothing there', join(scratch, 'none.json'), 'there is no such file or folder'],
    ['no JSON', caseFile('a.json', '[{'), 'a.json: '],
    ['no list', caseFile('b.json', '{}'), 'it is not a list of cases'],
    [
      'a case without steps',
      caseFile('c.json', '[{"id":"x-1","category":"c","kind":"attack","title":"t"}]'),
      'case 1 lacks',
    ],
    [
      'an id twice',
      caseFile(
        'd.json',
        JSON.stringify([1, 2].map(() => ({ id: 'x', category: 'c', kind: 'benign', title: 't', steps: [] }))),
      ),
      'the case x is also in',
    ],
  ])('says what is wrong with its cases: %s', async (_, cases, words) => {
    const { code, output } = await acceptance('--corpus', join(ACCEPTANCE, 'kit'), '--cases', cases);
    expect(output).toContain(words);
    expect(code).toBe(64);
  });

  it('says that a server is missing', async () => {
    const { code, output } = await acceptance('--corpus', join(ACCEPTANCE, 'kit'), '--major', '9');
    expect(output).toContain('there is no PostgreSQL 9');
    expect(code).toBe(69);
  });
});
