import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IdleTimer } from './idle-timer.ts';

describe('the idle timer', () => {
  let ended: number;
  let timer: IdleTimer;

  beforeEach(() => {
    vi.useFakeTimers();
    ended = 0;
    timer = new IdleTimer(1_000, () => {
      ended += 1;
    });
    timer.start();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('calls once when nothing was said for as long', () => {
    vi.advanceTimersByTime(999);
    expect(ended).toBe(0);
    vi.advanceTimersByTime(1);
    expect(ended).toBe(1);
    vi.advanceTimersByTime(10_000);
    expect(ended).toBe(1);
  });

  it('counts from what was said last', () => {
    for (let i = 0; i < 10; i++) {
      vi.advanceTimersByTime(700);
      timer.heard();
    }
    vi.advanceTimersByTime(999);
    expect(ended).toBe(0);
    vi.advanceTimersByTime(1);
    expect(ended).toBe(1);
  });

  it('calls no more once it was stopped', () => {
    timer.heard();
    timer.stop();
    vi.advanceTimersByTime(10_000);
    expect(ended).toBe(0);
  });
});
