import { describe, expect, it } from 'vitest';
import { runProtocol } from './protocol/run-protocol.ts';

const SEQUENCES = 20;
const SEED = 20_260_102;

describe('a client of public columns', () => {
  it('is answered as by the database, in whatever order it speaks; only what was decided goes upstream', async () => {
    const problems = await runProtocol({ seed: SEED, isOver: (count) => count >= SEQUENCES, print: () => undefined });
    expect(problems).toEqual([]);
  });
});
