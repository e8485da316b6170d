/** Every target for a moment, from a fixed seed, and everything that ever failed. `npm run fuzz` goes on for longer. */
import { afterAll, describe, expect, it } from 'vitest';
import { GatePool } from '../../gateway/src/proxy/postgres/gate-pool.ts';
import { runTarget } from './run-target.ts';
import { gateTarget } from './targets/gate.ts';
import { TARGETS } from './targets.ts';

/** Inputs for each target: a second or so. */
const INPUTS = 1_024;
const SEED = 20_260_101;

const pool = new GatePool();
afterAll(() => pool.close());

describe('a parser fed with neighbours of what it knows answers, or refuses in its own words', () => {
  it.each([...TARGETS, gateTarget(pool)])('$name', async (target) => {
    const { inputs, failure } = await runTarget(target, {
      seed: SEED,
      isOver: (count) => count >= INPUTS,
      guided: false,
    });
    expect(failure).toBeNull();
    expect(inputs).toBeGreaterThanOrEqual(INPUTS);
  });
});
