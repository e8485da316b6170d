/** Several processes that share a store: a proof counts once among all of them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runProgram } from '../../harness/program.ts';

const CONTENDER = fileURLToPath(new URL('./replay-contender.ts', import.meta.url));
const PROOFS = 300;
const WORKERS = 4;

it('of workers that take the same proofs at once, one is first with each', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'sluice-replay-'));
  try {
    const store = path.join(directory, 'sluice.db');
    const { stdout, code } = await runProgram(process.execPath, [CONTENDER, store, `${PROOFS}`, `${WORKERS}`], {});
    expect(code).toBe(0);
    const won: readonly number[] = JSON.parse(stdout);
    expect(won).toHaveLength(WORKERS);
    expect(won.reduce((sum, count) => sum + count, 0)).toBe(PROOFS);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
