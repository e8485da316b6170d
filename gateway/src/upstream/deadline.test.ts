import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadline } from './deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a deadline', () => {
  it('aborts once its time is over, and not before', () => {
    const { signal } = new Deadline(1_000);
    vi.advanceTimersByTime(999);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.aborted).toBe(true);
  });

  it('aborts with the signal that bounds it, also with one that has aborted already', async () => {
    const outer = new AbortController();
    const { signal } = new Deadline(1_000, outer.signal);
    const aborted = once(signal, 'abort');
    outer.abort();
    await aborted;
    expect(new Deadline(1_000, outer.signal).signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('never aborts once it is cleared, and leaves no timer', () => {
    const outer = new AbortController();
    const deadline = new Deadline(1_000, outer.signal);
    deadline.clear();
    expect(vi.getTimerCount()).toBe(0);
    outer.abort();
    expect(deadline.signal.aborted).toBe(false);
  });
});
