import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_PROOFS_PER_KEY, PROOF_MEMORY_MS, type ProofMemory, SeenProofs } from './seen-proofs.ts';

/** What the store does, in memory. */
class Memory implements ProofMemory {
  readonly taken = new Map<string, number>();
  takeOnce = (key: string, untilMs: number) => !this.taken.has(key) && this.taken.set(key, untilMs).size > 0;
  countTaken = () => this.taken.size;
  forgetTaken = (untilMs: number) => {
    for (const [key, until] of this.taken) if (until <= untilMs) this.taken.delete(key);
  };
}

let memory: Memory;
let nowMs: number;
const now = () => nowMs;
beforeEach(() => {
  memory = new Memory();
  nowMs = 1_000_000;
});

const REPLAYED = expect.objectContaining({ code: 'AUTH_PROOF_INVALID' });
const FULL = expect.objectContaining({ code: 'LIMIT_REACHED' });

it('a proof counts once, as long as it could be used', () => {
  const seen = new SeenProofs(memory, now);
  seen.take('key', 'one');
  expect(() => seen.take('key', 'one')).toThrow(REPLAYED);
  nowMs += PROOF_MEMORY_MS - 1;
  expect(() => seen.take('key', 'one')).toThrow(REPLAYED);
});

it('the same id of another key is another proof', () => {
  const seen = new SeenProofs(memory, now);
  seen.take('key', 'one');
  seen.take('other', 'one');
  expect(seen.size).toBe(2);
});

it('a process that starts anew, or another beside it, forgets none', () => {
  new SeenProofs(memory, now).take('key', 'one');
  expect(() => new SeenProofs(memory, now).take('key', 'one')).toThrow(REPLAYED);
});

describe('at the bound', () => {
  it('of one key no proof of it is taken, none is forgotten, and others go on', () => {
    const seen = new SeenProofs(memory, now);
    for (let index = 0; index < MAX_PROOFS_PER_KEY; index += 1) seen.take('busy', `${index}`);
    expect(() => seen.take('busy', 'more')).toThrow(FULL);
    expect(() => seen.take('busy', '0')).toThrow(FULL);
    seen.take('other', 'one');
    nowMs += PROOF_MEMORY_MS;
    seen.take('busy', 'more');
    expect(seen.size).toBe(1);
  });

  it('of all keys no proof is taken until the oldest are over', () => {
    const seen = new SeenProofs(memory, now, { total: 100, perKey: 50 });
    for (let index = 0; index < 99; index += 1) seen.take(`key ${index % 9}`, `${index}`);
    nowMs += 1;
    seen.take('last', 'one');
    expect(() => seen.take('late', 'one')).toThrow(FULL);
    nowMs += PROOF_MEMORY_MS - 1;
    seen.take('late', 'one');
    expect(seen.size).toBe(2);
  });

  it('what an earlier process took counts', () => {
    const limits = { total: 3, perKey: 3 };
    const earlier = new SeenProofs(memory, now, limits);
    earlier.take('key', 'one');
    earlier.take('key', 'two');
    const seen = new SeenProofs(memory, now, limits);
    seen.take('key', 'three');
    expect(() => seen.take('key', 'four')).toThrow(FULL);
    nowMs += PROOF_MEMORY_MS;
    seen.take('key', 'four');
    expect(seen.size).toBe(1);
  });
});

it('what is over leaves the store', () => {
  const seen = new SeenProofs(memory, now);
  seen.take('key', 'one');
  nowMs += PROOF_MEMORY_MS;
  seen.take('key', 'two');
  expect(memory.taken.size).toBe(1);
});

it('a store that fails accepts nothing', () => {
  const seen = new SeenProofs(memory, now);
  memory.takeOnce = () => {
    throw new Error('disk full');
  };
  expect(() => seen.take('key', 'one')).toThrow('disk full');
});
