/** Every target for a moment, from a fixed seed, and everything that ever failed. `npm run fuzz` goes on for longer. */
import { afterAll, describe, expect, it } from 'vitest';
import { runTarget } from './run-target.ts';
import { openTargets } from './targets.ts';

/** Inputs for each target: less than a second. */
const INPUTS = 512;
const SEED = 20_260_101;

const open = openTargets();
afterAll(() => open[Symbol.dispose]());

describe('a parser fed with neighbours of what it knows answers, or refuses in its own words', () => {
  it.each(open.targets)('$name', async (target) => {
    const { inputs, failure } = await runTarget(target, {
      seed: SEED,
      isOver: (count) => count >= INPUTS,
      guided: false,
    });
    expect(failure).toBeNull();
    expect(inputs).toBeGreaterThanOrEqual(INPUTS);
  });
});
